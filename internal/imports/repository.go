package imports

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tables"
)

// repository reads and writes imports with their rows.
type repository struct{ db postgres.Querier }

const importSelect = `
	select i.id, s.public_id, i.kind, i.state, i.file, i.header, i.columns, i.defaults, i.notes, i.total,
		i.new_rows, i.changed_rows, i.same_rows, i.error_rows, i.done, i.failure, i.version, coalesce(i.actor_id, 0),
		coalesce(u.name, ''), i.created_at, i.stored_at, i.undone_at
	from imports i join subjects s on s.id = i.id left join users u on u.id = i.actor_id`

func scanImport(row pgx.CollectableRow) (i Import, err error) {
	err = row.Scan(&i.ID, &i.PublicID, &i.Kind, &i.Stage, &i.File, &i.Header, &i.Columns, &i.Common, &i.Notes, &i.Total,
		&i.New, &i.Changed, &i.Same, &i.Faulty, &i.Done, &i.Failure, &i.Version, &i.ActorID, &i.ActorName, &i.CreatedAt, &i.StoredAt, &i.UndoneAt)
	return i, err
}

func (r repository) one(ctx context.Context, rest string, args ...any) (Import, error) {
	rows, _ := r.db.Query(ctx, importSelect+rest, args...)
	out, err := pgx.CollectExactlyOneRow(rows, scanImport)
	return out, postgres.Explain(err, "imports.not_found")
}

// list is one page of imports of the kinds, newest first, behind the one with the public id.
func (r repository) list(ctx context.Context, kinds []string, after string, limit int) ([]Import, error) {
	rows, _ := r.db.Query(ctx, importSelect+`
		where i.kind = any ($1) and ($2 = '' or (i.created_at, i.id) < (
			select x.created_at, x.id from imports x join subjects t on t.id = x.id where t.public_id = $2))
		order by i.created_at desc, i.id desc limit $3`, kinds, after, limit)
	return pgx.CollectRows(rows, scanImport)
}

// insert stores an import without its rows and fills in its ids.
func (r repository) insert(ctx context.Context, i *Import) error {
	i.PublicID, i.Version = subject.NewPublicID(), 1
	return r.db.QueryRow(ctx, `
		with s as (
			insert into subjects (kind, org_id, public_id) values ('import', union_id(), $1) returning id, org_id
		)
		insert into imports (id, org_id, kind, state, file, header, columns, defaults, notes, total, actor_id, created_at)
		select id, org_id, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, 0), $11 from s returning id`,
		i.PublicID, i.Kind, i.Stage, i.File, i.Header, i.Columns, i.Common, notes(i.Notes), i.Total, i.ActorID, i.CreatedAt).Scan(&i.ID)
}

// maxNotes is how many remarks of the reader are kept.
const maxNotes = 50

// notes keeps the column an array, and short.
func notes(n []tables.Note) []tables.Note {
	return append([]tables.Note{}, n[:min(len(n), maxNotes)]...)
}

// insertRows stores the cells of rows as they were read.
func (r repository) insertRows(ctx context.Context, id int64, rows []tables.Row) error {
	numbers, cells := make([]int32, len(rows)), make([]string, len(rows))
	for i, row := range rows {
		text, err := json.Marshal(row.Cells)
		if err != nil {
			return err
		}
		numbers[i], cells[i] = int32(row.Number), string(text)
	}
	_, err := r.db.Exec(ctx, `insert into import_rows (import_id, row, cells)
		select $1, x.row, x.cells::jsonb from unnest($2::int[], $3::text[]) x (row, cells)`, id, numbers, cells)
	return err
}

// chunk reads the next rows after one, at most limit.
func (r repository) chunk(ctx context.Context, i Import, after, limit int) ([]Row, error) {
	rows, _ := r.db.Query(ctx, `select row, cells from import_rows where import_id = $1 and row > $2 order by row limit $3`, i.ID, after, limit)
	at := places(i.Columns)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (Row, error) {
		out := Row{fields: at, common: i.Common}
		err := row.Scan(&out.Number, &out.cells)
		return out, err
	})
}

// saveResults stores what rows came to.
func (r repository) saveResults(ctx context.Context, id int64, results []*Result) error {
	n := len(results)
	numbers, states, titles, faults, changes, targets := make([]int32, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]int64, n)
	for i, res := range results {
		f, err := json.Marshal(append([]Fault{}, res.Faults...))
		if err != nil {
			return err
		}
		c, err := json.Marshal(append([]Change{}, res.Changes...))
		if err != nil {
			return err
		}
		numbers[i], states[i], titles[i], faults[i], changes[i], targets[i] = int32(res.Row), string(res.State), res.Title, string(f), string(c), res.Target
	}
	_, err := r.db.Exec(ctx, `
		update import_rows t set state = x.state, title = x.title, faults = x.faults::jsonb, changes = x.changes::jsonb, target_id = nullif(x.target, 0)
		from unnest($2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[]) x (row, state, title, faults, changes, target)
		where t.import_id = $1 and t.row = x.row`, id, numbers, states, titles, faults, changes, targets)
	return err
}

// lines are rows of a preview after a row: all of them, or those of some states.
func (r repository) lines(ctx context.Context, id int64, states []string, after, limit int) ([]Line, error) {
	rows, _ := r.db.Query(ctx, `
		select row, state, title, faults, changes, cells from import_rows
		where import_id = $1 and state = any ($2) and row > $3 order by row limit $4`, id, states, after, limit)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
}

// done reads stored rows that changed something, the last first, before a row.
func (r repository) done(ctx context.Context, id int64, before int) ([]Done, error) {
	rows, _ := r.db.Query(ctx, `
		select row, state, title, target_id, changes from import_rows
		where import_id = $1 and state in ('new', 'changed') and row < $2 order by row desc limit $3`, id, before, chunkRows)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Done])
}

// refuse notes with each row why it cannot be taken back.
func (r repository) refuse(ctx context.Context, id int64, refusals []Refusal) error {
	batch := &pgx.Batch{}
	batch.Queue(`update import_rows set faults = '[]' where import_id = $1 and faults <> '[]'`, id)
	for _, f := range refusals[:min(len(refusals), maxRefusals)] {
		batch.Queue(`update import_rows set faults = jsonb_build_array(jsonb_build_object('key', $3::text)) where import_id = $1 and row = $2`, id, f.Row, f.Key)
	}
	return r.db.SendBatch(ctx, batch).Close()
}

// refused lists the rows that stand in the way of an undo.
func (r repository) refused(ctx context.Context, id int64, limit int) ([]Line, error) {
	rows, _ := r.db.Query(ctx, `
		select row, state, title, faults, changes, cells from import_rows
		where import_id = $1 and state in ('new', 'changed') and faults <> '[]' order by row limit $2`, id, limit)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Line])
}

// move brings an import from one stage into another. Errors: conflict (it is in none of from).
func (r repository) move(ctx context.Context, id int64, to Stage, failure string, at time.Time, from ...Stage) error {
	var moved int64
	err := r.db.QueryRow(ctx, `
		update imports set state = $2, failure = $3, done = 0, version = version + 1,
			stored_at = case when $2 = 'stored' then coalesce(stored_at, $4) else stored_at end,
			undone_at = case when $2 = 'undone' then $4::timestamptz end
		where id = $1 and state = any ($5) returning id`, id, to, failure, at, from).Scan(&moved)
	if err != nil {
		return conflict(err)
	}
	return nil
}

func (r repository) count(ctx context.Context, id int64, c Counts) error {
	_, err := r.db.Exec(ctx, `update imports set new_rows = $2, changed_rows = $3, same_rows = $4, error_rows = $5 where id = $1`,
		id, c.New, c.Changed, c.Same, c.Faulty)
	return err
}
