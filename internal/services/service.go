package services

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// Tag names public pages that show services.
const Tag freshness.Tag = "services"

// Catalogue is everything that can be done with services and offices.
type Catalogue struct {
	db    postgres.DB
	rules Rules // offices and forms are read anew each time
	now   func() time.Time
}

// New makes the catalogue of services that are parts of a machine.
func New(db postgres.DB, rules Rules, now func() time.Time) *Catalogue {
	return &Catalogue{db: db, rules: rules, now: now}
}

// Life is the machine that every service is a part of.
func (c *Catalogue) Life() workflow.Machine { return c.rules.Life }

// Rules are what definitions are held to, with the offices and forms of today.
func (c *Catalogue) Rules(ctx context.Context, q postgres.Querier) (Rules, error) {
	r := c.rules
	err := q.QueryRow(ctx, `
		select array(select code from offices order by position, code), array(select distinct form from form_versions order by form)`).Scan(&r.Offices, &r.Forms)
	return r, err
}

// Offered lists the services that the public sees, in their order: those that can be asked
// for, and closed ones.
func (c *Catalogue) Offered(ctx context.Context) (out []Service, err error) {
	err = c.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		out, err = repository{q}.list(ctx, ` where s.state <> 'draft' and s.live is not null order by s.position, s.code`)
		return err
	})
	return out, err
}

// BySlug is one service that the public sees. Errors: not found.
func (c *Catalogue) BySlug(ctx context.Context, slug string) (s Service, err error) {
	err = c.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		s, err = repository{q}.one(ctx, ` where s.slug = $1 and s.state <> 'draft' and s.live is not null`, slug)
		return err
	})
	return s, err
}

// List is every service for staff, in their order. Errors: sign_in, forbidden.
func (c *Catalogue) List(ctx context.Context, actor identity.Actor) (out []Service, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.list(ctx, ` order by s.position, s.code`)
		return err
	})
	return out, err
}

// Record is a service with all its versions, for staff.
type Record struct {
	Service
	Versions []Version // the newest first
	Draft    *Edit     // nil: nobody writes the next one
}

// Record reads a service for its page. Errors: sign_in, forbidden, not found.
func (c *Catalogue) Record(ctx context.Context, actor identity.Actor, slug string) (out Record, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return out, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Service, err = r.one(ctx, ` where s.slug = $1`, slug); err != nil {
			return err
		}
		if out.Versions, err = r.versions(ctx, out.Code); err != nil {
			return err
		}
		out.Draft, err = r.draft(ctx, out.Code, "")
		return err
	})
	return out, err
}

// Open is a service that can be asked for now, by its slug or its code.
// Errors: not found, conflict (it is closed).
func Open(ctx context.Context, q postgres.Querier, name string) (Service, error) {
	s, err := repository{q}.one(ctx, ` where (s.slug = $1 or s.code = $1) and s.state <> 'draft' and s.live is not null`, name)
	if err == nil && s.State == Closed {
		err = apperr.New(apperr.Conflict, "catalogue.closed")
	}
	return s, err
}

// All are the services that can be asked for now.
func All(ctx context.Context, q postgres.Querier) ([]Service, error) {
	return repository{q}.list(ctx, ` where s.state = 'published' order by s.position, s.code`)
}

// Every is each service with the version in force, drafts too: what lists are filtered by.
func Every(ctx context.Context, q postgres.Querier) ([]Service, error) {
	return repository{q}.list(ctx, ` order by s.position, s.code`)
}

// edit is a change by who may edit services, in one transaction, with the row held.
// Errors: sign_in, forbidden, not found, conflict (edited meanwhile).
func (c *Catalogue) edit(ctx context.Context, actor identity.Actor, slug string, fn func(tx pgx.Tx, s Service) error) error {
	if err := actor.May(identity.EditServices); err != nil {
		return err
	}
	return c.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		s, err := repository{tx}.one(ctx, ` where s.slug = $1 for update of s`, slug)
		if err != nil {
			return err
		}
		return fn(tx, s)
	})
}

// settle records an act on a service: it is found as it stands now, and pages made of
// services are stale.
func settle(ctx context.Context, tx pgx.Tx, actor identity.Actor, s Service, action string, payload any) error {
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: s.Ref(), Payload: payload}); err != nil {
		return err
	}
	if err := index(ctx, tx, s.Code); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag)
}

func stale() error { return apperr.New(apperr.Conflict, "error.conflict") }

// FormKeys lists the forms that are published. Errors: sign_in, forbidden.
func (c *Catalogue) FormKeys(ctx context.Context, actor identity.Actor) (out []string, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return nil, err
	}
	err = c.db.Read(ctx, actor, func(q postgres.Querier) error {
		r, err := c.Rules(ctx, q)
		out = r.Forms
		return err
	})
	return out, err
}

// Side are the permissions that a move can be left to: those of its own side.
func (c *Catalogue) Side(move workflow.Move) []identity.Permission {
	if slices.Contains(c.rules.Member, move.May) {
		return c.rules.Member
	}
	return c.rules.Staff
}
