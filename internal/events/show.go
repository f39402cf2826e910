package events

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// show puts an event into the search as it now is, and makes pages fresh.
func (s *Service) show(ctx context.Context, tx pgx.Tx, publicID string) error {
	e, err := (repository{tx}).lock(ctx, publicID)
	if err != nil {
		return err
	}
	docs, err := documents(ctx, tx, e)
	if err != nil {
		return err
	}
	if err := search.Put(ctx, tx, e.Ref(), docs); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag)
}

// documents are what an event is found by in each interface language: by everybody once it
// is published, by staff before.
func documents(ctx context.Context, q postgres.Querier, e *Event) ([]search.Document, error) {
	if e.Shown {
		return publicDocuments(ctx, q, e)
	}
	all, err := translations.StatusOf(ctx, q, e.ID)
	var out []search.Document
	for _, lang := range locale.Langs() {
		for _, status := range all[e.ID][:min(1, len(all[e.ID]))] { // the source is first
			out = append(out, document(e, lang, search.Staff, status.Title, "", "/desk/events/"+e.PublicID))
		}
	}
	return out, err
}

func publicDocuments(ctx context.Context, q postgres.Querier, e *Event) ([]search.Document, error) {
	var out []search.Document
	for _, lang := range locale.Langs() {
		text, err := translations.Read(ctx, q, e.ID, string(lang))
		if apperr.Is(err, apperr.NotFound) {
			return nil, nil // every language was taken down
		}
		if err != nil {
			return nil, err
		}
		out = append(out, document(e, lang, search.Public, text.Title, text.Summary+" "+text.Body, "/events/"+text.Slug))
	}
	return out, nil
}

func document(e *Event, lang locale.Lang, scope search.Scope, title, body, path string) search.Document {
	return search.Document{Lang: lang, Scope: scope, OrgID: e.OrgID, Title: title, Body: strings.TrimSpace(body + " " + e.City.Title + " " + e.Venue),
		Path: "/" + string(lang) + path, Weight: e.StartsAt.Unix() / 86400}
}

// Page is an event's public page.
type Page struct {
	*Event
	Text translations.Page
}

// Page reads an event that the public sees, at its address. Errors: not found.
func (s *Service) Page(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string) (Page, error) {
	var out Page
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		id, err := translations.Find(ctx, q, subject.Event, slug, string(lang))
		if err != nil {
			return err
		}
		if out.Event, err = (repository{q}).shown(ctx, lang, id); err != nil {
			return err
		}
		out.Text, err = translations.Read(ctx, q, id, string(lang))
		return err
	})
	return out, err
}
