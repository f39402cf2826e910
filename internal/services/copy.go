package services

import (
	"context"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// Model is a new service that is made from another one. Slug may be empty: it is made of the
// English title then.
type Model struct {
	Title Text
	Slug  string
}

// copiedSlug is an address that also gives the code by which requests name the service.
var copiedSlug = regexp.MustCompile(`^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$`)

// maxTitle and maxSlug bound what a service is called, in characters.
const (
	maxTitle = 120
	minSlug  = 2
	maxSlug  = 60
)

// taken are the addresses below the services' that mean something else.
var taken = map[string]bool{"offices": true, "new": true}

// Copy makes a new service of the version of another one that is in force: its form, steps,
// days, offices, checklists, papers and moves, under a title of its own. Nobody but staff
// sees it until it is opened. Its address is returned.
// Errors: sign_in, forbidden, not found, invalid by field (a title is missing or too long;
// the address is not one, or another service has it), conflict (nothing is in force).
func (c *Catalogue) Copy(ctx context.Context, actor identity.Actor, slug string, m Model) (string, error) {
	if m.Slug == "" {
		m.Slug = fold.Slug(m.Title["en"])
	}
	err := c.edit(ctx, actor, slug, func(tx pgx.Tx, from Service) error {
		if from.Live == 0 {
			return stale()
		}
		if err := m.check(ctx, tx); err != nil {
			return err
		}
		d := *from.Definition
		d.Title = m.Title
		rules, err := c.Rules(ctx, tx)
		if err != nil {
			return err
		}
		if len(d.Check(rules)) > 0 { // an office or a form that it rests on has gone since
			return apperr.New(apperr.Invalid, "catalogue.has_problems")
		}
		s, err := repository{tx}.copied(ctx, m.Slug, &d, actor)
		if err != nil {
			return err
		}
		return settle(ctx, tx, actor, s, "service.copy", map[string]string{"from": from.Slug})
	})
	return m.Slug, err
}

func (m Model) check(ctx context.Context, tx pgx.Tx) error {
	fields := map[string]string{}
	for _, lang := range m.Title.missing() {
		fields["title_"+string(lang)] = "error.required"
	}
	for lang, title := range m.Title {
		if len([]rune(title)) > maxTitle {
			fields["title_"+string(lang)] = "error.too_long"
		}
	}
	var there bool
	if err := tx.QueryRow(ctx, `select exists (select from services where slug = $1 or code = $2)`, m.Slug, codeOf(m.Slug)).Scan(&there); err != nil {
		return err
	}
	switch {
	case m.Slug == "" && fields["title_en"] != "": // one thing to mend, not two
	case len(m.Slug) < minSlug || len(m.Slug) > maxSlug || !copiedSlug.MatchString(m.Slug):
		fields["slug"] = "catalogue.slug_wrong"
	case taken[m.Slug]:
		fields["slug"] = "catalogue.slug_reserved"
	case there:
		fields["slug"] = "catalogue.slug_taken"
	}
	return apperr.Fields(fields)
}

func codeOf(slug string) string { return strings.ReplaceAll(slug, "-", "_") }

// copied stores a service that nobody sees yet, with its first version, behind all others.
func (r repository) copied(ctx context.Context, slug string, d *Definition, actor identity.Actor) (Service, error) {
	s := Service{Code: codeOf(slug), Slug: slug, PublicID: subject.NewPublicID(), State: Draft, Live: 1, Version: 1, Definition: d}
	err := r.db.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('service', union_id(), $1) returning id, org_id)
		insert into services (id, org_id, code, slug, position) select id, org_id, $2, $3, (select coalesce(max(position), 0) + 10 from services) from s returning id`,
		s.PublicID, s.Code, s.Slug).Scan(&s.ID)
	if err != nil {
		return s, err
	}
	if _, err := r.add(ctx, s.Code, d, false, "", actor.UserID); err != nil {
		return s, err
	}
	_, err = r.db.Exec(ctx, `update services set live = 1 where code = $1`, s.Code)
	return s, err
}
