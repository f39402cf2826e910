package projects

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

type repository struct{ db postgres.Querier }

// columns are what scan reads, in its order; $1 is the reader's language.
const columns = `
	select p.id, s.public_id, p.org_id, coalesce(mt.title, o.name), coalesce(m.slug, ''), p.state, p.seq, p.version, p.published,
		p.kind, p.sector, p.place, p.lat, p.lon, coalesce(p.beneficiaries, 0), coalesce(p.cost::text, ''), coalesce(p.cost_currency, ''),
		cn.name, c.code, p.approved_on, p.starts_on, p.ends_on
	from projects p
	join subjects s on s.id = p.id
	join organisations o on o.id = p.org_id
	left join municipalities m on m.id = p.org_id
	left join municipality_titles mt on mt.municipality_id = p.org_id and mt.lang = $1
	join countries c on c.id = p.country_id
	join country_names cn on cn.country_id = c.id and cn.lang = $1`

func scan(row pgx.CollectableRow) (*Project, error) {
	var p Project
	var lat, lon *float64
	err := row.Scan(&p.ID, &p.PublicID, &p.OrgID, &p.OrgName, &p.OrgSlug, &p.State, &p.Seq, &p.Version, &p.Published,
		&p.Kind, &p.Sector, &p.Place, &lat, &lon, &p.Beneficiaries, &p.Cost, &p.Currency,
		&p.Country, &p.CountryCode, &p.ApprovedOn, &p.StartsOn, &p.EndsOn)
	if lat != nil && lon != nil {
		p.Point = &Point{Lat: *lat, Lon: *lon}
	}
	p.sort = p.ApprovedOn
	return &p, err
}

func (r repository) one(ctx context.Context, sql string, args ...any) (*Project, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	got, err := pgx.CollectExactlyOneRow(rows, scan)
	return got, postgres.Explain(err, "projects.not_found")
}

// byID reads a project; published says that only a published one counts.
func (r repository) byID(ctx context.Context, lang locale.Lang, id int64, published bool) (*Project, error) {
	p, err := r.one(ctx, columns+` where p.id = $2 and (p.published or not $3)`, string(lang), id, published)
	if err != nil {
		return nil, err
	}
	return p, r.indicators(ctx, p)
}

// byPublicID reads a project for the desk, with the request that it grew out of.
func (r repository) byPublicID(ctx context.Context, lang locale.Lang, publicID string) (*Project, error) {
	p, err := r.one(ctx, columns+` where s.public_id = $2 and s.kind = 'project'`, string(lang), publicID)
	if err != nil {
		return nil, err
	}
	err = r.db.QueryRow(ctx, `
		select rs.public_id, coalesce(r.reference, '') from projects p join requests r on r.id = p.request_id join subjects rs on rs.id = r.id
		where p.id = $1`, p.ID).Scan(&p.RequestPublic, &p.Reference)
	if err != nil {
		return nil, postgres.Explain(err, "projects.not_found")
	}
	return p, r.indicators(ctx, p)
}

// lock reads a project and holds its row until the transaction ends.
func (r repository) lock(ctx context.Context, publicID string) (*Project, error) {
	p, err := r.one(ctx, columns+` where s.public_id = $2 and s.kind = 'project' for update of p`, string(locale.Default), publicID)
	if err != nil {
		return nil, err
	}
	return p, r.indicators(ctx, p)
}

func (r repository) indicators(ctx context.Context, p *Project) error {
	rows, _ := r.db.Query(ctx, `select indicator, target::float8, reached::float8 from project_indicators where project_id = $1`, p.ID)
	var err error
	if p.Indicators, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Indicator]); err != nil {
		return err
	}
	slices.SortFunc(p.Indicators, func(a, b Indicator) int { return slices.Index(Measures(), a.Name) - slices.Index(Measures(), b.Name) })
	return nil
}

// identify makes the subject of a new project.
func (r repository) identify(ctx context.Context, orgID int64) (subject.Ref, string, error) {
	ref, publicID := subject.Ref{Kind: subject.Project}, subject.NewPublicID()
	err := r.db.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('project', $1, $2) returning id`, orgID, publicID).Scan(&ref.ID)
	return ref, publicID, err
}

// insert stores a new project; its first move is there already.
func (r repository) insert(ctx context.Context, ref subject.Ref, n Origin, state string) error {
	var lat, lon *float64
	if n.Point != nil {
		lat, lon = &n.Point.Lat, &n.Point.Lon
	}
	_, err := r.db.Exec(ctx, `
		insert into projects (id, org_id, state, seq, request_id, published, kind, sector, place, lat, lon, beneficiaries, cost, cost_currency, country_id, approved_on)
		values ($1, $2, $3, 1, $4, true, $5, $6, $7, $8, $9, nullif($10, 0), nullif($11, '')::numeric, nullif($12, ''), $13, $14)`,
		ref.ID, n.OrgID, state, n.RequestID, n.Kind, n.Sector, n.Place, lat, lon, n.Beneficiaries, n.Cost, n.Currency, n.CountryID, n.ApprovedOn)
	return postgres.Explain(err, "projects.not_found")
}

// save stores a project's own columns; version counts each save.
func (r repository) save(ctx context.Context, p Project) error {
	_, err := r.db.Exec(ctx, `
		update projects set state = $2, seq = $3, published = $4, place = $5, starts_on = $6, ends_on = $7, version = version + 1 where id = $1`,
		p.ID, p.State, p.Seq, p.Published, p.Place, p.StartsOn, p.EndsOn)
	return err
}

func (r repository) saveIndicators(ctx context.Context, id int64, list []Indicator) error {
	batch := &pgx.Batch{}
	batch.Queue(`delete from project_indicators where project_id = $1`, id)
	for _, i := range list {
		batch.Queue(`insert into project_indicators (project_id, indicator, target, reached) values ($1, $2, $3, $4)`, id, i.Name, i.Target, i.Reached)
	}
	return r.db.SendBatch(ctx, batch).Close()
}

// where is a filter as SQL.
type where struct {
	sql  strings.Builder
	args []any
	none bool
}

func (w *where) and(condition string, arg any) {
	w.args = append(w.args, arg)
	w.sql.WriteString(" and " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(w.args))))
}

// page reads one page, newest decisions first, by keyset.
func (r repository) page(ctx context.Context, w *where, at Place) (postgres.Page[*Project], error) {
	var page postgres.Page[*Project]
	if w.none {
		return page, nil
	}
	backwards, sql, args := at.Before != "", w.sql.String(), slices.Clone(w.args)
	direction, beyond := "desc", "<"
	if backwards {
		direction, beyond = "asc", ">"
	}
	if day, id, ok := readCursor(at.After + at.Before); ok {
		args = append(args, day, id)
		sql += fmt.Sprintf(" and (p.approved_on, p.id) %s ($%d, $%d)", beyond, len(args)-1, len(args))
	}
	rows, _ := r.db.Query(ctx, fmt.Sprintf(`%s where true %s order by p.approved_on %s, p.id %[3]s limit %d`, columns, sql, direction, PageSize+1), args...)
	list, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return page, err
	}
	more := len(list) > PageSize
	list = list[:min(len(list), PageSize)]
	if backwards {
		slices.Reverse(list)
	}
	page.Rows = list
	if len(list) > 0 && (more || backwards) {
		page.Next = list[len(list)-1].cursor()
	}
	if len(list) > 0 && (more && backwards || at.After != "") {
		page.Prev = list[0].cursor()
	}
	return page, nil
}

func (r repository) all(ctx context.Context, w *where, limit int) ([]*Project, error) {
	if w.none {
		return nil, nil
	}
	rows, _ := r.db.Query(ctx, fmt.Sprintf(`%s where true %s order by p.approved_on desc, p.id desc limit %d`, columns, w.sql.String(), limit), w.args...)
	return pgx.CollectRows(rows, scan)
}

func (r repository) count(ctx context.Context, w *where) (n int, err error) {
	if w.none {
		return 0, nil
	}
	// The first argument is the language, which the count does not need to know.
	err = r.db.QueryRow(ctx, fmt.Sprintf(`select count(*) from (select from projects p where $1 <> '' %s limit %d) x`, w.sql.String(), maxCount+1), w.args...).Scan(&n)
	return n, err
}

// countries lists the countries that have projects, by name.
func (r repository) countries(ctx context.Context, lang locale.Lang) ([]Choice, error) {
	rows, _ := r.db.Query(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where exists (select from projects p where p.country_id = c.id and p.published)
		order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// cursor is where a project stands in the list.
func (p Project) cursor() string {
	return p.sort.Format(time.DateOnly) + "." + strconv.FormatInt(p.ID, 36)
}

func readCursor(s string) (day time.Time, id int64, ok bool) {
	before, after, found := strings.Cut(s, ".")
	day, err := time.Parse(time.DateOnly, before)
	id, err2 := strconv.ParseInt(after, 36, 64)
	return day, id, found && err == nil && err2 == nil
}
