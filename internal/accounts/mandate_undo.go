package accounts

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/postgres"
)

// Undo implements imports.Session. A mandate that was given ends now, because history may
// speak of it; an account that was made for it and never used is switched off.
func (im *mandateImporter) Undo(ctx context.Context, done []imports.Done) ([]imports.Refusal, error) {
	var refusals []imports.Refusal
	for _, d := range done {
		key, err := im.takeBack(ctx, d)
		if err != nil {
			return nil, err
		}
		if key != "" {
			refusals = append(refusals, imports.Refusal{Row: d.Row, Key: key})
			continue
		}
		if err := im.record(ctx, d.Target, "accounts.mandate_import_undone", d.Changes); err != nil {
			return nil, err
		}
	}
	return refusals, nil
}

func (im *mandateImporter) takeBack(ctx context.Context, d imports.Done) (refusal string, err error) {
	var userID int64
	var version int
	var ends *time.Time
	var last string
	err = im.w.Tx.QueryRow(ctx, `
		select m.user_id, m.version, nullif(m.ends_at, 'infinity'), coalesce(to_char((m.ends_at - interval '1 second') at time zone o.zone, 'YYYY-MM-DD'), '')
		from mandates m join organisations o on o.id = m.org_id where m.id = $1 for update of m`, d.Target).Scan(&userID, &version, &ends, &last)
	if err != nil {
		return "", postgres.Explain(err, "accounts.role_not_found")
	}
	if ends == nil {
		last = ""
	}
	if d.State == imports.Changed {
		change := d.Changes[0]
		if last != change.After {
			return "imports.changed_since", nil
		}
		_, err = im.w.Tx.Exec(ctx, `
			update mandates m set version = m.version + 1, ends_at = case when $2 = '' then 'infinity'
				else (nullif($2, '')::date + 1)::timestamp at time zone o.zone end
			from organisations o where o.id = m.org_id and m.id = $1`, d.Target, change.Before)
		return "", err
	}
	if version != 1 {
		return "imports.changed_since", nil
	}
	_, err = im.w.Tx.Exec(ctx, `update mandates set ends_at = greatest(starts_at, $2), version = version + 1 where id = $1`, d.Target, im.w.Now)
	if err != nil {
		return "", err
	}
	return "", im.switchOffUnused(ctx, userID)
}

// switchOffUnused switches an account off that never had a password and acts for nobody.
func (im *mandateImporter) switchOffUnused(ctx context.Context, userID int64) error {
	_, err := im.w.Tx.Exec(ctx, `
		with u as (
			update users set active = false, version = version + 1
			where id = $1 and password_hash = '' and active
				and not exists (select from mandates m where m.user_id = $1 and m.ends_at > $2)
				and not exists (select from staff_roles r where r.user_id = $1)
			returning id
		)
		update access_links l set used_at = $2 from u where l.user_id = u.id and l.used_at is null`, userID, im.w.Now)
	return err
}
