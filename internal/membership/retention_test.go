package membership_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"github.com/birlik/portal/internal/membership"
)

func TestADraftThatNobodySendsIsAnnouncedAndDeleted(t *testing.T) {
	b := setup(t)
	ctx := context.Background()
	started, err := b.s.Start(ctx, "draft@batken.example", "ru", netip.MustParseAddr("192.0.2.9"))
	if err != nil {
		t.Fatal(err)
	}
	step := func(after time.Duration, warned, dropped int) {
		t.Helper()
		b.now = b.now.Add(after)
		if n, err := b.s.WarnDrafts(ctx); err != nil || n != warned {
			t.Fatalf("warned of %d, want %d: %v", n, warned, err)
		}
		if n, err := b.s.DropDrafts(ctx); err != nil || n != dropped {
			t.Fatalf("deleted %d, want %d: %v", n, dropped, err)
		}
	}
	step(membership.DraftKept-membership.DraftWarned-time.Hour, 0, 0)
	step(40*24*time.Hour, 1, 0) // the portal stood still: the announcement is late, and so is the end
	step(time.Hour, 0, 0)
	step(membership.DraftWarned-2*time.Hour, 0, 0)
	step(2*time.Hour, 0, 1)
	var left int
	err = b.pools.Owner.QueryRow(ctx, `
		select (select count(*) from applications) + (select count(*) from submissions) + (select count(*) from notify_events)
			+ (select count(*) from notifications) + (select count(*) from moves) + (select count(*) from application_links)`).Scan(&left)
	if err != nil || left != 0 {
		t.Errorf("%d rows left, %v", left, err)
	}
	if _, _, err := b.s.Enter(ctx, started.Token); err == nil {
		t.Error("the link still opens")
	}
}
