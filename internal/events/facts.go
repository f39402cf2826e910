package events

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/birlik/portal/internal/apperr"
)

// Limits of the facts; the table holds them too.
const (
	maxCity      = 120
	maxVenue     = 200
	maxOrganiser = 200
	maxURL       = 480
	maxSpoken    = 12
	longest      = 400 * 24 * time.Hour
)

var (
	earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2199, 12, 31, 0, 0, 0, 0, time.UTC)
)

// Facts are what staff enter of an event beside its texts.
type Facts struct {
	Version   int    // the row that the writer saw; 0 for a new event
	Kind      string // code
	Mode      Mode
	Country   string // code; of an event at a place
	City      string // slug of the municipality, or empty
	CityName  string // where the register does not know the city
	Venue     string
	OnlineURL string
	Zone      string    // IANA; empty: the city's, else the country's
	AllDay    bool      // whole days: Starts and Ends are its first and last day
	Starts    time.Time // the clock of the place, as a time in UTC
	Ends      time.Time
	Organiser string
	Spoken    []string
}

// check finds what is wrong with what was typed, before the database is asked.
// Errors: invalid by field.
func (f Facts) check() error {
	fields := map[string]string{}
	wrong := func(name, key string, bad bool) {
		if bad && fields[name] == "" {
			fields[name] = key
		}
	}
	wrong("kind", "error.required", f.Kind == "")
	wrong("mode", "error.required", !slices.Contains(Modes(), f.Mode))
	wrong("city", "events.city_needed", f.Mode != Online && f.City == "" && f.CityName == "")
	wrong("country", "events.country_needed", f.Mode != Online && f.City == "" && f.Country == "")
	wrong("city_name", "error.too_long", utf8.RuneCountInString(f.CityName) > maxCity)
	wrong("venue", "error.too_long", utf8.RuneCountInString(f.Venue) > maxVenue)
	wrong("organiser", "error.too_long", utf8.RuneCountInString(f.Organiser) > maxOrganiser)
	wrong("online_url", "events.url_wrong", !goodURL(f.OnlineURL))
	wrong("zone", "events.zone_unknown", f.Zone != "" && location(f.Zone) == nil)
	wrong("spoken", "events.spoken_wrong", !goodLanguages(f.Spoken))
	f.checkTimes(wrong)
	return apperr.Fields(fields)
}

func (f Facts) checkTimes(wrong func(name, key string, bad bool)) {
	wrong("starts", "error.required", f.Starts.IsZero())
	wrong("ends", "error.required", f.Ends.IsZero())
	wrong("starts", "events.year_wrong", f.Starts.Before(earliest) || f.Starts.After(latest))
	wrong("ends", "events.ends_before", f.AllDay && f.Ends.Before(f.Starts))
	wrong("ends", "events.ends_before", !f.AllDay && !f.Ends.After(f.Starts))
	wrong("ends", "events.too_long", f.Ends.Sub(f.Starts) > longest-48*time.Hour)
}

// checkClock refuses a time that the clocks of the zone skip, as in spring: nobody could
// keep such an appointment. A time that comes twice, as in autumn, is the second one.
func (f Facts) checkClock(zone *time.Location) error {
	fields := map[string]string{}
	if f.AllDay {
		return nil
	}
	for name, local := range map[string]time.Time{"starts": f.Starts, "ends": f.Ends} {
		if skipped(local, zone) {
			fields[name] = "events.time_skipped"
		}
	}
	return apperr.Fields(fields)
}

// skipped reports a clock reading that never comes in the zone.
func skipped(local time.Time, zone *time.Location) bool {
	there := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, zone)
	return there.Format(clockLayout) != local.Format(clockLayout)
}

const clockLayout = "2006-01-02 15:04"

// span is the facts' times as the row keeps them: whole days end at the midnight after.
func (f Facts) span() (starts, ends time.Time) {
	if !f.AllDay {
		return f.Starts, f.Ends
	}
	return f.Starts.Truncate(24 * time.Hour), f.Ends.Truncate(24*time.Hour).AddDate(0, 0, 1)
}

func goodURL(s string) bool {
	return s == "" || strings.HasPrefix(s, "https://") && len(s) > len("https://") && len(s) <= maxURL && !strings.ContainsAny(s, " \t\r\n\v\f<>\"")
}

func goodLanguages(list []string) bool {
	for _, tag := range list {
		if _, err := language.Parse(tag); err != nil {
			return false
		}
	}
	return len(list) <= maxSpoken
}

// FactsOf are an event's facts, as a form shows them for editing.
func FactsOf(e *Event) Facts {
	f := Facts{Version: e.Version, Kind: e.Kind.Code, Mode: e.Mode, Country: e.Country.Code, City: e.City.Code, Venue: e.Venue,
		OnlineURL: e.OnlineURL, Zone: e.Zone, AllDay: e.AllDay, Starts: e.StartsLocal, Ends: e.EndsLocal, Organiser: e.Organiser, Spoken: e.Spoken}
	if f.City == "" {
		f.CityName = e.City.Title
	}
	if f.AllDay {
		f.Ends = f.Ends.AddDate(0, 0, -1)
	}
	return f
}
