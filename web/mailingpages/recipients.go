package mailingpages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// recipientsView is the table of a mailing's letters.
type recipientsView struct {
	Mailing mailings.Mailing
	State   mailings.Delivery
	Lines   []mailings.Line
	Next    string
	Counts  map[mailings.Delivery]int
	Export  bool
}

func (h *Handler) recipients(w http.ResponseWriter, r *http.Request) error {
	m, err := h.mailing(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), page.Actor(r)
	v := recipientsView{Mailing: m, State: mailings.Delivery(r.URL.Query().Get("state")), Export: actor.Can(identity.ExportRecords) && actor.Can(identity.WriteMembers)}
	if v.Lines, v.Next, err = h.mailings.Lines(ctx, actor, m.ID, v.State, r.URL.Query().Get("after")); err != nil {
		return err
	}
	if v.Counts, err = h.mailings.Counts(ctx, actor, m.ID); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, recipientsPage(v))
}

func (v recipientsView) path(ctx context.Context, state mailings.Delivery, after string) string {
	path := mailingPath(ctx, v.Mailing, "/recipients")
	if state != "" {
		path += "?state=" + string(state)
	}
	if after != "" {
		path += map[bool]string{true: "&", false: "?"}[state != ""] + "after=" + after
	}
	return path
}

func (v recipientsView) tabs(ctx context.Context) []ui.Link {
	total := 0
	for _, n := range v.Counts {
		total += n
	}
	out := []ui.Link{{Label: locale.T(ctx, "mailings.all"), Count: int64(total), Href: v.path(ctx, "", ""), Current: v.State == ""}}
	for _, d := range mailings.Deliveries() {
		if n := v.Counts[d]; n > 0 || d == v.State {
			out = append(out, ui.Link{Label: deliveryName(ctx, d), Count: int64(n), Href: v.path(ctx, d, ""), Current: v.State == d})
		}
	}
	return out
}

// note says what there is to know of a delivery beside its state.
func note(ctx context.Context, x mailings.Line) string {
	switch {
	case x.SentAt != nil:
		return locale.DateTime(ctx, locale.Own(ctx, *x.SentAt))
	case x.State == mailings.Waiting && x.Tries > 0:
		return locale.T(ctx, "mailings.next_try", "Tries", strconv.Itoa(x.Tries), "When", locale.DateTime(ctx, locale.Own(ctx, x.NextAt))) + " " + x.Reason
	}
	return x.Reason
}

// recipientsFile sends the table as a file.
func (h *Handler) recipientsFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		m, err := h.mailing(r)
		if err != nil {
			return err
		}
		state := mailings.Delivery(r.URL.Query().Get("state"))
		return page.Download(w, r, recipientTable(r.Context()), format, func(each func(mailings.Line) error) error {
			return h.mailings.EachLine(r.Context(), page.Actor(r), m.ID, state, each)
		})
	}
}

func recipientTable(ctx context.Context) export.Table[mailings.Line] {
	type row = mailings.Line
	text := func(key string, value func(row) string) export.Column[row] {
		return export.Column[row]{Name: locale.T(ctx, key), Value: value}
	}
	return export.Table[row]{Name: "mailing", Columns: []export.Column[row]{
		text("mailings.member", func(x row) string { return x.OrgName }),
		text("mailings.name", func(x row) string { return x.Name }),
		text("mailings.address", func(x row) string { return x.Email }),
		text("mailings.language", func(x row) string { return x.Lang }),
		text("mailings.state_label", func(x row) string { return deliveryName(ctx, x.State) }),
		text("mailings.reason", func(x row) string { return x.Reason }),
		{Name: locale.T(ctx, "mailings.sent_at"), Kind: export.Instant, Value: func(x row) string {
			if x.SentAt == nil {
				return ""
			}
			return export.Time(locale.Own(ctx, *x.SentAt))
		}},
	}}
}
