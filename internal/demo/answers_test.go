package demo

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/requests"
)

// TestAnswersAreWhole fills in every form as every kind of town does, and nothing is refused.
func TestAnswersAreWhole(t *testing.T) {
	today := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	for _, d := range requests.Forms() {
		list := matters[d.Key]
		if d.Key == requests.FormKey {
			continue
		}
		if len(list) < 4 {
			t.Errorf("%s: %d matters", d.Key, len(list))
		}
		for i, m := range list {
			for n := range 12 {
				for _, name := range []string{"canakkale", "osh", "shusha"} {
					f := filler{form: d, town: towns[name], about: m, n: n + i, today: today}
					for _, fault := range d.Check(f.fill(), today) {
						t.Errorf("%s, matter %d, %s, %d: %s %s", d.Key, i, name, n, fault.Field, fault.Key)
					}
				}
			}
		}
	}
}
