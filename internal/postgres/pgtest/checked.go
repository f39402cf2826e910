package pgtest

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"github.com/birlik/portal/internal/postgres"
)

var quoted = regexp.MustCompile(`'([^']*)'::text`)

// Checked lists the values that a CHECK allows in a column, sorted, so that a test can
// compare them with the closed set in the code.
func Checked(t testing.TB, q postgres.Querier, table, column string) []string {
	t.Helper()
	var definition string
	err := q.QueryRow(context.Background(), `
		select pg_get_constraintdef(c.oid) from pg_constraint c
		join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
		where c.contype = 'c' and c.conrelid = $1::text::regclass and a.attname = $2
			and pg_get_constraintdef(c.oid) like '%ARRAY[%'`, table, column).Scan(&definition)
	if err != nil {
		t.Fatalf("the CHECK of %s.%s: %v", table, column, err)
	}
	var values []string
	for _, match := range quoted.FindAllStringSubmatch(definition, -1) {
		values = append(values, match[1])
	}
	slices.Sort(values)
	return values
}
