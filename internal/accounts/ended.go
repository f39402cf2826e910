package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// EndedSeat is the last mandate that a person had for an organisation.
type EndedSeat struct {
	OrgName string
	LastDay time.Time // on the organisation's clock
}

// EndedFor tells the person which mandate for the organisation was theirs, where none is in
// force any more; false where there never was one. It tells nobody of an organisation that
// they did not know. Errors: sign_in.
func (s *Service) EndedFor(ctx context.Context, actor identity.Actor, orgPublic string) (out EndedSeat, found bool, err error) {
	if !actor.SignedIn() {
		return out, false, apperr.New(apperr.SignIn, "error.sign_in")
	}
	var ends time.Time
	var zone string
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select o.name, m.ends_at, coalesce(c.zone, o.zone) from mandates m
			join subjects s on s.id = m.org_id join organisations o on o.id = m.org_id left join municipalities c on c.id = o.id
			where m.user_id = $1 and s.public_id = $2 and m.ends_at <= $3 order by m.ends_at desc limit 1`, actor.UserID, orgPublic, s.now()).
			Scan(&out.OrgName, &ends, &zone)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return out, false, nil
	}
	at, zoneErr := time.LoadLocation(zone)
	if zoneErr != nil {
		at = time.UTC
	}
	out.LastDay = ends.Add(-time.Second).In(at)
	return out, err == nil, err
}
