package eventpages

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// factsForm is an event's facts as they are typed.
type factsForm struct {
	Title     string   `form:"title"` // of a new event
	Lang      string   `form:"lang"`
	Kind      string   `form:"kind"`
	Mode      string   `form:"mode"`
	AllDay    string   `form:"all_day"`
	StartsDay string   `form:"starts_day"`
	StartsAt  string   `form:"starts_at"`
	EndsDay   string   `form:"ends_day"`
	EndsAt    string   `form:"ends_at"`
	Zone      string   `form:"zone"`
	City      string   `form:"city"`
	CityText  string   `form:"city_text"`
	Country   string   `form:"country"`
	Venue     string   `form:"venue"`
	OnlineURL string   `form:"online_url"`
	Organiser string   `form:"organiser"`
	Spoken    []string `form:"spoken"`
	Version   int      `form:"version"`
	Once      string   `form:"once"`
}

// faultOrder is the order of the form's fields, for the summary of what is wrong.
var faultOrder = []string{"title", "lang", "kind", "mode", "starts", "ends", "city", "country", "venue", "online_url", "zone", "organiser", "spoken"}

// spokenThere are the languages that the form offers; the ones an event has are added.
var spokenThere = []string{"tr", "az", "kk", "ky", "uz", "tk", "ru", "en", "tt", "ug", "bg", "bs", "hu", "ka", "mk", "mn", "ro", "sq"}

// facts reads what was typed; what cannot be read is left out, which the service refuses.
func (f factsForm) facts() events.Facts {
	out := events.Facts{Version: f.Version, Kind: f.Kind, Mode: events.Mode(f.Mode), Country: f.Country, City: f.City, Venue: f.Venue,
		OnlineURL: f.OnlineURL, Zone: f.Zone, AllDay: f.AllDay != "", Organiser: f.Organiser, Spoken: f.Spoken}
	if f.City == "" {
		out.CityName = f.CityText
	}
	out.Starts, _ = moment(f.StartsDay, f.StartsAt, out.AllDay)
	out.Ends, _ = moment(cmp.Or(f.EndsDay, f.StartsDay), f.EndsAt, out.AllDay)
	return out
}

// moment is a day and a time as people type them: "3 Aralık 2026" and "10.00".
func moment(day, clock string, allDay bool) (time.Time, bool) {
	iso, ok := forms.ParseDate(day)
	if !ok {
		return time.Time{}, false
	}
	if allDay {
		clock = "00:00"
	}
	clock = strings.NewReplacer(".", ":", " ", "").Replace(clock)
	if !strings.Contains(clock, ":") && clock != "" {
		clock += ":00"
	}
	out, err := time.Parse("2006-01-02 15:04", iso+" "+clock)
	return out, err == nil
}

// explain says of a day or time that was typed and cannot be read what is wrong with it.
func (f factsForm) explain(ctx context.Context, faults page.Faults) {
	for name, typed := range map[string][2]string{"starts": {f.StartsDay, f.StartsAt}, "ends": {cmp.Or(f.EndsDay, f.StartsDay), f.EndsAt}} {
		if _, ok := moment(typed[0], typed[1], f.AllDay != ""); !ok && typed[0]+typed[1] != "" {
			faults[name] = locale.T(ctx, "events.time_wrong")
		}
	}
	if faults["city"] == "" {
		faults["city"] = faults["city_name"]
	}
}

// formOf shows an event's facts for editing.
func formOf(ctx context.Context, e *events.Event) factsForm {
	facts := events.FactsOf(e)
	f := factsForm{Kind: facts.Kind, Mode: string(facts.Mode), Zone: facts.Zone, City: facts.City, CityText: e.City.Title, Country: facts.Country,
		Venue: facts.Venue, OnlineURL: facts.OnlineURL, Organiser: facts.Organiser, Spoken: facts.Spoken, Version: facts.Version,
		StartsDay: locale.ShortDate(ctx, facts.Starts), EndsDay: locale.ShortDate(ctx, facts.Ends)}
	if facts.AllDay {
		f.AllDay = "yes"
		return f
	}
	f.StartsAt, f.EndsAt = locale.Clock(ctx, facts.Starts), locale.Clock(ctx, facts.Ends)
	return f
}

// knownCity finds the municipality that was typed in full without a script.
func (h *Handler) knownCity(r *http.Request, f *factsForm) error {
	if f.City != "" || f.CityText == "" {
		return nil
	}
	ctx, actor, lang := r.Context(), page.Actor(r), page.Lang(r)
	slug, err := h.events.FindCity(ctx, actor, lang, f.CityText)
	if err != nil || slug == f.CityText {
		return err
	}
	offers, err := h.events.Offers(ctx, actor, lang, slug)
	if err == nil && strings.EqualFold(offers.City, f.CityText) {
		f.City = slug
	}
	return err
}

func modeChoices(ctx context.Context) []ui.Choice {
	return []ui.Choice{
		{Value: string(events.InPerson), Label: locale.T(ctx, "events.mode.in_person")},
		{Value: string(events.Online), Label: locale.T(ctx, "events.mode.online")},
		{Value: string(events.Hybrid), Label: locale.T(ctx, "events.mode.hybrid")},
	}
}

func spokenChoices(ctx context.Context, chosen []string) []ui.Choice {
	tags := slices.Clone(spokenThere)
	for _, tag := range chosen {
		if !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	out := make([]ui.Choice, len(tags))
	for i, tag := range tags {
		out[i] = ui.Choice{Value: tag, Label: locale.LanguageName(ctx, tag)}
	}
	return out
}

// zoneOptions are the zones that the form offers, with their distance at the event's time.
func zoneOptions(zones []string, chosen string, now time.Time) []ui.Option {
	if chosen != "" && !slices.Contains(zones, chosen) {
		zones = append(slices.Clone(zones), chosen)
	}
	out := make([]ui.Option, len(zones))
	for i, zone := range zones {
		out[i] = ui.Option{Value: zone, Label: locale.ZoneName(zone, now)}
	}
	return out
}

func langOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, lang := range locale.Langs() {
		out = append(out, ui.Option{Value: string(lang), Label: locale.LanguageName(ctx, string(lang))})
	}
	return out
}
