package replies

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
)

// Service is what can be done with templates.
type Service struct {
	db  postgres.DB
	now func() time.Time
}

// New makes the service.
func New(db postgres.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Limits of what is typed, in characters.
const (
	maxTitle = 120
	maxText  = 8000
)

// mostListed is how many templates one list shows; a desk that has more has lost its view.
const mostListed = 500

// List lists all templates, retired ones last. Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor) (list []Template, err error) {
	if err := actor.May(identity.EditServices); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.list(ctx)
		return err
	})
	return list, err
}

// For lists the templates that an office writes with: its own, and everybody's.
// Errors: sign_in, forbidden.
func (s *Service) For(ctx context.Context, actor identity.Actor, office string) (list []Template, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.of(ctx, office)
		return err
	})
	return list, err
}

// Open is one template. Errors: sign_in, forbidden, not found.
func (s *Service) Open(ctx context.Context, actor identity.Actor, publicID string) (t Template, err error) {
	if err := actor.May(identity.EditServices); err != nil {
		return t, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		t, err = repository{q}.one(ctx, publicID)
		return err
	})
	return t, err
}

// Save stores a template: a new one where it has no public identifier, which then comes back.
// Errors: sign_in, forbidden, not found, invalid by field (an unknown placeholder too),
// conflict (somebody changed it since).
func (s *Service) Save(ctx context.Context, actor identity.Actor, t Template) (publicID string, err error) {
	if err := actor.May(identity.EditServices); err != nil {
		return "", err
	}
	if err := t.check(); err != nil {
		return "", err
	}
	action := "reply.edit"
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) (err error) {
		if err := known(ctx, tx, t.Office); err != nil {
			return err
		}
		if t.PublicID == "" {
			action, t.PublicID = "reply.create", subject.NewPublicID()
			t.ID, err = repository{tx}.insert(ctx, actor, t, s.now())
		} else {
			t.ID, err = repository{tx}.update(ctx, t, s.now())
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: subject.Ref{Kind: subject.ReplyText, ID: t.ID},
			Payload: map[string]any{"title": t.Title, "office": t.Office, "texts": t.Texts}})
	})
	return t.PublicID, err
}

func (t *Template) check() error {
	fields, unknown := map[string]string{}, []string{}
	switch {
	case t.Title == "":
		fields["title"] = "error.required"
	case len([]rune(t.Title)) > maxTitle:
		fields["title"] = "error.too_long"
	}
	texts := map[string]string{}
	for _, lang := range locale.Langs() {
		text, field := t.Texts[string(lang)], "text_"+string(lang)
		if text == "" {
			continue
		}
		texts[string(lang)] = text
		if len([]rune(text)) > maxText {
			fields[field] = "error.too_long"
		}
		if found := Unknown(text); len(found) > 0 {
			fields[field] = "replies.unknown"
			unknown = append(unknown, slices.DeleteFunc(found, func(f string) bool { return slices.Contains(unknown, f) })...)
		}
	}
	if t.Texts = texts; len(texts) == 0 {
		fields["text_"+string(locale.Langs()[0])] = "replies.no_text"
	}
	if len(fields) == 0 {
		return nil
	}
	return &apperr.Error{Code: apperr.Invalid, Key: "error.check_fields", Fields: fields, Args: []any{"Names", strings.Join(unknown, ", ")}}
}

// known refuses an office that the union does not have.
func known(ctx context.Context, q postgres.Querier, office string) error {
	list, err := services.Offices(ctx, q)
	if err != nil || office == "" || slices.ContainsFunc(list, func(b services.Bureau) bool { return b.Code == office }) {
		return err
	}
	return apperr.Fields(map[string]string{"office": "replies.no_office"})
}

// Retire takes a template out of use, or back into it; what was written with it stays.
// Errors: sign_in, forbidden, not found, conflict (somebody changed it since).
func (s *Service) Retire(ctx context.Context, actor identity.Actor, publicID string, version int, retired bool) error {
	if err := actor.May(identity.EditServices); err != nil {
		return err
	}
	action := "reply.revive"
	if retired {
		action = "reply.retire"
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		id, err := repository{tx}.retire(ctx, publicID, version, retired, s.now())
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: subject.Ref{Kind: subject.ReplyText, ID: id}})
	})
}

// Locate names templates for lists that mix kinds.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select t.id, s.public_id, t.title from reply_templates t join subjects s on s.id = t.id where t.id = any($1)`, ids)
		var id int64
		var publicID, title string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title}, func() error {
			out[id] = subject.Place{Title: title, Path: "/" + lang + "/desk/replies/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
