package organs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Credential is a person on the list of an assembly.
type Credential struct {
	PublicID string
	Rank     Rank
	Name     string
	Expired  bool // the term is over on the day of the assembly
	Arrived  *time.Time
}

// Row is a member on the list of an assembly, with its people.
type Row struct {
	OrgID      int64
	Record     string // the organisation's public id
	Position   int
	Title      string
	Country    string // empty where it is no municipality
	Kind       string
	Population *int64
	Seats      int
	Named      int
	Votes      int
	Missing    int // seats without anybody named
	Extra      int // more were named than there are seats
	Arrived    int
	People     []Credential
}

// Full reports whether everybody is there whom the member may send.
func (r Row) Full() bool { return r.Arrived >= r.Votes }

// Roll is one page of the list of credentials, with the totals of all of it.
type Roll struct {
	postgres.Page[Row]
	Meeting  Meeting
	Drawn    *time.Time // nil: it is not drawn up yet
	RuleFrom time.Time
	Stands   Count
	Members  int
	Seats    int
	Missing  int // seats without anybody
	Short    int // members with such seats
	Over     int // members that named too many
}

// RollFilter narrows the list; empty fields do not.
type RollFilter struct {
	Text string
	Show string // "missing", "extra", "arrived", "awaited"
}

// Shows lists what the list can be narrowed to.
func Shows() []string { return []string{"missing", "extra", "arrived", "awaited"} }

// Roll is one page of the credentials of an assembly. Errors: sign_in, forbidden, not found.
func (s *Service) Roll(ctx context.Context, actor identity.Actor, lang locale.Lang, meeting string, f RollFilter, at Place) (Roll, error) {
	var out Roll
	if err := actor.May(identity.ReadOrgans); err != nil {
		return out, err
	}
	f.Text = fold.Key(f.Text)
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Meeting, err = r.assembly(ctx, lang, meeting, ""); err != nil {
			return err
		}
		if err = r.totals(ctx, &out); err != nil || out.Drawn == nil {
			return err
		}
		if out.Stands, _, err = r.countAssembly(ctx, out.Meeting.ID, out.Meeting.Rule); err != nil {
			return err
		}
		out.Page, err = r.roll(ctx, lang, out.Meeting.ID, f, at, PageSize)
		return err
	})
	return out, err
}

// EachCredential hands every member of the list to each, in its order, for files.
// Errors: sign_in, forbidden, not found, and those of each.
func (s *Service) EachCredential(ctx context.Context, actor identity.Actor, lang locale.Lang, meeting string, each func(Row) error) (Roll, error) {
	var out Roll
	if err := actor.May(identity.ReadOrgans); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Meeting, err = r.assembly(ctx, lang, meeting, ""); err != nil {
			return err
		}
		if err = r.totals(ctx, &out); err != nil {
			return err
		}
		if out.Stands, _, err = r.countAssembly(ctx, out.Meeting.ID, out.Meeting.Rule); err != nil {
			return err
		}
		at := Place{}
		for {
			page, err := r.roll(ctx, lang, out.Meeting.ID, RollFilter{}, at, 500)
			if err != nil {
				return err
			}
			for _, row := range page.Rows {
				if err := each(row); err != nil {
					return err
				}
			}
			if at.After = page.Next; at.After == "" {
				return nil
			}
		}
	})
	return out, err
}

// Draw draws up the list of an assembly anew: who is a member in good standing today, the
// seats by the rule of the assembly's day, and who was named. Arrivals stay.
// Errors: sign_in, forbidden, not found, conflict (the assembly is not planned, or there is
// no rule for its day).
func (s *Service) Draw(ctx context.Context, actor identity.Actor, meeting string) error {
	return s.write(ctx, actor, func(tx pgx.Tx, r repository) error {
		m, err := r.assembly(ctx, locale.Default, meeting, "for update of m")
		if err != nil {
			return err
		}
		if m.State != Planned {
			return apperr.New(apperr.Conflict, "workflow.moved_on")
		}
		rule, err := r.rule(ctx, m.Day())
		if err != nil {
			return err
		}
		entries, err := r.entries(ctx, m.Day())
		if err != nil {
			return err
		}
		entries = rule.give(entries)
		if err := r.keepList(ctx, m, actor, rule, entries, s.now()); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.credentials", Subject: m.Ref(),
			Payload: map[string]any{"members": len(entries), "rule": rule.From.Format(time.DateOnly)}})
	})
}

// Arrive checks somebody in at the door, or out again.
// Errors: sign_in, forbidden, not found, conflict (the assembly is not planned; or the
// member's seats are taken, where an alternate sits in for somebody).
func (s *Service) Arrive(ctx context.Context, actor identity.Actor, meeting, credential string, here bool) error {
	return s.write(ctx, actor, func(tx pgx.Tx, r repository) error {
		m, err := r.assembly(ctx, locale.Default, meeting, "for share of m")
		if err != nil {
			return err
		}
		if m.State != Planned {
			return apperr.New(apperr.Conflict, "workflow.moved_on")
		}
		c, err := r.credential(ctx, m.ID, credential)
		if err != nil || (c.Arrived != nil) == here {
			return err
		}
		if here && c.arrived >= c.votes {
			return apperr.New(apperr.Conflict, "organs.seats_taken")
		}
		if err := r.arrive(ctx, c.id, here, s.now(), actor.UserID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "meeting.arrive", Subject: m.Ref(),
			Payload: map[string]any{"name": c.Name, "here": here}})
	})
}

// Rules lists the rules of seats, the newest first. Errors: sign_in, forbidden.
func (s *Service) Rules(ctx context.Context, actor identity.Actor) (out []SeatRule, err error) {
	if err := actor.May(identity.ReadOrgans); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.rules(ctx)
		return err
	})
	return out, err
}

// maxSeats is how many seats one member may have.
const maxSeats = 100

func (r SeatRule) check() error {
	faults := map[string]string{}
	if r.From.IsZero() || r.From.Before(earliest) || r.From.After(latest) {
		faults["from"] = "error.required"
	}
	seen, whole := map[Band]bool{}, false
	for _, b := range r.Bands {
		at := Band{Kind: b.Kind, From: b.From}
		if !known(Kinds(), b.Kind) || b.From < 0 || b.Seats < 0 || b.Seats > maxSeats || seen[at] {
			faults["bands"] = "organs.bands_wrong"
		}
		seen[at] = true
		whole = whole || b.Kind == "full" && b.From == 0
	}
	if !whole && faults["bands"] == "" {
		faults["bands"] = "organs.bands_incomplete"
	}
	return apperr.Fields(faults)
}

// AddRule makes a rule of seats that holds from a day on. Rules never change; a list that is
// drawn up stays as it is. Errors: sign_in, forbidden, invalid by field (a rule begins on
// that day already).
func (s *Service) AddRule(ctx context.Context, actor identity.Actor, rule SeatRule) error {
	return s.write(ctx, actor, func(tx pgx.Tx, r repository) error {
		if err := rule.check(); err != nil {
			return err
		}
		err := r.insertRule(ctx, rule)
		if apperr.Is(err, apperr.Conflict) {
			return apperr.Fields(map[string]string{"from": "organs.rule_taken"})
		}
		if err != nil {
			return err
		}
		o, err := r.organ(ctx, s.today(), "general-assembly", "")
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "organ.seat_rule", Subject: o.Ref(), Payload: rule})
	})
}
