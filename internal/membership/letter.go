package membership

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Letters is the register of official letters, as far as an admission needs it.
type Letters interface {
	// Welcome issues the letter of an admission in the transaction that admits; it says more
	// than its template, and is to the head by name where the application gives one.
	Welcome(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Application, in Admission, head, more string) error
	// Welcomed is that letter as PDF. Errors: not found.
	Welcomed(ctx context.Context, q postgres.Querier, a Application) (content []byte, name string, err error)
}

// Letter is the union's letter of admission as PDF, as the register of letters holds it.
// Errors: sign_in, forbidden, not found (not admitted, or no letter was issued).
func (s *Service) Letter(ctx context.Context, actor identity.Actor, publicID string) (content []byte, name string, err error) {
	if err := actor.May(reads(actor)); err != nil {
		return nil, "", err
	}
	p, err := s.Paper(ctx, actor, string(locale.Of(ctx).Lang), publicID)
	if err != nil {
		return nil, "", err
	}
	if p.State != Admitted {
		return nil, "", apperr.New(apperr.NotFound, "membership.not_found")
	}
	// The applicant's own side sees no letters of members; this one is about its own application.
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		content, name, err = s.Letters.Welcomed(ctx, q, *p.Application)
		return err
	})
	return content, name, err
}

// welcome issues the letter of an admission, in the applicant's language.
func (s *Service) welcome(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Application, f Facts, in Admission) error {
	lang := locale.Lang(a.Lang)
	reader := locale.With(ctx, locale.Reader{Lang: lang, Zone: s.zone})
	say := func(key string, args ...any) string { return locale.Text(lang, "membership.letter."+key, args...) }
	facts := []string{say("kind", "Kind", locale.Text(lang, "membership.kind."+string(a.Kind)))}
	if f.Resolution != "" {
		facts = append(facts, say("resolution", "Number", f.Resolution, "Day", locale.Date(reader, f.ResolvedOn)))
	}
	more := []string{strings.Join(facts, "\n")}
	if len(in.Invite) > 0 {
		more = append(more, say("people"))
	}
	return s.Letters.Welcome(ctx, tx, actor, a, in, f.Head, strings.Join(append(more, say("welcome")), "\n\n"))
}
