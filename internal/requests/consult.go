package requests

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Advice is an opinion that one office asked of another about a case. The municipality sees
// neither the question nor the answer.
type Advice struct {
	PublicID   string
	Office     string
	Question   string
	AskedBy    string
	AskedAt    time.Time
	DueAt      time.Time
	Answer     string // empty: it waits
	AnsweredBy string
	AnsweredAt *time.Time
}

func (r repository) advice(ctx context.Context, id int64) ([]Advice, error) {
	rows, _ := r.db.Query(ctx, `
		select c.public_id, c.office, c.question, u.name, c.asked_at, c.due_at, c.answer, coalesce(a.name, ''), c.answered_at
		from co_opinions c join users u on u.id = c.asked_by left join users a on a.id = c.answered_by where c.request_id = $1 order by c.id`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Advice])
}

// Consult asks another office for its opinion until the end of a day.
// Errors: forbidden, not found, invalid (no question, no such office, a day that has
// passed), conflict.
func (s *Service) Consult(ctx context.Context, actor identity.Actor, publicID string, seq int, office, question string, until time.Time) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	due, fields := s.questioned(question, until)
	if office == "" {
		fields["office"] = "requests.choose"
	}
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.HandleRequests, publicID, func(tx pgx.Tx, r *Request) error {
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from offices where code = $1)`, office).Scan(&there); err != nil {
			return err
		}
		if !there {
			return apperr.Fields(map[string]string{"office": "requests.no_such_office"})
		}
		r.Advisor = office
		err := s.move(ctx, tx, actor, r, workflow.In{Move: moveConsult, Seq: seq, Tell: map[string]any{"Quote": cut(question), "Day": due.Format(time.RFC3339)}})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `
			insert into co_opinions (public_id, request_id, office, question, asked_by, asked_at, due_at) values ($1, $2, $3, $4, $5, $6, $7)`,
			subject.NewPublicID(), r.ID, office, question, actor.UserID, s.now(), due); err != nil {
			return err
		}
		r.DueAt = &due
		return s.hand(ctx, tx, *r, r.State)
	})
}

// Advise answers what an office was asked, and takes the case back into review. The people
// of that office may, and whoever has the case.
// Errors: forbidden, not found, invalid (no answer), conflict.
func (s *Service) Advise(ctx context.Context, actor identity.Actor, publicID string, seq int, answer string) error {
	if answer == "" || tooLong(answer, maxMessage) {
		return apperr.Fields(map[string]string{"body": map[bool]string{true: "requests.opinion_missing", false: "error.too_long"}[answer == ""]})
	}
	return s.change(ctx, actor, identity.AdviseRequests, publicID, func(tx pgx.Tx, r *Request) error {
		if r.State != CoOpinion || r.Seq != seq {
			return stale()
		}
		staffed, err := repository{tx}.staffed(ctx, r.Advisor)
		if err != nil {
			return err
		}
		if staffed && !actor.Of(r.Advisor) && actor.UserID != r.OfficerID {
			return apperr.New(apperr.Forbidden, "workflow.other_office")
		}
		if _, err := tx.Exec(ctx, `
			update co_opinions set answer = $2, answered_by = $3, answered_at = $4 where request_id = $1 and answered_at is null`,
			r.ID, answer, actor.UserID, s.now()); err != nil {
			return err
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveAdvise, Seq: seq, Tell: map[string]any{"Quote": cut(answer)}})
	})
}

// staffed reports whether an office has people today; the duties of one that has none are
// everybody's at the desk.
func (r repository) staffed(ctx context.Context, office string) (there bool, err error) {
	err = r.db.QueryRow(ctx, `select exists (select from staff_offices x join users u on u.id = x.user_id and u.active
		where x.office = $1 and now() >= x.starts_at and now() < x.ends_at)`, office).Scan(&there)
	return there, err
}

// Feedback is what the municipality says of what it got.
type Feedback struct {
	Stars int // 1 to 5
	Words string
	At    time.Time
}

func (r repository) feedback(ctx context.Context, id int64) (*Feedback, error) {
	rows, _ := r.db.Query(ctx, `select stars, words, at from request_feedback where request_id = $1`, id)
	list, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Feedback])
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Rate says how it went, and closes the request. Errors: not found, invalid (no stars),
// conflict (it was not delivered, or moved on).
func (s *Service) Rate(ctx context.Context, actor identity.Actor, publicID string, seq, stars int, words string) error {
	fields := map[string]string{}
	if stars < 1 || stars > 5 {
		fields["stars"] = "workflow.need_feedback"
	}
	if tooLong(words, maxWord) {
		fields["words"] = "error.too_long"
	}
	if err := apperr.Fields(fields); err != nil {
		return err
	}
	return s.change(ctx, actor, identity.EditDraft, publicID, func(tx pgx.Tx, r *Request) error {
		if r.State != Delivered {
			return stale()
		}
		if _, err := tx.Exec(ctx, `insert into request_feedback (request_id, org_id, stars, words, user_id, at) values ($1, $2, $3, $4, $5, $6)`,
			r.ID, r.OrgID, stars, words, actor.UserID, s.now()); err != nil {
			return postgres.Explain(err, "requests.not_found")
		}
		return s.move(ctx, tx, actor, r, workflow.In{Move: moveRate, Seq: seq, Met: []workflow.Need{workflow.Feedback},
			Tell: map[string]any{"Stars": stars, "Quote": cut(words)}})
	})
}
