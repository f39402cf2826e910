package page

import (
	"net/http"

	"github.com/birlik/portal/internal/identity"
)

// Only lets those on who hold a permission, before a form is looked at; the service asks
// again. Errors: sign_in, forbidden.
func Only(may identity.Permission) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return Handler(func(w http.ResponseWriter, r *http.Request) error {
			if err := Actor(r).May(may); err != nil {
				return err
			}
			next.ServeHTTP(w, r)
			return nil
		})
	}
}
