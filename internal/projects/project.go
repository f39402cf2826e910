// Package projects holds what approved requests become: a record with texts in several
// languages, a public page, and a place on the map.
package projects

import (
	"slices"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The states of a project (docs/architecture.md; the table's CHECK lists the same).
const (
	Idea           workflow.State = "idea"
	ConceptNote    workflow.State = "concept_note"
	Feasibility    workflow.State = "feasibility"
	Appraisal      workflow.State = "appraisal"
	Approved       workflow.State = "approved"
	Procurement    workflow.State = "procurement"
	Implementation workflow.State = "implementation"
	Suspended      workflow.State = "suspended"
	Handover       workflow.State = "handover"
	Closed         workflow.State = "closed"
	Cancelled      workflow.State = "cancelled"
)

// States lists them all, in the order of a project's life.
func States() []workflow.State {
	return []workflow.State{Idea, ConceptNote, Feasibility, Appraisal, Approved, Procurement, Implementation, Suspended, Handover, Closed, Cancelled}
}

// moveBegin is the first move of a project that a decision has approved.
const moveBegin = "begin"

func at(states ...workflow.State) []workflow.State { return states }

var reason = []workflow.Need{workflow.Reason}

// Life is the life of a project. One that grew out of a request begins approved; one of the
// union's own begins as an idea.
var Life = workflow.Machine{Kind: subject.Project, Moves: []workflow.Move{
	{Name: moveBegin, To: Approved, May: identity.DecideRequests},
	{Name: "note", From: at(Idea), To: ConceptNote, May: identity.EditProjects},
	{Name: "study", From: at(ConceptNote), To: Feasibility, May: identity.EditProjects},
	{Name: "appraise", From: at(Feasibility), To: Appraisal, May: identity.EditProjects},
	{Name: "approve", From: at(Appraisal), To: Approved, May: identity.DecideRequests, Needs: []workflow.Need{workflow.Decision}},
	{Name: "procure", From: at(Approved), To: Procurement, May: identity.EditProjects},
	{Name: "implement", From: at(Approved, Procurement), To: Implementation, May: identity.EditProjects},
	{Name: "suspend", From: at(Procurement, Implementation), To: Suspended, May: identity.EditProjects, Needs: reason},
	{Name: "resume", From: at(Suspended), To: Implementation, May: identity.EditProjects},
	{Name: "hand_over", From: at(Implementation), To: Handover, May: identity.EditProjects},
	{Name: "close", From: at(Handover), To: Closed, May: identity.EditProjects},
	{Name: "cancel", From: at(Idea, ConceptNote, Feasibility, Appraisal, Approved, Procurement, Implementation, Suspended), To: Cancelled, May: identity.EditProjects, Needs: reason},
}}

// Point is a place on the map, in degrees.
type Point struct{ Lat, Lon float64 }

// Project is one project.
type Project struct {
	ID             int64
	PublicID       string
	OrgID          int64
	OrgName        string // of the municipality that leads it, in the reader's language
	OrgSlug        string
	RequestPublic  string // public identifier of the request that it grew out of; staff only
	Reference      string // of that request
	State          workflow.State
	Seq, Version   int
	Published      bool
	Kind, Sector   string
	Place          string
	Point          *Point
	Beneficiaries  int64 // 0: not known
	Cost, Currency string
	Country        string // in the reader's language
	CountryCode    string
	ApprovedOn     time.Time
	StartsOn       *time.Time
	EndsOn         *time.Time
	Indicators     []Indicator
	sort           time.Time
}

// Ref points at the project.
func (p Project) Ref() subject.Ref { return subject.Ref{Kind: subject.Project, ID: p.ID} }

// Indicator is one measure of what a project wants to reach.
type Indicator struct {
	Name    string  // one of Measures
	Target  float64 // above zero
	Reached float64
}

// Measures are the kinds of indicators; their names are the messages "projects.measure.…".
func Measures() []string {
	return []string{"people", "households", "jobs", "road_km", "pipe_km", "green_m2", "built_m2", "trees", "energy_mwh"}
}

// Facts are what staff edit of a project beside its texts.
type Facts struct {
	Version    int
	Place      string
	Starts     *time.Time
	Ends       *time.Time
	Indicators []Indicator
}

// check finds what is wrong. Errors: invalid by field.
func (f Facts) check() error {
	fields := map[string]string{}
	if len([]rune(f.Place)) > 200 {
		fields["place"] = "error.too_long"
	}
	if f.Starts != nil && f.Ends != nil && f.Ends.Before(*f.Starts) {
		fields["ends"] = "projects.ends_before"
	}
	for _, i := range f.Indicators {
		if !slices.Contains(Measures(), i.Name) || i.Target <= 0 || i.Target >= 1e12 || i.Reached < 0 || i.Reached >= 1e12 {
			fields["target_"+i.Name] = "projects.number_wrong"
		}
	}
	return apperr.Fields(fields)
}

// Kinds and Sectors are what requests call theirs: a project keeps its request's.
func Kinds() []string { return []string{"infrastructure", "superstructure", "service"} }

// Sectors are the subjects of projects; their names are the messages "requests.sector.…".
func Sectors() []string {
	return []string{"water", "waste", "roads", "transport", "energy", "parks", "buildings", "heritage", "education", "health", "social", "digital", "safety", "other"}
}
