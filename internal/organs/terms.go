package organs

import (
	"context"
	"errors"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Term is what staff enter of a member of an organ.
type Term struct {
	Version     int
	Office      Office
	Name        string
	City        string // slug of the municipality, or empty
	Affiliation string // where City is empty
	From        time.Time
	Until       *time.Time // the last day; nil: until somebody follows
}

func (t *Term) check() error {
	faults := map[string]string{}
	if t.City != "" {
		t.Affiliation = ""
	}
	if t.Name == "" {
		faults["name"] = "error.required"
	}
	for field, text := range map[string]string{"name": t.Name, "affiliation": t.Affiliation} {
		if utf8.RuneCountInString(text) > 200 {
			faults[field] = "error.too_long"
		}
	}
	if !known(Offices(), t.Office) {
		faults["office"] = "error.required"
	}
	if t.From.IsZero() {
		faults["from"] = "error.required"
	}
	if t.Until != nil && t.Until.Before(t.From) {
		faults["until"] = "organs.until_before"
	}
	return apperr.Fields(faults)
}

// AddSeat gives somebody a seat in an organ. Errors: sign_in, forbidden, not found, invalid
// by field (another chair in the same days too).
func (s *Service) AddSeat(ctx context.Context, actor identity.Actor, slug string, t Term) error {
	return s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		o, city, err := s.prepare(ctx, r, slug, &t)
		if err != nil {
			return err
		}
		if err := taken(r.insertSeat(ctx, o.Code, subject.NewPublicID(), t, city)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "organ.seat", Subject: o.Ref(), Payload: t})
	})
}

// SaveSeat stores an edit of a member or of the member's term.
// Errors: as AddSeat, and conflict (edited meanwhile).
func (s *Service) SaveSeat(ctx context.Context, actor identity.Actor, slug, publicID string, t Term) error {
	return s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		o, city, err := s.prepare(ctx, r, slug, &t)
		if err != nil {
			return err
		}
		old, err := r.seat(ctx, locale.Default, o.Code, publicID, "for update of m")
		if err != nil {
			return err
		}
		if old.Version != t.Version {
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		if err := taken(r.saveSeat(ctx, old.ID, t, city)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "organ.seat_edit", Subject: o.Ref(),
			Payload: map[string]any{"before": TermOf(old), "after": t}})
	})
}

// Seat reads a member for its form. Errors: sign_in, forbidden, not found.
func (s *Service) Seat(ctx context.Context, actor identity.Actor, lang locale.Lang, slug, publicID string) (o Organ, seat Seat, err error) {
	if err := actor.May(identity.EditOrgans); err != nil {
		return o, seat, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if o, err = r.organ(ctx, s.today(), slug, ""); err != nil {
			return err
		}
		seat, err = r.seat(ctx, lang, o.Code, publicID, "")
		return err
	})
	return o, seat, err
}

// TermOf is a member as a form shows it for editing.
func TermOf(s Seat) Term {
	return Term{Version: s.Version, Office: s.Office, Name: s.Name, City: s.City.Code, Affiliation: s.Affiliation, From: s.From, Until: s.Until}
}

func (s *Service) prepare(ctx context.Context, r repository, slug string, t *Term) (Organ, *int64, error) {
	if err := t.check(); err != nil {
		return Organ{}, nil, err
	}
	o, err := r.organ(ctx, s.today(), slug, "for update of o")
	if err != nil {
		return o, nil, err
	}
	city, err := r.city(ctx, t.City)
	if apperr.Is(err, apperr.NotFound) {
		err = apperr.Fields(map[string]string{"city": "organs.city_unknown"})
	}
	return o, city, err
}

// taken turns the database's refusal of a second chair into a fault of the form.
func taken(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "organ_members_one_chair" {
		return apperr.Fields(map[string]string{"office": "organs.chair_taken"})
	}
	return postgres.Explain(err, "organs.not_found")
}

// FindCity is the municipality that a typed name means, where one has just this name.
func (s *Service) FindCity(ctx context.Context, actor identity.Actor, lang locale.Lang, name string) (slug string, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		hits, err := search.Find(ctx, q, actor, search.Query{Text: name, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: 2})
		if err != nil || len(hits) == 0 || hits[0].Near {
			return err
		}
		return q.QueryRow(ctx, `select slug from municipalities where id = $1`, hits[0].Ref.ID).Scan(&slug)
	})
	return slug, err
}
