package requests

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// TestCursor: a row's place in its list is read as it was written, for a step without a date
// too; what nobody wrote is no place.
func TestCursor(t *testing.T) {
	at := time.Date(2026, 11, 26, 9, 30, 0, 123000, time.UTC)
	for _, sort := range []pgtype.Timestamptz{{Time: at, Valid: true}, {InfinityModifier: pgtype.Infinity, Valid: true}} {
		got, id, ok := readCursor(Row{ID: 77, sort: sort}.cursor())
		if !ok || id != 77 || got.InfinityModifier != sort.InfinityModifier || !got.Time.Equal(sort.Time) {
			t.Errorf("%v is read as %v, %d, %v", sort, got, id, ok)
		}
	}
	for _, s := range []string{"", ".", "~", "~.", "x", "zz.zz.zz", "-1.5"} {
		if _, _, ok := readCursor(s); ok {
			t.Errorf("%q is taken for a place", s)
		}
	}
}
