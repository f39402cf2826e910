package requests

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// plain are the moves that staff make with no more than a word: whether it is needed is the
// service's to say.
var plain = []string{moveReview, moveGoOn, moveBoard, moveBack, moveTurnDown, movePassOn, moveBegin, moveDeliver, moveClose,
	moveToSign, moveUnsign, moveSend, moveAnonymise, movePublish}

// Plain reports whether a move is made with no more than a word.
func Plain(move string) bool { return slices.Contains(plain, move) }

// Advance makes a move that needs no more than a word. Errors: forbidden, not found, invalid
// (the word, a tick or a paper is missing), conflict.
func (s *Service) Advance(ctx context.Context, actor identity.Actor, publicID, move string, seq int, word string) error {
	if !Plain(move) {
		return apperr.New(apperr.Invalid, "workflow.unknown")
	}
	if tooLong(word, maxWord) {
		return apperr.Fields(map[string]string{"reason": "error.too_long"})
	}
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		met, err := r.met(ctx, tx)
		if err != nil {
			return err
		}
		if paper, err := s.opinion(ctx, tx, actor, *r); err != nil {
			return err
		} else if paper.Reference != "" {
			met = append(met, workflow.Document) // the portal made the paper itself
		}
		err = s.move(ctx, tx, actor, r, workflow.In{Move: move, Seq: seq, Reason: word, Met: met, Tell: map[string]any{"Quote": cut(word)}})
		if err != nil {
			return err
		}
		return s.moved(ctx, tx, actor, *r, move, nil)
	})
}

// opinion is what there is of a request's opinion; nothing where its service gives none.
func (s *Service) opinion(ctx context.Context, q postgres.Querier, actor identity.Actor, r Request) (Opinion, error) {
	if s.Opinions == nil || !r.flow.Has(ToSign) {
		return Opinion{}, nil
	}
	return s.Opinions.Standing(ctx, q, actor, r.ID)
}

// moved tells the opinion of a move; signers are those who signed.
func (s *Service) moved(ctx context.Context, tx pgx.Tx, actor identity.Actor, r Request, move string, signers []string) error {
	if s.Opinions == nil || !r.flow.Has(ToSign) {
		return nil
	}
	return s.Opinions.Moved(ctx, tx, actor, r, move, signers)
}

// met are the needs that the step's checklist and papers satisfy.
func (r Request) met(ctx context.Context, q postgres.Querier) ([]workflow.Need, error) {
	var out []workflow.Need
	step, _ := r.flow.Step(r.State)
	ticks, err := repository{q}.ticks(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	done := true
	for _, item := range step.Checklist {
		done = done && slices.ContainsFunc(ticks, func(t Tick) bool { return t.Item == item.Key })
	}
	if done {
		out = append(out, workflow.Checklist)
	}
	files, err := documents.Of(ctx, q, r.Ref())
	if err != nil {
		return nil, err
	}
	there := true
	for _, paper := range step.Papers {
		there = there && slices.ContainsFunc(files, func(d documents.Document) bool { return d.Sort == PaperSort(paper.Key) })
	}
	if there {
		out = append(out, workflow.Document)
	}
	return out, nil
}

// PaperSort is the sort of documents that a step must leave behind.
func PaperSort(key string) string { return "step." + key }

// Tick is one item of a checklist that somebody ticked off.
type Tick struct {
	Item      string
	ActorName string
	At        time.Time
}

func (r repository) ticks(ctx context.Context, id int64) ([]Tick, error) {
	rows, _ := r.db.Query(ctx, `
		select c.item, u.name, c.at from request_checks c join users u on u.id = c.user_id where c.request_id = $1 order by c.at, c.item`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Tick])
}

// Tick ticks an item of the step's checklist off, or takes the tick away; twice is once.
// Errors: forbidden, not found, invalid (no such item in this step), conflict (it ended).
func (s *Service) Tick(ctx context.Context, actor identity.Actor, publicID, item string, on bool) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if !r.Open() {
			return stale()
		}
		if _, state, ok := r.flow.Item(item); !ok || state != r.State {
			return apperr.New(apperr.Invalid, "requests.no_such_item")
		}
		sql, action := `insert into request_checks (request_id, item, user_id, at) values ($1, $2, $3, $4) on conflict do nothing`, "request.tick"
		args := []any{r.ID, item, actor.UserID, s.now()}
		if !on {
			sql, action, args = `delete from request_checks where request_id = $1 and item = $2`, "request.untick", args[:2]
		}
		tag, err := tx.Exec(ctx, sql, args...)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: r.Ref(), Payload: map[string]string{"item": item}})
	})
}

// AttachPaper makes an upload one of the papers that the step must leave behind; the
// municipality sees it. Errors: forbidden, not found, invalid (no such paper, the upload),
// conflict (it ended).
func (s *Service) AttachPaper(ctx context.Context, actor identity.Actor, publicID, paper, upload string) error {
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if !r.Open() {
			return stale()
		}
		step, _ := r.flow.Step(r.State)
		for _, p := range step.Papers {
			if p.Key == paper {
				_, err := documents.Attach(ctx, tx, actor, r.Ref(), upload, PaperSort(paper), documents.Org)
				return err
			}
		}
		return apperr.New(apperr.Invalid, "requests.no_such_item")
	})
}

// neededSignatures is how many people sign an opinion.
const neededSignatures = 2

// Sign signs what waits for signatures; the second person's signature makes the move, and
// signed says so. Errors: forbidden, not found, conflict (it moved on; signed already).
func (s *Service) Sign(ctx context.Context, actor identity.Actor, publicID string, seq int) (signed bool, err error) {
	err = s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.State != ToSign || r.Seq != seq {
			return stale()
		}
		tag, err := tx.Exec(ctx, `insert into request_signatures (request_id, seq, user_id, at) values ($1, $2, $3, $4) on conflict do nothing`,
			r.ID, r.Seq, actor.UserID, s.now())
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return apperr.New(apperr.Conflict, "requests.signed_already")
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.signature", Subject: r.Ref()}); err != nil {
			return err
		}
		list, err := repository{tx}.signatures(ctx, r.ID, r.Seq)
		if err != nil || len(list) < neededSignatures {
			return err
		}
		signed = true
		if err := s.move(ctx, tx, actor, r, workflow.In{Move: moveSign, Seq: seq, Met: []workflow.Need{workflow.Signatures}}); err != nil {
			return err
		}
		return s.moved(ctx, tx, actor, *r, moveSign, names(list))
	})
	return signed, err
}

// Signature is who signed, and when.
type Signature struct {
	UserID    int64
	ActorName string
	At        time.Time
}

func names(list []Signature) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = x.ActorName
	}
	return out
}

func (r repository) signatures(ctx context.Context, id int64, seq int) ([]Signature, error) {
	rows, _ := r.db.Query(ctx, `
		select x.user_id, u.name, x.at from request_signatures x join users u on u.id = x.user_id where x.request_id = $1 and x.seq = $2 order by x.at, x.user_id`, id, seq)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Signature])
}
