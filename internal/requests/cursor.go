package requests

import (
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// never stands in a cursor for the date of a step that has none: it sorts after all days.
const never = "~"

// cursor is where a row stands in its list: its sort key in microseconds, and its id.
func (r Row) cursor() string {
	at := never
	if r.sort.InfinityModifier == pgtype.Finite {
		at = strconv.FormatInt(r.sort.Time.UnixMicro(), 36)
	}
	return at + "." + strconv.FormatInt(r.ID, 36)
}

func readCursor(s string) (sort pgtype.Timestamptz, id int64, ok bool) {
	before, after, found := strings.Cut(s, ".")
	id, err := strconv.ParseInt(after, 36, 64)
	if before == never {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}, id, err == nil
	}
	micros, err2 := strconv.ParseInt(before, 36, 64)
	return pgtype.Timestamptz{Time: time.UnixMicro(micros), Valid: true}, id, found && err == nil && err2 == nil && micros > 0 && micros < 1<<53
}
