package dues_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/dues/duestest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// members makes plain members, as many as asked, and returns their database.
func members(t *testing.T, n int) *postgres.Pools {
	t.Helper()
	pools := pgtest.Clone(t)
	err := pools.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			with n as (select i, nextval(pg_get_serial_sequence('subjects', 'id')) as id from generate_series(1, $1) i),
			s as (insert into subjects (id, kind, org_id, public_id) overriding system value
				select id, 'organisation', id, left(translate(md5('many' || i), '0189', 'ghij'), 26) from n),
			o as (insert into organisations (id, kind, name) select id, 'association', 'Üye ' || i from n)
			insert into memberships (org_id, kind, standing, joined_on, standing_on) select id, 'full', 'active', '-infinity', '-infinity' from n`, n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pools
}

// TestTenThousandMembers are assessed well within the time that the union was promised, and
// a run that was cut off goes on where it was.
func TestTenThousandMembers(t *testing.T) {
	pools := members(t, 10_000)
	s := dues.New(pools, time.UTC, duestest.Now)
	duestest.Rules(t, pools, s, 2026, 1, `{"rule":"flat","amount":"300"}`)
	cut, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	_, _ = s.IssueNow(cut, identity.Worker(), 2026) // it may get through on a fast machine
	cancel()
	began := time.Now()
	runs := 0
	if err := pools.Owner.QueryRow(t.Context(), `select count(*) from dues_runs where state = 'running'`).Scan(&runs); err != nil {
		t.Fatal(err)
	}
	worker := &dues.RunWorker{Dues: s}
	if runs == 1 {
		if err := worker.Resume(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
	}
	var issued, references int
	err := pools.Owner.QueryRow(t.Context(), `select count(*), count(distinct reference) from dues_assessments`).Scan(&issued, &references)
	if err != nil || issued != 10_000 || references != 10_000 {
		t.Errorf("%d assessments, %d references, %v", issued, references, err)
	}
	if took := time.Since(began); took > time.Minute { // the bench holds it to 10 s on a quiet machine
		t.Errorf("took %s", took)
	}
	t.Logf("the rest took %s", time.Since(began))
}

// TestTwoPaymentsAtOnce never credit more than is owed.
func TestTwoPaymentsAtOnce(t *testing.T) {
	pools := members(t, 1)
	s := dues.New(pools, time.UTC, duestest.Now)
	duestest.Rules(t, pools, s, 2026, 1, `{"rule":"flat","amount":"100"}`)
	if _, err := s.IssueNow(t.Context(), identity.Worker(), 2026); err != nil {
		t.Fatal(err)
	}
	var id string
	if err := pools.Owner.QueryRow(t.Context(), `select s.public_id from dues_assessments a join subjects s on s.id = a.id`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	finance := pgtest.StaffActor(t, pools, identity.Finance)
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			_, err := s.Pay(t.Context(), finance, id, transfer("60"))
			results <- err
		}()
	}
	credited := 0
	for range cap(results) {
		if err := <-results; err == nil {
			credited++
		} else if field(err) != "amount dues.fault.too_much" {
			t.Error(err)
		}
	}
	if credited != 1 {
		t.Errorf("%d payments of 60 on 100", credited)
	}
}
