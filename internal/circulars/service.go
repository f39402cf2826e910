package circulars

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
)

// Service is everything that can be done with circulars.
type Service struct {
	db    postgres.DB
	union map[locale.Lang]string
	zone  *time.Location // of the union, whose days and years count
	now   func() time.Time
}

// New makes the service; union is the union's name by language.
func New(db postgres.DB, union map[locale.Lang]string, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, union: union, zone: zone, now: now}
}

// Today is the union's day, as dates are stored.
func (s *Service) Today() time.Time {
	now := s.now().In(s.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// Create begins a circular and returns its public identifier. replaces, the identifier of an
// issued one, says which it puts right: the new one begins with its recipients; empty: none.
// Errors: sign_in, forbidden, invalid by field, not found or conflict (what it replaces).
func (s *Service) Create(ctx context.Context, actor identity.Actor, in Input, replaces string) (publicID string, err error) {
	if err := s.mayWrite(actor, in); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		c := Circular{PublicID: subject.NewPublicID()}
		publicID = c.PublicID
		if replaces != "" {
			old, err := r.open(ctx, replaces, "")
			if err != nil {
				return err
			}
			if !old.Holds() {
				return apperr.New(apperr.Conflict, "circulars.replaced_already")
			}
			c.Replaces = Other{ID: old.ID, Reference: old.Reference()}
		}
		if c.ID, err = r.insert(ctx, actor, c, in, s.now()); err != nil {
			return err
		}
		if err := r.inherit(ctx, c); err != nil {
			return err
		}
		return record(ctx, tx, actor, c.Ref(), "circular.create", map[string]string{"kind": string(in.Kind)})
	})
	return publicID, err
}

func (s *Service) mayWrite(actor identity.Actor, in Input) error {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return err
	}
	return in.check(s.Today())
}

// Edit stores a new version of the texts, and what is said beside them. What was approved has
// to be approved again. Errors: sign_in, forbidden, not found, invalid by field, conflict (a
// colleague was quicker; it is issued).
func (s *Service) Edit(ctx context.Context, actor identity.Actor, publicID string, version int, in Input) error {
	if err := s.mayWrite(actor, in); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, version, "circular.edit", func(tx pgx.Tx, c Circular) (any, error) {
		if err := tasks.DropAll(ctx, tx, c.Ref()); err != nil {
			return nil, err
		}
		return map[string]int{"version": c.TextVersion + 1}, repository{tx}.edit(ctx, actor, c, in, s.now())
	})
}

// SetAudience says whom a circular is to go to. What was approved has to be approved again.
// Errors: as Edit; invalid where nobody is chosen.
func (s *Service) SetAudience(ctx context.Context, actor identity.Actor, publicID string, version int, a Audience) error {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return err
	}
	if a.Empty() {
		return apperr.Fields(map[string]string{"members": "circulars.nobody_chosen"})
	}
	if err := a.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, version, "circular.audience", func(tx pgx.Tx, c Circular) (any, error) {
		if err := tasks.DropAll(ctx, tx, c.Ref()); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, `update circulars set audience = @audience, `+back+` where id = @id`, pgx.NamedArgs{"audience": a, "actor": actor.UserID, "id": c.ID})
		return a, err
	})
}

// change locks a circular that is not issued yet, in the version that the writer saw, and lets
// fn act on it; fn says what the log is to keep.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, version int, action string, fn func(tx pgx.Tx, c Circular) (any, error)) error {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		c, err := repository{tx}.open(ctx, publicID, ` for update of c`)
		switch {
		case err != nil:
			return err
		case c.State.Out():
			return apperr.New(apperr.Conflict, "circulars.issued_already")
		case c.Version != version:
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		payload, err := fn(tx, c)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, c.Ref(), action, payload)
	})
}

// Ask asks a second person to approve a draft.
// Errors: sign_in, forbidden, not found, conflict (it is no draft; nobody would get it).
func (s *Service) Ask(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, publicID, version, "circular.ask", func(tx pgx.Tx, c Circular) (any, error) {
		r := repository{tx}
		if c.State != Draft {
			return nil, apperr.New(apperr.Conflict, "error.conflict")
		}
		if a, err := r.audience(ctx, publicID); err != nil || a.Empty() {
			return nil, first(err, apperr.New(apperr.Conflict, "circulars.nobody"))
		}
		role, err := r.approver(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if err := tasks.Open(ctx, tx, c.Ref(), tasks.Duty{Key: approveDuty, Owner: tasks.Role(role)}); err != nil {
			return nil, err
		}
		return nil, r.setState(ctx, c.ID, Review, 0)
	})
}

// approveDuty is what the second person has to do; the desk names it by "circulars.task.".
const approveDuty = "circulars.approve"

// Approve is the second person's word; nobody gives it who wrote the text, attached files or
// chose recipients. Errors: sign_in, forbidden, not found, conflict (nobody asked; their own).
func (s *Service) Approve(ctx context.Context, actor identity.Actor, publicID string, version int) error {
	return s.change(ctx, actor, publicID, version, "circular.approve", func(tx pgx.Tx, c Circular) (any, error) {
		if c.State != Review {
			return nil, apperr.New(apperr.Conflict, "circulars.not_asked")
		}
		hands, err := repository{tx}.hands(ctx, c.ID)
		if err == nil && slices.Contains(hands, actor.UserID) {
			err = apperr.New(apperr.Conflict, "circulars.second_person")
		}
		if err != nil {
			return nil, err
		}
		if err := tasks.Close(ctx, tx, c.Ref(), approveDuty); err != nil {
			return nil, err
		}
		return nil, repository{tx}.setState(ctx, c.ID, Approved, actor.UserID)
	})
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// find lists organisations of today by a text.
func (s *Service) find(ctx context.Context, q postgres.Querier, actor identity.Actor, lang, text string) ([]Choice, error) {
	hits, err := search.Find(ctx, q, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Municipality, subject.Organisation}, Lang: locale.Lang(lang), Limit: maxFound})
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	rows, _ := q.Query(ctx, `
		select s.public_id, o.name from organisations o join subjects s on s.id = o.id
		where (o.id = any($1) or o.kind = 'government' and o.name ilike '%' || replace(replace(replace($2, '\', '\\'), '%', '\%'), '_', '\_') || '%')
			and (o.kind = 'government' and o.active or exists (select from memberships ms where ms.org_id = o.id and ms.standing in ('active', 'suspended')))
		order by array_position($1::bigint[], o.id), o.id limit $3`, ids, text, maxFound)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// Locate names circulars for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		titles, err := repository{q}.titles(ctx, lang, ids)
		if err != nil {
			return err
		}
		rows, _ := q.Query(ctx, `select c.id, s.public_id, coalesce(c.year || '/' || c.number || ' · ', '') from circulars c join subjects s on s.id = c.id where c.id = any($1)`, ids)
		var id int64
		var publicID, number string
		_, err = pgx.ForEachRow(rows, []any{&id, &publicID, &number}, func() error {
			out[id] = subject.Place{Title: number + titles[id].Title, Path: "/" + lang + "/desk/circulars/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}

// LocateCopies names what organisations got: it leads staff to the circular.
func (s *Service) LocateCopies(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out, of := map[int64]subject.Place{}, map[int64]int64{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select id, circular_id from circular_copies where id = any($1)`, ids)
		var id, circular int64
		_, err := pgx.ForEachRow(rows, []any{&id, &circular}, func() error {
			of[id] = circular
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	circulars := make([]int64, 0, len(of))
	for _, id := range of {
		circulars = append(circulars, id)
	}
	places, err := s.Locate(ctx, lang, circulars)
	for id, circular := range of {
		out[id] = places[circular]
	}
	return out, err
}

func record(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, action string, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: ref, Payload: payload})
}
