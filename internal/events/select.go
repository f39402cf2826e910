package events

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// selection is a filter as SQL. Each part is one set of conditions that an index serves in
// order; the parts exclude each other, and together they are the list. The first argument
// is the reader's language.
type selection struct {
	parts []string
	both  strings.Builder // conditions of every part
	args  []any
	desc  bool
	none  bool
}

func (s *selection) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// and narrows every part.
func (s *selection) and(condition string, v any) {
	s.both.WriteString(" and " + strings.ReplaceAll(condition, "?", s.arg(v)))
}

// upcoming takes what has not ended at a time: what is on, and what begins later.
func (s *selection) upcoming(since time.Time) {
	at := s.arg(since) + "::timestamptz"
	s.parts = []string{"tstzrange(e.starts_at, e.ends_at) @> " + at, "e.starts_at > " + at}
}

// past takes what has ended, the latest first.
func (s *selection) past(now time.Time) {
	at := s.arg(now)
	s.parts = []string{"e.starts_at <= " + at + " and e.ends_at <= " + at}
	s.desc = true
}

// during takes what touches a span of time.
func (s *selection) during(from, to time.Time) {
	s.parts = []string{fmt.Sprintf("tstzrange(e.starts_at, e.ends_at) && tstzrange(%s, %s)", s.arg(from), s.arg(to))}
}

// union is the parts as one query; more is a further condition of each.
func (s *selection) union(picked, more, tail string) string {
	parts := make([]string, len(s.parts))
	for i, part := range s.parts {
		parts[i] = fmt.Sprintf("(select %s from events e where %s%s%s %s)", picked, part, s.both.String(), more, tail)
	}
	return strings.Join(parts, " union all ")
}

// all reads the first events of a selection in its order.
func (r repository) all(ctx context.Context, s *selection, limit int) ([]*Event, error) {
	return r.read(ctx, s, s.desc, "", nil, limit)
}

// read is one look at a selection: in its order or against it, beyond a place in the list.
func (r repository) read(ctx context.Context, s *selection, desc bool, more string, args []any, limit int) ([]*Event, error) {
	if s.none {
		return nil, nil
	}
	direction := "asc"
	if desc {
		direction = "desc"
	}
	order := fmt.Sprintf("order by starts_at %s, id %[1]s limit %d", direction, limit)
	// The first argument is the language, which the keys do not need to know.
	sql := fmt.Sprintf(`select id from (%s) x where $1 <> '' %s`, s.union("e.id, e.starts_at", more, order), order)
	rows, _ := r.db.Query(ctx, sql, append(slices.Clone(s.args), args...)...)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return r.rows(ctx, s.args[0], direction, ids)
}

// rows reads whole events by their ids, in the list's order. It is a statement of its own
// because its plan is the same for every list: planning the nine tables anew for each value
// of a filter took longer than running them.
func (r repository) rows(ctx context.Context, lang any, direction string, ids []int64) ([]*Event, error) {
	rows, _ := r.db.Query(ctx, fmt.Sprintf(`select %s from events e %s where e.id = any($2) order by e.starts_at %s, e.id %[3]s`,
		columns, joins, direction), lang, ids)
	return pgx.CollectRows(rows, scan)
}

// page reads one page by keyset.
func (r repository) page(ctx context.Context, s *selection, at Place) (postgres.Page[*Event], error) {
	var page postgres.Page[*Event]
	backwards := at.Before != ""
	desc := s.desc != backwards
	more, args := "", []any(nil)
	if instant, id, ok := readCursor(at.After + at.Before); ok {
		beyond := ">"
		if desc {
			beyond = "<"
		}
		more = fmt.Sprintf(" and (e.starts_at, e.id) %s ($%d, $%d)", beyond, len(s.args)+1, len(s.args)+2)
		args = []any{instant, id}
	}
	list, err := r.read(ctx, s, desc, more, args, PageSize+1)
	if err != nil {
		return page, err
	}
	beyond := len(list) > PageSize
	list = list[:min(len(list), PageSize)]
	if backwards {
		slices.Reverse(list)
	}
	page.Rows = list
	if len(list) > 0 && (beyond || backwards) {
		page.Next = list[len(list)-1].cursor()
	}
	if len(list) > 0 && (beyond && backwards || at.After != "") {
		page.Prev = list[0].cursor()
	}
	return page, nil
}

// count counts a selection, not far beyond maxCount.
func (r repository) count(ctx context.Context, s *selection) (n int, err error) {
	if s.none {
		return 0, nil
	}
	limit := fmt.Sprintf("limit %d", maxCount+1)
	// The first argument is the language, which the count does not need to know.
	sql := fmt.Sprintf(`select count(*) from (%s) x where $1 <> ''`, s.union("1", "", limit))
	err = r.db.QueryRow(ctx, sql, s.args...).Scan(&n)
	return n, err
}

// cursor is where an event stands in a list.
func (e Event) cursor() string {
	return strconv.FormatInt(e.StartsAt.UnixMicro(), 36) + "." + strconv.FormatInt(e.ID, 36)
}

func readCursor(s string) (instant time.Time, id int64, ok bool) {
	before, after, found := strings.Cut(s, ".")
	micros, err := strconv.ParseInt(before, 36, 64)
	id, err2 := strconv.ParseInt(after, 36, 64)
	instant = time.UnixMicro(micros)
	return instant, id, found && err == nil && err2 == nil && instant.Year() > 1000 && instant.Year() < 3000
}
