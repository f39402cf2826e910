package notify

import (
	"testing"
	"time"
)

func TestGatheredLettersLeaveInTheMorning(t *testing.T) {
	at := func(text string) time.Time {
		parsed, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, c := range []struct {
		pace              Pace
		zone, after, want string
	}{
		{Daily, "Europe/Istanbul", "2026-11-25T04:59:00Z", "2026-11-25T05:00:00Z"},
		{Daily, "Europe/Istanbul", "2026-11-25T05:00:00Z", "2026-11-26T05:00:00Z"},
		{Weekly, "Europe/Istanbul", "2026-11-25T12:00:00Z", "2026-11-30T05:00:00Z"}, // Wednesday → Monday
		{Weekly, "Europe/Istanbul", "2026-11-30T05:00:00Z", "2026-12-07T05:00:00Z"},
		{Daily, "Asia/Yakutsk", "2026-11-25T22:59:00Z", "2026-11-25T23:00:00Z"},
		{Daily, "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T06:00:00Z"}, // the clock is put forward
		{Daily, "No/Where", "2026-11-25T07:00:00Z", "2026-11-25T08:00:00Z"},
	} {
		if got := heldUntil(c.pace, c.zone, at(c.after)); !got.Equal(at(c.want)) {
			t.Errorf("%s in %s after %s: %s, want %s", c.pace, c.zone, c.after, got.UTC().Format(time.RFC3339), c.want)
		}
	}
}
