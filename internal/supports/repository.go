package supports

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

type repository struct{ db postgres.Querier }

const columns = `
	x.id, s.public_id, x.org_id, os.public_id, o.name, x.request_id, rs.public_id, coalesce(r.reference, ''), r.service, x.kind, x.title,
	coalesce(x.amount::text, ''), coalesce(x.currency, ''), coalesce(x.decision_id, 0), coalesce(ds.public_id, ''), coalesce(d.number, ''),
	x.granted_on, x.note, x.version,
	coalesce((select sum(i.amount)::text from support_instalments i where i.support_id = x.id and i.paid_on is not null), '0.00'),
	(select min(i.due_on) from support_instalments i where i.support_id = x.id and i.paid_on is null),
	(select min(p.due_on) from support_reports p where p.support_id = x.id and p.received_on is null)`

const sources = `
	from supports x
	join subjects s on s.id = x.id
	join organisations o on o.id = x.org_id
	join subjects os on os.id = x.org_id
	join requests r on r.id = x.request_id
	join subjects rs on rs.id = r.id
	left join decisions d on d.id = x.decision_id
	left join subjects ds on ds.id = d.id`

func scan(row pgx.CollectableRow) (x Support, err error) {
	err = row.Scan(&x.ID, &x.PublicID, &x.OrgID, &x.OrgPublicID, &x.OrgName, &x.RequestID, &x.Request, &x.Reference, &x.Service, &x.Kind, &x.Title,
		&x.Amount, &x.Currency, &x.DecisionID, &x.Decision, &x.DecisionNo, &x.GrantedOn, &x.Note, &x.Version, &x.Paid, &x.NextPay, &x.NextReport)
	return x, err
}

func (r repository) many(ctx context.Context, where string, args ...any) ([]Support, error) {
	rows, _ := r.db.Query(ctx, `select `+columns+sources+where, args...)
	list, err := pgx.CollectRows(rows, scan)
	return list, postgres.Explain(err, "supports.not_found")
}

// open reads a support that an organisation (0: everyone's) may see. Errors: not found.
func (r repository) open(ctx context.Context, org int64, publicID, lock string) (Support, error) {
	rows, _ := r.db.Query(ctx, `select `+columns+sources+` where s.public_id = $1 and s.kind = 'support' and ($2 = 0 or x.org_id = $2)`+lock, publicID, org)
	x, err := pgx.CollectExactlyOneRow(rows, scan)
	return x, postgres.Explain(err, "supports.not_found")
}

func (r repository) instalments(ctx context.Context, id int64) ([]Instalment, error) {
	rows, _ := r.db.Query(ctx, `select public_id, due_on, amount::text, paid_on from support_instalments where support_id = $1 order by due_on, id`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Instalment])
}

func (r repository) reports(ctx context.Context, id int64) ([]Report, error) {
	rows, _ := r.db.Query(ctx, `select public_id, due_on, received_on from support_reports where support_id = $1 order by due_on, id`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Report])
}

// where is a filter as SQL; today is the union's day.
func (f Filter) where(today time.Time) (sql string, args pgx.NamedArgs) {
	var b strings.Builder
	args = pgx.NamedArgs{"kind": f.Kind, "org": f.Org, "today": today}
	b.WriteString(` where true`)
	if f.Kind != "" {
		b.WriteString(` and x.kind = @kind`)
	}
	if f.Org != "" {
		b.WriteString(` and x.org_id = (select id from subjects where public_id = @org)`)
	}
	switch f.Due {
	case DueReport:
		b.WriteString(` and x.id in (select p.support_id from support_reports p where p.received_on is null and p.due_on < @today)`)
	case DuePayment:
		b.WriteString(` and x.id in (select i.support_id from support_instalments i where i.paid_on is null and i.due_on < @today)`)
	}
	return b.String(), args
}

// after continues a list behind a row.
func (f Filter) after(args pgx.NamedArgs) string {
	day, rest, _ := strings.Cut(f.After, ".")
	id, err := strconv.ParseInt(rest, 36, 64)
	on, dayErr := time.Parse(time.DateOnly, day)
	if err != nil || dayErr != nil {
		return ""
	}
	args["on"], args["id"] = on, id
	return ` and (x.granted_on, x.id) < (@on::date, @id::bigint)`
}

func (s Support) cursor() string {
	return s.GrantedOn.Format(time.DateOnly) + "." + strconv.FormatInt(s.ID, 36)
}

// sums adds up what a filter leaves, by currency.
func (r repository) sums(ctx context.Context, where string, args pgx.NamedArgs) ([]Sum, error) {
	rows, _ := r.db.Query(ctx, `
		select x.currency, sum(x.amount)::text, coalesce(sum(p.paid), 0)::numeric(18, 2)::text
		from supports x left join lateral (select sum(i.amount) as paid from support_instalments i where i.support_id = x.id and i.paid_on is not null) p on true`+
		where+` and x.currency is not null group by x.currency order by x.currency`, args)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Sum])
}
