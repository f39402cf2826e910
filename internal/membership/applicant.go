package membership

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/throttle"
	"github.com/birlik/portal/internal/workflow"
)

// LinkLives is how long a mailed link opens an application. Each letter carries a new one.
const LinkLives = 90 * 24 * time.Hour

// Limits on new applications: of one network, and to one mailbox.
var (
	byNetwork = throttle.Bucket{Name: "join", Burst: 10, Interval: 6 * time.Minute}
	byMailbox = throttle.Bucket{Name: "join-inbox", Burst: 3, Interval: 20 * time.Minute}
)

// Started is a new application and the secret that opens it in this browser.
type Started struct {
	PublicID string
	Token    string
}

// Start makes a draft for whoever has no account, and mails the link that leads back to it.
// Errors: invalid (no address), too many (from this network, or to this mailbox).
func (s *Service) Start(ctx context.Context, email, lang string, from netip.Addr) (Started, error) {
	if !mail.ValidAddress(email) {
		return Started{}, apperr.Fields(map[string]string{"email": "accounts.email_format"})
	}
	out := Started{PublicID: subject.NewPublicID()}
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) (err error) {
		if err := s.allow(ctx, tx, email, from); err != nil {
			return err
		}
		applicant, ref, err := s.settle(ctx, tx, out.PublicID, lang)
		if err != nil {
			return err
		}
		state, err := Life.Begin(ctx, tx, applicant, ref, moveStart)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into applications (id, org_id, state, seq, lang, email, created_at) values ($1, $2, $3, 1, $4, $5, $6)`,
			ref.ID, applicant.OrgID, state, lang, email, s.now())
		if err != nil {
			return err
		}
		if err := begin(ctx, tx, ref); err != nil {
			return err
		}
		if out.Token, err = s.link(ctx, tx, ref.ID); err != nil {
			return err
		}
		return notify.Enqueue(ctx, tx, notify.Event{Name: "membership.started", Subject: ref, Key: ref.String()})
	})
	return out, err
}

// begin starts the answers to the form as it is today: its countries are the union's own
// list, which staff change.
func begin(ctx context.Context, tx pgx.Tx, ref subject.Ref) error {
	list, err := countries(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := forms.Publish(ctx, tx, Form(list)); err != nil {
		return err
	}
	return forms.Begin(ctx, tx, ref, part, FormKey)
}

// settle makes the applicant's own organisation and the application's subject.
func (s *Service) settle(ctx context.Context, tx pgx.Tx, publicID, lang string) (identity.Actor, subject.Ref, error) {
	ref, org := subject.Ref{Kind: subject.Application}, int64(0)
	err := tx.QueryRow(ctx, `
		with n as (select nextval(pg_get_serial_sequence('subjects', 'id')) as id),
		s as (insert into subjects (id, kind, org_id, public_id) overriding system value select id, 'organisation', id, $1 from n returning id)
		insert into organisations (id, kind, subject_kind, name, lang, active) select id, 'applicant', 'organisation', '–', $2, false from s returning id`,
		subject.NewPublicID(), lang).Scan(&org)
	if err != nil {
		return identity.Actor{}, ref, err
	}
	err = tx.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('application', $1, $2) returning id`, org, publicID).Scan(&ref.ID)
	return applicant(org, lang), ref, err
}

// applicant is whoever holds an application's link: an actor of its organisation.
func applicant(orgID int64, lang string) identity.Actor {
	return identity.Actor{Side: identity.Member, OrgID: orgID, Lang: lang, Roles: []identity.Role{identity.Applicant}}
}

// allow counts what is begun from a network and for a mailbox. Errors: too many.
func (s *Service) allow(ctx context.Context, tx pgx.Tx, email string, from netip.Addr) error {
	for bucket, of := range map[throttle.Bucket]string{byNetwork: throttle.Network(from), byMailbox: strings.ToLower(email)} {
		ok, err := bucket.Pass(ctx, tx, s.now(), of)
		if err != nil {
			return err
		}
		if !ok {
			return apperr.New(apperr.TooMany, "membership.too_many")
		}
	}
	return nil
}

// link gives an application one more secret.
func (s *Service) link(ctx context.Context, q postgres.Querier, id int64) (token string, err error) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	token = base64.RawURLEncoding.EncodeToString(b[:])
	_, err = q.Exec(ctx, `insert into application_links (token_hash, application_id, expires_at) values ($1, $2, $3)`, hash(token), id, s.now().Add(LinkLives))
	return token, err
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Enter finds the application that a secret opens, and who acts with it.
// Errors: not found (unknown, or it has run out).
func (s *Service) Enter(ctx context.Context, token string) (publicID string, actor identity.Actor, err error) {
	var org int64
	var lang string
	err = s.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select public_id, org_id, lang from open_application($1, $2)`, hash(token), s.now()).Scan(&publicID, &org, &lang)
	})
	return publicID, applicant(org, lang), postgres.Explain(err, "membership.link_dead")
}

// Paper is an application with all that was answered and all that happened.
type Paper struct {
	*Application
	Form     forms.Submission
	Currency string
	Steps    []workflow.Step
}

// Paper reads an application for its applicant, or for staff once it was sent.
// Errors: sign_in, forbidden, not found.
func (s *Service) Paper(ctx context.Context, actor identity.Actor, lang, publicID string) (Paper, error) {
	var p Paper
	if err := actor.May(reads(actor)); err != nil {
		return p, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if p.Application, err = r.open(ctx, actor, publicID); err != nil {
			return err
		}
		load := forms.Load
		if actor.Side != identity.Member {
			load = forms.LoadSubmitted // what the applicant is mending is not sent yet
		}
		if p.Form, err = load(ctx, q, p.Ref(), part); err != nil {
			return err
		}
		if p.Name == "" {
			p.Name = line(p.Form.Answers[fieldName])
		}
		if p.CountryName, _, err = r.country(ctx, lang, p.CountryID); err != nil {
			return err
		}
		if err := q.QueryRow(ctx, `select coalesce((select currency from countries where code = $1), '')`, p.Form.Answers[fieldCountry].Text).Scan(&p.Currency); err != nil {
			return err
		}
		p.Steps, err = workflow.History(ctx, q, p.Ref())
		return err
	})
	return p, err
}

func reads(actor identity.Actor) identity.Permission {
	if actor.Side == identity.Member {
		return identity.EditApplication
	}
	return identity.ReadMembers
}

// SavePage stores one page of a draft's answers, complete or not.
// Errors: not found, conflict (it was sent).
func (s *Service) SavePage(ctx context.Context, actor identity.Actor, publicID string, in forms.In) (forms.Saved, error) {
	var saved forms.Saved
	err := s.change(ctx, actor, identity.EditApplication, publicID, func(tx pgx.Tx, a *Application) (err error) {
		if !a.Editable() {
			return apperr.New(apperr.Conflict, "membership.not_a_draft")
		}
		in.At = s.now()
		saved, err = forms.Save(ctx, tx, actor, a.Ref(), part, in)
		return err
	})
	return saved, err
}

// Submit sends an application to the union: it gets its reference, and the applicant a
// letter. Pressed twice it is sent once. Errors: not found, invalid (answers are missing), conflict.
func (s *Service) Submit(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	return s.change(ctx, actor, identity.EditApplication, publicID, func(tx pgx.Tx, a *Application) error {
		if a.State == Submitted && a.Seq == seq+1 {
			return nil
		}
		if a.Seq != seq || !a.Editable() {
			return stale()
		}
		paper, err := forms.Submit(ctx, tx, actor, a.Ref(), part, s.now(), s.Today())
		if err != nil {
			return err
		}
		facts := factsOf(paper.Answers)
		a.listed(facts)
		if a.CountryID, err = (repository{tx}).countryByCode(ctx, facts.Country); err != nil {
			return err
		}
		if a.Reference == "" {
			if err := s.number(ctx, tx, a); err != nil {
				return err
			}
		}
		return s.move(ctx, tx, actor, a, workflow.In{Move: moveSubmit, Seq: seq})
	})
}

// number gives an application its reference of the year in the union's zone: "UYE-2026-0012".
func (s *Service) number(ctx context.Context, tx pgx.Tx, a *Application) error {
	now := s.now()
	var n int
	if err := tx.QueryRow(ctx, `select next_reference($1, $2)`, Prefix, now.In(s.zone).Year()).Scan(&n); err != nil {
		return err
	}
	a.Reference, a.SubmittedAt = fmt.Sprintf("%s-%d-%04d", Prefix, now.In(s.zone).Year(), n), &now
	return nil
}

// Prefix begins the references of applications: üyelik, membership.
const Prefix = "UYE"

// Withdraw ends an application that its applicant no longer wants, for a reason.
// Errors: not found, invalid (no reason), conflict.
func (s *Service) Withdraw(ctx context.Context, actor identity.Actor, publicID string, seq int, word string) error {
	if len([]rune(word)) > maxWord {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.change(ctx, actor, identity.EditApplication, publicID, func(tx pgx.Tx, a *Application) error {
		return s.move(ctx, tx, actor, a, workflow.In{Move: moveWithdraw, Seq: seq, Reason: word, Tell: map[string]any{"Quote": word}})
	})
}

// maxWord is the limit of what is typed with a step, in characters.
const maxWord = 4000

// MayRead is the right to the documents of applications.
// Errors: sign_in, forbidden, not found.
func (s *Service) MayRead(ctx context.Context, actor identity.Actor, d documents.Document) error {
	if err := actor.MayFor(reads(actor), d.OrgID); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var there bool
		err := q.QueryRow(ctx, `select $2 or submitted_at is not null from applications where id = $1`, d.Subject.ID, actor.Side == identity.Member).Scan(&there)
		if err == nil && !there {
			err = pgx.ErrNoRows
		}
		return postgres.Explain(err, "membership.not_found")
	})
}
