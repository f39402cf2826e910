package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// Shipped is a service that the portal brings along.
type Shipped struct {
	Code, Slug string
	Definition
}

// Ship puts the services of this version of the portal in force. What differs from the
// version that was shipped last becomes a version; it is in force at once unless staff have
// published one of their own, which a start never overwrites. Only the owner ships.
// Errors: one that names what hinders publishing: a fault of the program.
func (c *Catalogue) Ship(ctx context.Context, tx pgx.Tx, shipped []Shipped) error {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('services.ship'))`); err != nil {
		return err
	}
	rules, err := c.Rules(ctx, tx)
	if err != nil {
		return err
	}
	for i, s := range shipped {
		if problems := s.Check(rules); len(problems) > 0 {
			return fmt.Errorf("the service %s cannot be published: %v", s.Code, problems)
		}
		if err := ship(ctx, tx, s, (i+1)*10); err != nil {
			return fmt.Errorf("service %s: %w", s.Code, err)
		}
	}
	return nil
}

func ship(ctx context.Context, tx pgx.Tx, s Shipped, position int) error {
	id, err := register(ctx, tx, s, position)
	if err != nil {
		return err
	}
	_, digest, err := pack(&s.Definition)
	if err != nil {
		return err
	}
	var last string
	var own bool // the version in force is the staff's
	err = tx.QueryRow(ctx, `
		select coalesce((select digest from service_versions where service = $1 and shipped order by version desc limit 1), ''),
			coalesce((select not v.shipped from services s join service_versions v on v.service = s.code and v.version = s.live where s.code = $1), false)`,
		s.Code).Scan(&last, &own)
	if err != nil || last == digest {
		return err
	}
	n, err := repository{tx}.add(ctx, s.Code, &s.Definition, true, "", 0)
	if err != nil {
		return err
	}
	if own {
		slog.Info("a service came with news that staff can look at and adopt", "service", s.Code, "version", n)
		return nil
	}
	enforce := `update services set live = $2, version = version + 1, state = case when live is null then 'published' else state end where code = $1`
	if _, err := tx.Exec(ctx, enforce, s.Code, n); err != nil {
		return err
	}
	ref := subject.Ref{Kind: subject.Service, ID: id}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: identity.Worker(), Action: "service.publish", Subject: ref, Payload: map[string]int{"version": n}}); err != nil {
		return err
	}
	if err := index(ctx, tx, s.Code); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag)
}

// register makes the row of a service that is new to this database.
func register(ctx context.Context, tx pgx.Tx, s Shipped, position int) (id int64, err error) {
	err = tx.QueryRow(ctx, `select id from services where code = $1 for update`, s.Code).Scan(&id)
	if !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	err = tx.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('service', union_id(), $1) returning id, org_id)
		insert into services (id, org_id, code, slug, position) select id, org_id, $2, $3, $4 from s returning id`,
		subject.NewPublicID(), s.Code, s.Slug, position).Scan(&id)
	return id, err
}
