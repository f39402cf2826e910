package eventpages

import (
	"net/http"
	"strings"
	"time"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// tableMost is how many events a file holds.
const tableMost = 5000

// table sends the events that the filter leaves, in the list's order.
func (h *Handler) table(w http.ResponseWriter, r *http.Request) error {
	f, err := h.readFilter(r)
	if err != nil {
		return err
	}
	lines, err := h.events.All(r.Context(), page.Actor(r), page.Lang(r), f, 0, tableMost)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", export.CSV.Type())
	header.Set("Content-Disposition", `attachment; filename="`+export.CSV.FileName("events", h.now())+`"`)
	base := ui.ShellOf(r.Context()).BaseURL + ui.Path(r.Context(), "/events/")
	return columns(base).Write(w, export.CSV, func(each func(events.Line) error) error {
		for _, line := range lines {
			if err := each(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// columns are named as data files name them: in English, for every language.
func columns(base string) export.Table[events.Line] {
	text := func(name string, value func(events.Line) string) export.Column[events.Line] {
		return export.Column[events.Line]{Name: name, Value: value}
	}
	instant := func(name string, value func(events.Line) time.Time) export.Column[events.Line] {
		return export.Column[events.Line]{Name: name, Kind: export.Instant, Value: func(l events.Line) string { return export.Time(value(l).UTC()) }}
	}
	return export.Table[events.Line]{Name: "events", Columns: []export.Column[events.Line]{
		text("title", func(l events.Line) string { return l.Text.Title }),
		text("title_language", func(l events.Line) string { return l.Text.Lang }),
		text("kind", func(l events.Line) string { return l.Kind.Title }),
		text("state", func(l events.Line) string { return string(l.State) }),
		instant("starts_at", func(l events.Line) time.Time { return l.StartsAt }),
		instant("ends_at", func(l events.Line) time.Time { return l.EndsAt }),
		text("starts_local", func(l events.Line) string { return l.StartsLocal.Format("2006-01-02 15:04") }),
		text("time_zone", func(l events.Line) string { return l.Zone }),
		text("mode", func(l events.Line) string { return string(l.Mode) }),
		text("country_code", func(l events.Line) string { return l.Country.Code }),
		text("city", func(l events.Line) string { return l.City.Title }),
		text("venue", func(l events.Line) string { return l.Venue }),
		text("organiser", func(l events.Line) string { return l.Organiser }),
		text("languages", func(l events.Line) string { return strings.Join(l.Spoken, " ") }),
		text("address", func(l events.Line) string { return base + l.Text.Slug }),
		instant("updated_at", func(l events.Line) time.Time { return l.UpdatedAt }),
	}}
}
