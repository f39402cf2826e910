// Package requeststest makes cities and requests for tests.
package requeststest

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// cities counts the municipalities made, so that each gets an address of its own.
var cities atomic.Int64

// City makes a municipality in Azerbaijan and returns its organisation's id.
func City(t testing.TB, db postgres.DB, name string) int64 {
	t.Helper()
	id := pgtest.Org(t, db, name)
	n := cities.Add(1)
	exec(t, db, `
		with s as (insert into subjects (kind, org_id, public_id)
			select 'country', union_id(), 'aaaaaaaaaaaaaaaaaaaaaaaa' || 'az' where not exists (select from countries where code = 'AZ') returning id, org_id)
		insert into countries (id, org_id, code, iso, currency) select id, org_id, 'AZ', 'AZ', 'AZN' from s`)
	exec(t, db, `insert into country_names select c.id, x.lang, x.name from countries c,
		(values ('tr', 'Azerbaycan'), ('en', 'Azerbaijan'), ('ru', 'Азербайджан')) x (lang, name) where c.code = 'AZ' on conflict do nothing`)
	exec(t, db, `insert into regions (country_id, slug, name) select id, 'az-karabakh', 'Qarabağ' from countries where code = 'AZ' on conflict do nothing`)
	exec(t, db, `
		insert into municipalities (id, org_id, source_id, slug, name, standing, country_id, region_id, lat, lon, zone, figures_at)
		select $1, $1, $2, $2, $3, 'active', c.id, r.id, 39.7, 46.7, 'Asia/Baku', date '2026-01-01'
		from countries c join regions r on r.country_id = c.id and r.slug = 'az-karabakh' where c.code = 'AZ'`,
		id, fmt.Sprintf("city-%d", n), name)
	return id
}

func exec(t testing.TB, db postgres.DB, sql string, args ...any) {
	t.Helper()
	ctx := context.Background()
	err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		t.Fatalf("requeststest: %v", err)
	}
}
