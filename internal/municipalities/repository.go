package municipalities

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// repository reads and writes the register.
type repository struct{ db postgres.Querier }

// listColumns are the columns of a Row; from joins what they need. Each language orders by
// its own collation, which has its own index, so that lang and collation stand in the text.
const listColumns = `m.id, m.slug, t.title, t.standing, cn.name, c.code, r.name, m.population, m.population_year`

const listFrom = `
	from municipality_titles t
	join municipalities m on m.id = t.municipality_id
	join countries c on c.id = t.country_id
	join country_names cn on cn.country_id = c.id and cn.lang = t.lang
	join regions r on r.id = t.region_id`

// where is a filter as SQL: conditions joined by and, with their arguments.
type where struct {
	text strings.Builder
	args []any
}

// and adds a condition; each ? in it is an argument.
func (w *where) and(condition string, args ...any) {
	w.text.WriteString(" and ")
	for _, a := range args {
		w.args = append(w.args, a)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.text.WriteString(condition)
}

// newWhere is the filter without its text. lang is one of ours: it stands in the SQL.
func newWhere(lang locale.Lang, f Filter) *where {
	w := &where{}
	if f.Country != "" {
		w.and(`t.country_id = (select id from countries where code = ?)`, f.Country)
	}
	if f.Region != "" {
		w.and(`t.region_id = (select id from regions where slug = ?)`, f.Region)
	}
	if f.Band != "" {
		w.and(`t.band = ?`, bandNumber(f.Band))
	}
	if f.Field != "" {
		w.and(`exists (select from municipality_fields mf join fields x on x.id = mf.field_id
			where mf.municipality_id = t.municipality_id and x.code = ?)`, f.Field)
	}
	return w
}

// inLang begins a condition with the language as text, which makes its index fit.
func inLang(lang locale.Lang) string {
	if !locale.Known(string(lang)) {
		lang = locale.Default
	}
	return ` where t.lang = '` + string(lang) + `'`
}

const onlyMembers = ` and t.standing = 'active'`

// order is the list's order in a language.
func order(lang locale.Lang, direction string) string {
	return fmt.Sprintf(` order by t.title collate "%s" %s, t.municipality_id %s`, locale.Collation(lang), direction, direction)
}

// list is one page of the directory.
func (r repository) list(ctx context.Context, lang locale.Lang, f Filter, at Place) (postgres.Page[Row], error) {
	w := newWhere(lang, f)
	direction, backwards := "asc", at.After == "" && at.Before != ""
	comparison, from := ">", at.After
	if backwards {
		direction, comparison, from = "desc", "<", at.Before
	}
	if from != "" {
		title, id, err := r.cursor(ctx, lang, from)
		if err != nil {
			return postgres.Page[Row]{}, err
		}
		w.and(fmt.Sprintf(`(t.title collate "%s", t.municipality_id) %s (?, ?)`, locale.Collation(lang), comparison), title, id)
	}
	sql := `select ` + listColumns + listFrom + inLang(lang) + onlyMembers + w.text.String() + order(lang, direction) + fmt.Sprintf(` limit %d`, PageSize+1)
	rows, err := r.rows(ctx, sql, w.args)
	return newPage(rows, from != "", backwards), err
}

// newPage drops the row that only said that more follow, and turns a page that was read
// backwards.
func newPage(rows []Row, entered, backwards bool) postgres.Page[Row] {
	more := len(rows) > PageSize
	rows = rows[:min(len(rows), PageSize)]
	if backwards {
		for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
	page := postgres.Page[Row]{Rows: rows}
	if len(rows) == 0 {
		return page
	}
	if more && !backwards || backwards {
		page.Next = rows[len(rows)-1].Slug
	}
	if more && backwards || !backwards && entered {
		page.Prev = rows[0].Slug
	}
	return page
}

// cursor finds the place in the order of the municipality that a page begins at.
// Errors: not found.
func (r repository) cursor(ctx context.Context, lang locale.Lang, slug string) (title string, id int64, err error) {
	err = r.db.QueryRow(ctx, `
		select t.title, t.municipality_id from municipality_titles t join municipalities m on m.id = t.municipality_id
		where m.slug = $1 and t.lang = $2`, slug, string(lang)).Scan(&title, &id)
	return title, id, postgres.Explain(err, "municipalities.not_found")
}

func (r repository) rows(ctx context.Context, sql string, args []any) ([]Row, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Row, err error) {
		err = row.Scan(&x.ID, &x.Slug, &x.Title, &x.Standing, &x.Country, &x.CountryCode, &x.Region, &x.Population, &x.PopulationYear)
		return x, err
	})
}

// byID lists municipalities of any standing by their ids, those that pass the filter.
func (r repository) byID(ctx context.Context, lang locale.Lang, f Filter, ids []int64) (map[int64]Row, error) {
	w := newWhere(lang, f)
	w.and(`t.municipality_id = any (?)`, ids)
	rows, err := r.rows(ctx, `select `+listColumns+listFrom+inLang(lang)+w.text.String(), w.args)
	out := make(map[int64]Row, len(rows))
	for _, row := range rows {
		out[row.ID] = row
	}
	return out, err
}

// count counts the members that fit, at most one more than maxCount.
func (r repository) count(ctx context.Context, lang locale.Lang, f Filter) (n int, err error) {
	w := newWhere(lang, f)
	err = r.db.QueryRow(ctx, `select count(*) from (select from municipality_titles t`+inLang(lang)+onlyMembers+w.text.String()+
		fmt.Sprintf(` limit %d) x`, maxCount+1), w.args...).Scan(&n)
	return n, err
}

// points lists places for a map; ids narrows to the matches of a text where it is not nil.
func (r repository) points(ctx context.Context, lang locale.Lang, f Filter, ids []int64, limit int) ([]Point, error) {
	w := newWhere(lang, f)
	if ids != nil {
		w.and(`t.municipality_id = any (?)`, ids)
	} else {
		w.text.WriteString(onlyMembers)
	}
	w.args = append(w.args, limit)
	rows, _ := r.db.Query(ctx, `select m.slug, t.title, cn.name, m.lat, m.lon, m.population`+listFrom+inLang(lang)+w.text.String()+
		fmt.Sprintf(` order by m.population desc nulls last, m.id limit $%d`, len(w.args)), w.args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Point])
}

// ExportRow is a municipality in a data file.
type ExportRow struct {
	SourceID, Slug, Title, Name string
	Standing                    Standing
	CountryCode, Country        string
	Region                      string
	Lat, Lon                    float64
	Population                  *int64
	PopulationYear              *int
	Zone                        string
	FiguresAt                   time.Time
	Fields                      []string // titles
}

func (r repository) export(ctx context.Context, lang locale.Lang, f Filter, ids []int64, each func(ExportRow) error) error {
	w := newWhere(lang, f)
	if ids != nil {
		w.and(`t.municipality_id = any (?)`, ids)
	} else {
		w.text.WriteString(onlyMembers)
	}
	rows, _ := r.db.Query(ctx, `
		select m.source_id, m.slug, t.title, m.name, m.standing, c.code, cn.name, r.name, m.lat, m.lon, m.population, m.population_year,
			m.zone, m.figures_at, array(select ft.title from municipality_fields mf join fields x on x.id = mf.field_id
				join field_texts ft on ft.field_id = x.id and ft.lang = t.lang where mf.municipality_id = m.id order by x.position)`+
		listFrom+inLang(lang)+w.text.String()+order(lang, "asc"), w.args...)
	defer rows.Close()
	for rows.Next() {
		row, err := pgx.RowToStructByPos[ExportRow](rows)
		if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (r repository) sourceIDs(ctx context.Context, ids []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(ids))
	rows, _ := r.db.Query(ctx, `select id, source_id from municipalities where id = any ($1)`, ids)
	var id int64
	var source string
	_, err := pgx.ForEachRow(rows, []any{&id, &source}, func() error {
		out[id] = source
		return nil
	})
	return out, err
}
