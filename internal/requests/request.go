// Package requests is the union's casework: a municipality asks for support, its mayor
// sends it, staff handle it, a board decides.
package requests

import (
	"time"

	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// ProjectSupport is the service that supports infrastructure, superstructure and service
// projects (clause b of the statute).
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
	Service     string
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
}

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
func (r Request) Open() bool { return !Ended(r.State) }

// Late reports whether the step's date has passed.
func (r Request) Late(now time.Time) bool {
	return r.Open() && r.DueAt != nil && r.DueAt.Before(now)
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
