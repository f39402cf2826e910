package requests

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Undo implements imports.Session: a case that anybody has touched since, or that another
// table brought lines for, stands in the way. Reminders of dates do not.
func (t *takeover) Undo(ctx context.Context, done []imports.Done) ([]imports.Refusal, error) {
	var fresh []int64
	for _, d := range done {
		if d.State == imports.Fresh && !slices.Contains(fresh, d.Target) {
			fresh = append(fresh, d.Target)
		}
	}
	touched, err := t.touched(ctx, fresh)
	if err != nil {
		return nil, err
	}
	var refusals []imports.Refusal
	for _, d := range done {
		if key := touched[d.Target]; key != "" {
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: key})
		}
	}
	if len(refusals) > 0 {
		return refusals, nil
	}
	if err := t.takeLines(ctx, done); err != nil {
		return nil, err
	}
	return nil, t.takeBack(ctx, fresh)
}

// touched says why cases cannot be taken back, as message keys.
func (t *takeover) touched(ctx context.Context, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	used, err := imports.InUse(ctx, t.w.Tx, []string{"requests", "subjects"},
		[]string{"moves", "tasks", "submissions", "request_steps", "request_earlier", "notify_events"}, ids)
	if err != nil {
		return nil, err
	}
	for id := range used {
		out[id] = "imports.in_use"
	}
	rows, _ := t.w.Tx.Query(ctx, `
		select r.id from requests r where r.id = any ($1) and (r.version <> 1 or r.seq <> 1 or r.changed_at <> r.created_at
			or exists (select from tasks k where k.subject_id = r.id and (k.words <> '' or k.state <> 'open'))
			or exists (select from request_earlier l where l.request_id = r.id and l.at <> r.created_at))`, ids)
	changed, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, id := range changed {
		out[id] = "imports.changed_since"
	}
	return out, err
}

// takeLines takes away the lines that rows brought for cases that stood already.
func (t *takeover) takeLines(ctx context.Context, done []imports.Done) error {
	batch := &pgx.Batch{}
	for _, d := range done {
		for _, c := range d.Changes {
			if on, words, ok := readKey(c.After); ok && d.State == imports.Changed && c.Field == earlierHistory {
				batch.Queue(`delete from request_earlier where request_id = $1 and happened_on = $2 and md5(words) = md5($3) and words = $3`,
					d.Target, on.Format(time.DateOnly), words)
			}
		}
	}
	return t.w.Tx.SendBatch(ctx, batch).Close()
}

// takeBack takes cases away with all that came with them; the log keeps that they were there.
func (t *takeover) takeBack(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	entries, gone := make([]audit.Entry, len(ids)), make([]subject.Ref, len(ids))
	for i, id := range ids {
		gone[i] = subject.Ref{Kind: subject.Request, ID: id}
		entries[i] = audit.Entry{Actor: t.w.By, Action: "request.take_over_undone", Subject: gone[i]}
	}
	for _, statement := range []string{
		`delete from tasks where subject_id = any ($1)`,
		`delete from submissions where subject_id = any ($1)`,
		`delete from requests where id = any ($1)`,
		`delete from moves where subject_id = any ($1)`,
	} {
		if _, err := t.w.Tx.Exec(ctx, statement, ids); err != nil {
			return err
		}
	}
	if err := search.RemoveMany(ctx, t.w.Tx, gone); err != nil {
		return err
	}
	return audit.RecordMany(ctx, t.w.Tx, entries)
}
