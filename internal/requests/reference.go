package requests

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
)

// Prefix begins the references of requests, and names their series.
const Prefix = "REQ"

// Number writes a reference: "REQ-2026-00042".
func Number(year, n int) string { return fmt.Sprintf("%s-%d-%05d", Prefix, year, n) }

// typed is a reference as people type it, folded: with or without the prefix, with any
// separators or none, with or without leading zeros. The fold turns q to k.
var typed = regexp.MustCompile(`^(rek)? ?(20\d\d) ?0*(\d{1,6})$`)

// ParseReference reads a reference in any spelling: "req 2026/42", "2026-00042",
// "РЕК-2026-42". It reports false for what is none.
func ParseReference(text string) (string, bool) {
	m := typed.FindStringSubmatch(fold.Key(text))
	if m == nil {
		return "", false
	}
	year, _ := strconv.Atoi(m[2])
	n, _ := strconv.Atoi(m[3])
	if n == 0 || m[1] == "" && len(m[0]) == len(m[2])+len(m[3]) && len(m[3]) < 5 {
		return "", false // "202642" alone may be anything
	}
	return Number(year, n), true
}

// numbered finds requests by their reference, or by their number before the portal, which
// may look like one.
func (r repository) numbered(ctx context.Context, text, reference string) ([]int64, error) {
	if !strings.ContainsAny(text, "0123456789") {
		return nil, nil
	}
	rows, _ := r.db.Query(ctx, `
		select id from requests where reference = nullif($2, '') and submitted_at is not null
		union select id from requests where earlier_reference <> '' and lower(earlier_reference) = lower($1) limit 100`, strings.TrimSpace(text), reference)
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}
