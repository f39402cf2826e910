package requests

import (
	"context"
	"fmt"
	"maps"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// Start makes a draft of the actor's organisation for a service (its slug or code), written
// in lang (BCP 47), and returns its public identifier. It is handled by the version that is
// in force now.
// Errors: sign_in, forbidden (the service is not for this organisation), not found (no such
// service; an organisation without a country), conflict (it takes no requests).
func (s *Service) Start(ctx context.Context, actor identity.Actor, service, lang string) (publicID string, err error) {
	if err := actor.May(identity.EditDraft); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		x, err := services.Open(ctx, tx, service)
		if err != nil {
			return err
		}
		if err := r.mayAsk(ctx, actor.OrgID, x); err != nil {
			return err
		}
		ref, id, err := r.identify(ctx, actor.OrgID)
		if err != nil {
			return err
		}
		publicID = id
		state, err := x.Machine(Life).Begin(ctx, tx, actor, ref, moveStart)
		if err != nil {
			return err
		}
		if err := r.insert(ctx, ref, actor, x, state, lang, s.now()); err != nil {
			return err
		}
		return s.answers.Begin(ctx, tx, actor, ref, x.Form)
	})
	return publicID, err
}

// Askable are the services that the actor's organisation may ask for now.
// Errors: sign_in, forbidden.
func (s *Service) Askable(ctx context.Context, actor identity.Actor) (out []services.Service, err error) {
	if err := actor.May(identity.EditDraft); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		kind, err := repository{q}.kindOf(ctx, actor.OrgID)
		if err != nil {
			return err
		}
		all, err := services.All(ctx, q)
		for _, x := range all {
			if x.May(kind) {
				out = append(out, x)
			}
		}
		return err
	})
	return out, err
}

// kindOf is what an organisation is to the services: its kind of membership, or what it is
// where it is no member. A place of the register without recorded facts asks as a full
// member does, as it could before kinds were asked for.
func (r repository) kindOf(ctx context.Context, orgID int64) (kind string, err error) {
	err = r.db.QueryRow(ctx, `
		select coalesce((select m.kind from memberships m where m.org_id = o.id and m.standing in ('active', 'suspended')),
			case o.kind when 'municipality' then 'full' else o.kind end)
		from organisations o where o.id = $1`, orgID).Scan(&kind)
	return kind, postgres.Explain(err, "requests.not_found")
}

func (r repository) mayAsk(ctx context.Context, orgID int64, x services.Service) error {
	kind, err := r.kindOf(ctx, orgID)
	if err == nil && !x.May(kind) {
		err = apperr.New(apperr.Forbidden, "catalogue.not_for_you")
	}
	return err
}

// Ask gives a complete draft to the organisation's approvers, and mails them.
// Errors: not found, invalid (answers are missing), conflict (it moved on; nobody may approve).
func (s *Service) Ask(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if r.State == WithApprover && r.Seq == seq+1 {
			return nil // pressed twice
		}
		if err := s.answers.Check(ctx, tx, actor, r.Ref()); err != nil {
			return err
		}
		names, err := repository{tx}.approvers(ctx, r.OrgID)
		if err != nil {
			return err
		}
		if len(names) == 0 {
			return apperr.New(apperr.Conflict, "requests.no_approver")
		}
		if err := s.name(ctx, tx, r); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveAsk, Seq: seq, Tell: map[string]any{"By": actor.Name}})
	})
}

// Recall takes a draft back from the approver, to change it. Errors: not found, conflict.
func (s *Service) Recall(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveRecall, Seq: seq})
	})
}

// Remind mails the approvers once more. Errors: not found, conflict (it does not wait),
// too many (a day has not passed).
func (s *Service) Remind(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		now := s.now()
		if r.State != WithApprover {
			return stale()
		}
		if !r.MayRemind(now) {
			return apperr.New(apperr.TooMany, "requests.reminded_today")
		}
		r.RemindedAt = &now
		if err := s.name(ctx, tx, r); err != nil {
			return err
		}
		if err := s.tell(ctx, tx, actor, *r, "requests.reminder", fmt.Sprintf("%d/%d", r.Seq, now.Unix()), map[string]any{"By": actor.Name}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.remind", Subject: r.Ref()})
	})
}

// Return gives a draft back to those who wrote it, with a word. Errors: forbidden, not
// found, invalid (no word), conflict.
func (s *Service) Return(ctx context.Context, actor identity.Actor, publicID string, seq int, word string) error {
	if tooLong(word, maxWord) {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.change(ctx, actor, identity.ApproveDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if err := s.name(ctx, tx, r); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveReturn, Seq: seq, Reason: word, Tell: map[string]any{"Quote": word, "By": actor.Name}})
	})
}

// Limits of what is typed with a step, in characters.
const (
	maxWord    = 4000
	maxMessage = messages.MaxLength
)

func tooLong(text string, most int) bool { return len(text) > most && len([]rune(text)) > most }

// Send approves a draft and submits it to the union in the organisation's name: it gets its
// reference, and everyone of the organisation a letter. Pressed twice it is sent once.
// Errors: forbidden, not found, invalid (answers are missing), conflict.
func (s *Service) Send(ctx context.Context, actor identity.Actor, publicID string, seq int) (reference string, err error) {
	err = s.change(ctx, actor, identity.ApproveDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if r.State == Submitted && r.Seq == seq+1 {
			reference = r.Reference
			return nil
		}
		if r.Seq != seq || !Private(r.State) {
			return stale()
		}
		summary, err := s.answers.Submit(ctx, tx, actor, r.Ref(), r.flow.Bind)
		if err != nil {
			return err
		}
		r.Summary = summary
		if r.Summary.Title == "" {
			r.Summary.Title = r.flow.Title.In(locale.Lang(r.Lang))
		}
		if err := s.wished(ctx, tx, r); err != nil {
			return err
		}
		now := s.now()
		n, err := repository{tx}.next(ctx, now.In(s.zone).Year())
		if err != nil {
			return err
		}
		r.Reference, r.SubmittedAt = Number(now.In(s.zone).Year(), n), &now
		reference = r.Reference
		if err := s.move(ctx, tx, actor, r, workflow.In{Move: moveSubmit, Seq: seq}); err != nil {
			return err
		}
		// Whoever sent it gets the receipt too: it is told as the portal's own.
		return s.tell(ctx, tx, identity.Actor{}, *r, "requests.submitted", "receipt", nil)
	})
	return reference, err
}

// wished marks a question that waits for an opinion as its asker wishes: urgent, or for
// nobody else to read. What staff marked before stays.
func (s *Service) wished(ctx context.Context, q postgres.Querier, r *Request) error {
	if !r.flow.Has(ToSign) {
		return nil
	}
	paper, err := s.answers.Load(ctx, q, r.Ref())
	r.Privileged = r.Privileged || paper.Answers["privilege"].Text == "closed"
	r.Urgent = r.Urgent || paper.Answers["urgency"].Text == "urgent"
	return err
}

// Answer answers the union's question, with files that were uploaded for it, and takes the
// request back into review. Errors: not found, invalid, conflict.
func (s *Service) Answer(ctx context.Context, actor identity.Actor, publicID string, seq int, body string, uploads []string) error {
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if _, err := s.write(ctx, tx, actor, *r, messages.In, body, uploads); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveAnswer, Seq: seq, Tell: map[string]any{"Quote": cut(body)}})
	})
}

// write writes a message of the actor's about a request. Errors: invalid (empty, too long, too
// many files).
func (s *Service) write(ctx context.Context, tx pgx.Tx, actor identity.Actor, r Request, side messages.Side, body string, uploads []string) (id int64, err error) {
	if len(uploads) > messages.MaxFiles {
		return 0, apperr.New(apperr.Invalid, "files.most", "Most", messages.MaxFiles)
	}
	return s.said(ctx, tx, actor, actor, r, messages.Said{Side: side, Body: body}, uploads)
}

// said writes a message of writer's about a request, with files that actor brought for it.
func (s *Service) said(ctx context.Context, tx pgx.Tx, writer, actor identity.Actor, r Request, m messages.Said, uploads []string) (id int64, err error) {
	if id, err = messages.Write(ctx, tx, writer, r.Ref(), r.OrgID, m); err != nil {
		return 0, err
	}
	var files []documents.Document
	for _, upload := range uploads {
		d, err := s.answers.Attach(ctx, tx, actor, r.Ref(), upload, m.Side.Audience())
		if err != nil {
			return 0, err
		}
		files = append(files, d)
	}
	return id, messages.Attach(ctx, tx, id, files...)
}

// Write sends the union a message about a request that is under way.
// Errors: not found, invalid, conflict (it ended, or was never sent).
func (s *Service) Write(ctx context.Context, actor identity.Actor, publicID, body string, uploads []string) error {
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if err := r.talkative(); err != nil {
			return err
		}
		id, err := s.write(ctx, tx, actor, *r, messages.In, body, uploads)
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, *r, "requests.message_in", fmt.Sprint("message/", id), map[string]any{"Quote": cut(body)})
	})
}

// talkative reports whether its city may still write about a request: nil, or a conflict.
func (r Request) talkative() error {
	if r.SubmittedAt == nil || !r.Open() {
		return apperr.New(apperr.Conflict, "requests.over")
	}
	return nil
}

// Withdraw ends a request that its organisation no longer wants. Errors: not found, conflict.
func (s *Service) Withdraw(ctx context.Context, actor identity.Actor, publicID string, seq int, word string) error {
	if tooLong(word, maxWord) {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if err := s.name(ctx, tx, r); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveWithdraw, Seq: seq, Reason: word, Tell: map[string]any{"Quote": word}})
	})
}

// cut is the beginning of a message, for a letter.
func cut(body string) string {
	const most = 1200
	if runes := []rune(body); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return body
}

// name fills in the title of drafts from their answers; one without a title is called what
// its service is called.
func (s *Service) name(ctx context.Context, q postgres.Querier, list ...*Request) error {
	if err := flows(ctx, q, list...); err != nil {
		return err
	}
	drafts := map[string][]int64{} // by the field that names them
	for _, r := range list {
		if field := r.flow.Bind[colTitle]; r.SubmittedAt == nil && field != "" {
			drafts[field] = append(drafts[field], r.ID)
		}
	}
	titles := map[int64]string{}
	for field, ids := range drafts {
		found, err := s.answers.Titles(ctx, q, ids, field)
		if err != nil {
			return err
		}
		maps.Copy(titles, found)
	}
	for _, r := range list {
		if title := titles[r.ID]; title != "" {
			r.Summary.Title = title
		}
	}
	return nil
}
