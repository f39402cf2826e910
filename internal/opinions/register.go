package opinions

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// precedentColumns are what scanPrecedent reads, in its order; $1 is the reader's language.
const precedentColumns = `
	select x.id, s.public_id, x.slug, x.reference, x.lang, x.title, x.question, x.body, x.topic, x.laws, coalesce(c.code, ''), coalesce(n.name, ''), x.given_on,
		x.state, x.note, x.changed_on, x.version, x.published_at
	from precedents x join subjects s on s.id = x.id left join countries c on c.id = x.country_id left join country_names n on n.country_id = c.id and n.lang = $1`

func scanPrecedent(row pgx.CollectableRow) (p Precedent, err error) {
	err = row.Scan(&p.ID, &p.PublicID, &p.Slug, &p.Reference, &p.Lang, &p.Title, &p.Question, &p.Body, &p.Topic, &p.Laws, &p.Country, &p.CountryName, &p.GivenOn,
		&p.State, &p.Note, &p.ChangedOn, &p.Version, &p.PublishedAt)
	return p, err
}

func (r repository) precedents(ctx context.Context, lang locale.Lang, sql string, args ...any) ([]Precedent, error) {
	rows, _ := r.db.Query(ctx, precedentColumns+sql, slices.Concat([]any{string(lang)}, args)...)
	return pgx.CollectRows(rows, scanPrecedent)
}

func (r repository) precedent(ctx context.Context, lang locale.Lang, sql string, args ...any) (Precedent, error) {
	rows, _ := r.db.Query(ctx, precedentColumns+sql, slices.Concat([]any{string(lang)}, args)...)
	p, err := pgx.CollectExactlyOneRow(rows, scanPrecedent)
	return p, postgres.Explain(err, "opinions.not_found")
}

// publish stores the precedent of an opinion: nothing of the case goes with it.
func (r repository) publish(ctx context.Context, f File, at time.Time) (p Precedent, err error) {
	x := f.Redaction
	slug := fold.Slug(x.Title)
	if slug != "" {
		slug += "-"
	}
	slug += strings.ToLower(f.Paper.Reference())
	var id int64
	err = r.db.QueryRow(ctx, `
		with s as (insert into subjects (kind, org_id, public_id) values ('precedent', union_id(), $1) returning id, org_id)
		insert into precedents (id, org_id, slug, reference, lang, title, question, body, topic, laws, law_keys, country_id, given_on, published_at)
		select s.id, s.org_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, (select id from countries where code = $11), $12, $13 from s returning id`,
		subject.NewPublicID(), slug, f.Paper.Reference(), f.Paper.Lang, x.Title, x.Question, Public(f.Paper.Body, x.Hidden), x.Topic, append([]string{}, x.Laws...),
		lawKeys(x.Laws), x.Country, f.Paper.IssuedOn, at).Scan(&id)
	if err != nil {
		return p, postgres.Explain(err, "opinions.not_found")
	}
	if _, err := r.db.Exec(ctx, `update opinion_papers set precedent_id = $2 where request_id = $1`, f.ID, id); err != nil {
		return p, err
	}
	return r.precedent(ctx, locale.Default, ` where x.id = $2`, id)
}

func lawKeys(laws []string) []string {
	out := []string{}
	for _, law := range laws {
		out = append(out, fold.Key(law))
	}
	return out
}

// where is a filter as SQL; $1 is the reader's language.
type where struct {
	sql  strings.Builder
	args []any
	none bool
}

func (w *where) and(condition string, arg any) {
	w.args = append(w.args, arg)
	w.sql.WriteString(" and " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(w.args)+1)))
}

// page reads one page, the newest first, by keyset.
func (r repository) page(ctx context.Context, lang locale.Lang, w *where, after, before string, out *Listing) (err error) {
	if w.none {
		return nil
	}
	backwards, sql, args := before != "", w.sql.String(), slices.Clone(w.args)
	direction, beyond := "desc", "<"
	if backwards {
		direction, beyond = "asc", ">"
	}
	if day, id, ok := readCursor(after + before); ok {
		args = append(args, day, id)
		sql += fmt.Sprintf(" and (x.given_on, x.id) %s ($%d, $%d)", beyond, len(args), len(args)+1)
	}
	list, err := r.precedents(ctx, lang, fmt.Sprintf(` where true %s order by x.given_on %s, x.id %[2]s limit %d`, sql, direction, PageSize+1), args...)
	if err != nil {
		return err
	}
	more := len(list) > PageSize
	list = list[:min(len(list), PageSize)]
	if backwards {
		slices.Reverse(list)
	}
	out.Rows = list
	if len(list) > 0 && (more || backwards) {
		out.Next = list[len(list)-1].cursor()
	}
	if len(list) > 0 && (more && backwards || after != "") {
		out.Prev = list[0].cursor()
	}
	return nil
}

func (r repository) count(ctx context.Context, lang locale.Lang, w *where) (n int, err error) {
	if w.none {
		return 0, nil
	}
	err = r.db.QueryRow(ctx, fmt.Sprintf(`select count(*) from (select from precedents x where $1 <> '' %s limit %d) y`, w.sql.String(), maxCount+1),
		slices.Concat([]any{string(lang)}, w.args)...).Scan(&n)
	return n, err
}

// offers are the countries and years that precedents have.
func (r repository) offers(ctx context.Context, lang locale.Lang, out *Listing) (err error) {
	rows, _ := r.db.Query(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where exists (select from precedents x where x.country_id = c.id) order by n.name collate "tr-x-icu"`, string(lang))
	if out.Countries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Choice]); err != nil {
		return err
	}
	var first, last *int
	if err = r.db.QueryRow(ctx, `select extract(year from min(given_on))::int, extract(year from max(given_on))::int from precedents`).Scan(&first, &last); err != nil || first == nil {
		return err
	}
	for year := *last; year >= *first; year-- {
		out.Years = append(out.Years, year)
	}
	return nil
}
