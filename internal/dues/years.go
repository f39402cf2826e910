package dues

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Year is a year's rules as the list of years shows them.
type Year struct {
	Year     int
	Version  int
	Currency string
	DueOn    time.Time
	Issued   int // assessments
	Open     int // of them, not yet paid
}

// Years lists the years that have rules, the newest first. Errors: sign_in, forbidden.
func (s *Service) Years(ctx context.Context, actor identity.Actor) (list []Year, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select y.year, r.version, r.currency, r.due_on, coalesce(a.issued, 0), coalesce(a.open, 0)
			from dues_years y
			join lateral (select version, currency, due_on from dues_rules where year_id = y.id order by version desc limit 1) r on true
			left join lateral (select count(*) as issued, count(*) filter (where open > 0) as open from dues_assessments where year = y.year and cancelled_at is null) a on true
			order by y.year desc`)
		list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Year])
		return err
	})
	return list, err
}

const rulesColumns = `
	select r.id, y.year, r.version, r.currency, r.due_on, r.rates_on, r.lines, r.note, r.recorded_at
	from dues_rules r join dues_years y on y.id = r.year_id `

func scanRules(row pgx.CollectableRow) (r Rules, err error) {
	var lines []byte
	if err = row.Scan(&r.ID, &r.Year, &r.Version, &r.Currency, &r.DueOn, &r.RatesOn, &lines, &r.Note, &r.RecordedAt); err != nil {
		return r, err
	}
	return r, json.Unmarshal(lines, &r.Lines)
}

// rules is the newest version of a year's rules. Errors: not found.
func (r repository) rules(ctx context.Context, year int) (Rules, error) {
	rows, _ := r.db.Query(ctx, rulesColumns+`where y.year = $1 order by r.version desc limit 1`, year)
	out, err := pgx.CollectExactlyOneRow(rows, scanRules)
	return out, postgres.Explain(err, "dues.no_rules")
}

// rulesByID is one version of rules. Errors: not found.
func (r repository) rulesByID(ctx context.Context, id int64) (Rules, error) {
	rows, _ := r.db.Query(ctx, rulesColumns+`where r.id = $1`, id)
	out, err := pgx.CollectExactlyOneRow(rows, scanRules)
	return out, postgres.Explain(err, "dues.no_rules")
}

// Rules reads the newest version of a year's rules. Errors: sign_in, forbidden, not found.
func (s *Service) Rules(ctx context.Context, actor identity.Actor, year int) (out Rules, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		out, err = repository{q}.rules(ctx, year)
		return err
	})
	return out, err
}

// RulesInput is a new version as staff write it.
type RulesInput struct {
	Year     int
	Version  int // that the writer saw; 0: none yet
	Currency string
	DueOn    time.Time
	RatesOn  time.Time
	Text     string // one JSON object a line
	Note     string
}

// SaveRules stores a new version of a year's rules; what was issued under an earlier one
// stays as it is. The faults say which lines are wrong. Errors: forbidden, invalid by field,
// conflict (somebody stored a version meanwhile).
func (s *Service) SaveRules(ctx context.Context, actor identity.Actor, in RulesInput) ([]LineFault, error) {
	if err := actor.May(identity.EditDues); err != nil {
		return nil, err
	}
	lines, faults := ParseLines(in.Text)
	fields := in.check()
	if len(faults) > 0 {
		fields["lines"] = "dues.fault.some"
	}
	if err := apperr.Fields(fields); err != nil {
		return faults, err
	}
	return nil, s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		return s.storeRules(ctx, tx, actor, in, lines)
	})
}

func (in RulesInput) check() map[string]string {
	fields := map[string]string{}
	if in.Year < 1990 || in.Year > 2200 {
		fields["year"] = "dues.fault.year"
	}
	if !Currency(in.Currency) {
		fields["currency"] = "dues.fault.currency"
	}
	if in.DueOn.IsZero() || in.DueOn.Year() < in.Year || in.DueOn.Year() > in.Year+1 {
		fields["due_on"] = "dues.fault.due"
	}
	if in.RatesOn.IsZero() {
		fields["rates_on"] = "dues.fault.day"
	}
	if len(in.Note) > 1000 {
		fields["note"] = "error.too_long"
	}
	return fields
}

func (s *Service) storeRules(ctx context.Context, tx pgx.Tx, actor identity.Actor, in RulesInput, lines []Line) error {
	yearID, err := (repository{tx}).yearID(ctx, in.Year)
	if err != nil {
		return err
	}
	content, err := json.Marshal(lines)
	if err != nil {
		return err
	}
	stored, err := tx.Exec(ctx, `
		insert into dues_rules (year_id, version, currency, due_on, rates_on, lines, note, actor_id)
		select $1, $2::int, $3, $4, $5, $6, $7, nullif($8::bigint, 0)
		where $2::int = 1 + coalesce((select max(version) from dues_rules where year_id = $1), 0)`,
		yearID, in.Version+1, in.Currency, in.DueOn, in.RatesOn, content, in.Note, actor.UserID)
	if err != nil {
		return postgres.Explain(err, "")
	}
	if stored.RowsAffected() == 0 {
		return apperr.New(apperr.Conflict, "dues.rules_changed")
	}
	return s.record(ctx, tx, actor, subject.Ref{Kind: subject.DuesRules, ID: yearID}, "dues_rules.save",
		map[string]any{"year": in.Year, "version": in.Version + 1, "currency": in.Currency, "lines": len(lines)})
}

// yearID finds the year's record, and makes it where it is missing.
func (r repository) yearID(ctx context.Context, year int) (id int64, err error) {
	err = r.db.QueryRow(ctx, `select id from dues_years where year = $1`, year).Scan(&id)
	if err != pgx.ErrNoRows {
		return id, err
	}
	err = r.db.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('dues_rules', union_id(), $2) returning id, org_id),
		y as (insert into dues_years (id, org_id, year) select id, org_id, $1 from s)
		select id from s`, year, subject.NewPublicID()).Scan(&id)
	return id, postgres.Explain(err, "")
}
