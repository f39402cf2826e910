package profiles

import (
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The states of a proposal; the table's CHECK lists the same.
const (
	Waiting   workflow.State = "waiting"
	Answered  workflow.State = "answered"
	Withdrawn workflow.State = "withdrawn"
)

const (
	movePropose  = "propose"
	moveAnswer   = "answer"
	moveWithdraw = "withdraw"
)

// Life is the life of a proposal: it waits until staff have answered every fact of it, or
// until the municipality takes it back.
var Life = workflow.Machine{Kind: subject.FactProposal, Moves: []workflow.Move{
	{Name: movePropose, To: Waiting, May: identity.EditProfile},
	{Name: moveAnswer, From: []workflow.State{Waiting}, To: Answered, May: identity.EditMembers, Tell: "membership.facts_answered"},
	{Name: moveWithdraw, From: []workflow.State{Waiting}, To: Withdrawn, May: identity.EditProfile},
}}

// Outcome is what became of one fact of a proposal; empty while it waits.
type Outcome string

// The outcomes.
const (
	Open     Outcome = ""
	Accepted Outcome = "accepted"
	Refused  Outcome = "refused"
	Recalled Outcome = "withdrawn"
)

// DutyFacts is the desk's duty to answer a proposal; the desk names it by "profiles.task.".
const DutyFacts = "profiles.facts"
