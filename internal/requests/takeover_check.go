package requests

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/imports"
)

// brought is what a row brings: a case, or lines of one.
type brought struct {
	of    *earlierCase
	head  bool // the row begins the case
	lines []earlierLine
}

// keyOfNumber is what two numbers of one case have in common.
func keyOfNumber(number string) string { return strings.ToLower(number) }

// Check implements imports.Session.
func (t *takeover) Check(ctx context.Context, rows []imports.Row) ([]*imports.Result, error) {
	places, err := t.find.Find(ctx, t.w.Tx, rows)
	if err != nil {
		return nil, err
	}
	known, err := t.known(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]*imports.Result, len(rows))
	for i, row := range rows {
		out[i] = &imports.Result{Row: row.Number}
		t.check(row, places[i], known, out[i])
		out[i].Settle()
	}
	return out, nil
}

// known reads the cases that stand under the numbers of rows, with their lines.
func (t *takeover) known(ctx context.Context, rows []imports.Row) (map[string]*earlierCase, error) {
	numbers := make([]string, len(rows))
	for i, row := range rows {
		numbers[i], _ = imports.Text(row.Get(earlierNumber), maxEarlierNumber)
	}
	return repository{t.w.Tx}.earlier(ctx, numbers)
}

// earlier finds cases by their numbers before the portal.
func (r repository) earlier(ctx context.Context, numbers []string) (map[string]*earlierCase, error) {
	out, byID := map[string]*earlierCase{}, map[int64]*earlierCase{}
	var c earlierCase
	rows, _ := r.db.Query(ctx, `
		select r.id, r.earlier_reference, r.org_id, o.name, r.title from requests r join organisations o on o.id = r.org_id
		where lower(r.earlier_reference) = any (select lower(x) from unnest($1::text[]) x) and r.earlier_reference <> ''
		order by r.channel = 'list', r.id`, numbers)
	_, err := pgx.ForEachRow(rows, []any{&c.id, &c.number, &c.city.ID, &c.city.Name, &c.title}, func() error {
		found := c
		found.lines = map[string]bool{}
		out[keyOfNumber(found.number)], byID[found.id] = &found, &found
		return nil
	})
	if err != nil {
		return nil, err
	}
	var id int64
	var l earlierLine
	rows, _ = r.db.Query(ctx, `select request_id, happened_on, words from request_earlier where request_id = any ($1)`, keysOf(byID))
	_, err = pgx.ForEachRow(rows, []any{&id, &l.on, &l.words}, func() error {
		byID[id].lines[l.key()] = true
		return nil
	})
	return out, err
}

func keysOf(m map[int64]*earlierCase) []int64 {
	out := make([]int64, 0, len(m))
	for id := range m {
		out = append(out, id)
	}
	return out
}

func (t *takeover) check(row imports.Row, at imports.Found, known map[string]*earlierCase, r *imports.Result) {
	number, ok := imports.Text(row.Get(earlierNumber), maxEarlierNumber)
	if r.Title = number; !ok || number == "" {
		r.Fault(earlierNumber, "imports.no_case_number", "")
		return
	}
	key := keyOfNumber(number)
	b := brought{of: t.first[key]}
	if b.of == nil {
		if b.of = known[key]; b.of == nil {
			b.of, b.head = t.readCase(row, at, number, r), true
		}
		b.of.row, t.first[key] = row.Number, b.of
	} else if b.of.id == 0 && row.Get(earlierHistory) == "" {
		r.Faults = append(r.Faults, imports.Fault{Field: earlierNumber, Key: "imports.twin", Value: number, Row: b.of.row})
		return
	}
	r.Title = strings.Join(slices.DeleteFunc([]string{number, b.of.city.Name, shorten(b.of.title, maxTitle)}, func(s string) bool { return s == "" }), " · ")
	if !b.head {
		b.of.agree(row, at, r)
	}
	for _, line := range t.readLines(row, r) {
		if !b.of.lines[line.key()] {
			b.of.lines[line.key()], b.lines = true, append(b.lines, line)
		}
	}
	r.Target, r.Draft = b.of.id, b
	if len(r.Faults) == 0 {
		b.tell(row, r)
	}
}

// agree faults what a further row of a number says otherwise than the case.
func (c *earlierCase) agree(row imports.Row, at imports.Found, r *imports.Result) {
	title, _ := imports.Text(row.Get(earlierTitle), maxTitle)
	switch {
	case at.Fault.Key != "":
		r.Faults = append(r.Faults, at.Fault)
	case at.ID != 0 && c.city.ID != 0 && at.ID != c.city.ID:
		r.Faults = append(r.Faults, imports.Fault{Field: imports.PlaceName, Key: "imports.case_of_other", Value: c.number + " · " + c.city.Name})
	case c.id == 0 && title != "" && title != c.title:
		r.Faults = append(r.Faults, imports.Fault{Field: earlierTitle, Key: "imports.case_rows_differ", Value: c.number, Row: c.row})
	}
}

// tell says what the row brings, as its reader wrote it.
func (b brought) tell(row imports.Row, r *imports.Result) {
	if b.head {
		c := b.of
		r.Change(earlierService, "", row.Get(earlierService))
		r.Change(earlierAsked, "", c.asked.Format(time.DateOnly))
		r.Change(earlierState, "", string(c.state))
		r.Change(earlierOffice, "", row.Get(earlierOffice))
		r.Change(earlierOfficer, "", row.Get(earlierOfficer))
		if !c.due.IsZero() {
			r.Change(earlierDue, "", c.due.Format(time.DateOnly))
		}
		r.Change(earlierWords, "", shorten(c.words, maxShown))
	}
	if len(b.lines) > 0 {
		r.Change(earlierReaders, "", b.lines[0].audience)
	}
	for _, line := range b.lines {
		r.Change(earlierHistory, "", line.key())
	}
}
