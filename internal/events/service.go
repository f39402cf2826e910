package events

import (
	"context"
	"errors"
	"maps"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

// Tag names public pages that show events.
const Tag freshness.Tag = "events"

// Service is everything that can be done with events.
type Service struct {
	db  postgres.DB
	now func() time.Time
}

// New makes the service.
func New(db postgres.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Create proposes an event with its title in the language that it will be written in, and
// returns its public id. Errors: forbidden, invalid by field (of the facts, or title).
func (s *Service) Create(ctx context.Context, actor identity.Actor, f Facts, lang, title string) (string, error) {
	if err := actor.May(identity.EditContent); err != nil {
		return "", err
	}
	if err := both(f.check(), translations.Text{Title: title}.Check()); err != nil {
		return "", err
	}
	var publicID string
	err := s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		p, err := prepare(ctx, tx, &f)
		if err != nil {
			return err
		}
		var ref subject.Ref
		if ref, publicID, err = (repository{tx}).identify(ctx); err != nil {
			return err
		}
		state, err := Life.Begin(ctx, tx, actor, ref, movePropose)
		if err != nil {
			return err
		}
		if err := (repository{tx}).insert(ctx, ref, string(state), f, p, s.now()); err != nil {
			return err
		}
		if _, err := translations.Save(ctx, tx, actor, ref, translations.In{Lang: lang, Text: translations.Text{Title: title}}); err != nil {
			return err
		}
		return s.show(ctx, tx, publicID)
	})
	return publicID, err
}

// both joins the field errors of two checks; another error comes first.
func both(a, b error) error {
	fields := map[string]string{}
	for _, err := range []error{a, b} {
		if err == nil {
			continue
		}
		var e *apperr.Error
		if !errors.As(err, &e) || len(e.Fields) == 0 {
			return err
		}
		maps.Copy(fields, e.Fields)
	}
	return apperr.Fields(fields)
}

// prepare finds what the facts name, fills in the zone, and asks the clock there.
// Errors: invalid by field.
func prepare(ctx context.Context, tx pgx.Tx, f *Facts) (place, error) {
	if f.Mode == Online {
		f.Country, f.City, f.CityName, f.Venue = "", "", "", ""
	}
	if f.City != "" {
		f.CityName = ""
	}
	p, err := repository{tx}.resolve(ctx, *f)
	if err != nil {
		return p, err
	}
	fields := map[string]string{}
	for name, wrong := range map[string]bool{
		"kind": p.kindID == 0, "city": f.City != "" && p.cityID == nil, "country": f.Mode != Online && p.countryID == nil,
	} {
		if wrong {
			fields[name] = "events.not_offered"
		}
	}
	if f.Zone == "" {
		f.Zone = p.zone
	}
	zone := location(f.Zone)
	if zone == nil {
		fields["zone"] = "events.zone_needed"
		return p, apperr.Fields(fields)
	}
	return p, both(apperr.Fields(fields), f.checkClock(zone))
}

// SaveFacts stores edited facts. A date that moves after the public saw it is remembered.
// Errors: forbidden, not found, invalid by field, conflict (somebody changed it since; the
// caller shows both).
func (s *Service) SaveFacts(ctx context.Context, actor identity.Actor, publicID string, f Facts) error {
	if err := actor.May(identity.EditContent); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, e *Event) error {
		if e.Version != f.Version {
			return apperr.New(apperr.Conflict, "events.changed")
		}
		if e.Shown && !actor.Can(identity.PublishContent) {
			return apperr.New(apperr.Forbidden, "error.forbidden")
		}
		p, err := prepare(ctx, tx, &f)
		if err != nil {
			return err
		}
		if err := (repository{tx}).saveFacts(ctx, e.ID, f, p, moved(e, f), s.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "event.edit", Subject: e.Ref(), Payload: f})
	})
}

// moved is when a published event was to begin before this edit moved it; what was known
// of an earlier move stays, for the public may have read the first date.
func moved(e *Event, f Facts) *time.Time {
	starts, _ := f.span()
	if !e.Shown || starts.Equal(e.StartsLocal) && f.Zone == e.Zone {
		return e.MovedFrom
	}
	before := e.StartsAt
	if e.MovedFrom != nil {
		before = *e.MovedFrom
	}
	if zone := location(f.Zone); zone != nil && starts.Equal(wall(before.In(zone))) {
		return nil // back where it was
	}
	return &before
}

// wall is what a clock shows, as a time in UTC.
func wall(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
}

// Move leads an event on. Publishing shows the text in the language that the event was
// written in, where none is published yet.
// Errors: forbidden, not found, invalid (a reason is missing, or it has not ended), conflict.
func (s *Service) Move(ctx context.Context, actor identity.Actor, publicID string, in workflow.In) error {
	in.Reason = strings.TrimSpace(in.Reason)
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, e *Event) error {
		if in.Move == moveHold && !e.Over(s.now()) {
			return apperr.New(apperr.Invalid, "events.not_over")
		}
		state, err := Life.Apply(ctx, tx, actor, e.Ref(), e.State, e.Seq, in)
		if err != nil {
			return err
		}
		e.State, e.Seq = state, e.Seq+1
		if in.Move == movePublish {
			if err := s.showText(ctx, tx, actor, e); err != nil {
				return err
			}
		}
		return repository{tx}.saveState(ctx, e, shows(e.State, e.Shown), s.now())
	})
}

// shows reports whether the public sees an event in a state: one that is called off is
// seen as such where it was seen before.
func shows(to workflow.State, before bool) bool {
	switch to {
	case Published, Held:
		return true
	case Cancelled:
		return before
	}
	return false
}

// showText publishes the source's newest text where no language is published.
func (s *Service) showText(ctx context.Context, tx pgx.Tx, actor identity.Actor, e *Event) error {
	live, err := translations.HasLive(ctx, tx, e.ID)
	if err != nil || live {
		return err
	}
	all, err := translations.StatusOf(ctx, tx, e.ID)
	if err != nil {
		return err
	}
	for _, status := range all[e.ID] {
		if status.Source {
			return translations.Publish(ctx, tx, actor, e.Ref(), status.Lang, status.Version)
		}
	}
	return apperr.New(apperr.Conflict, "events.text_needed")
}

// change locks an event for staff, lets fn act on it, and shows what readers may see.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, e *Event) error) error {
	if err := actor.May(identity.EditContent); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		e, err := (repository{tx}).lock(ctx, publicID)
		if err != nil {
			return err
		}
		if err := fn(tx, e); err != nil {
			return err
		}
		return s.show(ctx, tx, publicID)
	})
}
