package opinions

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Service is everything that can be done with opinions.
type Service struct {
	db    postgres.DB
	union map[locale.Lang]string
	zone  *time.Location // of the union, whose days and years count
	now   func() time.Time
}

// New makes the service; union is the union's name by language.
func New(db postgres.DB, union map[locale.Lang]string, zone *time.Location, now func() time.Time) *Service {
	return &Service{db: db, union: union, zone: zone, now: now}
}

// today is the union's day, as dates are stored.
func (s *Service) today() time.Time {
	now := s.now().In(s.zone)
	return time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
}

// Open reads a case's opinion for staff. Errors: sign_in, forbidden, not found (no such case,
// or one that ends without an opinion).
func (s *Service) Open(ctx context.Context, actor identity.Actor, publicID string) (f File, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return f, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		f, err = repository{q}.file(ctx, publicID, false)
		return err
	})
	return f, err
}

// Write stores a new version of the text; what is not changed is no new version.
// Errors: sign_in, forbidden, not found, invalid by field, conflict (it is being signed; a
// colleague wrote meanwhile).
func (s *Service) Write(ctx context.Context, actor identity.Actor, publicID string, d Draft) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, f File) error {
		if err := d.check(); err != nil {
			return err
		}
		if !f.Writable() {
			return apperr.New(apperr.Conflict, "opinions.not_writable")
		}
		last := f.Last()
		if last.Version != d.Base {
			return apperr.New(apperr.Conflict, "opinions.changed")
		}
		if last.Title == d.Title && last.Body == d.Body {
			return nil
		}
		_, err := tx.Exec(ctx, `
			insert into opinion_texts (request_id, version, lang, title, body, actor_id, at) values ($1, $2, $3, $4, $5, $6, $7)`,
			f.ID, last.Version+1, f.Lang, d.Title, d.Body, actor.UserID, s.now())
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "opinion.write", Subject: f.Ref(), Payload: map[string]int{"version": last.Version + 1}})
	})
}

// Redact stores what is hidden of a signed opinion and what is said of it to the public; it
// may be incomplete until the opinion is marked as anonymised.
// Errors: sign_in, forbidden, not found, invalid by field, conflict (it was not sent yet, or
// is published; a colleague worked on it meanwhile).
func (s *Service) Redact(ctx context.Context, actor identity.Actor, publicID string, x Redaction) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, f File) error {
		if err := x.check(); err != nil {
			return err
		}
		if f.Paper == nil || !f.Redactable() {
			return apperr.New(apperr.Conflict, "opinions.not_redactable")
		}
		if f.Redaction != nil && f.Redaction.Version != x.Version {
			return apperr.New(apperr.Conflict, "opinions.changed")
		}
		if f.State == "anonymised" { // who may publish it now relies on what was said
			if err := s.ready(ctx, tx, f, x); err != nil {
				return err
			}
		}
		if err := (repository{tx}).saveRedaction(ctx, actor, f.ID, x, s.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "opinion.redact", Subject: f.Ref(), Payload: map[string]int{"passages": len(x.Hidden)}})
	})
}

// change locks a case for who writes opinions, and lets fn act on it.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, f File) error) error {
	if err := actor.May(identity.WriteOpinions); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		f, err := repository{tx}.file(ctx, publicID, true)
		if err != nil {
			return err
		}
		return fn(tx, f)
	})
}

// Paper reads a signed opinion: staff any, a member its own once it was sent.
// Errors: sign_in, forbidden, not found.
func (s *Service) Paper(ctx context.Context, actor identity.Actor, publicID string) (p *Paper, err error) {
	may := identity.ReadRequests
	if actor.Side == identity.Member {
		may = identity.ReadOwnRequests
	}
	if err := actor.May(may); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		p, err = repository{q}.paper(ctx, `join subjects s on s.id = p.request_id and s.public_id = $1
			where not $2 or p.org_id = $3 and p.sent_at is not null`, publicID, actor.Side == identity.Member, actor.OrgID)
		return err
	})
	if err == nil && p == nil {
		err = apperr.New(apperr.NotFound, "opinions.not_found")
	}
	return p, err
}

// Standing says what there is of a case's opinion, for the case's own page; the caller has
// asked whether the actor may read the case.
func (s *Service) Standing(ctx context.Context, q postgres.Querier, actor identity.Actor, id int64) (Standing, error) {
	var out Standing
	p, err := repository{q}.paper(ctx, `where p.request_id = $1`, id)
	if err != nil {
		return out, err
	}
	if p != nil {
		out.Reference, out.IssuedOn, out.Sent, out.Slug = p.Reference(), p.IssuedOn, p.SentAt != nil, p.Precedent
	}
	if actor.Side == identity.Member {
		return out, nil
	}
	err = q.QueryRow(ctx, `select coalesce(max(version), 0), exists (select from redactions where request_id = $1) from opinion_texts where request_id = $1`, id).
		Scan(&out.Versions, &out.Redacted)
	return out, err
}
