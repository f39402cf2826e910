package pgtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// databases are the two kinds of test database, which must agree with each other.
func databases(t *testing.T) map[string]postgres.DB {
	return map[string]postgres.DB{"rolled back": pgtest.DB(t), "clone": pgtest.Clone(t)}
}

func TestTheWallStandsInBothKinds(t *testing.T) {
	for name, db := range databases(t) {
		t.Run(name, func(t *testing.T) { checkWall(t, db) })
	}
}

func checkWall(t *testing.T, db postgres.DB) {
	ctx := t.Context()
	shusha, other := pgtest.Org(t, db, "Şuşa"), pgtest.Org(t, db, "Çanakkale")
	editor := pgtest.MemberActor(t, db, shusha, identity.MemberEditor)
	pgtest.MemberActor(t, db, other, identity.MemberEditor)
	officer := pgtest.StaffActor(t, db, identity.DeskOfficer)

	if got := count(t, db, editor, `select count(*) from mandates`); got != 1 {
		t.Errorf("the member sees %d mandates, want only the own one", got)
	}
	if got := count(t, db, officer, `select count(*) from mandates`); got != 2 {
		t.Errorf("staff see %d mandates, want both", got)
	}
	for _, denied := range []struct {
		who identity.Actor
		sql string
	}{
		{identity.Anyone(), `select count(*) from users`},
		{editor, `select count(password_hash) from users`},
		{editor, `select count(*) from river_job`},
		{officer, `select count(last) from reference_series`},
	} {
		if err := try(ctx, db, denied.who, denied.sql); err == nil {
			t.Errorf("%s may run %q", denied.who.Side, denied.sql)
		}
	}
	foreign := `insert into subjects (kind, org_id, public_id) values ('request', $1, 'bbbbbbbbbbbbbbbbbbbbbbbbbb')`
	if err := try(ctx, db, editor, foreign, other); err == nil {
		t.Error("a member stored a record of another organisation")
	}
}

func count(t *testing.T, db postgres.DB, actor identity.Actor, sql string) (n int) {
	t.Helper()
	err := db.Read(t.Context(), actor, func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), sql).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func try(ctx context.Context, db postgres.DB, actor identity.Actor, sql string, args ...any) error {
	return db.InTx(ctx, actor, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql, args...)
		return err
	})
}

func TestEngineWritesBehindTheWallAndComesBack(t *testing.T) {
	for name, db := range databases(t) {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			editor := pgtest.MemberActor(t, db, pgtest.Org(t, db, "Bursa"), identity.MemberEditor)
			err := db.InTx(ctx, editor, func(tx pgx.Tx) error {
				var before, inside, after string
				_ = tx.QueryRow(ctx, `select current_user`).Scan(&before)
				err := postgres.Engine(ctx, tx, func() error { return tx.QueryRow(ctx, `select current_user`).Scan(&inside) })
				_ = tx.QueryRow(ctx, `select current_user`).Scan(&after)
				if before == inside || before != after {
					t.Errorf("roles %q, %q, %q: want the engine's in between", before, inside, after)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestAFailureLeavesNothingAndTheTestGoesOn(t *testing.T) {
	db, boom := pgtest.DB(t), errors.New("boom")
	err := db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), `insert into settings (key, value) values ('x', '1')`); err != nil {
			return err
		}
		return boom
	})
	if !errors.Is(err, boom) {
		t.Fatalf("got %v, want boom", err)
	}
	if got := count(t, db, identity.Worker(), `select count(*) from settings where key = 'x'`); got != 0 {
		t.Error("the setting of a failed transaction is there")
	}
}

type noted struct{}

func (noted) Kind() string { return "noted" }

func TestMembersMayEnqueueJobs(t *testing.T) {
	for name, db := range databases(t) {
		t.Run(name, func(t *testing.T) {
			client, err := river.NewClient(riverpgxv5.New(nil), &river.Config{})
			if err != nil {
				t.Fatal(err)
			}
			editor := pgtest.MemberActor(t, db, pgtest.Org(t, db, "Bişkek"), identity.MemberEditor)
			err = db.InTx(t.Context(), editor, func(tx pgx.Tx) error {
				_, err := client.InsertManyFastTx(t.Context(), tx, []river.InsertManyParams{{Args: noted{}}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestABusyPoolSaysTryAgain(t *testing.T) {
	pools, err := postgres.Open(t.Context(), postgres.Options{URL: pgtest.CloneURL(t), Budget: 8, AcquireTimeout: 30 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	defer pools.Close()
	ctx, anyone := t.Context(), identity.Anyone()
	err = pools.Read(ctx, anyone, func(postgres.Querier) error {
		return pools.Read(ctx, anyone, func(postgres.Querier) error {
			return pools.Read(ctx, anyone, func(postgres.Querier) error { return nil })
		})
	})
	if !apperr.Is(err, apperr.Unavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
}

func TestAKilledConnectionHeals(t *testing.T) {
	pools := pgtest.Clone(t)
	ctx, kill := t.Context(), `select pg_terminate_backend(pid) from pg_stat_activity
		where datname = current_database() and pid <> pg_backend_pid()`
	if err := pools.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := pools.Owner.Exec(ctx, kill); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		err := pools.Ready(ctx)
		if err == nil {
			return
		}
		if !apperr.Is(err, apperr.Unavailable) {
			t.Fatalf("got %v, want unavailable", err)
		}
	}
	t.Error("the pool did not recover")
}

func TestMigrateTwiceIsOnce(t *testing.T) {
	if err := postgres.Migrate(t.Context(), pgtest.CloneURL(t)); err != nil {
		t.Fatal(err)
	}
	if ok, err := postgres.Migrated(t.Context(), pgtest.DB(t)); err != nil || !ok {
		t.Errorf("migrated: %v, %v", ok, err)
	}
}
