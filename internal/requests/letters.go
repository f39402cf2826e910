package requests

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Rules say who is told of what about requests; the messages of their letters begin with
// "requests.mail.".
func (s *Service) Rules() []notify.Rule {
	member := func(on string, roles ...identity.Role) notify.Rule {
		return notify.Rule{On: on, To: people(roles), Still: s.stillMember, Path: s.memberPath, Keys: "requests.mail." + on[len("requests."):]}
	}
	staff := func(on string, to recipients) notify.Rule {
		return notify.Rule{On: on, To: to, Still: s.stillStaff, Path: s.deskPath, Keys: "requests.mail." + on[len("requests."):]}
	}
	everyone := []identity.Role{identity.MemberEditor, identity.MemberApprover}
	asked := member("requests.asked", identity.MemberApprover)
	reminder := member("requests.reminder", identity.MemberApprover)
	asked.Path, reminder.Path = s.approvePath, s.approvePath
	asked.Still, reminder.Still = s.stillAsked, s.stillAsked
	reminder.Urgent = true
	rules := []notify.Rule{asked, reminder, member("requests.returned", identity.MemberEditor),
		staff("requests.arrived", office(identity.DeskOfficer)), staff("requests.answered", handler), staff("requests.message_in", handler),
		staff("requests.assigned", handler)}
	for _, on := range []string{"requests.submitted", "requests.registered", "requests.information", "requests.review", "requests.board",
		"requests.approved", "requests.declined", "requests.referred", "requests.withdrawn", "requests.message_out"} {
		rules = append(rules, member(on, everyone...))
	}
	return append(rules, s.alsoStaff()...)
}

// alsoStaff are the letters to staff about what the municipality is told of as well.
func (s *Service) alsoStaff() []notify.Rule {
	return []notify.Rule{
		{On: "requests.board", To: office(identity.BoardSecretary), Still: s.stillStaff, Path: s.deskPath, Keys: "requests.mail.board_waits"},
		{On: "requests.withdrawn", To: handler, Still: s.stillStaff, Path: s.deskPath, Keys: "requests.mail.withdrawn_staff"},
	}
}

type recipients = func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error)

func collect(ctx context.Context, q postgres.Querier, sql string, args ...any) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// people are those of the request's organisation who hold one of the roles today.
func people(roles []identity.Role) recipients {
	return func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
		return collect(ctx, q, `
			select distinct u.id, u.name, u.email, u.lang, u.zone from requests r
			join mandates m on m.org_id = r.org_id and m.role = any($2) and now() >= m.starts_at and now() < m.ends_at
			join users u on u.id = m.user_id and u.active
			where r.id = $1`, ref.ID, roles)
	}
}

// office are those who hold a staff role today.
func office(role identity.Role) recipients {
	return func(ctx context.Context, q postgres.Querier, _ subject.Ref) ([]notify.Recipient, error) {
		return collect(ctx, q, `
			select distinct u.id, u.name, u.email, u.lang, u.zone from staff_roles x join users u on u.id = x.user_id and u.active
			where x.role = $1 and now() >= x.starts_at and now() < x.ends_at`, role)
	}
}

// handler is the officer who has the request; the desk where nobody has.
func handler(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	found, err := collect(ctx, q, `
		select u.id, u.name, u.email, u.lang, u.zone from requests r join users u on u.id = r.officer_id and u.active where r.id = $1`, ref.ID)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return office(identity.DeskOfficer)(ctx, q, ref)
}

func (s *Service) stillMember(ctx context.Context, q postgres.Querier, ref subject.Ref, to notify.Recipient) (bool, error) {
	member, _, err := s.reachable(ctx, q, ref, to.UserID)
	return member, err
}

func (s *Service) stillStaff(ctx context.Context, q postgres.Querier, ref subject.Ref, to notify.Recipient) (bool, error) {
	_, staff, err := s.reachable(ctx, q, ref, to.UserID)
	return staff, err
}

// stillAsked drops the letter to an approver when the draft waits no longer.
func (s *Service) stillAsked(ctx context.Context, q postgres.Querier, ref subject.Ref, to notify.Recipient) (bool, error) {
	r, err := repository{q}.byRef(ctx, ref)
	if err != nil || r.State != WithApprover {
		return false, err
	}
	return s.stillMember(ctx, q, ref, to)
}

func (s *Service) memberPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
	r, err := repository{q}.byRef(ctx, ref)
	if err != nil {
		return "", err
	}
	return r.MemberPath(), nil
}

// approvePath leads to the one screen of the approver. Opening it changes nothing, so that
// a mail scanner that follows links approves nothing; a post by the approver does.
func (s *Service) approvePath(ctx context.Context, q postgres.Querier, ref subject.Ref, to notify.Recipient) (string, error) {
	path, err := s.memberPath(ctx, q, ref, to)
	return path + "/approve", err
}

func (s *Service) deskPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
	r, err := repository{q}.byRef(ctx, ref)
	if err != nil {
		return "", err
	}
	return "/desk/requests/" + r.PublicID, nil
}
