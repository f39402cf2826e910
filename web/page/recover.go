package page

import (
	"fmt"
	"net/http"
	"runtime/debug"
)

// Recover answers a request whose handler panicked with the error page, and logs where it
// happened: one broken page must not look like a broken connection.
func Recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch fault := recover(); fault {
			case nil:
			case http.ErrAbortHandler:
				panic(fault) // the handler means to cut the connection
			default:
				Fail(w, r, fmt.Errorf("panic: %v\n%s", fault, debug.Stack()))
			}
		}()
		next.ServeHTTP(w, r)
	})
}
