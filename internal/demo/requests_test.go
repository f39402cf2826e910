package demo_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/demo/demotest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestRequests fills in requests in every state and projects of many kinds, once.
func TestRequests(t *testing.T) {
	db := pgtest.DB(t)
	ctx := t.Context()
	services := demotest.Services(db)
	for range 2 {
		if err := demo.Seed(ctx, services); err != nil {
			t.Fatal(err)
		}
	}
	count := func(sql string) (n int) {
		t.Helper()
		err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, `set constraints all immediate`); err != nil {
				return err
			}
			return tx.QueryRow(ctx, sql).Scan(&n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, want := range []struct {
		sql   string
		least int
	}{
		{`select count(*) from requests`, 60},
		{`select count(distinct state) from requests`, 11},
		{`select count(*) from projects`, 25},
		{`select count(distinct state) from projects`, 7},
		{`select count(distinct sector) from projects`, 12},
		{`select count(distinct country_id) from projects`, 7},
		{`select count(*) from translations where kind = 'project' and lang = 'en'`, 18},
		{`select count(distinct r.id) from requests r join search_documents d on d.subject_id = r.id where r.submitted_at is not null`, 60},
		{`select count(*) from tasks where state = 'open'`, 15},
		{`select count(distinct service) from requests`, 10},
		{`select count(distinct state) from requests`, 18},
		{`select min(n) from (select count(*) n from requests where closed_at > now() - interval '12 months' and state <> 'withdrawn' group by service) x`, 5},
		{`select count(*) from request_feedback`, 15},
	} {
		if n := count(want.sql); n < want.least {
			t.Errorf("%s: %d, want at least %d", want.sql, n, want.least)
		}
	}
	for _, none := range []string{
		`select count(*) from moves where at > now()`,
		`select count(*) from moves m join moves p on p.subject_id = m.subject_id and p.seq = m.seq - 1 where m.at < p.at`,
		`select count(*) from notify_events`,
		`select count(*) from moves m join requests r on r.id = m.subject_id where m.move = ''`,
		`select count(*) from requests where submitted_at is not null and title = ''`,
		`select count(*) from requests r where r.due_at < r.submitted_at`,
		`select count(*) from requests r where r.open and not exists (select from tasks t where t.subject_id = r.id and t.state = 'open')`,
	} {
		if n := count(none); n != 0 {
			t.Errorf("%s: %d", none, n)
		}
	}
}
