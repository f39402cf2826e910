package requests

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// Measured is what figures are asked of. Months are their first days, both included; an
// empty service or office means all.
type Measured struct {
	From, To        time.Time
	Service, Office string
}

// AgeEdges are the ages at which what is open is parted: up to so many days, in whole days of
// the union's calendar; the last part is older than the last edge.
var AgeEdges = [...]int{7, 30, 90}

// Ages counts what is open by its age, youngest first.
type Ages [len(AgeEdges) + 1]int64

// Count is what one row of the figures says.
type Count struct {
	Received                     int64
	Open                         Ages // today, whatever the months
	Approved, Declined, Referred int64
	Ratings, Stars               int64 // how many, and their sum
}

// Row of the figures: a service, an office or a month.
type Tally struct {
	Code string // of the month: 2026-11
	Count
}

// Still is how many are open.
func (c Count) Still() (n int64) {
	for _, x := range c.Open {
		n += x
	}
	return n
}

// Decided is how many were approved, declined or referred.
func (c Count) Decided() int64 { return c.Approved + c.Declined + c.Referred }

// ApprovalRate is the approved part of what was decided; ok is false where nothing was.
func (c Count) ApprovalRate() (share float64, ok bool) {
	if c.Decided() == 0 {
		return 0, false
	}
	return float64(c.Approved) / float64(c.Decided()), true
}

// Satisfaction is the mean of the cities' stars, of five; ok is false where nobody gave any.
func (c Count) Satisfaction() (mean float64, ok bool) {
	if c.Ratings == 0 {
		return 0, false
	}
	return float64(c.Stars) / float64(c.Ratings), true
}

// StepTime is how long a step took, for those that left it in the months.
type StepTime struct {
	Service, Office string // empty: all
	State           workflow.State
	Left            int64 // how many left it
	Median, P90     int   // days, whole and rounded
	Now             int64 // how many are in it today
}

// Figures are the casework in numbers.
type Figures struct {
	Measured
	All      Count
	Services []Tally
	Offices  []Tally
	Months   []Tally    // every month asked of, oldest first
	Steps    []StepTime // of all that is asked, in the order of a life
	Details  []StepTime // the same by service and office
	At       time.Time

	Catalogue []services.Service // what can be chosen, and what codes are called
	Bureaus   []services.Bureau
}

// Measure computes the figures, from counters that are exact at any moment.
// Errors: sign_in, forbidden.
func (s *Service) Measure(ctx context.Context, actor identity.Actor, m Measured) (Figures, error) {
	f := Figures{Measured: m, At: s.now()}
	if err := actor.May(identity.ReadFigures); err != nil {
		return f, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if f.Catalogue, err = services.Every(ctx, q); err != nil {
			return err
		}
		if f.Bureaus, err = services.Offices(ctx, q); err != nil {
			return err
		}
		counts, err := repository{q}.tallies(ctx, m, s.Today())
		if err != nil {
			return err
		}
		f.count(counts)
		return nil
	})
	return f, err
}

// What the counters measure.
const (
	measureReceived = "received"
	measureOpen     = "open"
	measureOutcome  = "outcome"
	measureRated    = "rated"
	measureStep     = "step"
)

// tally is one counter: n of a measure.
type tally struct {
	Measure, Month  string // empty month: of what is open, and of steps
	Service, Office string
	Key             string // state, outcome
	Value           int    // days, stars; the age's part of what is open
	N               int64
}

// tallies reads the counters that an asking needs: few, however many requests there are.
func (r repository) tallies(ctx context.Context, m Measured, today time.Time) ([]tally, error) {
	rows, _ := r.db.Query(ctx, `
		select measure, case when measure in ('open', 'step') then '' else to_char(day, 'YYYY-MM') end, service, office, key,
			case when measure = 'open' then width_bucket($5::date - day, $6::int[]) else value end, sum(n)::bigint
		from (select measure, day, service, office, key, value, n from request_tallies
			union all select measure, day, service, office, key, value, n from request_tally_news) x
		where (measure = 'open' or day between $1 and $2) and ($3 = '' or service = $3) and ($4 = '' or office = $4)
		group by 1, 2, 3, 4, 5, 6 having sum(n) <> 0 order by 1, 2, 3, 4, 5, 6`,
		m.From, m.To, m.Service, m.Office, today, olderThan())
	return pgx.CollectRows(rows, pgx.RowToStructByPos[tally])
}

// olderThan are the first days of the older parts.
func olderThan() []int {
	out := make([]int, len(AgeEdges))
	for i, edge := range AgeEdges {
		out[i] = edge + 1
	}
	return out
}

// count puts the counters into the rows that people read.
func (f *Figures) count(list []tally) {
	byService, byOffice, byMonth := map[string]*Count{}, map[string]*Count{}, map[string]*Count{}
	for _, t := range list {
		f.All.add(t)
		of(byService, t.Service).add(t)
		of(byOffice, t.Office).add(t)
		if t.Month != "" {
			of(byMonth, t.Month).add(t)
		}
	}
	f.Services, f.Offices = f.rows(byService, byOffice)
	for m := f.From; !m.After(f.To); m = m.AddDate(0, 1, 0) {
		code := m.Format("2006-01")
		f.Months = append(f.Months, Tally{code, *of(byMonth, code)})
	}
	f.Steps = steps(list, func(t tally) tally { return tally{Key: t.Key} })
	f.Details = steps(list, func(t tally) tally { return tally{Service: t.Service, Office: t.Office, Key: t.Key} })
}

func of(counts map[string]*Count, code string) *Count {
	if counts[code] == nil {
		counts[code] = &Count{}
	}
	return counts[code]
}

// rows orders the counts of services and offices as people know them; those with nothing to
// tell are left out.
func (f *Figures) rows(byService, byOffice map[string]*Count) (list, offices []Tally) {
	for _, s := range f.Catalogue {
		if c := byService[s.Code]; c != nil && *c != (Count{}) {
			list = append(list, Tally{s.Code, *c})
		}
	}
	for _, b := range f.Bureaus {
		if c := byOffice[b.Code]; c != nil && *c != (Count{}) {
			offices = append(offices, Tally{b.Code, *c})
		}
	}
	return list, offices
}

func (c *Count) add(t tally) {
	switch t.Measure {
	case measureReceived:
		c.Received += t.N
	case measureOpen:
		c.Open[t.Value] += t.N
	case measureRated:
		c.Ratings, c.Stars = c.Ratings+t.N, c.Stars+t.N*int64(t.Value)
	case measureOutcome:
		switch workflow.State(t.Key) {
		case Approved:
			c.Approved += t.N
		case Declined:
			c.Declined += t.N
		case Referred:
			c.Referred += t.N
		}
	}
}

// steps gathers the times of steps under what by makes of a counter.
func steps(list []tally, by func(tally) tally) []StepTime {
	days, now := map[tally]map[int]int64{}, map[tally]int64{}
	var keys []tally
	for _, t := range list {
		if t.Measure != measureStep && t.Measure != measureOpen {
			continue
		}
		key := by(t)
		if days[key] == nil {
			days[key], keys = map[int]int64{}, append(keys, key)
		}
		if t.Measure == measureOpen {
			now[key] += t.N
		} else {
			days[key][t.Value] += t.N
		}
	}
	states := StaffStates()
	slices.SortStableFunc(keys, func(a, b tally) int {
		if c := strings.Compare(a.Service+" "+a.Office, b.Service+" "+b.Office); c != 0 {
			return c
		}
		return slices.Index(states, workflow.State(a.Key)) - slices.Index(states, workflow.State(b.Key))
	})
	var out []StepTime
	for _, key := range keys {
		x := StepTime{Service: key.Service, Office: key.Office, State: workflow.State(key.Key), Now: now[key]}
		x.Left, x.Median, x.P90 = spread(days[key])
		out = append(out, x)
	}
	return out
}

// spread is how many values there are, the one in their middle, and the one that nine of ten
// do not pass.
func spread(counts map[int]int64) (n int64, median, p90 int) {
	var values []int
	for value, count := range counts {
		values, n = append(values, value), n+count
	}
	slices.Sort(values)
	at := func(rank int64) int {
		var seen int64
		for _, value := range values {
			if seen += counts[value]; seen >= rank {
				return value
			}
		}
		return 0
	}
	return n, at((n + 1) / 2), at((n*9 + 9) / 10)
}
