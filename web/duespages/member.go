package duespages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// ownView is a member's account.
type ownView struct {
	dues.Own
	Org   string
	Today time.Time
}

func (h *Handler) own(w http.ResponseWriter, r *http.Request) error {
	v := ownView{Org: chi.URLParam(r, "org"), Today: h.today()}
	var err error
	if v.Own, err = h.dues.Own(r.Context(), page.Actor(r), page.Lang(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, ownPage(v))
}

func (v ownView) path(ctx context.Context, below string) string {
	return ui.Path(ctx, "/m/"+v.Org+"/dues"+below)
}

// lead says in one sentence how the member stands.
func (v ownView) lead(ctx context.Context) ui.Notice {
	switch {
	case len(v.Records) == 0:
		return ui.Notice{Text: locale.T(ctx, "dues.own_none")}
	case len(v.Late) > 0:
		return ui.Notice{Tone: ui.ToneWarn, Title: locale.T(ctx, "dues.own_late", "Amount", sums(ctx, v.Late)), Text: locale.T(ctx, "dues.own_pay")}
	case len(v.Open) > 0:
		return ui.Notice{Title: locale.T(ctx, "dues.own_open", "Amount", sums(ctx, v.Open)), Text: locale.T(ctx, "dues.own_pay")}
	}
	return ui.Notice{Tone: ui.ToneOK, Text: locale.T(ctx, "dues.own_clear")}
}

// dueLine says when a year’s dues are to be paid.
func dueLine(ctx context.Context, a dues.Assessment, today time.Time) string {
	line := locale.T(ctx, "dues.due_on", "Day", locale.Date(ctx, a.DueOn))
	if words := dueWords(ctx, a, today); words != "" {
		line += " · " + words
	}
	return line
}
