package projects

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

// Work reads one language of a project for its editor. Errors: sign_in, forbidden, not found.
func (s *Service) Work(ctx context.Context, actor identity.Actor, publicID, lang string) (translations.Work, error) {
	var w translations.Work
	if err := actor.May(identity.EditProjects); err != nil {
		return w, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		w, err = translations.WorkOf(ctx, q, subject.Project, publicID, lang)
		return err
	})
	return w, err
}

// SaveText stores a new draft of one language. Errors: forbidden, not found, invalid by
// field, conflict (somebody saved since).
func (s *Service) SaveText(ctx context.Context, actor identity.Actor, publicID string, in translations.In) (translations.Status, error) {
	var status translations.Status
	err := s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) (err error) {
		status, err = translations.Save(ctx, tx, actor, p.Ref(), in)
		return err
	})
	return status, err
}

// PublishText shows a language's newest text. Errors: forbidden, not found, conflict
// (version is no longer the newest).
func (s *Service) PublishText(ctx context.Context, actor identity.Actor, publicID, lang string, version int) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) error {
		return translations.Publish(ctx, tx, actor, p.Ref(), lang, version)
	})
}

// ScheduleText lets a language's newest text go live at a time; the zero time calls it off.
// Errors: forbidden, not found, conflict, invalid (the time has passed).
func (s *Service) ScheduleText(ctx context.Context, actor identity.Actor, publicID, lang string, version int, at time.Time) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) error {
		return translations.Schedule(ctx, tx, actor, p.Ref(), lang, version, at, s.now())
	})
}

// UnpublishText takes a language down; the last one of a project that the public sees stays.
// Errors: forbidden, not found, conflict (it is the last one).
func (s *Service) UnpublishText(ctx context.Context, actor identity.Actor, publicID, lang string) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, p *Project) error {
		if err := translations.Unpublish(ctx, tx, actor, p.Ref(), lang); err != nil || !p.Published {
			return err
		}
		live, err := translations.HasLive(ctx, tx, p.ID)
		if err == nil && !live {
			return apperr.New(apperr.Conflict, "projects.last_text")
		}
		return err
	})
}

// PublishDue shows the language of a project whose hour has come, in the caller's transaction.
func (s *Service) PublishDue(ctx context.Context, tx pgx.Tx, due translations.Waiting) error {
	if err := translations.PublishDue(ctx, tx, due.Ref, due.Lang); err != nil {
		return err
	}
	var publicID string
	err := tx.QueryRow(ctx, `select public_id from subjects where id = $1 and kind = 'project'`, due.Ref.ID).Scan(&publicID)
	if err != nil {
		return postgres.Explain(err, "projects.not_found")
	}
	return s.show(ctx, tx, publicID)
}
