package publications

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Service is everything that can be done with publications.
type Service struct {
	db  postgres.DB
	now func() time.Time
}

// New makes the service.
func New(db postgres.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// record is what the service locks before it changes something.
type record struct {
	ref      subject.Ref
	publicID string
	version  int
}

// change locks an issue, an article or a page for staff, lets fn act on it, and shows
// readers what has become of it. Errors: forbidden, not found, what fn returns.
func (s *Service) change(ctx context.Context, actor identity.Actor, may identity.Permission, kind subject.Kind, publicID string, fn func(tx pgx.Tx, r record) error) error {
	if err := actor.May(may); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r, err := repository{tx}.lock(ctx, kind, publicID)
		if err != nil {
			return err
		}
		if err := fn(tx, r); err != nil {
			return err
		}
		return s.show(ctx, tx, r.ref)
	})
}

// show puts what readers see of a record into lists, search and pages.
func (s *Service) show(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
	if err := (repository{tx}).setPublished(ctx, ref); err != nil {
		return err
	}
	docs, err := documents(ctx, tx, ref)
	if err != nil {
		return err
	}
	if err := search.Put(ctx, tx, ref, docs); err != nil {
		return err
	}
	if ref.Kind == subject.SitePage {
		return freshness.Touch(ctx, tx, TagPages)
	}
	return freshness.Touch(ctx, tx, TagBulletins)
}

// NewIssue makes an issue with its title in the language that it is written in, and returns
// its public identifier. Errors: forbidden, invalid by field (the number is taken).
func (s *Service) NewIssue(ctx context.Context, actor identity.Actor, f IssueFacts, lang, title string) (publicID string, err error) {
	if err := actor.May(identity.EditContent); err != nil {
		return "", err
	}
	if err := join(f.check(), translations.Text{Title: title}.Check()); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref, id, err := repository{tx}.insertIssue(ctx, f)
		if apperr.Is(err, apperr.Conflict) {
			return apperr.Fields(map[string]string{"number": "publications.number_taken"})
		}
		if err != nil {
			return err
		}
		publicID = id
		return s.begin(ctx, tx, actor, ref, lang, title, f)
	})
	return publicID, err
}

// begin stores a new record's first text and its audit entry.
func (s *Service) begin(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, lang, title string, payload any) error {
	if _, err := translations.Save(ctx, tx, actor, ref, translations.In{Lang: lang, Text: translations.Text{Title: title}}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: string(ref.Kind) + ".create", Subject: ref, Payload: payload})
}

// SaveIssue stores an issue's number and day. Errors: forbidden, not found, invalid by
// field, conflict (somebody changed it since; the caller shows both).
func (s *Service) SaveIssue(ctx context.Context, actor identity.Actor, publicID string, f IssueFacts) error {
	if err := actor.May(identity.EditContent); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.EditContent, subject.Issue, publicID, func(tx pgx.Tx, r record) error {
		if r.version != f.Version {
			return apperr.New(apperr.Conflict, "publications.changed")
		}
		err := repository{tx}.saveIssue(ctx, r.ref.ID, f)
		if apperr.Is(err, apperr.Conflict) {
			return apperr.Fields(map[string]string{"number": "publications.number_taken"})
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "issue.edit", Subject: r.ref, Payload: f})
	})
}

// NewArticle adds an article at the end of an issue, and returns its public identifier.
// Errors: forbidden, not found (no such issue), invalid by field.
func (s *Service) NewArticle(ctx context.Context, actor identity.Actor, issue, lang, title string) (publicID string, err error) {
	if err := actor.May(identity.EditContent); err != nil {
		return "", err
	}
	if err := (translations.Text{Title: title}).Check(); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		in, err := r.lock(ctx, subject.Issue, issue) // two new articles at once get two positions
		if err != nil {
			return err
		}
		ref, id, err := r.insertArticle(ctx, in.ref.ID)
		if err != nil {
			return err
		}
		publicID = id
		return s.begin(ctx, tx, actor, ref, lang, title, nil)
	})
	return publicID, err
}

// MoveArticle changes places with the article before (up) or after it in its issue; at the
// end it stays. Errors: forbidden, not found.
func (s *Service) MoveArticle(ctx context.Context, actor identity.Actor, publicID string, up bool) error {
	return s.change(ctx, actor, identity.EditContent, subject.Article, publicID, func(tx pgx.Tx, r record) error {
		if err := (repository{tx}).swap(ctx, r.ref.ID, up); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "article.move", Subject: r.ref, Payload: map[string]bool{"up": up}})
	})
}

// SaveContributors stores who made an article. Errors: forbidden, not found, invalid,
// conflict (somebody changed them since).
func (s *Service) SaveContributors(ctx context.Context, actor identity.Actor, publicID string, version int, list []Contributor) error {
	if err := actor.May(identity.EditContent); err != nil {
		return err
	}
	if err := checkContributors(list); err != nil {
		return err
	}
	if len(list) > maxContributors {
		return apperr.Fields(map[string]string{"contributors": "publications.contributors_many"})
	}
	return s.change(ctx, actor, identity.EditContent, subject.Article, publicID, func(tx pgx.Tx, r record) error {
		if r.version != version {
			return apperr.New(apperr.Conflict, "publications.changed")
		}
		if err := (repository{tx}).saveContributors(ctx, r.ref.ID, list); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "article.contributors", Subject: r.ref, Payload: list})
	})
}

// Edit runs fn on a locked record inside its transaction, for what other engines keep of
// it (its cover). Errors: forbidden, not found, what fn returns.
func (s *Service) Edit(ctx context.Context, actor identity.Actor, kind subject.Kind, publicID string, fn func(tx pgx.Tx, ref subject.Ref) error) error {
	return s.change(ctx, actor, identity.EditContent, kind, publicID, func(tx pgx.Tx, r record) error { return fn(tx, r.ref) })
}
