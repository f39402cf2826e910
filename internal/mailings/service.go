package mailings

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Members is the register of members, as far as mailings need it.
type Members interface {
	// Matching lists the ids of the organisations that a filter leaves.
	Matching(ctx context.Context, q postgres.Querier, actor identity.Actor, f Filter) ([]int64, error)
}

// Service is everything that can be done with mailings.
type Service struct {
	db        postgres.DB
	members   Members
	perMinute int // letters of all mailings together
	now       func() time.Time

	// Agree records that a person with an account wants news, or wants none any more.
	Agree func(ctx context.Context, tx pgx.Tx, userID int64, wants bool) error
}

// New makes the service; no more than perMinute letters leave in a minute, for the sake of
// the mail server, in all mailings together.
func New(db postgres.DB, members Members, perMinute int, now func() time.Time) *Service {
	return &Service{db: db, members: members, perMinute: max(1, perMinute), now: now}
}

// Create begins a mailing and returns its public identifier.
// Errors: sign_in, forbidden, invalid by field.
func (s *Service) Create(ctx context.Context, actor identity.Actor, in Input) (publicID string, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return "", err
	}
	if err := in.check(); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		m := Mailing{PublicID: subject.NewPublicID()}
		publicID = m.PublicID
		if m.ID, err = (repository{tx}).insert(ctx, actor, m.PublicID, in); err != nil {
			return err
		}
		return record(ctx, tx, actor, m, "mailing.create", in)
	})
	return publicID, err
}

// Edit changes whom a draft goes to. Errors: sign_in, forbidden, not found, invalid by field,
// conflict (a colleague was quicker; it is no draft any more).
func (s *Service) Edit(ctx context.Context, actor identity.Actor, publicID string, version int, in Input) error {
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	if err := in.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, m Mailing) error {
		if m.State != Draft {
			return apperr.New(apperr.Conflict, "mailings.sent_already")
		}
		if m.Version != version {
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		if err := (repository{tx}).edit(ctx, m.ID, in); err != nil {
			return err
		}
		return record(ctx, tx, actor, m, "mailing.edit", in)
	})
}

// change locks a mailing and lets fn act on it. Errors: not found, what fn returns.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, m Mailing) error) error {
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		m, err := repository{tx}.lock(ctx, publicID)
		if err != nil {
			return err
		}
		return fn(tx, m)
	})
}

// Show reads a mailing. Errors: sign_in, forbidden, not found.
func (s *Service) Show(ctx context.Context, actor identity.Actor, publicID string) (m Mailing, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return m, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		m, err = repository{q}.open(ctx, publicID)
		return err
	})
	return m, err
}

// PageSize is how many rows a page of a list has.
const PageSize = 50

// List is the mailings, the newest first, after the one of a public identifier. next leads
// to the following page. Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, after string) (list []Row, next string, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.list(ctx, after, PageSize+1)
		return err
	})
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].PublicID
	}
	return list, next, err
}

// Locate names mailings for lists that mix kinds.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select s.id, s.public_id, coalesce((select x.title from translations t join texts x on x.subject_id = t.subject_id and x.lang = t.lang and x.version = t.version
				where t.subject_id = s.id and t.source), '') from subjects s where s.id = any($1) and s.kind = 'mailing'`, ids)
		var id int64
		var publicID, title string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title}, func() error {
			out[id] = subject.Place{Title: title, Path: "/" + lang + "/desk/mailings/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}

func record(ctx context.Context, tx pgx.Tx, actor identity.Actor, m Mailing, action string, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: m.Ref(), Payload: payload})
}
