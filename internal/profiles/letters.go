package profiles

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Rules say who is told of what; the messages of their letters begin with "profiles.mail.".
func (s *Service) Rules() []notify.Rule {
	return []notify.Rule{
		{On: "membership.facts_proposed", To: desk, Still: waits, Path: deskPath, Keys: "profiles.mail.proposed"},
		{On: "membership.facts_answered", To: proposers, Path: cityPath, Keys: "profiles.mail.answered"},
		{On: "membership.profile_asked", To: approvers, Still: s.unconfirmed, Path: confirmPath, Keys: "profiles.mail.asked"},
	}
}

// desk are the desk officers of today.
func desk(ctx context.Context, q postgres.Querier, _ subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, `
		select distinct u.id, u.name, u.email, u.lang, u.zone from staff_roles x join users u on u.id = x.user_id and u.active
		where x.role = $1 and now() >= x.starts_at and now() < x.ends_at`, identity.DeskOfficer)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// holders selects people by their mandates in force for an organisation.
const holders = `
	select distinct u.id, u.name, u.email, u.lang, u.zone from mandates m join users u on u.id = m.user_id and u.active
	where now() >= m.starts_at and now() < m.ends_at and (m.areas = '{}' or 'profile' = any(m.areas))`

// proposers are the municipality's approvers, and who proposed, while they act for it.
func proposers(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, holders+`
		and exists (select from fact_proposals p where p.id = $1 and p.org_id = m.org_id
			and (m.role = 'member_approver' or m.user_id = p.proposed_by))`, ref.ID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

func approvers(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, holders+` and m.org_id = $1 and m.role = 'member_approver'`, ref.ID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// waits keeps from staff what was withdrawn or answered meanwhile.
func waits(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (still bool, err error) {
	err = q.QueryRow(ctx, `select exists (select from fact_proposals where id = $1 and state = 'waiting')`, ref.ID).Scan(&still)
	return still, err
}

// unconfirmed leaves those in peace who said meanwhile that all is right.
func (s *Service) unconfirmed(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (still bool, err error) {
	err = q.QueryRow(ctx, `select not exists (select from profiles where org_id = $1 and confirmed_at > $2)`, ref.ID, s.now().AddDate(-ConfirmEvery, 0, 0)).Scan(&still)
	return still, err
}

func deskPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/desk/proposals/' || public_id from subjects where id = $1`, ref.ID).Scan(&path)
	return path, postgres.Explain(err, "profiles.proposal_not_found")
}

func cityPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/m/' || o.public_id || '/profile/proposals/' || s.public_id from subjects s join subjects o on o.id = s.org_id where s.id = $1`, ref.ID).Scan(&path)
	return path, postgres.Explain(err, "profiles.proposal_not_found")
}

func confirmPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/m/' || public_id || '/profile/confirm' from subjects where id = $1`, ref.ID).Scan(&path)
	return path, postgres.Explain(err, "profiles.not_found")
}
