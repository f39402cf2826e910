package municipalities

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Undo implements imports.Session: new places go, changed ones get back what they had. A
// place that somebody changed or used since stands in the way.
func (im *importer) Undo(ctx context.Context, done []imports.Done) ([]imports.Refusal, error) {
	ids := make([]int64, len(done))
	for i, d := range done {
		ids[i] = d.Target
	}
	known, err := byIDs(ctx, im.w.Tx, ids)
	if err != nil {
		return nil, err
	}
	used, err := inUse(ctx, im.w.Tx, ids)
	if err != nil {
		return nil, err
	}
	edited, err := editedByHand(ctx, im.w.Tx, ids)
	if err != nil {
		return nil, err
	}
	var refusals []imports.Refusal
	var gone []int64
	var edits []edit
	for _, d := range done {
		e := known[d.Target]
		switch {
		case e == nil || d.State == imports.Fresh && edited[d.Target] || !unchanged(e, d.Changes):
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: "imports.changed_since"})
		case used[d.Target] && (d.State == imports.Fresh || becameMember(d)):
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: "imports.in_use"})
		case d.State == imports.Fresh:
			gone = append(gone, d.Target)
		default:
			edits = append(edits, restored(d))
		}
	}
	if len(refusals) > 0 {
		return refusals, nil
	}
	return nil, im.putBack(ctx, gone, edits, done)
}

// editedByHand says of which places the audit log tells more than imports.
func editedByHand(ctx context.Context, q postgres.Querier, ids []int64) (map[int64]bool, error) {
	rows, _ := q.Query(ctx, `select distinct subject_id from audit_entries
		where subject_id = any ($1) and action not in ('municipality.imported', 'municipality.import_undone')`, ids)
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	out := map[int64]bool{}
	for _, id := range found {
		out[id] = true
	}
	return out, err
}

func becameMember(d imports.Done) bool {
	return slices.ContainsFunc(d.Changes, func(c imports.Change) bool { return c.Field == fieldStanding })
}

// unchanged reports whether a place still holds what the import wrote.
func unchanged(e *existing, changes []imports.Change) bool {
	for _, c := range changes {
		switch {
		case c.Field == fieldAliases:
			if slices.ContainsFunc(parts(c.After), func(name string) bool { return !e.has(name) }) {
				return false
			}
		case c.Field == fieldCountry:
			if e.Country != c.After {
				return false
			}
		case e.value(c.Field) != c.After && !(c.Field == fieldRegion && regionKey(e.Region) == regionKey(c.After)):
			return false
		}
	}
	return true
}

// restored is the edit that puts back what was there before.
func restored(d imports.Done) edit {
	e := edit{id: d.Target, values: map[string]string{}}
	for _, c := range d.Changes {
		switch c.Field {
		case fieldAliases:
			e.gone = append(e.gone, parts(c.After)...)
		case fieldName:
			e.gone = append(e.gone, c.After)
			e.values[c.Field] = c.Before
		default:
			e.values[c.Field] = c.Before
		}
	}
	return e
}

func (im *importer) putBack(ctx context.Context, gone []int64, edits []edit, done []imports.Done) error {
	if err := im.change(ctx, edits); err != nil {
		return err
	}
	for _, e := range edits {
		if e.values[fieldStanding] == string(Reference) {
			if err := leave(ctx, im.w.Tx, e.id); err != nil {
				return err
			}
		}
	}
	if err := im.remove(ctx, gone); err != nil {
		return err
	}
	results := make([]*imports.Result, len(done))
	for i, d := range done {
		results[i] = &imports.Result{Target: d.Target}
	}
	if err := im.record(ctx, results, "municipality.import_undone"); err != nil {
		return err
	}
	return freshness.Touch(ctx, im.w.Tx, Tag)
}

// leave takes back that a reference place became a member.
func leave(ctx context.Context, tx pgx.Tx, id int64) error {
	for _, statement := range []string{
		`delete from membership_facts where org_id = $1`,
		`delete from memberships where org_id = $1`,
		`update municipalities set standing = 'reference', version = version + 1 where id = $1`,
		`update organisations set active = false where id = $1`,
	} {
		if _, err := tx.Exec(ctx, statement, id); err != nil {
			return err
		}
	}
	return nil
}

// remove takes new places out of the register. Their organisations stay, switched off,
// because the audit log speaks of them.
func (im *importer) remove(ctx context.Context, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	for _, statement := range []string{
		`delete from membership_facts where org_id = any ($1)`,
		`delete from memberships where org_id = any ($1)`,
		`delete from municipalities where id = any ($1)`,
		`update organisations set active = false, version = version + 1 where id = any ($1)`,
	} {
		if _, err := im.w.Tx.Exec(ctx, statement, ids); err != nil {
			return err
		}
	}
	entries := make([]search.Entry, len(ids))
	for i, id := range ids {
		entries[i] = search.Entry{Ref: subject.Ref{Kind: subject.Municipality, ID: id}}
	}
	return search.Load(ctx, im.w.Tx, entries)
}

// own are the tables whose rows come and go with a municipality.
var own = []string{"municipality_names", "municipality_titles", "municipality_fields", "membership_facts", "memberships", "duplicate_candidates"}

// inUse says which municipalities something else points at: requests, mandates, contacts,
// events. A second fact of membership counts too.
func inUse(ctx context.Context, q postgres.Querier, ids []int64) (map[int64]bool, error) {
	out, err := imports.InUse(ctx, q, []string{"municipalities", "organisations", "subjects"}, own, ids)
	if err != nil {
		return nil, err
	}
	rows, _ := q.Query(ctx, `select org_id from membership_facts where org_id = any ($1) group by org_id having count(*) > 1`, ids)
	found, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	for _, id := range found {
		out[id] = true
	}
	return out, err
}
