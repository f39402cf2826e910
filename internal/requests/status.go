package requests

import (
	"slices"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The states of a request: the closed set of which each service uses a part
// (docs/services.md; the table's CHECK lists the same).
const (
	Draft                workflow.State = "draft"
	WithApprover         workflow.State = "with_approver"
	Submitted            workflow.State = "submitted"
	Registered           workflow.State = "registered"
	InformationRequested workflow.State = "information_requested"
	InReview             workflow.State = "in_review"
	CoOpinion            workflow.State = "co_opinion" // another office of the union is asked
	BoardDecision        workflow.State = "board_decision"
	Approved             workflow.State = "approved"
	Declined             workflow.State = "declined"
	Referred             workflow.State = "referred"
	InDelivery           workflow.State = "in_delivery"
	Delivered            workflow.State = "delivered"
	ToSign               workflow.State = "to_sign"
	Signed               workflow.State = "signed"
	Sent                 workflow.State = "sent"
	Anonymised           workflow.State = "anonymised"
	Published            workflow.State = "published"
	Closed               workflow.State = "closed"
	Withdrawn            workflow.State = "withdrawn"
)

// The moves, as they are named in the history.
const (
	moveStart     = "start"
	moveAsk       = "ask_approver"
	moveRecall    = "recall"
	moveReturn    = "return"
	moveSubmit    = "submit"
	moveRegister  = "register"
	moveInquire   = "request_information"
	moveAnswer    = "answer"
	moveGoOn      = "go_on"
	moveReview    = "review"
	moveConsult   = "ask_opinion"
	moveAdvise    = "give_opinion"
	moveBoard     = "to_board"
	moveBack      = "back_to_review"
	moveApprove   = "approve"
	moveDecline   = "decline"
	moveRefer     = "refer"
	moveTurnDown  = "turn_down"
	movePassOn    = "pass_on"
	moveBegin     = "begin_delivery"
	moveDeliver   = "deliver"
	moveRate      = "give_feedback"
	moveClose     = "close"
	moveToSign    = "to_sign"
	moveUnsign    = "back_to_author"
	moveSign      = "sign"
	moveSend      = "send"
	moveAnonymise = "anonymise"
	movePublish   = "publish"
	moveWithdraw  = "withdraw"
)

var (
	reason   = []workflow.Need{workflow.Reason}
	decision = []workflow.Need{workflow.Decision}
	both     = []workflow.Need{workflow.Decision, workflow.Reason}
)

// Life is every move that a service can use; what a service makes of it stands in its
// definition. Moves that carry a message (request_information, answer) keep its text there,
// not in the move.
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
	{Name: moveConsult, From: at(InReview), To: CoOpinion, May: identity.HandleRequests, Tell: "requests.consulted"},
	{Name: moveAdvise, From: at(CoOpinion), To: InReview, May: identity.AdviseRequests, Tell: "requests.advised"},
	{Name: moveBoard, From: at(InReview), To: BoardDecision, May: identity.HandleRequests, Tell: "requests.board"},
	{Name: moveBack, From: at(BoardDecision), To: InReview, May: identity.HandleRequests, Needs: reason, Tell: "requests.review"},
	{Name: moveApprove, From: at(BoardDecision), To: Approved, May: identity.DecideRequests, Needs: decision, Tell: "requests.approved"},
	{Name: moveDecline, From: at(BoardDecision), To: Declined, May: identity.DecideRequests, Needs: both, Tell: "requests.declined"},
	{Name: moveRefer, From: at(BoardDecision), To: Referred, May: identity.DecideRequests, Needs: both, Tell: "requests.referred"},
	{Name: moveTurnDown, From: at(Registered, InReview), To: Declined, May: identity.HandleRequests, Needs: reason, Tell: "requests.turned_down"},
	{Name: movePassOn, From: at(Registered, InReview), To: Referred, May: identity.HandleRequests, Needs: reason, Tell: "requests.passed_on"},
	{Name: moveBegin, From: at(Approved, InReview), To: InDelivery, May: identity.HandleRequests, Tell: "requests.delivery"},
	{Name: moveDeliver, From: at(InDelivery, InReview), To: Delivered, May: identity.HandleRequests, Tell: "requests.delivered"},
	{Name: moveRate, From: at(Delivered), To: Closed, May: identity.EditDraft, Needs: []workflow.Need{workflow.Feedback}, Tell: "requests.rated"},
	{Name: moveClose, From: at(Delivered, Sent, Anonymised, Published), To: Closed, May: identity.HandleRequests, Tell: "requests.closed"},
	{Name: moveToSign, From: at(InReview), To: ToSign, May: identity.HandleRequests, Tell: "requests.to_sign"},
	{Name: moveUnsign, From: at(ToSign), To: InReview, May: identity.HandleRequests, Needs: reason, Tell: "requests.unsigned"},
	{Name: moveSign, From: at(ToSign), To: Signed, May: identity.HandleRequests, Needs: []workflow.Need{workflow.Signatures}, Tell: "requests.signed"},
	{Name: moveSend, From: at(Signed), To: Sent, May: identity.HandleRequests, Tell: "requests.opinion_sent"},
	{Name: moveAnonymise, From: at(Sent), To: Anonymised, May: identity.HandleRequests},
	{Name: movePublish, From: at(Anonymised), To: Published, May: identity.HandleRequests, Tell: "requests.published"},
	{Name: moveWithdraw, From: at(Draft, WithApprover, Submitted, Registered, InformationRequested, InReview, CoOpinion, BoardDecision, Approved, InDelivery, ToSign, Signed),
		To: Withdrawn, May: identity.EditDraft, Tell: "requests.withdrawn"},
}}

func at(states ...workflow.State) []workflow.State { return states }

// Rules are what the definition of each service is held to.
func Rules() services.Rules {
	return services.Rules{Life: Life, Start: Draft, Aside: Withdrawn,
		Gates:   []services.Gate{{Through: BoardDecision, To: InDelivery}, {Through: BoardDecision, To: Delivered}},
		Ends:    at(Approved, Declined, Referred, Delivered, Sent, Anonymised, Published, Closed),
		Member:  []identity.Permission{identity.EditDraft, identity.ApproveDraft},
		Staff:   []identity.Permission{identity.HandleRequests, identity.DecideRequests, identity.AdviseRequests},
		Columns: []string{colTitle, colDescription, colKind, colSector, colPlace, colBeneficiaries, colCost, colOwn, colLand, colPermit}}
}

// Inside reports whether a move is between the union's own people: the municipality is not
// shown that one office asked another.
func Inside(move string) bool {
	return slices.Contains(insideMoves(), move)
}

// Private reports whether the request is still its municipality's own: staff do not see it.
func Private(s workflow.State) bool { return s == Draft || s == WithApprover }

// StaffStates are the states that staff see, in the order of a life.
func StaffStates() []workflow.State {
	return at(Submitted, Registered, InformationRequested, InReview, CoOpinion, BoardDecision, Approved, InDelivery, Delivered,
		ToSign, Signed, Sent, Anonymised, Published, Declined, Referred, Closed, Withdrawn)
}

// Over reports whether a state is an end in whatever service; an approved request may be one
// too, where its service ends there.
func Over(s workflow.State) bool {
	return slices.Contains(at(Declined, Referred, Closed, Withdrawn), s)
}
