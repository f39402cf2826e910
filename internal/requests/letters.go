package requests

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
)

// told is one letter about a move: the event that moves tell, to whom, and its words below
// "requests.mail.".
type told struct{ on, to, words string }

// letters are all letters about moves. The service's definition says which of them a move
// sends: see services.Move.Tell.
var letters = []told{
	{"requests.asked", services.Approver, "asked"}, {"requests.returned", services.Editor, "returned"},
	{"requests.arrived", services.Office, "arrived"}, {"requests.registered", services.City, "registered"},
	{"requests.information", services.City, "information"}, {"requests.answered", services.Officer, "answered"},
	{"requests.review", services.City, "review"}, {"requests.consulted", services.Advisor, "consulted"},
	{"requests.advised", services.Officer, "advised"}, {"requests.board", services.City, "board"},
	{"requests.board", services.Board, "board_waits"}, {"requests.approved", services.City, "approved"},
	{"requests.approved", services.Office, "approved_staff"}, {"requests.declined", services.City, "declined"},
	{"requests.referred", services.City, "referred"}, {"requests.turned_down", services.City, "turned_down"},
	{"requests.passed_on", services.City, "passed_on"}, {"requests.delivery", services.City, "delivery"},
	{"requests.delivered", services.City, "delivered"}, {"requests.rated", services.Officer, "rated"},
	{"requests.closed", services.City, "closed"}, {"requests.to_sign", services.Head, "to_sign"},
	{"requests.unsigned", services.Officer, "unsigned"}, {"requests.signed", services.Officer, "signed"},
	{"requests.opinion_sent", services.City, "opinion_sent"}, {"requests.published", services.City, "published"},
	{"requests.withdrawn", services.City, "withdrawn"}, {"requests.withdrawn", services.Officer, "withdrawn_staff"},
}

// Rules say who is told of what about requests; the messages of their letters begin with
// "requests.mail.".
func (s *Service) Rules() []notify.Rule {
	everyone := people([]identity.Role{identity.MemberEditor, identity.MemberApprover})
	rules := []notify.Rule{
		s.toMember("requests.submitted", everyone, "submitted"), s.toMember("requests.message_out", everyone, "message_out"),
		s.toMember("requests.taken_in", everyone, "taken_in"), s.toMember("requests.handed_over", everyone, "handed_over"),
		s.toStaff("requests.message_in", handler, "message_in"), s.toStaff("requests.assigned", handler, "assigned"),
	}
	all := s.toMember("requests.handed_over_all", everyone, "handed_over_all")
	all.Path, all.ReplyTo = s.memberList, nil // an answer would not say which of them it is about
	rules = append(rules, all)
	reminder := s.toMember("requests.reminder", people([]identity.Role{identity.MemberApprover}), "reminder")
	reminder.Path, reminder.Still, reminder.Urgent = s.approvePath, s.stillAsked, true
	rules = append(rules, reminder)
	for _, l := range letters {
		rules = append(rules, s.letter(l))
	}
	return append(rules, append(s.files(), s.alarms()...)...)
}

func (s *Service) toMember(on string, to recipients, words string) notify.Rule {
	return notify.Rule{On: on, To: to, Still: s.stillMember, Path: s.memberPath, ReplyTo: s.replyTo, Keys: "requests.mail." + words}
}

func (s *Service) toStaff(on string, to recipients, words string) notify.Rule {
	return notify.Rule{On: on, To: to, Still: s.stillStaff, Path: s.deskPath, Keys: "requests.mail." + words}
}

// letter is the rule of one letter about a move: it goes out where the request's service
// says so.
func (s *Service) letter(l told) notify.Rule {
	to := func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
		r, err := repository{q}.byRef(ctx, ref)
		if err != nil {
			return nil, err
		}
		if err := flows(ctx, q, r); err != nil || !r.flow.Tells(Life, l.on, l.to) {
			return nil, err
		}
		return audiences[l.to](ctx, q, ref)
	}
	switch l.to {
	case services.City, services.Editor:
		return s.toMember(l.on, to, l.words)
	case services.Approver:
		rule := s.toMember(l.on, to, l.words)
		rule.Path, rule.Still = s.approvePath, s.stillAsked
		return rule
	}
	return s.toStaff(l.on, to, l.words)
}

// audiences find the people behind the words of a definition.
var audiences = map[string]recipients{
	services.City: people([]identity.Role{identity.MemberEditor, identity.MemberApprover}), services.Editor: people([]identity.Role{identity.MemberEditor}),
	services.Approver: people([]identity.Role{identity.MemberApprover}), services.Officer: handler,
	services.Office: inOffice("office"), services.Advisor: inOffice("advisor"),
	services.Board: holding(identity.BoardSecretary), services.Head: holding(identity.DepartmentHead),
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

// holding are those who hold a staff role today.
func holding(role identity.Role) recipients {
	return func(ctx context.Context, q postgres.Querier, _ subject.Ref) ([]notify.Recipient, error) {
		return collect(ctx, q, `
			select distinct u.id, u.name, u.email, u.lang, u.zone from staff_roles x join users u on u.id = x.user_id and u.active
			where x.role = $1 and now() >= x.starts_at and now() < x.ends_at`, role)
	}
}

// inOffice are the people of the office that a column of the request names; the desk where
// it has nobody today.
func inOffice(column string) recipients {
	return func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
		found, err := collect(ctx, q, `
			select distinct u.id, u.name, u.email, u.lang, u.zone from requests r
			join staff_offices x on x.office = case $2 when 'advisor' then r.advisor else r.office end and now() >= x.starts_at and now() < x.ends_at
			join users u on u.id = x.user_id and u.active
			where r.id = $1 and exists (select from staff_roles y where y.user_id = u.id and now() >= y.starts_at and now() < y.ends_at)`, ref.ID, column)
		if err != nil || len(found) > 0 {
			return found, err
		}
		return holding(identity.DeskOfficer)(ctx, q, ref)
	}
}

// handler is the officer who has the request, or who stands in while they are away; its
// office where nobody has.
func handler(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	found, err := collect(ctx, q, `
		select u.id, u.name, u.email, u.lang, u.zone from requests r join users u on u.id = deputy_now(r.officer_id) and u.active where r.id = $1`, ref.ID)
	if err != nil || len(found) > 0 {
		return found, err
	}
	return inOffice("office")(ctx, q, ref)
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

// memberList leads to all requests of the city.
func (s *Service) memberList(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
	r, err := repository{q}.byRef(ctx, ref)
	if err != nil {
		return "", err
	}
	return "/m/" + r.OrgPublicID + "/requests", nil
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

// files are the letters about newer versions of files.
func (s *Service) files() []notify.Rule {
	everyone := people([]identity.Role{identity.MemberEditor, identity.MemberApprover})
	return []notify.Rule{s.toStaff("requests.file_in", handler, "file_in"), s.toMember("requests.file_out", everyone, "file_out")}
}
