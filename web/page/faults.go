package page

import (
	"errors"
	"net/http"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// Faults are the faults of a posted form, in the reader's language, by the field's name.
// The empty name stands for the form as a whole.
type Faults map[string]string

// FaultsOf reads the faults of an error that the form can show again, and false for every
// other error, which the handler returns.
func FaultsOf(r *http.Request, err error) (Faults, bool) {
	var e *apperr.Error
	if !errors.As(err, &e) || e.Code != apperr.Invalid {
		return nil, false
	}
	if len(e.Fields) == 0 {
		return Faults{"": locale.T(r.Context(), e.Key, e.Args...)}, true
	}
	out := make(Faults, len(e.Fields))
	for field, key := range e.Fields {
		out[field] = locale.T(r.Context(), key, e.Args...)
	}
	return out, true
}

// Named is Summary with what each field is called before its fault, for forms where one fault
// may stand at several fields. fields are pairs of name and label.
func (f Faults) Named(fields ...string) ui.ErrorSummary {
	out := f.Summary()
	for i := 0; i+1 < len(fields); i += 2 {
		if message := f[fields[i]]; message != "" {
			out.Errors = append(out.Errors, ui.FieldError{Field: fields[i], Message: fields[i+1] + ": " + message})
		}
	}
	return out
}

// Summary lists the faults in the order of the form's fields, that of the whole form first.
func (f Faults) Summary(fields ...string) ui.ErrorSummary {
	var out ui.ErrorSummary
	for _, field := range append([]string{""}, fields...) {
		if message := f[field]; message != "" {
			out.Errors = append(out.Errors, ui.FieldError{Field: field, Message: message})
		}
	}
	return out
}
