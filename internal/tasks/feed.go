package tasks

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Feed is a person's calendar of due dates, read by a secret address. The address is shown
// once; only its digest is stored, so nobody can look it up.
type Feed struct {
	MadeAt time.Time
	ReadAt *time.Time // nil: no calendar has asked for it yet
}

func digest(secret string) []byte {
	sum := sha256.Sum256([]byte("calendar feed " + secret))
	return sum[:]
}

// FeedOf is the actor's own feed; nil where there is none.
func FeedOf(ctx context.Context, q postgres.Querier, actor identity.Actor) (*Feed, error) {
	rows, _ := q.Query(ctx, `select made_at, read_at from calendar_feeds where user_id = $1`, actor.UserID)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Feed])
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// MakeFeed gives the actor a feed, or a new address for it: the old one is worth nothing
// from then on. The caller has asked permission.
func MakeFeed(ctx context.Context, tx pgx.Tx, actor identity.Actor, now time.Time) (secret string, err error) {
	secret = subject.NewPublicID() + subject.NewPublicID()
	_, err = tx.Exec(ctx, `
		insert into calendar_feeds (user_id, digest, made_at) values ($1, $2, $3)
		on conflict (user_id) do update set digest = excluded.digest, made_at = excluded.made_at, read_at = null`, actor.UserID, digest(secret), now)
	if err != nil {
		return "", err
	}
	return secret, audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "calendar.make", Subject: subject.Ref{Kind: subject.User, ID: actor.UserID}})
}

// DropFeed ends the actor's feed; without one it does nothing.
func DropFeed(ctx context.Context, tx pgx.Tx, actor identity.Actor) error {
	tag, err := tx.Exec(ctx, `delete from calendar_feeds where user_id = $1`, actor.UserID)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "calendar.drop", Subject: subject.Ref{Kind: subject.User, ID: actor.UserID}})
}

// OpenFeed finds who a secret address belongs to, with the roles and offices that they have
// now: somebody who left the desk has no calendar. It runs as the portal itself.
// Errors: not found.
func OpenFeed(ctx context.Context, tx pgx.Tx, secret string, now time.Time) (identity.Actor, error) {
	a := identity.Actor{Side: identity.Staff}
	err := tx.QueryRow(ctx, `
		update calendar_feeds f set read_at = $2 from users u where u.id = f.user_id and u.active and f.digest = $1
		returning u.id, u.name, u.lang, u.zone, union_id(),
			array(select x.role from staff_roles x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at),
			array(select x.office from staff_offices x where x.user_id = u.id and now() >= x.starts_at and now() < x.ends_at)`, digest(secret), now).
		Scan(&a.UserID, &a.Name, &a.Lang, &a.Zone, &a.OrgID, &a.Roles, &a.Offices)
	if err == nil && !a.Can(identity.ReadStaffDesk) {
		err = apperr.New(apperr.NotFound, "error.not_found")
	}
	return a, postgres.Explain(err, "error.not_found")
}
