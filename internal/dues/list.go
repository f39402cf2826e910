package dues

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// The states of an assessment that a list can be narrowed to.
const (
	Open   = "open" // something is owed, late or not
	Late   = "late"
	Paid   = "paid" // nothing is owed any more
	Waived = "waived"
	// Cancelled ones were issued in error: they are listed only where they are asked for.
	Cancelled = "cancelled"
)

// States lists them.
func States() []string { return []string{Open, Late, Paid, Waived, Cancelled} }

// Age is how long something has been late.
type Age string

// Ages lists the classes of age, the youngest first: of 0 to 30 days, to 90, to a year, and over.
func Ages() []Age { return []Age{"30", "90", "365", "over"} }

// days are the bounds of an age, both included; the last has no end.
func (a Age) days() (from, to int) {
	switch a {
	case "30":
		return 1, 30
	case "90":
		return 31, 90
	case "365":
		return 91, 365
	}
	return 366, 0
}

// AgeOf is the class of a number of days late.
func AgeOf(days int) Age {
	for _, a := range Ages() {
		if _, to := a.days(); days <= to {
			return a
		}
	}
	return "over"
}

// Filter narrows the list of assessments; empty fields do not.
type Filter struct {
	Year     int
	State    string
	Age      Age
	Country  string
	Currency string
	Text     string // a city's name in any spelling, or a reference
}

// Zero reports whether nothing is filtered.
func (f Filter) Zero() bool { return f == Filter{} }

// Place in the list: after or before a row; both empty for the first page.
type Place struct{ After, Before string }

// PageSize is how many rows a page has, maxCount how far a list is counted, maxExport how
// many rows a file has, maxMatches how many of a text's best matches are looked at.
const (
	PageSize   = 25
	maxCount   = 10_000
	maxExport  = 200_000
	maxMatches = 300
)

// Listing is one page of assessments, with what the filter leaves.
type Listing struct {
	postgres.Page[Assessment]
	Count     int
	Capped    bool
	Sums      []ListSum // by currency, over all that the filter leaves
	Years     []int
	Countries []Choice
}

// Choice is something to filter by.
type Choice struct{ Code, Title string }

// ListSum is what a filter leaves, in one currency.
type ListSum struct {
	Currency           string
	Count              int
	Amount, Paid, Open Amount
	Waived             Amount
}

// where is a filter as SQL; $1 is the reader's language.
type where struct {
	sql  strings.Builder
	args []any
	none bool
}

func (w *where) and(condition string, arg any) {
	w.args = append(w.args, arg)
	w.sql.WriteString(" and " + strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(w.args))))
}

func (s *Service) where(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, f Filter) (*where, error) {
	w := &where{args: []any{string(lang)}}
	w.sql.WriteString(" where true")
	if f.Year != 0 {
		w.and(`a.year = ?`, f.Year)
	}
	switch f.State {
	case Open:
		w.sql.WriteString(" and a.open > 0")
	case Late:
		w.and(`a.open > 0 and a.due_on < ?`, s.today())
	case Paid:
		w.sql.WriteString(" and a.open = 0 and a.cancelled_at is null")
	case Waived:
		w.sql.WriteString(" and a.waived > 0")
	case Cancelled:
		w.sql.WriteString(" and a.cancelled_at is not null")
	default:
		if f.Text == "" { // who asks for one by name or number finds it all the same
			w.sql.WriteString(" and a.cancelled_at is null")
		}
	}
	if slices.Contains(Ages(), f.Age) {
		from, to := f.Age.days()
		w.and(`a.open > 0 and a.due_on <= ?`, s.today().AddDate(0, 0, -from))
		if to > 0 {
			w.and(`a.due_on >= ?`, s.today().AddDate(0, 0, -to))
		}
	}
	if f.Currency != "" {
		w.and(`a.currency = ?`, f.Currency)
	}
	if f.Country != "" {
		w.and(`a.org_id in (select m.id from municipalities m join countries c on c.id = m.country_id where c.code = ?)`, f.Country)
	}
	return w, w.match(ctx, q, actor, lang, f.Text)
}

// match narrows to what a text means: the assessment whose reference it spells, or those of
// the members that the search finds.
func (w *where) match(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, text string) error {
	if text == "" {
		return nil
	}
	if reference, ok := FindReference(text); ok {
		w.and(`a.reference = ?`, reference)
		return nil
	}
	hits, err := search.Find(ctx, q, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: maxMatches})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	w.none = len(ids) == 0
	w.and(`a.org_id = any(?)`, ids)
	return err
}

// mention is a reference of an assessment in whatever a person or a bank wrote around it.
var mention = regexp.MustCompile(`(?i)(?:^|[^a-z0-9])du[eе][ ./_-]*(20\d\d)[ ./_-]*0*(\d{1,8})(?:[^0-9]|$)`)

// FindReference finds the reference of an assessment in a text, in any spelling:
// "due 2026/42", "DUE202600042", "Aidat DUE-2026-00042 Bursa".
func FindReference(text string) (string, bool) {
	m := mention.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	year, _ := strconv.Atoi(m[1])
	n, err := strconv.Atoi(m[2])
	return Number(Prefix, year, n), err == nil && n > 0
}

// List is one page of assessments, the newest first. Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, at Place) (out Listing, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		w, err := s.where(ctx, q, actor, lang, f)
		if err != nil {
			return err
		}
		if out.Years, out.Countries, err = r.offer(ctx, lang); err != nil || w.none {
			return err
		}
		if out.Sums, err = r.sums(ctx, w); err != nil {
			return err
		}
		for _, sum := range out.Sums {
			out.Count += sum.Count
		}
		out.Page, err = r.page(ctx, w, at)
		return err
	})
	return out, err
}

// offer is what the list can be narrowed by.
func (r repository) offer(ctx context.Context, lang locale.Lang) (years []int, countries []Choice, err error) {
	rows, _ := r.db.Query(ctx, `
		with recursive years as (
			(select year from dues_assessments order by year desc limit 1)
			union all
			select (select a.year from dues_assessments a where a.year < y.year order by a.year desc limit 1) from years y where y.year is not null
		)
		select year from years where year is not null union select year from dues_years order by year desc`)
	if years, err = pgx.CollectRows(rows, pgx.RowTo[int]); err != nil {
		return nil, nil, err
	}
	rows, _ = r.db.Query(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where exists (select from memberships ms join municipalities m on m.id = ms.org_id where m.country_id = c.id)
		order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
	countries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
	return years, countries, err
}

// sums adds up what the filter leaves. A union's assessments are its members times its
// years; the index of a year or of what is late bounds what is read.
func (r repository) sums(ctx context.Context, w *where) ([]ListSum, error) {
	rows, _ := r.db.Query(ctx, `
		select a.currency, count(*), coalesce(sum(a.amount) filter (where a.cancelled_at is null), 0)::text, sum(a.paid)::text, sum(a.open)::text, sum(a.waived)::text, $1::text
		from dues_assessments a`+w.sql.String()+` group by a.currency order by sum(a.base_amount) desc`, w.args...)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (x ListSum, err error) {
		var amount, paid, open, waived string
		err = row.Scan(&x.Currency, &x.Count, &amount, &paid, &open, &waived, nil)
		x.Amount, x.Paid, x.Open, x.Waived = stored(amount), stored(paid), stored(open), stored(waived)
		return x, err
	})
}

func (r repository) page(ctx context.Context, w *where, at Place) (postgres.Page[Assessment], error) {
	var page postgres.Page[Assessment]
	backwards := at.Before != ""
	direction, beyond := "desc", "<"
	if backwards {
		direction, beyond = "asc", ">"
	}
	sql, args := w.sql.String(), slices.Clone(w.args)
	if id, err := strconv.ParseInt(at.After+at.Before, 36, 64); err == nil && id > 0 {
		args = append(args, id)
		sql += fmt.Sprintf(" and a.id %s $%d", beyond, len(args))
	}
	rows, _ := r.db.Query(ctx, assessmentColumns+sql+fmt.Sprintf(" order by a.id %s limit %d", direction, PageSize+1), args...)
	list, err := pgx.CollectRows(rows, scanAssessment)
	if err != nil {
		return page, err
	}
	more := len(list) > PageSize
	if more {
		list = list[:PageSize]
	}
	if backwards {
		slices.Reverse(list)
	}
	page.Rows = list
	if len(list) > 0 && (more || backwards) {
		page.Next = strconv.FormatInt(list[len(list)-1].ID, 36)
	}
	if len(list) > 0 && (more && backwards || at.After != "") {
		page.Prev = strconv.FormatInt(list[0].ID, 36)
	}
	return page, nil
}

// Each gives every assessment that the filter leaves to fn: what a file holds.
// Errors: sign_in, forbidden, what fn returns.
func (s *Service) Each(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, fn func(Assessment) error) error {
	if err := actor.May(identity.ReadDues); err != nil {
		return err
	}
	if err := actor.May(identity.ExportRecords); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		w, err := s.where(ctx, q, actor, lang, f)
		if err != nil || w.none {
			return err
		}
		rows, _ := q.Query(ctx, assessmentColumns+w.sql.String()+fmt.Sprintf(" order by a.id desc limit %d", maxExport), w.args...)
		defer rows.Close()
		for rows.Next() {
			a, err := scanAssessment(rows)
			if err != nil {
				return err
			}
			if err := fn(a); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// Arrears are what is late, by age and currency.
type Arrears struct {
	Ages   map[Age][]Sum
	Oldest *time.Time
}

// Arrears sums up what is late today. Errors: sign_in, forbidden.
func (s *Service) Arrears(ctx context.Context, actor identity.Actor) (out Arrears, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return out, err
	}
	out.Ages = map[Age][]Sum{}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select case when $1::date - due_on <= 30 then '30' when $1::date - due_on <= 90 then '90' when $1::date - due_on <= 365 then '365' else 'over' end,
				currency, sum(open)::text, count(*)
			from dues_assessments where open > 0 and due_on < $1::date group by 1, 2 order by 2`, s.today())
		var age Age
		var sum Sum
		var amount string
		_, err := pgx.ForEachRow(rows, []any{&age, &sum.Currency, &amount, &sum.Count}, func() error {
			sum.Amount = stored(amount)
			out.Ages[age] = append(out.Ages[age], sum)
			return nil
		})
		return err
	})
	return out, err
}
