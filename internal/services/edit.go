package services

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Edit is the version that staff are writing.
type Edit struct {
	Base      int // the version that it began from
	Version   int // grows with each save
	ActorName string
	SavedAt   time.Time
	*Definition
}

func (r repository) draft(ctx context.Context, code, lock string) (*Edit, error) {
	rows, _ := r.db.Query(ctx, `
		select d.base, d.version, u.name, d.saved_at, d.definition from service_drafts d join users u on u.id = d.actor_id where d.service = $1 `+lock, code)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (*Edit, error) {
		e, source := &Edit{Definition: &Definition{}}, []byte{}
		if err := row.Scan(&e.Base, &e.Version, &e.ActorName, &e.SavedAt, &source); err != nil {
			return e, err
		}
		return e, json.Unmarshal(source, e.Definition)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0], nil
}

// Begin makes a draft of the next version, from the one in force; where there is one
// already it does nothing. Errors: sign_in, forbidden, not found, conflict (nothing is in force).
func (c *Catalogue) Begin(ctx context.Context, actor identity.Actor, slug string) error {
	return c.edit(ctx, actor, slug, func(tx pgx.Tx, s Service) error {
		if s.Live == 0 {
			return stale()
		}
		source, _, err := pack(s.Definition)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			insert into service_drafts (service, base, definition, actor_id, saved_at) values ($1, $2, $3, $4, $5) on conflict (service) do nothing`,
			s.Code, s.Live, source, actor.UserID, c.now())
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return settle(ctx, tx, actor, s, "service.begin_draft", map[string]int{"base": s.Live})
	})
}

// Save stores what was changed of the draft; change gets the stored draft and is told
// nothing of what colleagues store meanwhile, because version is the one that was seen.
// Errors: sign_in, forbidden, not found, conflict (there is no draft, or a colleague saved it).
func (c *Catalogue) Save(ctx context.Context, actor identity.Actor, slug string, version int, change func(*Definition) error) error {
	return c.edit(ctx, actor, slug, func(tx pgx.Tx, s Service) error {
		e, err := repository{tx}.draft(ctx, s.Code, "for update of d")
		if err != nil {
			return err
		}
		if e == nil || e.Version != version {
			return stale()
		}
		if err := change(e.Definition); err != nil {
			return err
		}
		source, _, err := pack(e.Definition)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update service_drafts set definition = $2, version = version + 1, actor_id = $3, saved_at = $4 where service = $1`,
			s.Code, source, actor.UserID, c.now()); err != nil {
			return err
		}
		return settle(ctx, tx, actor, s, "service.edit", map[string]int{"version": e.Version + 1})
	})
}

// Drop throws the draft away. Errors: sign_in, forbidden, not found, conflict.
func (c *Catalogue) Drop(ctx context.Context, actor identity.Actor, slug string, version int) error {
	return c.edit(ctx, actor, slug, func(tx pgx.Tx, s Service) error {
		tag, err := tx.Exec(ctx, `delete from service_drafts where service = $1 and version = $2`, s.Code, version)
		if err == nil && tag.RowsAffected() == 0 {
			err = stale()
		}
		if err != nil {
			return err
		}
		return settle(ctx, tx, actor, s, "service.drop_draft", nil)
	})
}

// Problems are what hinders publishing the draft; none where there is no draft.
// Errors: sign_in, forbidden, not found.
func (c *Catalogue) Problems(ctx context.Context, actor identity.Actor, slug string) (out []Problem, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) error {
		s, err := repository{q}.one(ctx, ` where s.slug = $1`, slug)
		if err != nil {
			return err
		}
		e, err := repository{q}.draft(ctx, s.Code, "")
		if err != nil || e == nil {
			return err
		}
		rules, err := c.Rules(ctx, q)
		out = e.Check(rules)
		return err
	})
	return out, err
}

// maxNote is how long the word may be that goes with a version.
const maxNote = 500

// Publish makes the draft a version and puts it in force: requests that begin from now on
// are handled by it. Errors: sign_in, forbidden, not found, invalid (it does not hold
// together; see Problems), conflict (a colleague saved it, or another version came in force).
func (c *Catalogue) Publish(ctx context.Context, actor identity.Actor, slug string, version int, note string) error {
	if len([]rune(note)) > maxNote {
		return apperr.Fields(map[string]string{"note": "error.too_long"})
	}
	return c.edit(ctx, actor, slug, func(tx pgx.Tx, s Service) error {
		e, err := repository{tx}.draft(ctx, s.Code, "for update of d")
		if err != nil {
			return err
		}
		if e == nil || e.Version != version || e.Base != s.Live {
			return stale()
		}
		rules, err := c.Rules(ctx, tx)
		if err != nil {
			return err
		}
		if len(e.Check(rules)) > 0 {
			return apperr.New(apperr.Invalid, "catalogue.has_problems")
		}
		n, err := repository{tx}.add(ctx, s.Code, e.Definition, false, note, actor.UserID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `delete from service_drafts where service = $1`, s.Code); err != nil {
			return err
		}
		return c.enforce(ctx, tx, actor, s, n)
	})
}

// Adopt puts a version that was published before in force again, or one that came with the
// portal. Errors: sign_in, forbidden, not found, conflict (the row was edited meanwhile).
func (c *Catalogue) Adopt(ctx context.Context, actor identity.Actor, slug string, row, version int) error {
	return c.edit(ctx, actor, slug, func(tx pgx.Tx, s Service) error {
		if s.Version != row {
			return stale()
		}
		if _, err := At(ctx, tx, s.Code, version); err != nil {
			return err
		}
		return c.enforce(ctx, tx, actor, s, version)
	})
}

func (c *Catalogue) enforce(ctx context.Context, tx pgx.Tx, actor identity.Actor, s Service, version int) error {
	if _, err := tx.Exec(ctx, `update services set live = $2, version = version + 1 where code = $1`, s.Code, version); err != nil {
		return err
	}
	return settle(ctx, tx, actor, s, "service.publish", map[string]int{"version": version, "before": s.Live})
}

// Stand opens a service for requests, closes it until a day (nil: until further notice), or
// takes it from the public's eyes. What was asked already goes on.
// Errors: sign_in, forbidden, not found, invalid, conflict (the row was edited meanwhile).
func (c *Catalogue) Stand(ctx context.Context, actor identity.Actor, slug string, row int, state State, until *time.Time) error {
	if state != Draft && state != Published && state != Closed {
		return apperr.Fields(map[string]string{"state": "requests.choose"})
	}
	if state != Closed {
		until = nil
	}
	return c.edit(ctx, actor, slug, func(tx pgx.Tx, s Service) error {
		if s.Version != row || s.Live == 0 && state == Published {
			return stale()
		}
		if _, err := tx.Exec(ctx, `update services set state = $2, until = $3, version = version + 1 where code = $1`, s.Code, state, until); err != nil {
			return err
		}
		return settle(ctx, tx, actor, s, "service.stand", map[string]string{"from": string(s.State), "to": string(state)})
	})
}
