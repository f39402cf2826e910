package events

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Work reads one language of an event for its editor. Errors: sign_in, forbidden, not found.
func (s *Service) Work(ctx context.Context, actor identity.Actor, publicID, lang string) (translations.Work, error) {
	var w translations.Work
	if err := actor.May(identity.EditContent); err != nil {
		return w, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		w, err = translations.WorkOf(ctx, q, subject.Event, publicID, lang)
		return err
	})
	return w, err
}

// SaveText stores a new draft of one language. Errors: forbidden, not found, invalid by
// field, conflict (somebody saved since).
func (s *Service) SaveText(ctx context.Context, actor identity.Actor, publicID string, in translations.In) (translations.Status, error) {
	var status translations.Status
	err := s.change(ctx, actor, publicID, func(tx pgx.Tx, e *Event) (err error) {
		status, err = translations.Save(ctx, tx, actor, e.Ref(), in)
		return err
	})
	return status, err
}

// PublishText shows a language's newest text wherever the event itself is shown.
// Errors: forbidden, not found, conflict (version is no longer the newest).
func (s *Service) PublishText(ctx context.Context, actor identity.Actor, publicID, lang string, version int) error {
	return s.publishing(ctx, actor, publicID, func(tx pgx.Tx, e *Event) error {
		return translations.Publish(ctx, tx, actor, e.Ref(), lang, version)
	})
}

// ScheduleText lets a language's newest text go live at a time; the zero time calls it off.
// Errors: forbidden, not found, conflict, invalid (the time has passed).
func (s *Service) ScheduleText(ctx context.Context, actor identity.Actor, publicID, lang string, version int, at time.Time) error {
	return s.publishing(ctx, actor, publicID, func(tx pgx.Tx, e *Event) error {
		return translations.Schedule(ctx, tx, actor, e.Ref(), lang, version, at, s.now())
	})
}

// UnpublishText takes a language down. The last one of an event that the public sees stays:
// then the event itself is to be hidden.
// Errors: forbidden, not found, conflict (it is the last one).
func (s *Service) UnpublishText(ctx context.Context, actor identity.Actor, publicID, lang string) error {
	return s.publishing(ctx, actor, publicID, func(tx pgx.Tx, e *Event) error {
		if err := translations.Unpublish(ctx, tx, actor, e.Ref(), lang); err != nil || !e.Shown {
			return err
		}
		live, err := translations.HasLive(ctx, tx, e.ID)
		if err == nil && !live {
			return apperr.New(apperr.Conflict, "events.last_text")
		}
		return err
	})
}

// publishing is change for who may publish.
func (s *Service) publishing(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, e *Event) error) error {
	if err := actor.May(identity.PublishContent); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, fn)
}

// PublishDue shows the language of an event whose hour has come, in the caller's transaction.
func (s *Service) PublishDue(ctx context.Context, tx pgx.Tx, due translations.Waiting) error {
	if err := translations.PublishDue(ctx, tx, due.Ref, due.Lang); err != nil {
		return err
	}
	var publicID string
	err := tx.QueryRow(ctx, `select public_id from subjects where id = $1 and kind = 'event'`, due.Ref.ID).Scan(&publicID)
	if err != nil {
		return postgres.Explain(err, "events.not_found")
	}
	return s.show(ctx, tx, publicID)
}
