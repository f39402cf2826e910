package profiles

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/internal/workflow"
)

// Wish is what a municipality says of its official facts, and where that can be looked up.
type Wish struct {
	Facts  Facts // as the form was sent: what is as it was changes nothing
	Why    string
	Source string
}

// Asked is what the form about facts begins with.
type Asked struct {
	City    City
	Facts   Facts
	Waits   map[Fact]Value // facts that wait for staff already
	Regions []Region
	Edited  Edited
}

// Asking reads the official facts to be edited: a municipality its own, staff any one, by
// its public identifier. Errors: sign_in, forbidden, not found.
func (s *Service) Asking(ctx context.Context, actor identity.Actor, publicID string) (out Asked, err error) {
	may := identity.EditMembers
	if actor.Side == identity.Member {
		may = identity.EditProfile
	}
	if err := actor.May(may); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r, id := repository{q}, actor.OrgID
		if actor.Side != identity.Member {
			if id, err = r.cityOf(ctx, publicID); err != nil {
				return err
			}
		}
		return r.ask(ctx, id, &out)
	})
	return out, err
}

func (r repository) ask(ctx context.Context, id int64, out *Asked) (err error) {
	if out.City, err = r.city(ctx, id, ""); err != nil {
		return err
	}
	if out.Facts, err = r.facts(ctx, id); err != nil {
		return err
	}
	if out.Regions, err = r.regions(ctx, out.City.Country, out.City.ID); err != nil {
		return err
	}
	if out.Edited, err = r.edited(ctx, id, PartFacts); err != nil {
		return err
	}
	out.Waits, err = r.waits(ctx, id)
	return err
}

// waits are the facts of a municipality that wait for staff, as they were proposed.
func (r repository) waits(ctx context.Context, id int64) (map[Fact]Value, error) {
	out := map[Fact]Value{}
	rows, _ := r.db.Query(ctx, `select fact, value from fact_changes where org_id = $1 and outcome = ''`, id)
	var fact Fact
	var value Value
	_, err := pgx.ForEachRow(rows, []any{&fact, &value}, func() error {
		out[fact], value = value, nil
		return nil
	})
	return out, err
}

// answerWithin is how long staff have for a proposal.
const answerWithin = 7 * 24 * time.Hour

// Propose lays the facts that the municipality says otherwise before staff, and gives the
// proposal's public identifier. Nothing of the register changes.
// Errors: sign_in, forbidden, not found, invalid (by box; nothing is said otherwise),
// conflict (one of the facts waits already).
func (s *Service) Propose(ctx context.Context, actor identity.Actor, wish Wish) (publicID string, err error) {
	if err := actor.May(identity.EditProfile); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		city, err := r.city(ctx, actor.OrgID, "")
		if err != nil {
			return err
		}
		now, err := r.facts(ctx, city.ID)
		if err != nil {
			return err
		}
		waits, err := r.waits(ctx, city.ID)
		if err != nil {
			return err
		}
		changed, err := s.wanted(ctx, r, city, now, waits, wish)
		if err != nil {
			return err
		}
		publicID, err = s.lay(ctx, tx, actor, city, now, wish, changed)
		return err
	})
	return publicID, err
}

// wanted is the rule of a proposal: something is said otherwise, rightly, with its source.
func (s *Service) wanted(ctx context.Context, r repository, city City, now Facts, waits map[Fact]Value, wish Wish) ([]Fact, error) {
	changed := now.Changed(wish.Facts)
	if len(changed) == 0 {
		return nil, apperr.New(apperr.Invalid, "profiles.nothing_new")
	}
	for _, name := range changed {
		if _, ok := waits[name]; ok {
			return nil, apperr.New(apperr.Conflict, "profiles.waits_already")
		}
	}
	return changed, s.checkWish(ctx, r, city.Country, wish.Facts.Only(changed), wish.Why, wish.Source)
}

// The most characters of what is said beside the facts.
const (
	maxWhy    = 1000
	maxSource = 300
)

func (s *Service) checkWish(ctx context.Context, r repository, country int64, facts Facts, why, source string) error {
	faults := map[string]string{}
	var wrong *apperr.Error
	if errors.As(facts.Check(s.Today()), &wrong) {
		faults = wrong.Fields
	}
	if source == "" {
		faults["source"] = "profiles.source_needed"
	} else if len([]rune(source)) > maxSource {
		faults["source"] = "error.too_long"
	}
	if len([]rune(why)) > maxWhy {
		faults["why"] = "error.too_long"
	}
	if slug := facts[Province]["province"]; slug != "" {
		var there bool
		if err := r.db.QueryRow(ctx, `select exists (select from regions where slug = $1 and country_id = $2)`, slug, country).Scan(&there); err != nil {
			return err
		}
		if !there {
			faults["province"] = "requests.choose"
		}
	}
	return apperr.Fields(faults)
}

// lay stores the proposal, gives staff the duty to answer, and tells them.
func (s *Service) lay(ctx context.Context, tx pgx.Tx, actor identity.Actor, city City, now Facts, wish Wish, changed []Fact) (publicID string, err error) {
	publicID = subject.NewPublicID()
	ref := subject.Ref{Kind: subject.FactProposal}
	err = tx.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('fact_proposal', $1, $2) returning id`, city.ID, publicID).Scan(&ref.ID)
	if err != nil {
		return "", err
	}
	state, err := Life.Begin(ctx, tx, actor, ref, movePropose)
	if err != nil {
		return "", err
	}
	batch := &pgx.Batch{}
	batch.Queue(`insert into fact_proposals (id, org_id, state, seq, why, source, proposed_by, proposed_at) values ($1, $2, $3, 1, $4, $5, $6, $7)`,
		ref.ID, city.ID, state, wish.Why, wish.Source, actor.UserID, s.now())
	said := map[Fact]any{}
	for _, name := range changed {
		batch.Queue(`insert into fact_changes (proposal_id, org_id, fact, old, value) values ($1, $2, $3, $4, $5)`,
			ref.ID, city.ID, name, orEmpty(now[name]), wish.Facts[name])
		said[name] = map[string]Value{"old": now[name], "new": wish.Facts[name]}
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return "", waitsAlready(err)
	}
	if err := tasks.Open(ctx, tx, ref, tasks.Duty{Key: DutyFacts, Owner: tasks.Role(identity.DeskOfficer), Due: s.now().Add(answerWithin)}); err != nil {
		return "", err
	}
	if err := s.settle(ctx, tx, actor, "facts_proposed", cityRef(city.ID), map[string]any{"facts": said, "source": wish.Source, "why": wish.Why}); err != nil {
		return "", err
	}
	return publicID, notify.Enqueue(ctx, tx, notify.Event{Name: "membership.facts_proposed", Subject: ref, Actor: actor,
		Args: map[string]any{"City": city.Name}, Key: ref.String()})
}

// waitsAlready turns the table's refusal of a fact that waits twice into a conflict: two
// colleagues proposed it at the same moment.
func waitsAlready(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == "23505" {
		return apperr.Wrap(err, apperr.Conflict, "profiles.waits_already")
	}
	return postgres.Explain(err, "profiles.not_found")
}

func orEmpty(v Value) Value {
	if v == nil {
		return Value{}
	}
	return v
}

// Withdraw takes a proposal back that waits. Errors: sign_in, forbidden, not found, conflict
// (it is answered).
func (s *Service) Withdraw(ctx context.Context, actor identity.Actor, publicID string, seq int) error {
	if err := actor.May(identity.EditProfile); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		p, err := repository{tx}.lock(ctx, actor, publicID)
		if err != nil {
			return err
		}
		state, err := Life.Apply(ctx, tx, actor, p.Ref(), p.State, p.Seq, workflow.In{Move: moveWithdraw, Seq: seq})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `update fact_changes set outcome = 'withdrawn' where proposal_id = $1`, p.ID); err != nil {
			return err
		}
		if err := s.end(ctx, tx, actor, p, state); err != nil {
			return err
		}
		return s.settle(ctx, tx, actor, "facts_withdrawn", cityRef(p.OrgID), map[string]any{"proposal": p.PublicID})
	})
}

// end closes a proposal and the desk's duty.
func (s *Service) end(ctx context.Context, tx pgx.Tx, actor identity.Actor, p Proposal, state workflow.State) error {
	_, err := tx.Exec(ctx, `update fact_proposals set state = $2, seq = seq + 1, answered_by = $3, answered_at = $4 where id = $1`, p.ID, state, actor.UserID, s.now())
	if err != nil {
		return err
	}
	if state == Withdrawn {
		return tasks.DropAll(ctx, tx, p.Ref())
	}
	return tasks.Close(ctx, tx, p.Ref(), DutyFacts)
}
