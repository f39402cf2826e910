package privacy

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Purpose is what a consent is for. One purpose, one consent: never bundled (GDPR art. 7).
type Purpose string

// News are newsletters and invitations that are not official. Official letters need no
// consent: they belong to the membership. Nobody is asked for a consent that nothing reads;
// "contact" and "photos" were, before migration 00021, and stand in histories only.
const News Purpose = "news"

// Purposes lists what consent is asked for, in the order of the page.
func Purposes() []Purpose { return []Purpose{News} }

// Consent is how a person last chose about a purpose.
type Consent struct {
	Purpose Purpose
	Given   bool
	Notice  int        // the version in force when they chose; 0: never asked
	At      *time.Time // nil: they never chose, which is a no
}

// Consents is how the actor chose, by purpose. Errors: sign_in.
func (s *Service) Consents(ctx context.Context, actor identity.Actor) ([]Consent, error) {
	if err := own(actor); err != nil {
		return nil, err
	}
	var out []Consent
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `
			select p.purpose, coalesce(c.given, false) as given, coalesce(c.notice, 0) as notice, c.at
			from unnest($2::text[]) with ordinality p (purpose, n)
			left join lateral (select given, notice, at from consents x where x.user_id = $1 and x.purpose = p.purpose order by x.id desc limit 1) c on true
			order by p.n`, actor.UserID, Purposes())
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[Consent])
		return err
	})
	return out, err
}

// Past are the actor's choices, the newest first, at most limit. Errors: sign_in.
func (s *Service) Past(ctx context.Context, actor identity.Actor, limit int) ([]Consent, error) {
	if err := own(actor); err != nil {
		return nil, err
	}
	var out []Consent
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `select purpose, given, notice, at from consents where user_id = $1 order by id desc limit $2`, actor.UserID, limit)
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[Consent])
		return err
	})
	return out, err
}

// Choose gives a consent or withdraws it; the same choice again adds nothing. It needs no
// fresh proof: withdrawing must be as easy as giving (GDPR art. 7(3)).
// Errors: sign_in, invalid (no such purpose).
func (s *Service) Choose(ctx context.Context, actor identity.Actor, purpose Purpose, given bool) error {
	if err := own(actor); err != nil {
		return err
	}
	if !slices.Contains(Purposes(), purpose) {
		return apperr.New(apperr.Invalid, "error.check_fields")
	}
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `select from users where id = $1 for update`, actor.UserID); err != nil {
			return err
		}
		return s.choose(ctx, tx, actor, actor.UserID, purpose, given)
	})
}

// ChooseByLink records the choice of somebody who proved by a letter's link, and not by
// signing in, who they are. tx is the portal's own.
func (s *Service) ChooseByLink(ctx context.Context, tx pgx.Tx, userID int64, purpose Purpose, given bool) error {
	if _, err := tx.Exec(ctx, `select from users where id = $1 for update`, userID); err != nil {
		return err
	}
	return s.choose(ctx, tx, identity.Worker(), userID, purpose, given)
}

func (s *Service) choose(ctx context.Context, tx pgx.Tx, actor identity.Actor, userID int64, purpose Purpose, given bool) error {
	was, err := Consented(ctx, tx, userID, purpose)
	if err != nil || was == given {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into consents (user_id, purpose, given, notice, at) select $1, $2, $3, max(number), $4 from privacy_notices`,
		userID, purpose, given, s.now())
	if err != nil {
		return err
	}
	action := "consent_withdrawn"
	if given {
		action = "consent_given"
	}
	return s.record(ctx, tx, actor, personRef(userID), action, map[string]Purpose{"purpose": purpose})
}

// Consented reports whether a person agrees to a purpose now. q reads as the portal itself.
func Consented(ctx context.Context, q postgres.Querier, userID int64, purpose Purpose) (given bool, err error) {
	err = q.QueryRow(ctx, `select consented($1, $2)`, userID, purpose).Scan(&given)
	return given, err
}

// Consented is the function of the same name with a connection of its own.
func (s *Service) Consented(ctx context.Context, userID int64, purpose Purpose) (given bool, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		given, err = Consented(ctx, q, userID, purpose)
		return err
	})
	return given, err
}
