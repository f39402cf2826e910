package accounts

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// ByMail finds the person of an address, acting for an organisation under the mandates that
// they have now. Somebody who never took their invitation has not shown that the address is
// theirs, and is nobody. It runs as the portal itself, for letters that come in.
// Errors: not found (no such person); forbidden (a person without a mandate there).
func (s *Service) ByMail(ctx context.Context, address, orgPublic string) (identity.Actor, error) {
	var p Person
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		err := q.QueryRow(ctx, `
			select u.id, u.name, u.email, u.lang, u.zone from users u
			where u.email_key = $1 and u.active and (u.password_hash <> '' or exists (select from passkeys k where k.user_id = u.id))`, EmailKey(address)).
			Scan(&p.UserID, &p.Name, &p.Email, &p.Lang, &p.Zone)
		if err != nil {
			return postgres.Explain(err, "error.not_found")
		}
		p.Seats, err = seatsIn(ctx, q, p.UserID, orgPublic, s.now())
		return err
	})
	if err != nil {
		return identity.Actor{}, err
	}
	actor, _, ok := p.For(orgPublic)
	if !ok {
		return actor, apperr.New(apperr.Forbidden, "error.forbidden")
	}
	return actor, nil
}

// seatsIn are the mandates of a person in one organisation that are in force.
func seatsIn(ctx context.Context, q postgres.Querier, userID int64, orgPublic string, now time.Time) ([]Seat, error) {
	rows, _ := q.Query(ctx, `
		select m.id, o.id, s.public_id, o.name, o.kind, m.role, m.areas
		from mandates m join organisations o on o.id = m.org_id and o.active join subjects s on s.id = o.id
		where m.user_id = $1 and s.public_id = $2 and $3 >= m.starts_at and $3 < m.ends_at order by m.id`, userID, orgPublic, now)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Seat])
}
