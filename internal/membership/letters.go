package membership

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Rules say who is told of what about applications; the messages of their letters begin with
// "membership.mail.".
func (s *Service) Rules() []notify.Rule {
	applicant := func(on string) notify.Rule {
		return notify.Rule{On: on, To: s.mailbox, Path: s.linkPath, Keys: "membership.mail." + on[len("membership."):]}
	}
	staff := func(on, keys string, role identity.Role) notify.Rule {
		return notify.Rule{On: on, To: office(role), Still: sent, Path: s.deskPath, Keys: "membership.mail." + keys}
	}
	var out []notify.Rule
	for _, on := range []string{"membership.started", "membership.incomplete", "membership.complete", "membership.supported",
		"membership.admitted", "membership.declined"} {
		out = append(out, applicant(on))
	}
	ends := applicant("membership.draft_ends")
	ends.Still, ends.Urgent = unsent, true
	out = append(out, ends)
	receipt := applicant("membership.arrived")
	return append(out, receipt, staff("membership.arrived", "arrived_staff", identity.DeskOfficer),
		staff("membership.complete", "board_waits", identity.BoardSecretary), staff("membership.withdrawn", "withdrawn_staff", identity.DeskOfficer))
}

// mailbox is where the applicant reads: the address that the link went to.
func (s *Service) mailbox(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	a, err := repository{q}.byRef(ctx, ref)
	if err != nil {
		return nil, err
	}
	return []notify.Recipient{{Name: a.Name, Email: a.Email, Lang: a.Lang, Zone: s.zone.String()}}, nil
}

// office are those who hold a staff role today.
func office(role identity.Role) func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	return func(ctx context.Context, q postgres.Querier, _ subject.Ref) ([]notify.Recipient, error) {
		rows, _ := q.Query(ctx, `
			select distinct u.id, u.name, u.email, u.lang, u.zone from staff_roles x join users u on u.id = x.user_id and u.active
			where x.role = $1 and now() >= x.starts_at and now() < x.ends_at`, role)
		return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
	}
}

// sent keeps from staff what the applicant never sent.
func sent(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (bool, error) {
	a, err := repository{q}.byRef(ctx, ref)
	return err == nil && a.SubmittedAt != nil, err
}

// linkPath is a new link into the application for each letter. Opening it changes nothing:
// the page behind it has a button.
func (s *Service) linkPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
	token, err := s.link(ctx, q, ref.ID)
	return "/join/open/" + token, err
}

func (s *Service) deskPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
	a, err := repository{q}.byRef(ctx, ref)
	if err != nil {
		return "", err
	}
	return a.DeskPath(), nil
}
