// Package events keeps what the union and its members hold: forums, trainings, festivals,
// assemblies; with their texts in several languages, their places, and clocks that stay right.
package events

import (
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The states of an event; the table's CHECK lists the same.
const (
	Proposed  workflow.State = "proposed"
	Approved  workflow.State = "approved"
	Published workflow.State = "published"
	Held      workflow.State = "held"
	Cancelled workflow.State = "cancelled"
)

// States lists them all, in the order of an event's life.
func States() []workflow.State {
	return []workflow.State{Proposed, Approved, Published, Held, Cancelled}
}

// Names of moves that the code asks for.
const (
	movePropose = "propose"
	movePublish = "publish"
	moveHide    = "hide"
	moveHold    = "hold"
)

func at(states ...workflow.State) []workflow.State { return states }

// Life is the life of an event. Publishing shows it; a mistake is hidden again, what is
// called off stays to be seen as cancelled.
var Life = workflow.Machine{Kind: subject.Event, Moves: []workflow.Move{
	{Name: movePropose, To: Proposed, May: identity.EditContent},
	{Name: "approve", From: at(Proposed), To: Approved, May: identity.PublishContent},
	{Name: movePublish, From: at(Approved), To: Published, May: identity.PublishContent},
	{Name: moveHold, From: at(Published), To: Held, May: identity.PublishContent},
	{Name: "cancel", From: at(Proposed, Approved, Published), To: Cancelled, May: identity.PublishContent, Needs: []workflow.Need{workflow.Reason}},
	{Name: moveHide, From: at(Published), To: Approved, May: identity.PublishContent},
	{Name: "revive", From: at(Cancelled), To: Approved, May: identity.PublishContent, Needs: []workflow.Need{workflow.Reason}},
}}

// Mode says where people take part.
type Mode string

// The modes.
const (
	InPerson Mode = "in_person"
	Online   Mode = "online"
	Hybrid   Mode = "hybrid"
)

// Modes lists them all.
func Modes() []Mode { return []Mode{InPerson, Online, Hybrid} }

// Point is a place on the map, in degrees.
type Point struct{ Lat, Lon float64 }

// Event is one event. StartsLocal and EndsLocal are what the clock at the place shows, kept
// as times in UTC; StartsAt and EndsAt are the instants that follow from them. An event of
// whole days ends at the midnight after its last day.
type Event struct {
	ID          int64
	PublicID    string
	OrgID       int64
	State       workflow.State
	Seq         int
	Version     int
	Shown       bool // the public sees it
	Kind        Choice
	Mode        Mode
	Country     Choice // empty where the event is online only
	City        Choice // Code: slug of the municipality; empty where the register does not know the city
	Point       *Point // of the city
	Venue       string
	OnlineURL   string
	Zone        string // IANA
	AllDay      bool
	StartsLocal time.Time
	EndsLocal   time.Time
	StartsAt    time.Time
	EndsAt      time.Time
	Organiser   string     // empty: the union
	Spoken      []string   // languages spoken there, BCP 47
	MovedFrom   *time.Time // when it was to begin before it was moved
	UpdatedAt   time.Time
}

// Choice is something to filter by or to choose, in the reader's language.
type Choice struct{ Code, Title string }

// Ref points at the event.
func (e Event) Ref() subject.Ref { return subject.Ref{Kind: subject.Event, ID: e.ID} }

// Over reports whether the event has ended.
func (e Event) Over(now time.Time) bool { return !e.EndsAt.After(now) }

// On reports whether the event is taking place.
func (e Event) On(now time.Time) bool { return !e.StartsAt.After(now) && e.EndsAt.After(now) }

// LastDay is the last day of the event on the clock of the place.
func (e Event) LastDay() time.Time { return e.EndsLocal.Add(-time.Nanosecond) }

// OneDay reports whether it begins and ends on one day of the place.
func (e Event) OneDay() bool {
	return e.StartsLocal.Format(time.DateOnly) == e.LastDay().Format(time.DateOnly)
}

// Location is the zone of the place; UTC where this machine does not know it.
func (e Event) Location() *time.Location {
	if zone := location(e.Zone); zone != nil {
		return zone
	}
	return time.UTC
}

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
