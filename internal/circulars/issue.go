package circulars

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Issue gives an approved circular the next number of its year and a copy to each organisation
// that its audience has now. From here on it never changes; a job tells the organisations.
// Errors: sign_in, forbidden, not found, conflict (not approved; nobody would get it; what it
// replaces was replaced meanwhile; its day has passed).
func (s *Service) Issue(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, publicID, version, "circular.issue", func(tx pgx.Tx, c Circular) (any, error) {
		if err := s.issue(ctx, tx, actor, &c); err != nil {
			return nil, err
		}
		if c.Public {
			if err := s.show(ctx, tx, c); err != nil {
				return nil, err
			}
		}
		if err := find(ctx, tx, c); err != nil {
			return nil, err
		}
		return map[string]any{"number": c.Reference()}, jobs.Insert(ctx, tx, TellArgs{CircularID: c.ID})
	})
}

// issue numbers a circular and makes its copies.
func (s *Service) issue(ctx context.Context, tx pgx.Tx, actor identity.Actor, c *Circular) error {
	today := s.Today()
	switch {
	case c.State != Approved:
		return apperr.New(apperr.Conflict, "circulars.not_approved")
	case c.Due != nil && c.Due.Before(today):
		return apperr.New(apperr.Conflict, "circulars.due_passed")
	}
	a, err := repository{tx}.audience(ctx, c.PublicID)
	if err != nil {
		return err
	}
	orgs, err := repository{tx}.addressed(ctx, a)
	if err != nil {
		return err
	}
	if len(orgs) == 0 {
		return apperr.New(apperr.Conflict, "circulars.nobody")
	}
	sender, err := json.Marshal(s.union)
	if err != nil {
		return err
	}
	c.State, c.Year, c.IssuedOn = Issued, today.Year(), &today
	err = tx.QueryRow(ctx, `
		update circulars set state = 'issued', year = $2, number = next_reference($3, $2), issued_on = $4, issued_at = $5, total = $6, sender = $7, issued_by = nullif($8::bigint, 0), version = version + 1
		where id = $1 returning number`, c.ID, c.Year, Series, today, s.now(), len(orgs), sender, actor.UserID).Scan(&c.Number)
	if err != nil {
		return err
	}
	if err := s.takePlace(ctx, tx, *c); err != nil {
		return err
	}
	return repository{tx}.copies(ctx, *c, orgs)
}

// takePlace marks what a circular replaces: nobody is asked to read that any more.
func (s *Service) takePlace(ctx context.Context, tx pgx.Tx, c Circular) error {
	if c.Replaces.ID == 0 {
		return nil
	}
	tag, err := tx.Exec(ctx, `update circulars set replaced_id = $2, replaced_no = $3, version = version + 1 where id = $1 and state = 'issued' and replaced_id is null`, c.Replaces.ID, c.ID, c.Reference())
	if err == nil && tag.RowsAffected() == 0 {
		err = apperr.New(apperr.Conflict, "circulars.replaced_already")
	}
	if err != nil {
		return err
	}
	return repository{tx}.settle(ctx, c.Replaces.ID)
}

// settle ends the wait for confirmations of a circular.
func (r repository) settle(ctx context.Context, id int64) error {
	_, err := r.db.Exec(ctx, `update circular_copies set open = false where circular_id = $1 and open`, id)
	return err
}

// addressed are the ids of an audience's organisations.
func (r repository) addressed(ctx context.Context, a Audience) ([]int64, error) {
	rows, _ := r.db.Query(ctx, `select x.id from (`+addressed+`) x order by x.id`, a.args())
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// copies makes one for each organisation, in one statement.
func (r repository) copies(ctx context.Context, c Circular, orgs []int64) error {
	publicIDs := make([]string, len(orgs))
	for i := range publicIDs {
		publicIDs[i] = subject.NewPublicID()
	}
	_, err := r.db.Exec(ctx, `
		with s as (
			insert into subjects (kind, org_id, public_id) select 'circular_copy', x.org, x.public_id from unnest($1::bigint[], $2::text[]) x (org, public_id)
			returning id, org_id)
		insert into circular_copies (id, org_id, circular_id, seq, name, country_id)
		select s.id, s.org_id, $3, $4, o.name, coalesce(m.country_id, o.country_id)
		from s join organisations o on o.id = s.org_id left join municipalities m on m.id = o.id`, orgs, publicIDs, c.ID, c.seq())
	return err
}

// show opens a circular's files to everybody, and tells the public pages.
func (s *Service) show(ctx context.Context, tx pgx.Tx, c Circular) error {
	files, err := documents.Of(ctx, tx, c.Ref(), fileSort)
	if err != nil {
		return err
	}
	for _, d := range files {
		if err := documents.SetAudience(ctx, tx, identity.Worker(), c.Ref(), d.PublicID, documents.Public); err != nil {
			return err
		}
	}
	return freshness.Touch(ctx, tx, Tag)
}

// Withdraw takes an issued circular back, with a reason that its readers see. It stays where it
// was, marked as withdrawn, and nobody is asked to read it any more; a job tells who got it.
// Errors: sign_in, forbidden, not found, invalid (why), conflict (it is not issued).
func (s *Service) Withdraw(ctx context.Context, actor identity.Actor, publicID, why string) error {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(why) == "":
		return apperr.Fields(map[string]string{"why": "circulars.why_needed"})
	case utf8.RuneCountInString(why) > maxWhy:
		return apperr.Fields(map[string]string{"why": "error.too_long"})
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		c, err := repository{tx}.open(ctx, publicID, ` for update of c`)
		if err == nil && c.State != Issued {
			err = apperr.New(apperr.Conflict, "circulars.not_issued")
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update circulars set state = 'withdrawn', withdrawn_at = $2, withdrawn_why = $3, withdrawn_by = $4, version = version + 1 where id = $1`, c.ID, s.now(), why, actor.UserID)
		if err != nil {
			return err
		}
		if err := (repository{tx}).settle(ctx, c.ID); err != nil {
			return err
		}
		if err := s.tellAgain(ctx, tx, c); err != nil {
			return err
		}
		c.State = Withdrawn
		if err := find(ctx, tx, c); err != nil {
			return err
		}
		if err := freshness.Touch(ctx, tx, Tag); err != nil {
			return err
		}
		return record(ctx, tx, actor, c.Ref(), "circular.withdraw", map[string]string{"why": why})
	})
}

// tellAgain has everybody whom a circular went to be told how it stands now.
func (s *Service) tellAgain(ctx context.Context, tx pgx.Tx, c Circular) error {
	if _, err := tx.Exec(ctx, `update circular_copies set told_at = null where circular_id = $1`, c.ID); err != nil {
		return err
	}
	return jobs.Insert(ctx, tx, TellArgs{CircularID: c.ID})
}

// find puts a circular into the search: for staff, and for everybody where it is public and
// was not withdrawn.
func find(ctx context.Context, tx pgx.Tx, c Circular) error {
	var union int64
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
		return err
	}
	var docs []search.Document
	for _, lang := range locale.Langs() {
		t := c.In(string(lang))
		doc := search.Document{Lang: lang, Scope: search.Staff, OrgID: union, Title: t.Title, Body: t.Body + " " + c.Refs, Reference: c.Reference(),
			Path: "/" + string(lang) + "/desk/circulars/" + c.PublicID, Weight: c.seq()}
		docs = append(docs, doc)
		if c.Public && c.State == Issued {
			doc.Scope, doc.Path = search.Public, "/"+string(lang)+c.PublicPath()
			docs = append(docs, doc)
		}
	}
	return search.Put(ctx, tx, c.Ref(), docs)
}
