// Package privacy is what people can do about their own data: read the notice, consent to
// what is not needed, take a copy, ask to be forgotten. What is personal, each area declares
// (internal/personal). Sources of the rules: KVKK (law 6698) art. 5, 7, 10, 11, 13, 14 and
// GDPR art. 6, 7, 12 to 22.
package privacy

import (
	"context"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Options are what the service is wired with.
type Options struct {
	Parts   []personal.Part // of every area
	Store   blob.Store      // where archives lie
	Spool   string          // folder for an archive while it is made; empty: the system's
	Fresh   time.Duration   // how old a proof of who one is may be
	Content func(ctx context.Context, digest string) (io.ReadSeekCloser, error)
}

// Service is everything that can be done with personal data.
type Service struct {
	db      postgres.DB
	now     func() time.Time
	options Options
}

// New makes the service.
func New(db postgres.DB, now func() time.Time, o Options) *Service {
	return &Service{db: db, now: now, options: o}
}

// own lets signed-in people at what is theirs. Errors: sign_in.
func own(actor identity.Actor) error {
	if !actor.SignedIn() {
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	return nil
}

// proved is own for what needs a fresh proof of who asks. Errors: sign_in, prove.
func (s *Service) proved(actor identity.Actor) error {
	if err := own(actor); err != nil {
		return err
	}
	return s.fresh(actor)
}

func (s *Service) fresh(actor identity.Actor) error {
	if s.now().Sub(actor.Proved) > s.options.Fresh {
		return apperr.New(apperr.Prove, "accounts.prove_first")
	}
	return nil
}

// asSystem is the actor writing as the portal itself, once the right was asked for: the
// tables of accounts are the owner's alone.
func asSystem(actor identity.Actor) identity.Actor {
	actor.Side = identity.System
	return actor
}

func personRef(id int64) subject.Ref { return subject.Ref{Kind: subject.User, ID: id} }

func (s *Service) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, action string, payload any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "privacy." + action, Subject: ref, Payload: payload})
}

type repository struct{ db postgres.Querier }
