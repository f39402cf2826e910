package organs

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Mode says where people take part in a meeting.
type Mode string

// The modes.
const (
	InPerson Mode = "in_person"
	Online   Mode = "online"
	Hybrid   Mode = "hybrid"
)

// Modes lists them all.
func Modes() []Mode { return []Mode{InPerson, Online, Hybrid} }

// Session says whether a meeting is one of those that the statute plans.
type Session string

// The sessions.
const (
	Ordinary      Session = "ordinary"
	Extraordinary Session = "extraordinary"
)

// Meeting is one meeting of an organ. StartsLocal is what the clock at the place shows, kept
// as a time in UTC; StartsAt is the instant that follows from it.
type Meeting struct {
	ID          int64
	PublicID    string
	Organ       decisions.Organ
	OrganSlug   string
	OrganName   string
	Sort        Sort
	State       workflow.State
	Seq         int
	Version     int
	Number      string
	Year        int
	Session     Session
	Mode        Mode
	Place       string
	OnlineURL   string
	Zone        string // IANA
	StartsLocal time.Time
	StartsAt    time.Time
	Counted     *Count // when it was held; nil before
	Rule        Quorum // of the organ as it is now
	UpdatedAt   time.Time
}

// Ref points at the meeting.
func (m Meeting) Ref() subject.Ref { return subject.Ref{Kind: subject.Meeting, ID: m.ID} }

// Day is the day of the meeting at its place.
func (m Meeting) Day() time.Time { return m.StartsLocal.Truncate(24 * time.Hour) }

// Label is its number with its year, as minutes write it: "2026/3".
func (m Meeting) Label() string { return m.StartsLocal.Format("2006") + "/" + m.Number }

// Location is the zone of the place; UTC where this machine does not know it.
func (m Meeting) Location() *time.Location {
	if zone := location(m.Zone); zone != nil {
		return zone
	}
	return time.UTC
}

// Decides reports whether decisions can be recorded for it.
func (m Meeting) Decides() bool { return m.State == Held && m.Counted != nil && m.Counted.Reached() }

// location is an IANA zone by its name, nil where there is none. "" and "Local", which Go
// would take for UTC and for the server's own zone, are none.
func location(name string) *time.Location {
	if name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return zone
}

// Item is one point of a meeting's agenda.
type Item struct {
	ID       int64
	PublicID string
	Position int
	Title    string
	Note     string
	Decided  int // decisions that were taken on it
}

// Plan is what staff enter of a meeting.
type Plan struct {
	Version   int
	Number    string
	Session   Session
	Mode      Mode
	Place     string
	OnlineURL string
	Zone      string
	Starts    time.Time // the clock of the place, as a time in UTC
}

// Bounds of what a meeting may be; the table holds them too.
const (
	maxNumber = 20
	maxPlace  = 300
	maxURL    = 480
)

var (
	earliest = time.Date(1990, 1, 2, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(2199, 12, 31, 0, 0, 0, 0, time.UTC)
)

// check finds what is wrong with what was typed, and drops what the mode has no use for.
// Errors: invalid by field.
func (p *Plan) check() error {
	faults := map[string]string{}
	wrong := func(name, key string, bad bool) {
		if bad && faults[name] == "" {
			faults[name] = key
		}
	}
	switch p.Mode {
	case InPerson:
		p.OnlineURL = ""
	case Online:
		p.Place = ""
	}
	zone := location(p.Zone)
	wrong("number", "error.required", p.Number == "")
	wrong("number", "error.too_long", utf8.RuneCountInString(p.Number) > maxNumber)
	wrong("session", "error.required", p.Session != Ordinary && p.Session != Extraordinary)
	wrong("mode", "error.required", !known(Modes(), p.Mode))
	wrong("place", "organs.place_needed", p.Place == "" && p.Mode != Online)
	wrong("place", "error.too_long", utf8.RuneCountInString(p.Place) > maxPlace)
	wrong("online_url", "organs.url_wrong", !goodURL(p.OnlineURL))
	wrong("zone", "organs.zone_unknown", zone == nil)
	wrong("starts", "error.required", p.Starts.IsZero())
	wrong("starts", "organs.year_wrong", p.Starts.Before(earliest) || p.Starts.After(latest))
	wrong("starts", "organs.time_skipped", zone != nil && skipped(p.Starts, zone))
	return apperr.Fields(faults)
}

func goodURL(s string) bool {
	return s == "" || strings.HasPrefix(s, "https://") && len(s) > len("https://") && len(s) <= maxURL && !strings.ContainsAny(s, " \t\r\n\v\f<>\"")
}

// skipped reports a clock reading that never comes in the zone.
func skipped(local time.Time, zone *time.Location) bool {
	const layout = "2006-01-02 15:04"
	there := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, zone)
	return there.Format(layout) != local.Format(layout)
}

// PlanOf is a meeting as its form shows it for editing.
func PlanOf(m Meeting) Plan {
	return Plan{Version: m.Version, Number: m.Number, Session: m.Session, Mode: m.Mode, Place: m.Place, OnlineURL: m.OnlineURL, Zone: m.Zone, Starts: m.StartsLocal}
}
