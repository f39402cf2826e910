package requests

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// The duties of a request; the messages of their names begin with "requests.task.".
const (
	DutyApprove   = "requests.approve"
	DutyMend      = "requests.mend"
	DutyRegister  = "requests.register"
	DutyHandle    = "requests.handle"
	DutyAnswer    = "requests.answer"
	DutyAdvise    = "requests.advise"
	DutyDecide    = "requests.decide"
	DutyDeliver   = "requests.deliver"
	DutyRate      = "requests.rate"
	DutySign      = "requests.sign"
	DutySend      = "requests.send"
	DutyAnonymise = "requests.anonymise"
	DutyPublish   = "requests.publish"
)

var duties = map[workflow.State]string{Draft: DutyMend, WithApprover: DutyApprove, Submitted: DutyRegister, Registered: DutyHandle,
	InformationRequested: DutyAnswer, InReview: DutyHandle, CoOpinion: DutyAdvise, BoardDecision: DutyDecide, Approved: DutyDeliver,
	InDelivery: DutyDeliver, Delivered: DutyRate, ToSign: DutySign, Signed: DutySend, Sent: DutyAnonymise, Anonymised: DutyPublish, Published: DutyPublish}

// Duty names what is to be done in a state.
func Duty(s workflow.State) string { return duties[s] }

// hand gives the request's one open duty to whose turn it is.
func (s *Service) hand(ctx context.Context, tx pgx.Tx, r Request, before workflow.State) error {
	if !r.Open() {
		return tasks.DropAll(ctx, tx, r.Ref())
	}
	if duties[before] != duties[r.State] {
		if err := tasks.Close(ctx, tx, r.Ref(), duties[before]); err != nil {
			return err
		}
	}
	if r.State == Draft && before != WithApprover {
		return nil // a draft that nobody returned waits for nobody
	}
	duty := tasks.Duty{Key: duties[r.State], Owner: r.owner()}
	if r.DueAt != nil {
		duty.Due = *r.DueAt
	}
	return tasks.Open(ctx, tx, r.Ref(), duty)
}

// owner is whose turn it is.
func (r Request) owner() tasks.Owner {
	switch {
	case r.State == Draft || r.State == InformationRequested || r.State == Delivered:
		return tasks.Org(r.OrgID, "") // whoever of the organisation is there
	case r.State == WithApprover:
		return tasks.Org(r.OrgID, identity.MemberApprover)
	case r.State == BoardDecision:
		return tasks.Role(identity.BoardSecretary)
	case r.State == CoOpinion && r.Advisor != "":
		return tasks.Office(r.Advisor)
	case r.OfficerID != 0:
		return tasks.User(r.OfficerID)
	}
	return tasks.Office(r.Office)
}

// officersTurn reports whether a duty lies with who has the request.
func officersTurn(s workflow.State) bool {
	switch s {
	case Draft, WithApprover, InformationRequested, CoOpinion, BoardDecision, Delivered:
		return false
	}
	return duties[s] != ""
}
