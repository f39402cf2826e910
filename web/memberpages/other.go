package memberpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// other is the public page of a member that is no municipality.
func (h *Handler) other(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "member")
	if err != nil {
		return err
	}
	o, err := h.membership.Other(r.Context(), page.Lang(r), id)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, otherPage(o))
}

// otherNote is one line about such a member in a list: its kind and its country.
func otherNote(ctx context.Context, o membership.Other) string {
	note := kindName(ctx, o.Kind)
	if o.Country != "" {
		note += " · " + o.Country
	}
	return note
}

func otherRows(ctx context.Context, o membership.Other) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "members.kind"), Value: kindName(ctx, o.Kind)}}
	if o.Country != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "members.country"), Value: o.Country})
	}
	return append(rows, ui.SummaryRow{Label: locale.T(ctx, "members.member_since"), Value: dayOr(ctx, o.Joined, "members.joined_unknown")})
}
