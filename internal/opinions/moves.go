package opinions

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Moved does what a move of the case means for its opinion, in the transaction of the move:
// before signing there is a text, the last signature makes the paper with its number, sending
// shows it to who asked, publishing makes the precedent. signers are the names of those who
// signed. Errors: conflict (what the move rests on is missing).
func (s *Service) Moved(ctx context.Context, tx pgx.Tx, actor identity.Actor, c Case, move string, signers []string) error {
	if !slices.Contains([]string{"to_sign", "sign", "send", "anonymise", "publish"}, move) {
		return nil
	}
	f, err := repository{tx}.fileOf(ctx, c)
	if err != nil {
		return err
	}
	switch move {
	case "to_sign":
		if len(f.Texts) == 0 {
			return apperr.New(apperr.Conflict, "opinions.no_text")
		}
		return nil
	case "sign":
		return s.issue(ctx, tx, actor, f, signers)
	}
	if f.Paper == nil {
		return apperr.New(apperr.Conflict, "opinions.no_paper")
	}
	switch move {
	case "send":
		_, err = tx.Exec(ctx, `update opinion_papers set sent_at = $2 where request_id = $1`, c.ID, s.now())
		return err
	case "anonymise":
		return s.finished(ctx, tx, f)
	}
	return s.publish(ctx, tx, actor, f)
}

// issue makes the paper of the text that was signed.
func (s *Service) issue(ctx context.Context, tx pgx.Tx, actor identity.Actor, f File, signers []string) error {
	if len(f.Texts) == 0 {
		return apperr.New(apperr.Conflict, "opinions.no_text")
	}
	text := f.Last()
	p := Paper{RequestID: f.ID, OrgID: f.OrgID, Year: s.today().Year(), Version: text.Version, Lang: text.Lang, Title: text.Title, Body: text.Body,
		CaseReference: f.Reference, Sender: s.union[locale.Default], Addressee: f.OrgName, Signers: signers, IssuedOn: s.today()}
	if name, ok := s.union[locale.Lang(text.Lang)]; ok {
		p.Sender = name
	}
	if err := (repository{tx}).issue(ctx, &p, s.now()); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "opinion.issue", Subject: f.Ref(), Payload: map[string]any{"number": p.Reference(), "version": p.Version}})
}

// finished reports what is still missing before others may read the opinion.
func (s *Service) finished(ctx context.Context, q postgres.Querier, f File) error {
	if f.Redaction == nil {
		return apperr.New(apperr.Conflict, "opinions.not_redacted")
	}
	return s.ready(ctx, q, f, *f.Redaction)
}

// ready finds what a redaction lacks, and names of the asker that it leaves.
// Errors: conflict.
func (s *Service) ready(ctx context.Context, q postgres.Querier, f File, x Redaction) error {
	if x.complete() != nil {
		return apperr.New(apperr.Conflict, "opinions.not_redacted")
	}
	left, err := s.left(ctx, q, f, x)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return apperr.New(apperr.Conflict, "opinions.name_left", "Names", strings.Join(left, ", "))
	}
	return nil
}

// left lists the asker's names that the public would read.
func (s *Service) left(ctx context.Context, q postgres.Querier, f File, x Redaction) ([]string, error) {
	names, err := repository{q}.names(ctx, f.Case)
	if err != nil {
		return nil, err
	}
	texts := append([]string{x.Title, x.Question, Public(f.Paper.Body, x.Hidden)}, x.Laws...)
	return Left(texts, names), nil
}

// publish makes the precedent of an anonymised opinion.
func (s *Service) publish(ctx context.Context, tx pgx.Tx, actor identity.Actor, f File) error {
	if err := s.finished(ctx, tx, f); err != nil {
		return err
	}
	p, err := repository{tx}.publish(ctx, f, s.now())
	if err != nil {
		return err
	}
	if err := s.show(ctx, tx, p); err != nil {
		return err
	}
	entry := audit.Entry{Actor: actor, Action: "precedent.publish", Subject: p.Ref(), Payload: map[string]string{"number": p.Reference}}
	if err := audit.Record(ctx, tx, entry); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag)
}

// Drafted is a redaction as its page shows it: both texts, and what is offered.
type Drafted struct {
	File
	Parts []Part   // of the signed text
	Names []string // of the asker, to be hidden
	Left  []string // of them, that the public would still read
}

// Preview shows what a redaction would leave. Errors: sign_in, forbidden, not found (nothing
// was signed yet).
func (s *Service) Preview(ctx context.Context, actor identity.Actor, publicID string, x *Redaction) (out Drafted, err error) {
	if err := actor.May(identity.WriteOpinions); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		if out.File, err = (repository{q}).file(ctx, publicID, false); err != nil {
			return err
		}
		if out.Paper == nil {
			return apperr.New(apperr.NotFound, "opinions.no_paper")
		}
		if out.Names, err = (repository{q}).names(ctx, out.Case); err != nil {
			return err
		}
		if x == nil {
			x = out.Redaction
		}
		if x == nil {
			x = first(out)
		}
		out.Redaction, out.Parts = x, Parts(out.Paper.Body, x.Hidden)
		out.Left, err = s.left(ctx, q, out.File, *x)
		return err
	})
	return out, err
}

// first is what a redaction begins with: every name of the asker that stands in the text.
func first(d Drafted) *Redaction {
	x := Redaction{}
	for _, name := range d.Names {
		if len(Left([]string{d.Paper.Body}, []string{name})) > 0 {
			x.Hidden = append(x.Hidden, Hidden{Text: name})
		}
	}
	return &x
}
