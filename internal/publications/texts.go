package publications

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Texts are the use cases of writing one kind of publication.
type Texts struct {
	service *Service
	kind    subject.Kind
}

// Texts are the texts of issues, articles or pages.
func (s *Service) Texts(kind subject.Kind) Texts { return Texts{s, kind} }

// Work reads one language for its editor. Errors: sign_in, forbidden, not found.
func (t Texts) Work(ctx context.Context, actor identity.Actor, publicID, lang string) (translations.Work, error) {
	var w translations.Work
	if err := actor.May(identity.EditContent); err != nil {
		return w, err
	}
	err := t.service.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		w, err = translations.WorkOf(ctx, q, t.kind, publicID, lang)
		return err
	})
	return w, err
}

// SaveText stores a new draft. Errors: forbidden, not found, invalid by field, conflict.
func (t Texts) SaveText(ctx context.Context, actor identity.Actor, publicID string, in translations.In) (translations.Status, error) {
	var status translations.Status
	err := t.service.change(ctx, actor, identity.EditContent, t.kind, publicID, func(tx pgx.Tx, r record) (err error) {
		status, err = translations.Save(ctx, tx, actor, r.ref, in)
		return err
	})
	return status, err
}

// PublishText shows the newest text to readers. Errors: forbidden, not found, conflict.
func (t Texts) PublishText(ctx context.Context, actor identity.Actor, publicID, lang string, version int) error {
	return t.service.change(ctx, actor, identity.PublishContent, t.kind, publicID, func(tx pgx.Tx, r record) error {
		return translations.Publish(ctx, tx, actor, r.ref, lang, version)
	})
}

// ScheduleText lets the newest text go live at a time; the zero time calls it off.
// Errors: forbidden, not found, conflict, invalid (the time has passed).
func (t Texts) ScheduleText(ctx context.Context, actor identity.Actor, publicID, lang string, version int, at time.Time) error {
	return t.service.change(ctx, actor, identity.PublishContent, t.kind, publicID, func(tx pgx.Tx, r record) error {
		return translations.Schedule(ctx, tx, actor, r.ref, lang, version, at, t.service.now())
	})
}

// UnpublishText takes a language down. A page of the site keeps its last one: no link may
// be dead. Errors: forbidden, not found, conflict (it is the last one).
func (t Texts) UnpublishText(ctx context.Context, actor identity.Actor, publicID, lang string) error {
	return t.service.change(ctx, actor, identity.PublishContent, t.kind, publicID, func(tx pgx.Tx, r record) error {
		if err := translations.Unpublish(ctx, tx, actor, r.ref, lang); err != nil || t.kind != subject.SitePage {
			return err
		}
		live, err := translations.HasLive(ctx, tx, r.ref.ID)
		if err == nil && !live {
			return apperr.New(apperr.Conflict, "publications.last_text")
		}
		return err
	})
}

// PublishDue shows a language whose hour has come, in the caller's transaction.
func (s *Service) PublishDue(ctx context.Context, tx pgx.Tx, due translations.Waiting) error {
	if err := translations.PublishDue(ctx, tx, due.Ref, due.Lang); err != nil {
		return err
	}
	return s.show(ctx, tx, due.Ref)
}

// documents are what a record is found by, in each interface language.
func documents(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]search.Document, error) {
	at, err := repository{q}.address(ctx, ref)
	if err != nil {
		return nil, err
	}
	var out []search.Document
	for _, lang := range locale.Langs() {
		text, err := translations.Read(ctx, q, ref.ID, string(lang))
		if apperr.Is(err, apperr.NotFound) {
			return nil, nil // nothing of it is published
		}
		if err != nil {
			return nil, err
		}
		path := at.Path
		if path == "" {
			path = "/articles/" + text.Slug
		}
		out = append(out, search.Document{Lang: lang, Scope: search.Public, OrgID: at.OrgID, Title: text.Title,
			Body: text.Summary + " " + text.Body, Path: "/" + string(lang) + path, Weight: at.Weight})
	}
	return out, nil
}

// join puts the field errors of two checks together; another error comes first.
func join(a, b error) error {
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
