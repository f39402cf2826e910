package requests

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

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
// city. Errors: sign_in, forbidden, not found, invalid, conflict (the case ended), the claim's.
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
		writer.OrgID = r.OrgID
		id, err := s.said(ctx, tx, writer, actor, *r, messages.Said{Side: messages.In, Body: m.Body, Mail: m.Mail, Sender: m.Sender}, m.Uploads)
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.message_in", fmt.Sprint("message/", id), map[string]any{"Quote": cut(m.Body)})
	})
}

// Numbered finds the request of a reference in any spelling, or of a public identifier.
// Errors: sign_in, forbidden, not found.
func (s *Service) Numbered(ctx context.Context, actor identity.Actor, number string) (*Request, error) {
	if reference, ok := ParseReference(number); ok {
		if err := actor.May(reads(actor)); err != nil {
			return nil, err
		}
		err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
			return postgres.Explain(q.QueryRow(ctx, `
				select s.public_id from requests r join subjects s on s.id = r.id where r.reference = $1`, reference).Scan(&number), "requests.not_found")
		})
		if err != nil {
			return nil, err
		}
	}
	return s.Open(ctx, actor, number)
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
