package profiles

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

// Proposal is a municipality's wish to change official facts.
type Proposal struct {
	ID         int64
	PublicID   string
	OrgID      int64
	OrgName    string
	OrgPublic  string // the municipality's public identifier
	State      workflow.State
	Seq        int
	Why        string
	Source     string
	ProposedBy string // empty: not known to the reader
	ProposedAt time.Time
	AnsweredBy string
	AnsweredAt *time.Time
	Changes    []Change
}

// Change is one fact of a proposal.
type Change struct {
	Fact    Fact
	Old     Value // what the register said when it was proposed
	Value   Value // what the municipality says
	Outcome Outcome
	Reason  string
}

// Ref points at the proposal.
func (p Proposal) Ref() subject.Ref { return subject.Ref{Kind: subject.FactProposal, ID: p.ID} }

const proposalColumns = `
	select p.id, s.public_id, p.org_id, o.name, os.public_id, p.state, p.seq, p.why, p.source, coalesce(u.name, ''), p.proposed_at, coalesce(a.name, ''), p.answered_at
	from fact_proposals p join subjects s on s.id = p.id join organisations o on o.id = p.org_id join subjects os on os.id = o.id
	left join users u on u.id = p.proposed_by left join users a on a.id = p.answered_by `

func scanProposal(row pgx.CollectableRow) (p Proposal, err error) {
	err = row.Scan(&p.ID, &p.PublicID, &p.OrgID, &p.OrgName, &p.OrgPublic, &p.State, &p.Seq, &p.Why, &p.Source, &p.ProposedBy, &p.ProposedAt, &p.AnsweredBy, &p.AnsweredAt)
	return p, err
}

// proposals reads proposals with their facts, in two queries however many there are.
func (r repository) proposals(ctx context.Context, rest string, args ...any) ([]Proposal, error) {
	rows, _ := r.db.Query(ctx, proposalColumns+rest, args...)
	out, err := pgx.CollectRows(rows, scanProposal)
	if err != nil || len(out) == 0 {
		return out, err
	}
	at, ids := map[int64]int{}, make([]int64, len(out))
	for i, p := range out {
		at[p.ID], ids[i] = i, p.ID
	}
	rows, _ = r.db.Query(ctx, `
		select proposal_id, fact, old, value, outcome, reason from fact_changes where proposal_id = any($1)
		order by proposal_id, array_position($2::text[], fact)`, ids, FactNames())
	var id int64
	var c Change
	_, err = pgx.ForEachRow(rows, []any{&id, &c.Fact, &c.Old, &c.Value, &c.Outcome, &c.Reason}, func() error {
		out[at[id]].Changes = append(out[at[id]].Changes, c)
		c = Change{} // maps are filled in, not replaced
		return nil
	})
	return out, err
}

// one finds a proposal that the actor may see: the municipality its own, staff every one.
// It repeats in the query what the service has asked. Errors: not found.
func (r repository) one(ctx context.Context, actor identity.Actor, publicID string) (Proposal, error) {
	list, err := r.proposals(ctx, `where s.public_id = $1 and ($2 or p.org_id = $3)`, publicID, actor.Side == identity.Staff, actor.OrgID)
	if err == nil && len(list) == 0 {
		err = apperr.New(apperr.NotFound, "profiles.proposal_not_found")
	}
	if err != nil {
		return Proposal{}, err
	}
	return list[0], nil
}

// lock holds a proposal until the transaction ends and reads it as it then is.
func (r repository) lock(ctx context.Context, actor identity.Actor, publicID string) (Proposal, error) {
	var id int64
	err := r.db.QueryRow(ctx, `select p.id from fact_proposals p join subjects s on s.id = p.id where s.public_id = $1 for update of p`, publicID).Scan(&id)
	if err != nil {
		return Proposal{}, postgres.Explain(err, "profiles.proposal_not_found")
	}
	return r.one(ctx, actor, publicID)
}

// Case is a proposal beside what the register says today.
type Case struct {
	Proposal
	City    City
	Now     Facts
	Regions map[string]string // names of provinces by address
}

// Proposal reads a proposal: staff every one, a municipality its own.
// Errors: sign_in, forbidden, not found.
func (s *Service) Proposal(ctx context.Context, actor identity.Actor, publicID string) (out Case, err error) {
	if err := actor.May(reading(actor)); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if out.Proposal, err = r.one(ctx, actor, publicID); err != nil {
			return err
		}
		if out.City, err = r.city(ctx, out.OrgID, ""); err != nil {
			return err
		}
		if out.Now, err = r.facts(ctx, out.OrgID); err != nil {
			return err
		}
		out.Regions, err = r.regionNames(ctx, out.Proposal)
		return err
	})
	return out, err
}

// reading is the right by which an actor reads profiles.
func reading(actor identity.Actor) identity.Permission {
	if actor.Side == identity.Member {
		return identity.ReadOwn
	}
	return identity.ReadMembers
}

// regionNames are the names of the provinces that proposals speak of, and of the one in
// which the municipality lies.
func (r repository) regionNames(ctx context.Context, list ...Proposal) (map[string]string, error) {
	out := map[string]string{}
	var slugs []string
	var orgs []int64
	for _, p := range list {
		orgs = append(orgs, p.OrgID)
		for _, c := range p.Changes {
			if c.Fact == Province {
				slugs = append(slugs, c.Old["province"], c.Value["province"])
			}
		}
	}
	rows, _ := r.db.Query(ctx, `
		select slug, name from regions where slug = any($1)
		union select x.slug, x.name from regions x join municipalities m on m.region_id = x.id where m.id = any($2)`, slugs, orgs)
	var slug, name string
	_, err := pgx.ForEachRow(rows, []any{&slug, &name}, func() error {
		out[slug] = name
		return nil
	})
	return out, err
}

// PageSize is how many proposals a page of the queue has.
const PageSize = 30

// Queue is a page of proposals for the desk.
type Queue struct {
	Rows    []Proposal
	Regions map[string]string
	Next    string // public identifier to go on from; empty at the end
	Waiting int    // proposals that wait, at most maxCounted
}

const maxCounted = 1000

// Queue lists proposals: those that wait, the longest waiting first, or those that are
// answered, the latest first. Errors: sign_in, forbidden, not found.
func (s *Service) Queue(ctx context.Context, actor identity.Actor, answered bool, after string) (out Queue, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		err := q.QueryRow(ctx, `select count(*) from (select from fact_proposals where state = 'waiting' limit $1) x`, maxCounted).Scan(&out.Waiting)
		if err != nil {
			return err
		}
		var at int64
		if after != "" {
			err := q.QueryRow(ctx, `select p.id from fact_proposals p join subjects s on s.id = p.id where s.public_id = $1`, after).Scan(&at)
			if err != nil {
				return postgres.Explain(err, "profiles.proposal_not_found")
			}
		}
		rest := `where p.state = 'waiting' and p.id > $1 order by p.id limit $2`
		if answered {
			rest = `where p.state <> 'waiting' and ($1 = 0 or p.id < $1) order by p.id desc limit $2`
		}
		if out.Rows, err = r.proposals(ctx, rest, at, PageSize+1); err != nil {
			return err
		}
		if len(out.Rows) > PageSize {
			out.Rows = out.Rows[:PageSize]
			out.Next = out.Rows[PageSize-1].PublicID
		}
		out.Regions, err = r.regionNames(ctx, out.Rows...)
		return err
	})
	return out, err
}

// Of lists the latest proposals of one municipality, for its record.
// Errors: sign_in, forbidden.
func (s *Service) Of(ctx context.Context, actor identity.Actor, org int64, limit int) (out []Proposal, err error) {
	if err := actor.MayFor(reading(actor), org); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.proposals(ctx, `where p.org_id = $1 order by p.id desc limit $2`, org, limit)
		return err
	})
	return out, err
}

// Locate names proposals for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select p.id, s.public_id, o.name from fact_proposals p join subjects s on s.id = p.id join organisations o on o.id = p.org_id where p.id = any($1)`, ids)
		var id int64
		var publicID, name string
		_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &name}, func() error {
			out[id] = subject.Place{Title: name, Path: "/" + lang + "/desk/proposals/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
