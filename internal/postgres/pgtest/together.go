package pgtest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/birlik/portal/internal/postgres"
)

// Together runs acts at one moment: each waits at its first look at the table until all of
// them have come there, and then they go on side by side. Without it, acts that start one
// after the other seldom meet. It returns each act's error, in their order.
func Together(t testing.TB, pools *postgres.Pools, table string, acts ...func() error) []error {
	t.Helper()
	ctx := context.Background()
	door, err := pools.Owner.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := door.Exec(ctx, `lock table `+table+` in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	out := make([]error, len(acts))
	var all sync.WaitGroup
	for i, act := range acts {
		all.Go(func() { out[i] = act() })
	}
	for waiting, began := 0, time.Now(); waiting < len(acts); time.Sleep(5 * time.Millisecond) {
		err := door.QueryRow(ctx, `select count(*) from pg_locks where relation = $1::regclass and not granted`, table).Scan(&waiting)
		if err != nil || time.Since(began) > 10*time.Second {
			t.Errorf("%d of %d came to the table %s: %v", waiting, len(acts), table, err)
			break
		}
	}
	if err := door.Commit(ctx); err != nil {
		t.Error(err)
	}
	all.Wait()
	return out
}
