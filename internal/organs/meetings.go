package organs

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// Desk is a meeting as staff work on it.
type Desk struct {
	Meeting
	Agenda    []Item
	Attendees []Attendee // of a board; an assembly has credentials
	Stands    Count      // the quorum as it stands now
	Decisions []Line
	Minutes   []documents.Document
	Moves     []workflow.Move
	Steps     []workflow.Step
	Drawn     bool // the credentials are drawn up
}

// MinutesSort is what a meeting's minutes are kept as.
const MinutesSort = "minutes"

// Meeting reads a meeting with all that belongs to it.
// Errors: sign_in, forbidden, not found.
func (s *Service) Meeting(ctx context.Context, actor identity.Actor, lang locale.Lang, publicID string) (Desk, error) {
	var d Desk
	if err := actor.May(identity.ReadOrgans); err != nil {
		return d, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if d.Meeting, err = r.meeting(ctx, lang, publicID, ""); err != nil {
			return err
		}
		if d.Agenda, err = r.agenda(ctx, d.ID); err != nil {
			return err
		}
		if d.Minutes, err = documents.Of(ctx, q, d.Ref(), MinutesSort); err != nil {
			return err
		}
		if d.Steps, err = workflow.History(ctx, q, d.Ref()); err != nil {
			return err
		}
		if d.Decisions, err = r.decisionsOf(ctx, lang, d.ID); err != nil {
			return err
		}
		d.Moves = Life.Available(actor, d.State)
		return d.count(ctx, r, lang)
	})
	return d, err
}

// count reads who may come and who came, and counts the quorum as it stands.
func (d *Desk) count(ctx context.Context, r repository, lang locale.Lang) (err error) {
	if d.Sort == Assembly {
		d.Stands, d.Drawn, err = r.countAssembly(ctx, d.ID, d.Rule)
		return err
	}
	d.Attendees, err = r.attendees(ctx, lang, d.Meeting)
	d.Stands = countBoard(d.Rule, d.Attendees)
	return err
}

// Meetings lists the meetings of an organ, or of all where the slug is empty, the latest
// first. Errors: sign_in, forbidden.
func (s *Service) Meetings(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string, at Place) (out postgres.Page[Meeting], err error) {
	if err := actor.May(identity.ReadOrgans); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.meetings(ctx, lang, slug, at)
		return err
	})
	return out, err
}

// NextNumber is the number that the next meeting of an organ in a year would have.
func (s *Service) NextNumber(ctx context.Context, actor identity.Actor, o Organ, year int) (string, error) {
	var n int
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select coalesce(max(number::int), 0) from meetings where organ = $1 and year = $2 and number ~ '^[0-9]{1,6}$'`, o.Code, year).Scan(&n)
	})
	return strconv.Itoa(n + 1), err
}

// Plan plans a meeting of an organ and returns its public id.
// Errors: sign_in, forbidden, not found, invalid by field (the number is taken too).
func (s *Service) Plan(ctx context.Context, actor identity.Actor, slug string, p Plan) (publicID string, err error) {
	err = s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		if err := p.check(); err != nil {
			return err
		}
		o, err := r.organ(ctx, s.today(), slug, "")
		if err != nil {
			return err
		}
		if !o.Meets() {
			return apperr.New(apperr.NotFound, "organs.not_found")
		}
		ref, id, err := r.identifyMeeting(ctx)
		if err != nil {
			return err
		}
		publicID = id
		if _, err := Life.Begin(ctx, tx, actor, ref, movePlan); err != nil {
			return err
		}
		if err := numbered(r.insertMeeting(ctx, ref.ID, o.Code, p, s.now())); err != nil {
			return err
		}
		return s.showMeeting(ctx, tx, publicID)
	})
	return publicID, err
}

// Replan stores an edit of a meeting that is planned.
// Errors: as Plan, and conflict (edited meanwhile, or no longer planned).
func (s *Service) Replan(ctx context.Context, actor identity.Actor, publicID string, p Plan) error {
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, r repository, m Meeting) error {
		if err := p.check(); err != nil {
			return err
		}
		if m.State != Planned {
			return apperr.New(apperr.Conflict, "workflow.moved_on")
		}
		if m.Version != p.Version {
			return apperr.New(apperr.Conflict, "error.conflict")
		}
		if err := numbered(r.saveMeeting(ctx, m.ID, p, s.now())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.edit", Subject: m.Ref(),
			Payload: map[string]any{"before": PlanOf(m), "after": p}})
	})
}

// Move leads a meeting on. Holding one counts its quorum, which stays as it was counted.
// Errors: sign_in, forbidden, not found, invalid (a reason is missing, it has not begun,
// nobody was there), conflict (it moved on, or has decided something).
func (s *Service) Move(ctx context.Context, actor identity.Actor, publicID string, in workflow.In) error {
	in.Reason = strings.TrimSpace(in.Reason)
	return s.change(ctx, actor, publicID, func(tx pgx.Tx, r repository, m Meeting) error {
		var counted *Count
		if in.Move == moveHold {
			d := Desk{Meeting: m}
			if err := d.count(ctx, r, locale.Default); err != nil {
				return err
			}
			if m.StartsAt.After(s.now()) {
				return apperr.New(apperr.Invalid, "organs.not_begun")
			}
			if d.Stands.Present == 0 {
				return apperr.New(apperr.Invalid, "organs.nobody_there")
			}
			counted = &d.Stands
		}
		state, err := Life.Apply(ctx, tx, actor, m.Ref(), m.State, m.Seq, in)
		if err != nil {
			return err
		}
		return decided(r.moveMeeting(ctx, m.ID, state, m.Seq+1, counted, s.now()))
	})
}

// numbered turns a number that is taken into a fault of the form.
func numbered(err error) error {
	if err = postgres.Explain(err, "organs.meeting_not_found"); apperr.Is(err, apperr.Conflict) {
		return apperr.Fields(map[string]string{"number": "organs.number_taken"})
	}
	return err
}

// decided says why a meeting cannot be reopened: its decisions rest on its quorum.
func decided(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.ConstraintName == "decisions_meeting" {
		return apperr.Wrap(err, apperr.Conflict, "organs.has_decided")
	}
	return postgres.Explain(err, "organs.meeting_not_found")
}

// change locks a meeting for who may edit organs, lets fn act on it, and puts it into the
// search as it now is.
func (s *Service) change(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, r repository, m Meeting) error) error {
	return s.edit(ctx, actor, func(tx pgx.Tx, r repository) error {
		m, err := r.meeting(ctx, locale.Default, publicID, "for update of m")
		if err != nil {
			return err
		}
		if err := fn(tx, r, m); err != nil {
			return err
		}
		return s.showMeeting(ctx, tx, publicID)
	})
}
