package profiles

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/workflow"
)

// Verdict is what staff say to one proposed fact.
type Verdict struct {
	Outcome Outcome // Accepted or Refused
	Reason  string  // needed to refuse
}

// Answer is what staff say to a proposal: a verdict for each of its facts.
type Answer struct {
	Seq      int // of the proposal as it was read
	Version  int // of the register's row as it was read
	Verdicts map[Fact]Verdict
}

// Answer accepts or refuses each fact of a proposal. What is accepted is the register's from
// then on, and the municipality is told.
// Errors: sign_in, forbidden, not found, invalid (by fact), conflict (the proposal is
// answered or withdrawn, or the register has changed since it was read).
func (s *Service) Answer(ctx context.Context, actor identity.Actor, publicID string, in Answer) error {
	if err := actor.May(identity.EditMembers); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		p, err := r.lock(ctx, actor, publicID)
		if err != nil {
			return err
		}
		city, err := r.city(ctx, p.OrgID, "for update of m")
		if err != nil {
			return err
		}
		if err := p.check(in); err != nil {
			return err
		}
		accepted := p.accepted(in)
		if city.Version != in.Version && len(accepted) > 0 && p.State == Waiting {
			return stale()
		}
		state, err := Life.Apply(ctx, tx, actor, p.Ref(), p.State, p.Seq, workflow.In{Move: moveAnswer, Seq: in.Seq, Tell: map[string]any{"City": city.Name}})
		if err != nil {
			return err
		}
		return s.answer(ctx, tx, actor, p, city, accepted, in, state)
	})
}

// check finds facts without a verdict, and refusals without a reason.
func (p Proposal) check(in Answer) error {
	faults := map[string]string{}
	for _, c := range p.Changes {
		v := in.Verdicts[c.Fact]
		switch {
		case v.Outcome != Accepted && v.Outcome != Refused:
			faults["outcome_"+string(c.Fact)] = "requests.choose"
		case v.Outcome == Refused && v.Reason == "":
			faults["reason_"+string(c.Fact)] = "profiles.reason_needed"
		case len([]rune(v.Reason)) > maxWhy:
			faults["reason_"+string(c.Fact)] = "error.too_long"
		}
	}
	return apperr.Fields(faults)
}

func (p Proposal) accepted(in Answer) Facts {
	out := Facts{}
	for _, c := range p.Changes {
		if in.Verdicts[c.Fact].Outcome == Accepted {
			out[c.Fact] = c.Value
		}
	}
	return out
}

func (s *Service) answer(ctx context.Context, tx pgx.Tx, actor identity.Actor, p Proposal, city City, accepted Facts, in Answer, state workflow.State) error {
	batch := &pgx.Batch{}
	for fact, v := range in.Verdicts {
		batch.Queue(`update fact_changes set outcome = $3, reason = $4 where proposal_id = $1 and fact = $2`, p.ID, fact, v.Outcome, v.Reason)
	}
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	if err := s.end(ctx, tx, actor, p, state); err != nil {
		return err
	}
	if len(accepted) > 0 {
		if err := s.store(ctx, tx, actor, city, accepted); err != nil {
			return err
		}
	}
	return s.settle(ctx, tx, actor, "facts_answered", cityRef(city.ID), map[string]any{"proposal": p.PublicID, "verdicts": in.Verdicts, "facts": accepted})
}

// Correction is an edit of official facts by staff.
type Correction struct {
	Wish
	Version int // of the register's row as it was read
}

// Correct changes official facts at once, as staff may who have the source before them.
// Saying nothing otherwise changes nothing.
// Errors: sign_in, forbidden, not found, invalid (by box), conflict (edited meanwhile).
func (s *Service) Correct(ctx context.Context, actor identity.Actor, publicID string, in Correction) error {
	if err := actor.May(identity.EditMembers); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		r := repository{tx}
		id, err := r.cityOf(ctx, publicID)
		if err != nil {
			return err
		}
		city, err := r.city(ctx, id, "for update of m")
		if err != nil {
			return err
		}
		now, err := r.facts(ctx, id)
		if err != nil {
			return err
		}
		changed := now.Changed(in.Facts)
		if len(changed) == 0 {
			return nil
		}
		if city.Version != in.Version {
			return stale()
		}
		wanted := in.Facts.Only(changed)
		if err := s.checkWish(ctx, r, city.Country, wanted, in.Why, in.Source); err != nil {
			return err
		}
		if err := s.store(ctx, tx, actor, city, wanted); err != nil {
			return err
		}
		return s.settle(ctx, tx, actor, "facts_corrected", cityRef(id), map[string]any{"before": now.Only(changed), "after": wanted, "source": in.Source, "why": in.Why})
	})
}

// store writes facts into the register, each where it is kept.
func (s *Service) store(ctx context.Context, tx pgx.Tx, actor identity.Actor, city City, facts Facts) error {
	for _, name := range FactNames() {
		value, ok := facts[name]
		if !ok {
			continue
		}
		if err := s.storeFact(ctx, tx, city.ID, name, value); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `update municipalities set version = version + 1 where id = $1`, city.ID); err != nil {
		return err
	}
	return repository{tx}.touch(ctx, city.ID, actor.UserID, PartFacts, s.now())
}

func (s *Service) storeFact(ctx context.Context, tx pgx.Tx, id int64, name Fact, v Value) (err error) {
	today := s.Today().Format(time.DateOnly)
	switch name {
	case NativeName:
		err = storeName(ctx, tx, id, v["name"], s.register.Script(v["name"]))
	case LatinName:
		_, err = tx.Exec(ctx, `update municipalities set name_latin = $2 where id = $1`, id, v["latin"])
	case EnglishName:
		_, err = tx.Exec(ctx, `update municipality_titles set title = $2 where municipality_id = $1 and lang = 'en'`, id, v["english"])
	case Population:
		_, err = tx.Exec(ctx, `update municipalities set population = $2::text::bigint, population_year = $3::text::int, figures_at = $4 where id = $1`,
			id, v["population"], v["population_year"], today)
	case Area:
		_, err = tx.Exec(ctx, `update municipalities set area_km2 = $2::text::numeric where id = $1`, id, v["area"])
	case HeadOfCity:
		err = storeHead(ctx, tx, id, v, today)
	case Seat:
		_, err = tx.Exec(ctx, `update municipalities set seat = $2 where id = $1`, id, v["seat"])
	case Province:
		_, err = tx.Exec(ctx, `update municipalities m set region_id = x.id from regions x where m.id = $1 and x.slug = $2 and x.country_id = m.country_id`, id, v["province"])
	}
	return err
}

// storeName gives a municipality its new name: the one before stays among its historical
// names, and each language that listed it by the name before lists it by the new one.
func storeName(ctx context.Context, tx pgx.Tx, id int64, name, script string) error {
	batch := &pgx.Batch{}
	batch.Queue(`update municipality_titles t set title = $2 from municipalities m where m.id = $1 and t.municipality_id = m.id and t.title = m.name`, id, name)
	batch.Queue(`insert into municipality_names (municipality_id, name, lang, script, kind)
		select id, name, 'und', 'Zyyy', 'historical' from municipalities where id = $1
		on conflict (municipality_id, name) do update set kind = 'historical'`, id)
	batch.Queue(`insert into municipality_names (municipality_id, name, lang, script, kind) values ($1, $2, 'und', $3, 'official')
		on conflict (municipality_id, name) do update set kind = 'official'`, id, name, script)
	batch.Queue(`update municipalities set name = $2 where id = $1`, id, name)
	batch.Queue(`update organisations set name = $2, version = version + 1 where id = $1`, id, name)
	return tx.SendBatch(ctx, batch).Close()
}

// storeHead ends the term of the head before where another person follows, and corrects the
// term where it is the same.
func storeHead(ctx context.Context, tx pgx.Tx, id int64, v Value, today string) error {
	since := v["head_since"]
	if since == "" {
		since = today
		if until := v["head_until"]; until != "" && until < since {
			since = until
		}
	}
	tag, err := tx.Exec(ctx, `
		update heads set starts_on = case when $3 <> '' then $3::date else starts_on end, ends_on = nullif($4, '')::date
		where org_id = $1 and left_on is null and name = $2`, id, v["head"], v["head_since"], v["head_until"])
	if err != nil || tag.RowsAffected() > 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `update heads set left_on = greatest(starts_on, $2::date) where org_id = $1 and left_on is null`, id, since); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `insert into heads (org_id, name, starts_on, ends_on) values ($1, $2, $3::date, nullif($4, '')::date)`, id, v["head"], since, v["head_until"])
	return err
}
