package demo

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
)

// TestEvents holds that there is always something to come and something to look back on,
// and that a second run adds nothing.
func TestEvents(t *testing.T) {
	db, now := seeded(t), time.Date(2027, 2, 14, 20, 0, 0, 0, time.UTC)
	service := events.New(db, func() time.Time { return now })
	started := time.Now()
	for range 2 {
		if err := addEvents(t.Context(), db, service, now); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("filled in within %v", time.Since(started))
	plan, err := readEvents()
	if err != nil {
		t.Fatal(err)
	}
	upcoming, err := service.List(t.Context(), identity.Anyone(), locale.RU, events.Filter{}, events.Place{})
	if err != nil || upcoming.Count < 25 || len(upcoming.Countries) < 12 {
		t.Errorf("%d to come in %d countries (%v)", upcoming.Count, len(upcoming.Countries), err)
	}
	past, err := service.List(t.Context(), identity.Anyone(), locale.EN, events.Filter{Past: true}, events.Place{})
	if err != nil || past.Count < 18 {
		t.Errorf("%d are over (%v)", past.Count, err)
	}
	if shown := upcoming.Count + past.Count; shown != len(plan.Event)-2 {
		t.Errorf("%d of %d are shown; one is proposed and one approved", shown, len(plan.Event))
	}
	var called, moved int
	for _, line := range upcoming.Rows {
		if line.State == events.Cancelled {
			called++
		}
		if line.MovedFrom != nil {
			moved++
		}
	}
	if called != 1 || moved != 1 {
		t.Errorf("%d called off, %d moved among the next", called, moved)
	}
}
