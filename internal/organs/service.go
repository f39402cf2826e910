package organs

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Tag names public pages that show organs and their decisions.
const Tag freshness.Tag = "organs"

// Service is everything that can be done with organs.
type Service struct {
	db   postgres.DB
	zone *time.Location // the union's: terms end with its days
	now  func() time.Time
}

// New makes the service; zone is the union's.
func New(db postgres.DB, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, zone: zone, now: now}
}

func (s *Service) today() time.Time { return Today(s.now(), s.zone) }

// Composition is an organ with its members.
type Composition struct {
	Organ
	Now   []Seat // whose term covers today, in the order of their offices
	Next  []Seat // whose term is to begin
	Past  []Seat // the latest first
	Today time.Time
}

// List is every organ that the actor may see, in their order.
func (s *Service) List(ctx context.Context, actor identity.Actor) (out []Organ, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.organs(ctx, s.today())
		return err
	})
	return out, err
}

// Board reads an organ by its slug, with all its members. Errors: not found.
func (s *Service) Board(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string) (Composition, error) {
	b := Composition{Today: s.today()}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if b.Organ, err = r.organ(ctx, b.Today, slug, ""); err != nil {
			return err
		}
		seats, err := r.seats(ctx, lang, b.Code)
		b.sortOut(seats)
		return err
	})
	return b, err
}

func (b *Composition) sortOut(seats []Seat) {
	for _, seat := range seats {
		switch {
		case seat.Past(b.Today):
			b.Past = append(b.Past, seat)
		case seat.On(b.Today):
			b.Now = append(b.Now, seat)
		default:
			b.Next = append(b.Next, seat)
		}
	}
	arrange(b.Now)
	arrange(b.Next)
}

// write is a change by who may edit organs, in one transaction.
// Errors: sign_in, forbidden.
func (s *Service) write(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx, r repository) error) error {
	if err := actor.May(identity.EditOrgans); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error { return fn(tx, repository{tx}) })
}

// edit is a write after which public pages that show organs are fresh.
func (s *Service) edit(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx, r repository) error) error {
	return s.write(ctx, actor, func(tx pgx.Tx, r repository) error {
		if err := fn(tx, r); err != nil {
			return err
		}
		return freshness.Touch(ctx, tx, Tag)
	})
}

// Limits in characters; the tables hold them too.
const (
	maxName  = 160
	maxAbout = 2000
	maxTitle = 300
	maxNote  = 4000
)

// Profile is what staff enter of an organ.
type Profile struct {
	Version int
	Names   Titled
	Abouts  Titled
	Quorum  Quorum
	Seats   *int
	Listed  bool
}

func (p Profile) check() error {
	faults := map[string]string{}
	for _, lang := range locale.Langs() {
		if p.Names[lang] == "" {
			faults["name_"+string(lang)] = "organs.name_missing"
		}
		if utf8.RuneCountInString(p.Names[lang]) > maxName {
			faults["name_"+string(lang)] = "error.too_long"
		}
		if utf8.RuneCountInString(p.Abouts[lang]) > maxAbout {
			faults["about_"+string(lang)] = "error.too_long"
		}
	}
	if !known(Quorums(), p.Quorum) {
		faults["quorum"] = "error.required"
	}
	if p.Seats != nil && (*p.Seats < 1 || *p.Seats > 500) {
		faults["seats"] = "organs.seats_wrong"
	}
	return apperr.Fields(faults)
}

// AddCommittee founds a committee and returns its slug. Errors: sign_in, forbidden, invalid
// by field (another organ has the name too).
func (s *Service) AddCommittee(ctx context.Context, actor identity.Actor, p Profile) (slug string, err error) {
	if err := actor.May(identity.EditOrgans); err != nil {
		return "", err
	}
	if err := p.check(); err != nil {
		return "", err
	}
	slug = strings.Trim(fold.Slug(p.Names[locale.EN]), "-")
	if slug == "" || len(slug) > 50 {
		return "", apperr.Fields(map[string]string{"name_en": "organs.name_slug"})
	}
	err = s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		id, err := r.insertCommittee(ctx, slug, p)
		if apperr.Is(err, apperr.Conflict) {
			return apperr.Fields(map[string]string{"name_en": "organs.name_taken"})
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "organ.add", Subject: subject.Ref{Kind: subject.Organ, ID: id}, Payload: p})
	})
	return slug, err
}

// SaveProfile stores an edit of an organ. Errors: sign_in, forbidden, not found, invalid by
// field, conflict (edited meanwhile).
func (s *Service) SaveProfile(ctx context.Context, actor identity.Actor, slug string, p Profile) error {
	return s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		if err := p.check(); err != nil {
			return err
		}
		o, err := r.organ(ctx, s.today(), slug, "for update of o")
		if err != nil {
			return err
		}
		if o.Version != p.Version {
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		if err := r.saveProfile(ctx, o.ID, p); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "organ.edit", Subject: o.Ref(), Payload: p})
	})
}

// Locate names organs for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	return s.places(ctx, `
		select o.id, t.name, '/desk/organs/' || o.slug from organs o join organ_texts t on t.organ_id = o.id and t.lang = $2 where o.id = any($1)`, lang, ids)
}

// LocateMeetings names meetings for lists that mix kinds.
func (s *Service) LocateMeetings(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	return s.places(ctx, `
		select m.id, t.name || ' ' || m.year || '/' || m.number, '/desk/meetings/' || s.public_id from meetings m
		join subjects s on s.id = m.id join organs o on o.code = m.organ join organ_texts t on t.organ_id = o.id and t.lang = $2
		where m.id = any($1)`, lang, ids)
}

// LocateDecisions names decisions for lists that mix kinds.
func (s *Service) LocateDecisions(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	return s.places(ctx, `
		select d.id, t.name || ' ' || d.number || case when d.title = '' then '' else ': ' || d.title end, '/desk/decisions/' || s.public_id
		from decisions d join subjects s on s.id = d.id join organs o on o.code = d.organ
		join organ_texts t on t.organ_id = o.id and t.lang = $2 where d.id = any($1)`, lang, ids)
}

func (s *Service) places(ctx context.Context, sql, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, sql, ids, lang)
		var id int64
		var title, path string
		_, err := pgx.ForEachRow(rows, []any{&id, &title, &path}, func() error {
			out[id] = subject.Place{Title: title, Path: "/" + lang + path}
			return nil
		})
		return err
	})
	return out, err
}

// MayRead says who may open a meeting's file: who reads organs.
func (s *Service) MayRead(_ context.Context, actor identity.Actor, _ documents.Document) error {
	return actor.May(identity.ReadOrgans)
}

func known[T comparable](all []T, one T) bool {
	for _, x := range all {
		if x == one {
			return true
		}
	}
	return false
}
