package forms

import (
	"context"
	"slices"

	"github.com/birlik/portal/internal/subject"
)

// rows stores a table row by row. Each row counts as an answer of its own, "budget.r1": a
// table is what colleagues most often fill in together, one the works and one the machines,
// and taken as one answer every second save of theirs would be a conflict. A row goes only
// where In.Gone names it, so that a page which never showed it cannot lose it.
func (w *write) rows(ctx context.Context, f Field, given Value) error {
	stored := slices.Clone(w.Answers[f.Key].Rows)
	m := merge{write: w, field: f, mine: slices.Clone(stored), rows: stored}
	for _, row := range given.Rows {
		if row.ID == "" {
			row.ID = subject.NewPublicID()
		}
		if err := m.put(ctx, row); err != nil {
			return err
		}
	}
	for _, id := range w.in.Gone[f.Key] {
		if err := m.drop(ctx, id); err != nil {
			return err
		}
	}
	if m.conflict != nil {
		m.conflict.Field, m.conflict.Theirs, m.conflict.Yours = f, Value{Rows: m.rows}, Value{Rows: m.mine}
		w.out.Conflicts = append(w.out.Conflicts, *m.conflict)
	}
	if !m.changed {
		return nil
	}
	w.keep(f.Key, Value{Rows: m.rows})
	return nil
}

// merge is one table on its way: rows is what will be stored, mine what the writer meant.
type merge struct {
	*write
	field      Field
	rows, mine []Row
	changed    bool
	conflict   *Conflict
}

func (m *merge) key(id string) string { return m.field.Key + "." + id }

func (r Row) digest() string { return Value{Rows: []Row{r}}.digest() }

func position(rows []Row, id string) int {
	return slices.IndexFunc(rows, func(r Row) bool { return r.ID == id })
}

func set(rows []Row, row Row) []Row {
	if i := position(rows, row.ID); i >= 0 {
		rows[i] = row
		return rows
	}
	return append(rows, row)
}

// put takes a row in, unless a colleague changed it first.
func (m *merge) put(ctx context.Context, row Row) error {
	at := position(m.rows, row.ID)
	if at >= 0 && m.rows[at].digest() == row.digest() || at < 0 && len(m.rows) >= maxRows {
		return nil
	}
	value := Value{Rows: []Row{row}}
	if m.fieldVersions[m.key(row.ID)] > m.in.Base {
		touched, conflict, err := m.clash(ctx, m.key(row.ID), value)
		if err != nil || !touched {
			return err
		}
		if conflict != nil {
			m.conflict, m.mine = conflict, set(m.mine, row)
			return nil
		}
	}
	m.rows, m.mine, m.changed = set(m.rows, row), set(m.mine, row), true
	return m.record(ctx, m.key(row.ID), value)
}

// drop takes a row away, unless a colleague changed it meanwhile: what somebody just wrote
// outlives what somebody threw away.
func (m *merge) drop(ctx context.Context, id string) error {
	at := position(m.rows, id)
	if at < 0 {
		return nil
	}
	if m.fieldVersions[m.key(id)] > m.in.Base {
		_, conflict, err := m.clash(ctx, m.key(id), Value{Raw: map[string]string{"": "gone"}})
		if err != nil || conflict != nil {
			return err
		}
	}
	m.rows, m.changed = slices.Delete(m.rows, at, at+1), true
	if i := position(m.mine, id); i >= 0 {
		m.mine = slices.Delete(m.mine, i, i+1)
	}
	return m.record(ctx, m.key(id), Value{})
}
