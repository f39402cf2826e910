package dues

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Prefix begins the references of assessments, ReceiptPrefix those of receipts.
const (
	Prefix        = "DUE"
	ReceiptPrefix = "RCP"
)

// Number writes a reference: "DUE-2026-00042".
func Number(prefix string, year, n int) string { return fmt.Sprintf("%s-%d-%05d", prefix, year, n) }

// leastDays is how long a member has to pay at least, where the rules' own day is near or past.
const leastDays = 30

// Run is the issuing of a year's assessments, as far as it has come.
type Run struct {
	ID, RulesID, YearID int64
	PublicID            string
	Year, Version       int
	State               string // running, done
	Total, Done, Issued int
	AfterOrg            int64
	ActorID             int64
	StartedAt           time.Time
	FinishedAt          *time.Time
}

// Percent is how far the run has come.
func (r Run) Percent() int {
	if r.State == "done" {
		return 100
	}
	return min(99, 100*r.Done/max(1, r.Total))
}

// RunArgs is the job that issues assessments.
type RunArgs struct {
	RunID int64 `json:"run_id"`
}

// Kind implements river.JobArgs.
func (RunArgs) Kind() string { return "dues_issue" }

// RunWorker issues assessments, batch after batch.
type RunWorker struct {
	river.WorkerDefaults[RunArgs]
	Dues *Service
}

// Timeout is longer than any union's list of members needs.
func (*RunWorker) Timeout(*river.Job[RunArgs]) time.Duration { return 30 * time.Minute }

// Work goes on where an earlier try stopped.
func (w *RunWorker) Work(ctx context.Context, job *river.Job[RunArgs]) error {
	return w.Resume(ctx, job.Args.RunID)
}

// Resume works on a run until every member has been looked at.
func (w *RunWorker) Resume(ctx context.Context, runID int64) error { return w.Dues.work(ctx, runID) }

// Issue starts to issue the year's assessments under the version that was looked at, as a
// job, and returns the run. Members that have their assessment keep it.
// Errors: forbidden, not found, conflict (rules were changed since; a run is under way).
func (s *Service) Issue(ctx context.Context, actor identity.Actor, year, version int) (publicID string, err error) {
	if err := actor.May(identity.EditDues); err != nil {
		return "", err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		id, public, err := s.start(ctx, tx, actor, year, version)
		publicID = public
		if err != nil {
			return err
		}
		return jobs.Insert(ctx, tx, RunArgs{RunID: id})
	})
	return publicID, err
}

// IssueNow issues at once, without the queue: for commands and demonstrations.
// Errors: as Issue.
func (s *Service) IssueNow(ctx context.Context, actor identity.Actor, year int) (Run, error) {
	var out Run
	var id int64
	err := s.db.InTx(ctx, actor, func(tx pgx.Tx) (err error) {
		rules, err := repository{tx}.rules(ctx, year)
		if err != nil {
			return err
		}
		id, _, err = s.start(ctx, tx, actor, year, rules.Version)
		return err
	})
	if err != nil {
		return out, err
	}
	if err := s.work(ctx, id); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		out, err = repository{q}.run(ctx, `where x.id = $1`, id)
		return err
	})
	return out, err
}

func (s *Service) start(ctx context.Context, tx pgx.Tx, actor identity.Actor, year, version int) (id int64, publicID string, err error) {
	rules, err := repository{tx}.rules(ctx, year)
	if err != nil {
		return 0, "", err
	}
	if rules.Version != version {
		return 0, "", apperr.New(apperr.Conflict, "dues.rules_changed")
	}
	publicID = subject.NewPublicID()
	var yearID int64
	err = tx.QueryRow(ctx, `
		insert into dues_runs (public_id, rules_id, year_id, total, actor_id)
		select $1, r.id, r.year_id, (select count(*) from memberships where standing in ('active', 'suspended')), nullif($3::bigint, 0)
		from dues_rules r where r.id = $2
		returning id, year_id`, publicID, rules.ID, actor.UserID).Scan(&id, &yearID)
	if apperr.Is(postgres.Explain(err, ""), apperr.Conflict) {
		return 0, "", apperr.New(apperr.Conflict, "dues.run_under_way")
	}
	if err != nil {
		return 0, "", err
	}
	return id, publicID, s.record(ctx, tx, actor, subject.Ref{Kind: subject.DuesRules, ID: yearID}, "dues_rules.issue",
		map[string]any{"year": year, "version": version})
}

const runColumns = `
	select x.id, x.rules_id, x.year_id, x.public_id, y.year, r.version, x.state, x.total, x.done, x.issued, x.after_org, coalesce(x.actor_id, 0),
		x.started_at, x.finished_at
	from dues_runs x join dues_rules r on r.id = x.rules_id join dues_years y on y.id = x.year_id `

func (r repository) run(ctx context.Context, where string, args ...any) (Run, error) {
	rows, _ := r.db.Query(ctx, runColumns+where, args...)
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Run])
	return out, postgres.Explain(err, "error.not_found")
}

// Run reads how far a run has come. Errors: sign_in, forbidden, not found.
func (s *Service) Run(ctx context.Context, actor identity.Actor, publicID string) (out Run, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.run(ctx, `where x.public_id = $1`, publicID)
		return err
	})
	return out, err
}

// UnderWay is the run of a year that has not finished; nil where there is none.
func (s *Service) UnderWay(ctx context.Context, actor identity.Actor, year int) (*Run, error) {
	var out *Run
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		run, err := repository{q}.run(ctx, `where y.year = $1 and x.state = 'running'`, year)
		if apperr.Is(err, apperr.NotFound) {
			return nil
		}
		out = &run
		return err
	})
	return out, err
}

// batchSize is how many members one transaction assesses.
const batchSize = 500

var errRunDone = errors.New("the run is done")

// work issues batch after batch until every member has been looked at.
func (s *Service) work(ctx context.Context, runID int64) error {
	for {
		err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return s.batch(ctx, tx, runID) })
		if errors.Is(err, errRunDone) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// batch assesses the next members and moves the run on, in one transaction.
func (s *Service) batch(ctx context.Context, tx pgx.Tx, runID int64) error {
	r := repository{tx}
	run, err := r.run(ctx, `where x.id = $1 for update of x`, runID)
	if err != nil {
		return err
	}
	if run.State == "done" {
		return errRunDone
	}
	rules, err := r.rulesByID(ctx, run.RulesID)
	if err != nil {
		return err
	}
	members, err := r.membersAfter(ctx, run.AfterOrg, batchSize)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		_, err := tx.Exec(ctx, `update dues_runs set state = 'done', finished_at = now(), done = total where id = $1`, run.ID)
		return err
	}
	rates, err := r.ratesOn(ctx, rules.RatesOn)
	if err != nil {
		return err
	}
	issued, err := s.issue(ctx, tx, run, rules, rates, members)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update dues_runs set after_org = $2, done = least(total, done + $3), issued = issued + $4 where id = $1`,
		run.ID, members[len(members)-1].OrgID, len(members), issued)
	return err
}

// issue stores the assessments of some members that have none yet and owe something, and
// says how many.
func (s *Service) issue(ctx context.Context, tx pgx.Tx, run Run, rules Rules, rates Rates, members []Member) (int, error) {
	r := repository{tx}
	has, err := r.issuedIn(ctx, rules.Year)
	if err != nil {
		return 0, err
	}
	var rows []assessed
	for _, m := range members {
		if has[m.OrgID] || !rules.Assesses(m) {
			continue
		}
		if result := rules.Assess(m, rates); result.Fault == "" && result.Amount > 0 && result.Base > 0 {
			rows = append(rows, assessed{m, result})
		}
	}
	if len(rows) == 0 {
		return 0, nil
	}
	due := rules.DueOn
	if least := s.today().AddDate(0, 0, leastDays); due.Before(least) {
		due = least
	}
	ids, err := r.insertAssessments(ctx, rules, due, run.ActorID, s.now(), rows)
	if err != nil {
		return 0, err
	}
	return len(rows), s.tell(ctx, tx, run, ids, rows)
}

// tell records each assessment.
func (s *Service) tell(ctx context.Context, tx pgx.Tx, run Run, ids []int64, rows []assessed) error {
	actor := identity.Actor{Side: identity.System, UserID: run.ActorID}
	entries := make([]audit.Entry, len(ids))
	for i, id := range ids {
		entries[i] = audit.Entry{Actor: actor, Action: "assessment.issue", Subject: assessmentRef(id),
			Payload: map[string]string{"amount": rows[i].Amount.String(), "currency": rows[i].Currency}}
	}
	return audit.RecordAll(ctx, tx, entries)
}

// assessed is a member with its result, about to be stored.
type assessed struct {
	Member
	Result
}

// insertAssessments stores assessments with their references, and returns their ids in the
// order of the rows.
func (r repository) insertAssessments(ctx context.Context, rules Rules, due time.Time, actorID int64, at time.Time, rows []assessed) ([]int64, error) {
	n := len(rows)
	orgs, publics := make([]int64, n), make([]string, n)
	amounts, currencies, bases := make([]string, n), make([]string, n), make([]string, n)
	inputs, explanations := make([]string, n), make([]string, n)
	for i, row := range rows {
		orgs[i], publics[i] = row.OrgID, subject.NewPublicID()
		amounts[i], currencies[i], bases[i] = row.Amount.String(), row.Currency, row.Base.String()
		in, err := json.Marshal(row.Member)
		if err != nil {
			return nil, err
		}
		why, err := json.Marshal(row.Parts)
		if err != nil {
			return nil, err
		}
		inputs[i], explanations[i] = string(in), string(why)
	}
	found, _ := r.db.Query(ctx, `
		with x as (
			select i, org_id, public_id, amount, currency, base, inputs, explanation, nextval(pg_get_serial_sequence('subjects', 'id')) as id,
				'DUE-' || $8::int || '-' || to_char(next_reference('DUE', $8::int), 'FM99999900000') as reference
			from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
				with ordinality u (org_id, public_id, amount, currency, base, inputs, explanation, i)
		), s as (
			insert into subjects (id, kind, org_id, public_id) overriding system value select id, 'assessment', org_id, public_id from x
		), a as (
			insert into dues_assessments (id, org_id, year, reference, rules_id, amount, currency, base_amount, base_currency, inputs, explanation,
				due_on, actor_id, issued_at)
			select id, org_id, $8, reference, $9, amount::numeric, currency, base::numeric, $10, inputs::jsonb, explanation::jsonb, $11,
				nullif($12::bigint, 0), $13 from x
		)
		select id from x order by i`,
		orgs, publics, amounts, currencies, bases, inputs, explanations, rules.Year, rules.ID, rules.Currency, due, actorID, at)
	return pgx.CollectRows(found, pgx.RowTo[int64])
}
