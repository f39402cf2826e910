package organs

import (
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The states of a meeting; the table's CHECK lists the same.
const (
	Planned   workflow.State = "planned"
	Held      workflow.State = "held"
	Cancelled workflow.State = "cancelled"
)

// States lists them all.
func States() []workflow.State { return []workflow.State{Planned, Held, Cancelled} }

// Names of moves that the code asks for.
const (
	movePlan   = "plan"
	moveHold   = "hold"
	moveReopen = "reopen"
)

func at(states ...workflow.State) []workflow.State { return states }

// Life is the life of a meeting. Holding it counts its quorum. A count that was wrong is
// reopened, which the database refuses once the meeting has decided something.
var Life = workflow.Machine{Kind: subject.Meeting, Moves: []workflow.Move{
	{Name: movePlan, To: Planned, May: identity.EditOrgans},
	{Name: moveHold, From: at(Planned), To: Held, May: identity.EditOrgans},
	{Name: "cancel", From: at(Planned), To: Cancelled, May: identity.EditOrgans, Needs: []workflow.Need{workflow.Reason}},
	{Name: "revive", From: at(Cancelled), To: Planned, May: identity.EditOrgans, Needs: []workflow.Need{workflow.Reason}},
	{Name: moveReopen, From: at(Held), To: Planned, May: identity.EditOrgans, Needs: []workflow.Need{workflow.Reason}},
}}
