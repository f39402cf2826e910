// Package requests is the union's casework: a municipality asks for support, its mayor
// sends it, staff handle it, a board decides.
package requests

import (
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// ProjectSupport is the service that supports infrastructure, superstructure and service
// projects (clause b of the statute): what it approves becomes a project.
const ProjectSupport = "project_support"

// Amount is an exact sum of money.
type Amount struct {
	Value    string // decimal with a point: "1250000.00"
	Currency string // ISO 4217
}

// Request is one request, from its draft to its end.
type Request struct {
	ID          int64
	PublicID    string
	OrgID       int64
	OrgPublicID string
	OrgName     string
	CountryID   int64
	Service     string // code of the service
	Pinned      int    // the version that it is handled by
	Office      string // in charge of the step
	Advisor     string // office that is asked for its opinion now; empty: none
	State       workflow.State
	Seq         int // of the move that led here
	Version     int
	Reference   string // empty until it was sent
	Lang        string // that the answers are written in, BCP 47
	OrgLang     string
	CountryName string // in the reader's language
	Urgent      bool
	Summary     Summary
	OfficerID   int64 // 0: nobody yet
	OfficerName string
	CreatedBy   int64
	CreatedAt   time.Time
	AskedAt     *time.Time // since when it waits for the approver
	RemindedAt  *time.Time
	SubmittedAt *time.Time
	ClosedAt    *time.Time
	DueAt       *time.Time // of the step it is in; nil: no date
	DecisionID  int64
	Decided     string     // outcome of that decision about this request
	LeftDays    *int       // working days of the review that were left when the city was asked
	BackDueAt   *time.Time // of the review, while another office is asked
	Alarm       int        // of its date: 1 told before, 2 on the day, 3 after it

	Arrival // how it came

	flow *services.Definition // the version that it is handled by
}

// Label is what a state is called: in the service's own words where it has some, else in the
// portal's.
func Label(flow *services.Definition, s workflow.State, lang locale.Lang) string {
	if flow != nil {
		if step, ok := flow.Step(s); ok && !step.Name.Empty() {
			return step.Name.In(lang)
		}
	}
	return locale.Text(lang, "requests.state."+string(s))
}

// Flow is the version of the service that the request is handled by.
func (r Request) Flow() *services.Definition { return r.flow }

// Summary is what lists, sums and maps need of the answers; it is taken from them when the
// request is sent.
type Summary struct {
	Title         string
	Kind          string // infrastructure, superstructure, service
	Sector        string
	Place         string
	Point         *Point
	Beneficiaries int64
	Cost, Own     *Amount
	Land, Permit  string
	Description   string // what the project is, in a few sentences
}

// Point is a place on the map, in degrees.
type Point struct{ Lat, Lon float64 }

// Ref points at the request.
func (r Request) Ref() subject.Ref { return subject.Ref{Kind: subject.Request, ID: r.ID} }

// Open reports whether something is still to be done about the request.
func (r Request) Open() bool { return r.ClosedAt == nil }

// Late reports whether the step's date has passed.
func (r Request) Late(now time.Time) bool {
	return r.Open() && r.DueAt != nil && r.DueAt.Before(now)
}

// Promised is the date that the municipality is told of: while another office is asked, it
// is the review's.
func (r Request) Promised() *time.Time {
	if r.State == CoOpinion {
		return r.BackDueAt
	}
	return r.DueAt
}

// RemindEvery is how long an officer waits between two reminders to the approver.
const RemindEvery = 24 * time.Hour

// MayRemind reports whether the approver can be reminded again.
func (r Request) MayRemind(now time.Time) bool {
	if r.State != WithApprover || r.AskedAt == nil {
		return false
	}
	last := *r.AskedAt
	if r.RemindedAt != nil {
		last = *r.RemindedAt
	}
	return now.Sub(last) >= RemindEvery
}
