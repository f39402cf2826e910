package circularpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// recipientsView is the table of the organisations that a circular went to.
type recipientsView struct {
	circulars.Sheet
	Narrow circulars.Narrow
	Rows   []circulars.Recipient
	Next   string
	Export bool
}

func readNarrow(q url.Values) circulars.Narrow {
	n := circulars.Narrow{Country: q.Get("country"), Answered: q.Get("answered") == "1", After: q.Get("after")}
	if at, err := strconv.Atoi(q.Get("stage")); err == nil {
		stage := circulars.Stage(at)
		n.Stage = &stage
	}
	return n
}

func (h *Handler) recipients(w http.ResponseWriter, r *http.Request) error {
	s, err := h.sheet(r)
	if err != nil {
		return err
	}
	if !s.State.Out() {
		return h.preview(w, r, s)
	}
	v := recipientsView{Sheet: s.Sheet, Narrow: readNarrow(r.URL.Query()), Export: page.Actor(r).Can(identity.ExportRecords)}
	if v.Rows, v.Next, err = h.circulars.Recipients(r.Context(), page.Actor(r), string(page.Lang(r)), s.PublicID, v.Narrow); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, recipientsPage(v))
}

// previewView is whom a circular would go to, were it issued now.
type previewView struct {
	showView
	Reach circulars.Reach
}

func (h *Handler) preview(w http.ResponseWriter, r *http.Request, s showView) error {
	reach, err := h.circulars.Reach(r.Context(), page.Actor(r), string(page.Lang(r)), s.PublicID, r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, previewPage(previewView{s, reach}))
}

// with is the table's address with another filter; file is the ending of a file, or empty.
func (v recipientsView) with(ctx context.Context, file string, change func(n *circulars.Narrow)) string {
	n := v.Narrow
	n.After = ""
	if change != nil {
		change(&n)
	}
	q := url.Values{}
	if n.Stage != nil {
		q.Set("stage", strconv.Itoa(int(*n.Stage)))
	}
	if n.Country != "" {
		q.Set("country", n.Country)
	}
	if n.Answered {
		q.Set("answered", "1")
	}
	if n.After != "" {
		q.Set("after", n.After)
	}
	path := below(ctx, v.PublicID, "/recipients"+file)
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

func (v recipientsView) tabs(ctx context.Context) []ui.Link {
	all := func(n *circulars.Narrow) { n.Stage, n.Answered = nil, false }
	out := []ui.Link{{Label: locale.T(ctx, "circulars.everyone"), Count: int64(v.Progress.Total()), Href: v.with(ctx, "", all), Current: v.Narrow.Stage == nil && !v.Narrow.Answered}}
	for _, stage := range []circulars.Stage{circulars.Unopened, circulars.Opened, circulars.Confirmed} {
		out = append(out, ui.Link{Label: stageName(ctx, stage), Count: int64(v.Progress.Of(stage)), Current: v.Narrow.Stage != nil && *v.Narrow.Stage == stage,
			Href: v.with(ctx, "", func(n *circulars.Narrow) { all(n); n.Stage = &stage })})
	}
	if v.Answers {
		out = append(out, ui.Link{Label: locale.T(ctx, "circulars.answers"), Count: int64(v.Answered), Current: v.Narrow.Answered,
			Href: v.with(ctx, "", func(n *circulars.Narrow) { all(n); n.Answered = true })})
	}
	return out
}

func (v recipientsView) countryOptions() []ui.Option {
	var out []ui.Option
	for _, c := range v.Countries {
		if c.Code != "" {
			out = append(out, ui.Option{Value: c.Code, Label: c.Name})
		}
	}
	return out
}

func (v recipientsView) stageValue() string {
	if v.Narrow.Stage == nil {
		return ""
	}
	return strconv.Itoa(int(*v.Narrow.Stage))
}

var stageTones = map[circulars.Stage]ui.Tone{circulars.Unopened: ui.StatusWait, circulars.Opened: ui.StatusWork, circulars.Confirmed: ui.StatusDone}

func stageChip(ctx context.Context, stage circulars.Stage) ui.StatusChip {
	return ui.StatusChip{Tone: stageTones[stage], Label: stageName(ctx, stage)}
}

// lately is the last thing that is known of an organisation's copy.
func lately(ctx context.Context, x circulars.Recipient) string {
	at := func(t time.Time) string { return locale.DateTime(ctx, locale.Own(ctx, t)) }
	switch {
	case x.ConfirmedAt != nil:
		return locale.T(ctx, "circulars.confirmed_by", "Name", locale.Person(ctx, x.ConfirmedBy), "When", at(*x.ConfirmedAt))
	case x.OpenedAt != nil:
		return locale.T(ctx, "circulars.opened_by", "Count", x.OpenedBy, "When", at(*x.OpenedAt))
	case x.RemindedAt != nil:
		return locale.T(ctx, "circulars.reminded_on", "Day", locale.ShortDate(ctx, locale.Own(ctx, *x.RemindedAt)))
	}
	return ""
}

func (h *Handler) recipientsFile(format export.Format) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		publicID, err := page.PublicID(r, "circular")
		if err != nil {
			return err
		}
		return page.Download(w, r, recipientTable(r.Context()), format, func(each func(circulars.Recipient) error) error {
			return h.circulars.EachRecipient(r.Context(), page.Actor(r), string(page.Lang(r)), publicID, readNarrow(r.URL.Query()), each)
		})
	}
}

// recipientTable is who has read a circular, as a file.
func recipientTable(ctx context.Context) export.Table[circulars.Recipient] {
	type row = circulars.Recipient
	text := func(key string, value func(row) string) export.Column[row] {
		return export.Column[row]{Name: locale.T(ctx, key), Value: value}
	}
	when := func(key string, value func(row) *time.Time) export.Column[row] {
		return export.Column[row]{Name: locale.T(ctx, key), Kind: export.Instant, Value: func(x row) string {
			if at := value(x); at != nil {
				return export.Time(locale.Own(ctx, *at))
			}
			return ""
		}}
	}
	return export.Table[row]{Name: "circular", Columns: []export.Column[row]{
		text("circulars.organisation", func(x row) string { return x.Name }),
		text("circulars.country", func(x row) string { return x.Country }),
		text("circulars.stage_label", func(x row) string { return stageName(ctx, x.Stage) }),
		when("circulars.opened_at", func(x row) *time.Time { return x.OpenedAt }),
		when("circulars.confirmed_at", func(x row) *time.Time { return x.ConfirmedAt }),
		text("circulars.confirmed_name", func(x row) string { return locale.Person(ctx, x.ConfirmedBy) }),
		when("circulars.reminded_at", func(x row) *time.Time { return x.RemindedAt }),
		text("circulars.answer", func(x row) string { return x.Answer }),
	}}
}
