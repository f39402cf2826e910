package caseworkpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// channelName is a channel in the reader's language; empty for one that is not there.
func channelName(ctx context.Context, c requests.Channel) string {
	if !slices.Contains(requests.AllChannels(), c) {
		return ""
	}
	return locale.T(ctx, "requests.channel."+string(c))
}

func channelOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, c := range requests.AllChannels() {
		out = append(out, ui.Option{Value: string(c), Label: channelName(ctx, c)})
	}
	return out
}

// arrival says how a case came that its city did not file in the portal.
func (v caseView) arrival(ctx context.Context) []ui.SummaryRow {
	if !v.Elsewhere() {
		return nil
	}
	way := channelName(ctx, v.Channel)
	if v.CameOn != nil {
		way += ", " + locale.Date(ctx, *v.CameOn)
	}
	out := []ui.SummaryRow{{Label: locale.T(ctx, "requests.came_by"), Value: way}}
	if v.AskedBy != "" {
		out = append(out, ui.SummaryRow{Label: locale.T(ctx, "requests.asked_by"), Value: v.AskedBy})
	}
	if v.EarlierReference != "" {
		out = append(out, ui.SummaryRow{Label: locale.T(ctx, "requests.earlier_reference"), Value: v.EarlierReference})
	}
	if v.HandedOverAt != nil {
		out = append(out, ui.SummaryRow{Label: locale.T(ctx, "intake.handed_over"), Value: clock.When(ctx, *v.HandedOverAt)})
	}
	return out
}

// handOver tells the city that it can follow a case from the earlier list.
func (h *Handler) handOver(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	act := h.requests.HandOver
	if r.PostFormValue("all") != "" {
		act = h.requests.HandOverAll
	}
	if err := act(r.Context(), page.Actor(r), publicID); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "handed_over")
}

// fillIn leads to where staff fill in the answers from a city's letter.
func (v caseView) fillIn(ctx context.Context) ui.Link {
	if !v.Handle || !v.Fill {
		return ui.Link{}
	}
	return ui.Link{Label: locale.T(ctx, "intake.fill_in"), Href: ui.Path(ctx, listPath+"/"+v.PublicID+"/answers")}
}
