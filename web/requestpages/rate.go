package requestpages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// rateForm is what the municipality says of what it got.
type rateForm struct {
	Stars int    `form:"stars"`
	Words string `form:"words"`
	Seq   int    `form:"seq"`
}

func (h *Handler) rate(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	var form rateForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err = h.requests.Rate(r.Context(), page.Actor(r), id, form.Seq, form.Stars, page.Tidy(form.Words))
	if faults, ours := page.FaultsOf(r, err); ours {
		return h.showCase(w, r, id, http.StatusUnprocessableEntity, caseForm{Rate: form, Faults: faults})
	}
	if err != nil {
		return h.refuse(w, r, id, err)
	}
	return done(w, r, id, "rated")
}

// starChoices are the grades, the best first.
func starChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for n := 5; n >= 1; n-- {
		out = append(out, ui.Choice{Value: strconv.Itoa(n), Label: locale.T(ctx, "requests.star."+strconv.Itoa(n))})
	}
	return out
}

// grade is the chosen grade; empty where none is.
func (f rateForm) grade() string {
	if f.Stars == 0 {
		return ""
	}
	return strconv.Itoa(f.Stars)
}
