package requests

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Mailed is a letter that came by e-mail and becomes a message of its city.
type Mailed struct {
	Mail    int64 // the letter
	Body    string
	Sender  string // its writer, for a letter that staff add
	OfCity  bool   // that writer acts for the city; else it stands under the name alone
	Uploads []string
	// Claim says in the same transaction that the letter was taken; its error ends all.
	Claim func(ctx context.Context, tx pgx.Tx, ref subject.Ref) error
}

// WriteByMail sends the union a letter of the actor's as a message, by the rules of Write. A
// letter moves nothing: also one that answers a question waits until staff have read it.
// Errors: as Write, and the claim's.
func (s *Service) WriteByMail(ctx context.Context, actor identity.Actor, publicID string, m Mailed) error {
	return s.mailed(ctx, actor, actor, identity.EditDraft, publicID, m)
}

// TakeMail adds a letter that staff vouch for to the case that it belongs to, as words of its
// writer: the city is named where the writer acts for it. Errors: sign_in, forbidden, not found, invalid, conflict (the case ended), the claim's.
func (s *Service) TakeMail(ctx context.Context, actor identity.Actor, publicID string, m Mailed) error {
	return s.mailed(ctx, identity.Worker(), actor, identity.HandleRequests, publicID, m)
}

func (s *Service) mailed(ctx context.Context, writer, actor identity.Actor, may identity.Permission, publicID string, m Mailed) error {
	return s.change(ctx, actor, may, publicID, func(tx pgx.Tx, r *Request) error {
		if err := r.talkative(); err != nil {
			return err
		}
		if err := m.Claim(ctx, tx, r.Ref()); err != nil {
			return err
		}
		if m.Sender == "" || m.OfCity {
			writer.OrgID = r.OrgID
		}
		id, err := s.said(ctx, tx, writer, actor, *r, messages.Said{Side: messages.In, Body: m.Body, Mail: m.Mail, Sender: m.Sender}, m.Uploads)
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.message_in", fmt.Sprint("message/", id), map[string]any{"Quote": cut(m.Body)})
	})
}

// ReturnMail takes away the message of a letter that staff added, as messages.Retract allows;
// release lets the letter go in the same transaction.
// Errors: sign_in, forbidden, not found, conflict, release's.
func (s *Service) ReturnMail(ctx context.Context, actor identity.Actor, publicID string, mail int64, release func(context.Context, pgx.Tx) error) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if err := messages.Retract(ctx, tx, actor, r.Ref(), mail); err != nil {
			return err
		}
		return release(ctx, tx)
	})
}

// Numbered finds the request of a reference in any spelling, of its number before the portal,
// or of a public identifier. Errors: sign_in, forbidden, not found, invalid by field "number"
// (several have that number).
func (s *Service) Numbered(ctx context.Context, actor identity.Actor, number string) (*Request, error) {
	if err := actor.May(reads(actor)); err != nil {
		return nil, err
	}
	reference, _ := ParseReference(number)
	var found []string
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			with own as (select id from requests where reference = nullif($2, ''))
			select s.public_id from subjects s where s.id in (select id from own union all
				select id from requests where earlier_reference <> '' and lower(earlier_reference) = lower($1) and not exists (select from own)) limit 2`, number, reference)
		var err error
		found, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(found) > 1:
		return nil, apperr.Fields(map[string]string{"number": "mailin.several_cases"})
	case len(found) == 1:
		number = found[0]
	}
	return s.Open(ctx, actor, number)
}

// Reads is the language that most of a request's city reads. The caller has asked permission.
func (s *Service) Reads(ctx context.Context, r *Request) (lang locale.Lang, err error) {
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		lang, err = repository{q}.reads(ctx, r)
		return err
	})
	return lang, err
}

// reads is the language that most of a city's people read, of those that the portal speaks;
// where it has nobody, the city's own.
func (r repository) reads(ctx context.Context, c *Request) (lang locale.Lang, err error) {
	err = r.db.QueryRow(ctx, `
		select coalesce((select u.lang from mandates m join users u on u.id = m.user_id and u.active
			where m.org_id = $1 and now() >= m.starts_at and now() < m.ends_at and m.role in ('member_editor', 'member_approver')
			group by u.lang order by count(*) desc, u.lang limit 1), $2)`, c.OrgID, c.OrgLang).Scan(&lang)
	if !locale.Known(string(lang)) {
		lang = locale.Default
	}
	return lang, err
}

// replyTo is the address at which a letter about a request is answered, while its city may write.
func (s *Service) replyTo(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
	if s.ReplyTo == nil {
		return "", nil
	}
	r, err := repository{q}.byRef(ctx, ref)
	if err != nil || r.talkative() != nil {
		return "", err
	}
	return s.ReplyTo(r.PublicID), nil
}
