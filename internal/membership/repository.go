package membership

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

type repository struct{ db postgres.Querier }

const columns = `
	a.id, s.public_id, a.org_id, a.state, a.seq, a.version, a.lang, a.email, coalesce(a.reference, ''), a.membership, a.name,
	coalesce(a.country_id, 0), coalesce(a.population, 0), coalesce(a.officer_id, 0), coalesce(u.name, ''), coalesce(a.place_id, 0),
	coalesce(p.name, ''), coalesce(m.slug, ''), coalesce(a.executive_id, 0), coalesce(a.decision_id, 0), a.created_at, a.submitted_at, a.closed_at,
	nullif(a.due_at, 'infinity')`

const sources = `
	from applications a
	join subjects s on s.id = a.id
	left join users u on u.id = a.officer_id
	left join organisations p on p.id = a.place_id
	left join municipalities m on m.id = a.place_id`

func scan(row pgx.CollectableRow) (*Application, error) {
	var a Application
	err := row.Scan(&a.ID, &a.PublicID, &a.OrgID, &a.State, &a.Seq, &a.Version, &a.Lang, &a.Email, &a.Reference, &a.Kind, &a.Name,
		&a.CountryID, &a.Population, &a.OfficerID, &a.OfficerName, &a.PlaceID, &a.PlaceName, &a.PlaceSlug, &a.ExecutiveID, &a.DecisionID,
		&a.CreatedAt, &a.SubmittedAt, &a.ClosedAt, &a.DueAt)
	return &a, err
}

// byPublicID finds an application that an actor may see: the applicant's own, or what was
// sent. It repeats in the query what the service has asked.
const byPublicID = ` where s.public_id = $1 and s.kind = 'application' and (($2 and a.org_id = $3) or (not $2 and a.submitted_at is not null))`

func (r repository) open(ctx context.Context, actor identity.Actor, publicID string) (*Application, error) {
	return r.one(ctx, `select `+columns+sources+byPublicID, publicID, actor.Side == identity.Member, actor.OrgID)
}

// lock is open, holding the row until the transaction ends.
func (r repository) lock(ctx context.Context, actor identity.Actor, publicID string) (*Application, error) {
	return r.one(ctx, `select `+columns+sources+byPublicID+` for update of a`, publicID, actor.Side == identity.Member, actor.OrgID)
}

// byRef reads an application for the portal itself.
func (r repository) byRef(ctx context.Context, ref subject.Ref) (*Application, error) {
	return r.one(ctx, `select `+columns+sources+` where a.id = $1`, ref.ID)
}

func (r repository) one(ctx context.Context, sql string, args ...any) (*Application, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	got, err := pgx.CollectExactlyOneRow(rows, scan)
	return got, postgres.Explain(err, "membership.not_found")
}

// save stores all that may change while an application lives, in one statement.
func (r repository) save(ctx context.Context, a Application) error {
	_, err := r.db.Exec(ctx, `
		update applications set state = $2, seq = $3, reference = nullif($4, ''), membership = $5, name = $6, country_id = nullif($7, 0),
			population = nullif($8, 0), officer_id = nullif($9, 0), place_id = nullif($10, 0), executive_id = nullif($11, 0),
			decision_id = nullif($12, 0), submitted_at = $13, closed_at = $14, due_at = coalesce($15::timestamptz, 'infinity'), version = version + 1
		where id = $1`, a.ID, a.State, a.Seq, a.Reference, a.Kind, a.Name, a.CountryID, a.Population, a.OfficerID, a.PlaceID, a.ExecutiveID,
		a.DecisionID, a.SubmittedAt, a.ClosedAt, a.DueAt)
	return err
}

// countryByCode is a country's id by its code; 0 where the list has none.
func (r repository) countryByCode(ctx context.Context, code string) (id int64, err error) {
	err = r.db.QueryRow(ctx, `select coalesce((select id from countries where code = $1), 0)`, code).Scan(&id)
	return id, err
}

// country is a country's name in the reader's language and its code; empty where it is not said.
func (r repository) country(ctx context.Context, lang string, id int64) (name, code string, err error) {
	if id == 0 {
		return "", "", nil
	}
	err = r.db.QueryRow(ctx, `
		select n.name, c.code from countries c join country_names n on n.country_id = c.id where c.id = $1 and n.lang = $2`, id, lang).Scan(&name, &code)
	return name, code, postgres.Explain(err, "membership.not_found")
}
