package requests

import (
	"slices"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The states of a request (docs/architecture.md; the table's CHECK lists the same).
const (
	Draft                workflow.State = "draft"
	WithApprover         workflow.State = "with_approver"
	Submitted            workflow.State = "submitted"
	Registered           workflow.State = "registered"
	InformationRequested workflow.State = "information_requested"
	InReview             workflow.State = "in_review"
	BoardDecision        workflow.State = "board_decision"
	Approved             workflow.State = "approved"
	Declined             workflow.State = "declined"
	Referred             workflow.State = "referred"
	Withdrawn            workflow.State = "withdrawn"
)

// The moves, as they are named in the history.
const (
	moveStart    = "start"
	moveAsk      = "ask_approver"
	moveRecall   = "recall"
	moveReturn   = "return"
	moveSubmit   = "submit"
	moveRegister = "register"
	moveInquire  = "request_information"
	moveAnswer   = "answer"
	moveGoOn     = "go_on"
	moveReview   = "review"
	moveBoard    = "to_board"
	moveBack     = "back_to_review"
	moveApprove  = "approve"
	moveDecline  = "decline"
	moveRefer    = "refer"
	moveWithdraw = "withdraw"
)

var (
	reason   = []workflow.Need{workflow.Reason}
	decision = []workflow.Need{workflow.Decision}
	both     = []workflow.Need{workflow.Decision, workflow.Reason}
)

// Life is the life of a request. Moves that carry a message (request_information, answer)
// keep its text there, not in the move.
var Life = workflow.Machine{Kind: subject.Request, Moves: []workflow.Move{
	{Name: moveStart, To: Draft, May: identity.EditDraft},
	{Name: moveAsk, From: at(Draft), To: WithApprover, May: identity.EditDraft, Tell: "requests.asked"},
	{Name: moveRecall, From: at(WithApprover), To: Draft, May: identity.EditDraft},
	{Name: moveReturn, From: at(WithApprover), To: Draft, May: identity.ApproveDraft, Needs: reason, Tell: "requests.returned"},
	{Name: moveSubmit, From: at(Draft, WithApprover), To: Submitted, May: identity.ApproveDraft, Tell: "requests.arrived"},
	{Name: moveRegister, From: at(Submitted), To: Registered, May: identity.HandleRequests, Tell: "requests.registered"},
	{Name: moveInquire, From: at(Registered, InReview), To: InformationRequested, May: identity.HandleRequests, Tell: "requests.information"},
	{Name: moveAnswer, From: at(InformationRequested), To: InReview, May: identity.EditDraft, Tell: "requests.answered"},
	{Name: moveGoOn, From: at(InformationRequested), To: InReview, May: identity.HandleRequests, Tell: "requests.review"},
	{Name: moveReview, From: at(Registered), To: InReview, May: identity.HandleRequests, Tell: "requests.review"},
	{Name: moveBoard, From: at(InReview), To: BoardDecision, May: identity.HandleRequests, Tell: "requests.board"},
	{Name: moveBack, From: at(BoardDecision), To: InReview, May: identity.HandleRequests, Needs: reason, Tell: "requests.review"},
	{Name: moveApprove, From: at(BoardDecision), To: Approved, May: identity.DecideRequests, Needs: decision, Tell: "requests.approved"},
	{Name: moveDecline, From: at(BoardDecision), To: Declined, May: identity.DecideRequests, Needs: both, Tell: "requests.declined"},
	{Name: moveRefer, From: at(BoardDecision), To: Referred, May: identity.DecideRequests, Needs: both, Tell: "requests.referred"},
	{Name: moveWithdraw, From: at(Draft, WithApprover, Submitted, Registered, InformationRequested, InReview, BoardDecision),
		To: Withdrawn, May: identity.EditDraft, Tell: "requests.withdrawn"},
}}

func at(states ...workflow.State) []workflow.State { return states }

// Ended reports whether the state is an end: nothing more is to be done.
func Ended(s workflow.State) bool {
	return slices.Contains([]workflow.State{Approved, Declined, Referred, Withdrawn}, s)
}

// Private reports whether the request is still its municipality's own: staff do not see it.
func Private(s workflow.State) bool { return s == Draft || s == WithApprover }

// OpenStates are the states that staff still work on.
func OpenStates() []workflow.State {
	return []workflow.State{Submitted, Registered, InformationRequested, InReview, BoardDecision}
}

// StaffStates are the states that staff see.
func StaffStates() []workflow.State {
	return append(OpenStates(), Approved, Declined, Referred, Withdrawn)
}
