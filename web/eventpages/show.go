package eventpages

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if slug := slugIn(p.Text, page.Lang(r)); slug != chi.URLParam(r, "slug") {
		return page.Redirect(w, r, "/events/%s", slug)
	}
	shell := ui.ShellOf(r.Context())
	shell.LangURLs = map[locale.Lang]string{}
	for _, lang := range locale.Langs() {
		shell.LangURLs[lang] = "/" + string(lang) + "/events/" + slugIn(p.Text, lang)
	}
	r = r.WithContext(ui.WithShell(r.Context(), shell))
	return page.Show(w, r, http.StatusOK, showPage(showView{Page: p}))
}

func (h *Handler) find(r *http.Request) (events.Page, error) {
	return h.events.Page(r.Context(), page.Actor(r), page.Lang(r), chi.URLParam(r, "slug"))
}

// slugIn is the address of a text for readers of a language: its own where it is published,
// else that of the text that they are shown.
func slugIn(text translations.Page, lang locale.Lang) string {
	for _, other := range text.Others {
		if other.Lang == string(lang) {
			return other.Slug
		}
	}
	if len(text.Others) > 0 {
		return text.Others[0].Slug // the source is first
	}
	return text.Slug
}

// point is where the event takes place, for its small map.
func (h *Handler) point(w http.ResponseWriter, r *http.Request) error {
	p, err := h.find(r)
	if err != nil {
		return err
	}
	if p.Point == nil {
		return apperr.New(apperr.NotFound, "events.not_found")
	}
	body, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": []any{map[string]any{
		"type":       "Feature",
		"geometry":   map[string]any{"type": "Point", "coordinates": [2]float64{p.Point.Lon, p.Point.Lat}},
		"properties": map[string]string{"name": p.City.Title},
	}}})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	_, _ = w.Write(body) // the reader may have gone
	return nil
}

// showView is an event's page. Preview says that only staff see it.
type showView struct {
	events.Page
	Preview bool
}

func (v showView) over(ctx context.Context) bool { return v.Over(locale.Of(ctx).Now) }

func (v showView) path(ctx context.Context) string { return ui.Path(ctx, "/events/"+v.Text.Slug) }

// lang is set where the text is not in the page's language.
func (v showView) lang(ctx context.Context) string {
	if v.Text.Lang == string(locale.Of(ctx).Lang) {
		return ""
	}
	return v.Text.Lang
}

// others are the languages that the text can be read in.
func (v showView) others() []ui.Link {
	var out []ui.Link
	for _, other := range v.Text.Others {
		lang := locale.Lang(other.Lang)
		if !locale.Known(other.Lang) {
			lang = locale.Default // a text in a language that the portal does not speak
		}
		out = append(out, ui.Link{Label: locale.OwnName(other.Lang), Icon: other.Lang, Href: "/" + string(lang) + "/events/" + other.Slug})
	}
	return out
}

// updated is when the reader's text or the facts last changed.
func (v showView) updated() time.Time {
	if v.Text.UpdatedAt.After(v.UpdatedAt) {
		return v.Text.UpdatedAt
	}
	return v.UpdatedAt
}

func (v showView) organiser(ctx context.Context) string {
	return cmp.Or(v.Organiser, unionName(ctx))
}

func unionName(ctx context.Context) string {
	names := ui.ShellOf(ctx).Union.Name
	return cmp.Or(names[locale.Of(ctx).Lang], names[locale.Default])
}

// rows are the facts beside the text.
func (v showView) rows(ctx context.Context) []ui.SummaryRow {
	rows := []ui.SummaryRow{{Label: locale.T(ctx, "events.when"), Content: whenLines(v)}}
	rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "events.where"), Content: whereLines(v)})
	if v.OnlineURL != "" && !v.over(ctx) && v.State != events.Cancelled {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "events.join"), Content: joinLink(v.OnlineURL)})
	}
	rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "events.kind"), Value: v.Kind.Title},
		ui.SummaryRow{Label: locale.T(ctx, "events.organiser"), Content: hostile(v.organiser(ctx))})
	if len(v.Spoken) > 0 {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "events.spoken"), Value: cards.Languages(ctx, v.Spoken)})
	}
	return rows
}

// source leads to the text that a translation has fallen behind.
func (v showView) source() ui.Link {
	for _, other := range v.others()[:min(1, len(v.others()))] {
		return ui.Link{Label: other.Label, Href: other.Href}
	}
	return ui.Link{}
}

// structured is the event as search engines read it (schema.org).
func (v showView) structured(ctx context.Context) string {
	data := map[string]any{
		"@context": "https://schema.org", "@type": "Event", "name": v.Text.Title, "startDate": cards.ISO(v.Event), "endDate": v.isoEnd(),
		"eventStatus": "https://schema.org/" + v.status(), "eventAttendanceMode": "https://schema.org/" + v.attendance(),
		"url": ui.ShellOf(ctx).BaseURL + v.path(ctx), "organizer": map[string]string{"@type": "Organization", "name": v.organiser(ctx)}, "inLanguage": v.Text.Lang,
	}
	if v.Text.Summary != "" {
		data["description"] = v.Text.Summary
	}
	var places []any
	if v.Mode != events.Online {
		places = append(places, map[string]any{"@type": "Place", "name": cmp.Or(v.Venue, v.City.Title),
			"address": map[string]string{"@type": "PostalAddress", "addressLocality": v.City.Title, "addressCountry": v.Country.Title}})
	}
	if v.Mode != events.InPerson {
		places = append(places, map[string]string{"@type": "VirtualLocation", "url": cmp.Or(v.OnlineURL, ui.ShellOf(ctx).BaseURL+v.path(ctx))})
	}
	data["location"] = places
	if v.MovedFrom != nil && v.State != events.Cancelled {
		data["previousStartDate"] = v.MovedFrom.In(v.Location()).Format(time.RFC3339)
	}
	out, err := json.Marshal(data) // escapes <, > and &, so that no text ends the element
	if err != nil {
		return ""
	}
	return string(out)
}

func (v showView) isoEnd() string {
	if v.AllDay {
		return v.LastDay().Format(time.DateOnly)
	}
	return v.EndsAt.In(v.Location()).Format(time.RFC3339)
}

func (v showView) status() string {
	switch {
	case v.State == events.Cancelled:
		return "EventCancelled"
	case v.MovedFrom != nil:
		return "EventRescheduled"
	}
	return "EventScheduled"
}

func (v showView) attendance() string {
	switch v.Mode {
	case events.Online:
		return "OnlineEventAttendanceMode"
	case events.Hybrid:
		return "MixedEventAttendanceMode"
	}
	return "OfflineEventAttendanceMode"
}
