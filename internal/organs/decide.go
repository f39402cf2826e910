package organs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Resolution is a decision as staff enter it from the minutes.
type Resolution struct {
	Organ      string // slug; not asked where it is a meeting's
	Number     string
	Date       time.Time // not asked where it is a meeting's
	Title      string
	Text       string
	Lang       string
	Item       string // public id of the point of the agenda; empty: none
	Supersedes string // public id of the decision that it replaces; empty: none
	Votes      *decisions.Votes
}

func (x Resolution) check() error {
	faults := map[string]string{}
	if x.Title == "" {
		faults["title"] = "error.required"
	}
	if x.Text == "" {
		faults["text"] = "error.required"
	}
	if x.Number == "" {
		faults["number"] = "error.required"
	}
	if !locale.Known(x.Lang) {
		faults["lang"] = "error.required"
	}
	if v := x.Votes; v != nil && (v.For < 0 || v.Against < 0 || v.Abstained < 0) {
		faults["votes"] = "organs.votes_wrong"
	}
	return apperr.Fields(faults)
}

// Decide records what a meeting decided, and returns the decision's public id.
// Errors: sign_in, forbidden, not found, invalid by field (more votes than people), conflict
// (the meeting was not held with its quorum).
func (s *Service) Decide(ctx context.Context, actor identity.Actor, meeting string, x Resolution) (publicID string, err error) {
	err = s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		if err := x.check(); err != nil {
			return err
		}
		m, err := r.meeting(ctx, locale.Default, meeting, "for update of m")
		if err != nil {
			return err
		}
		if !m.Decides() {
			return apperr.New(apperr.Conflict, "decisions.no_quorum")
		}
		if v := x.Votes; v != nil && v.For+v.Against+v.Abstained > m.Counted.Present {
			return apperr.Fields(map[string]string{"votes": "organs.votes_many"})
		}
		d := decisions.Decision{Organ: m.Organ, Date: m.Day(), MeetingID: m.ID}
		if x.Item != "" {
			list, i, err := r.item(ctx, m, x.Item)
			if err != nil {
				return apperr.Fields(map[string]string{"item": "error.required"})
			}
			d.ItemID = list[i].ID
		}
		publicID, err = s.record(ctx, tx, actor, d, x)
		return err
	})
	return publicID, err
}

// Enter records a decision of an organ outside any meeting that the portal knows: of the
// Secretary General, or one of years ago. Errors: as Decide.
func (s *Service) Enter(ctx context.Context, actor identity.Actor, x Resolution) (publicID string, err error) {
	err = s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		if err := x.check(); err != nil {
			return err
		}
		o, err := r.organ(ctx, s.today(), x.Organ, "")
		if apperr.Is(err, apperr.NotFound) {
			return apperr.Fields(map[string]string{"organ": "error.required"})
		}
		if err != nil {
			return err
		}
		if x.Date.After(s.today()) || !x.Date.IsZero() && x.Date.Before(earliest) {
			return apperr.Fields(map[string]string{"date": "organs.date_wrong"})
		}
		publicID, err = s.record(ctx, tx, actor, decisions.Decision{Organ: o.Code, Date: x.Date}, x)
		return err
	})
	return publicID, err
}

// record stores a decision whose organ and date are known.
func (s *Service) record(ctx context.Context, tx pgx.Tx, actor identity.Actor, d decisions.Decision, x Resolution) (string, error) {
	d.Number, d.Title, d.Text, d.Lang, d.Votes = x.Number, x.Title, x.Text, x.Lang, x.Votes
	if x.Supersedes != "" {
		old, err := decisions.Find(ctx, tx, x.Supersedes, "supersedes")
		if err != nil {
			return "", err
		}
		d.Supersedes = old.ID
	}
	id, err := decisions.Record(ctx, tx, actor, d)
	if err != nil {
		return "", err
	}
	var publicID string
	if err := tx.QueryRow(ctx, `select public_id from subjects where id = $1`, id).Scan(&publicID); err != nil {
		return "", err
	}
	return publicID, s.showDecision(ctx, tx, publicID)
}

// Publish shows a decision to the public. To do it twice is no fault.
// Errors: sign_in, forbidden, not found, invalid (it has no text that could be read).
func (s *Service) Publish(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.publication(ctx, actor, publicID, "decision.publish", func(r repository, d Ruling) error {
		if d.Text == "" {
			return apperr.New(apperr.Invalid, "organs.no_text")
		}
		_, err := r.db.Exec(ctx, `insert into decision_publications (decision_id, organ, decided_on, published_at, actor_id)
			values ($1, $2, $3, $4, nullif($5, 0)) on conflict (decision_id) do nothing`, d.ID, d.Organ, d.Date, s.now(), actor.UserID)
		return err
	})
}

// Hide takes a published decision from the public's sight again.
// Errors: sign_in, forbidden, not found.
func (s *Service) Hide(ctx context.Context, actor identity.Actor, publicID string) error {
	return s.publication(ctx, actor, publicID, "decision.hide", func(r repository, d Ruling) error {
		_, err := r.db.Exec(ctx, `delete from decision_publications where decision_id = $1`, d.ID)
		return err
	})
}

func (s *Service) publication(ctx context.Context, actor identity.Actor, publicID, action string, fn func(r repository, d Ruling) error) error {
	return s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		d, err := r.decision(ctx, locale.Default, publicID)
		if err != nil {
			return err
		}
		if err := fn(r, d); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: subject.Ref{Kind: subject.Decision, ID: d.ID}}); err != nil {
			return err
		}
		return s.showDecision(ctx, tx, publicID)
	})
}

// Choices are the decisions that staff choose from: for what a new one supersedes.
// Errors: sign_in, forbidden.
func (s *Service) Choices(ctx context.Context, actor identity.Actor) (out []decisions.Cited, err error) {
	if err := actor.May(identity.ReadOrgans); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = decisions.Recent(ctx, q)
		return err
	})
	return out, err
}
