// Package membership is how a city becomes a member and what becomes of its membership: the
// application from its draft to the boards' decisions, and the dated facts from which
// standing is computed.
package membership

import (
	"slices"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Kind is a kind of member, as the statute names them.
type Kind string

// The kinds. Full members and associates are municipalities.
const (
	Full                      Kind = "full"
	NationalAssociation       Kind = "national_association"
	RegionalAssociation       Kind = "regional_association"
	InternationalOrganization Kind = "international_organization"
	Associate                 Kind = "associate"
	Observer                  Kind = "observer"
	Honorary                  Kind = "honorary"
	Partner                   Kind = "partner"
)

// Kinds lists every kind of member.
func Kinds() []Kind {
	return []Kind{Full, NationalAssociation, RegionalAssociation, InternationalOrganization, Associate, Observer, Honorary, Partner}
}

// applied are the kinds that one applies for; an honorary member is invited.
func applied() []Kind {
	return slices.DeleteFunc(Kinds(), func(k Kind) bool { return k == Honorary })
}

// Local reports whether members of the kind are municipalities.
func (k Kind) Local() bool { return k == Full || k == Associate }

// The states of an application; the table's CHECK lists the same.
const (
	Draft               workflow.State = "draft"
	Submitted           workflow.State = "submitted"
	Incomplete          workflow.State = "incomplete"
	ExecutiveBoard      workflow.State = "executive_board"
	AdministrativeBoard workflow.State = "administrative_board"
	Admitted            workflow.State = "admitted"
	Declined            workflow.State = "declined"
	Withdrawn           workflow.State = "withdrawn"
)

// The moves, as they are named in the history.
const (
	moveStart    = "start"
	moveSubmit   = "submit"
	moveReturn   = "return"
	moveComplete = "complete"
	moveSupport  = "support"
	moveAdmit    = "admit"
	moveDecline  = "decline"
	moveWithdraw = "withdraw"
)

var (
	reason   = []workflow.Need{workflow.Reason}
	decision = []workflow.Need{workflow.Decision}
	both     = []workflow.Need{workflow.Decision, workflow.Reason}
)

// Life is the life of an application: staff look whether it is complete, the Executive Board
// supports it, the Administrative Board admits.
var Life = workflow.Machine{Kind: subject.Application, Moves: []workflow.Move{
	{Name: moveStart, To: Draft, May: identity.EditApplication},
	{Name: moveSubmit, From: at(Draft, Incomplete), To: Submitted, May: identity.EditApplication, Tell: "membership.arrived"},
	{Name: moveReturn, From: at(Submitted, ExecutiveBoard), To: Incomplete, May: identity.EditMembers, Needs: reason, Tell: "membership.incomplete"},
	{Name: moveComplete, From: at(Submitted), To: ExecutiveBoard, May: identity.EditMembers, Tell: "membership.complete"},
	{Name: moveSupport, From: at(ExecutiveBoard), To: AdministrativeBoard, May: identity.DecideMembers, Needs: decision, Tell: "membership.supported"},
	{Name: moveAdmit, From: at(AdministrativeBoard), To: Admitted, May: identity.DecideMembers, Needs: decision, Tell: "membership.admitted"},
	{Name: moveDecline, From: at(ExecutiveBoard, AdministrativeBoard), To: Declined, May: identity.DecideMembers, Needs: both, Tell: "membership.declined"},
	{Name: moveWithdraw, From: at(Draft, Submitted, Incomplete, ExecutiveBoard, AdministrativeBoard), To: Withdrawn,
		May: identity.EditApplication, Needs: reason, Tell: "membership.withdrawn"},
}}

func at(states ...workflow.State) []workflow.State { return states }

// Ended reports whether nothing more is to be done about an application.
func Ended(s workflow.State) bool {
	return s == Admitted || s == Declined || s == Withdrawn
}

// States are those that staff see, in the order of an application's way.
func States() []workflow.State {
	return []workflow.State{Submitted, Incomplete, ExecutiveBoard, AdministrativeBoard, Admitted, Declined, Withdrawn}
}

// Application is one application for membership.
type Application struct {
	ID          int64
	PublicID    string
	OrgID       int64 // the applicant's own organisation, until there is a member
	State       workflow.State
	Seq         int
	Version     int
	Lang        string // to write to the applicant in
	Email       string
	Reference   string // empty until it was sent
	Kind        Kind
	Name        string
	CountryID   int64 // 0: not said yet
	CountryName string
	Population  int64
	OfficerID   int64
	OfficerName string
	PlaceID     int64 // who became the member
	PlaceName   string
	PlaceSlug   string // of a municipality's page; empty for other members
	ExecutiveID int64
	DecisionID  int64
	CreatedAt   time.Time
	SubmittedAt *time.Time
	ClosedAt    *time.Time
	DueAt       *time.Time
}

// Ref points at the application.
func (a Application) Ref() subject.Ref { return subject.Ref{Kind: subject.Application, ID: a.ID} }

// Open reports whether staff or the applicant still have something to do.
func (a Application) Open() bool { return !Ended(a.State) }

// Editable reports whether the applicant may change the answers.
func (a Application) Editable() bool { return a.State == Draft || a.State == Incomplete }

// Late reports whether the step's day has passed.
func (a Application) Late(now time.Time) bool {
	return a.Open() && a.DueAt != nil && a.DueAt.Before(now)
}

// Path is the applicant's page, without the language.
func (a Application) Path() string { return "/join/" + a.PublicID }

// DeskPath is the staff's page, without the language.
func (a Application) DeskPath() string { return "/desk/applications/" + a.PublicID }

// The days that each step has. The boards meet every few weeks.
var days = map[workflow.State]int{Submitted: 5, Incomplete: 30, ExecutiveBoard: 45, AdministrativeBoard: 60}

// Days is how many days a step has; 0 where it has none.
func Days(s workflow.State) int { return days[s] }
