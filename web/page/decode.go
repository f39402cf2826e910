package page

import (
	"errors"
	"net/http"
	"strings"

	"github.com/go-playground/form/v4"
	"golang.org/x/text/unicode/norm"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
)

// Secret is a form field that is taken exactly as it was typed: a password. Every other
// text is trimmed, its lines end in \n, and its letters are composed (NFC).
type Secret string

var decoder = newDecoder()

func newDecoder() *form.Decoder {
	d := form.NewDecoder()
	d.SetMaxArraySize(maxFields)
	d.RegisterCustomTypeFunc(func(values []string) (any, error) { return Tidy(values[0]), nil }, "")
	d.RegisterCustomTypeFunc(func(values []string) (any, error) { return Secret(values[0]), nil }, Secret(""))
	return d
}

// Tidy is how a typed text is kept: NFC, no space around it, lines ending in \n, nothing that
// no eye sees or that turns the text around.
func Tidy(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(norm.NFC.String(locale.Visible(s)))
}

// Decode fills dst, a pointer to a struct with `form:"name"` tags, from the posted form.
// Fields that dst does not name are ignored; of a field that came twice the first counts.
// Errors: invalid, by field where a number or a date is none.
func Decode(r *http.Request, dst any) error {
	if err := r.ParseForm(); err != nil {
		return explainForm(err)
	}
	if err := cleanValues(r.PostForm); err != nil {
		return err
	}
	err := decoder.Decode(dst, r.PostForm)
	var wrong form.DecodeErrors
	if errors.As(err, &wrong) {
		fields := make(map[string]string, len(wrong))
		for name := range wrong {
			fields[name] = "page.format"
		}
		return apperr.Fields(fields)
	}
	return err
}
