package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/postgres/pgtest"
)

var (
	statement = regexp.MustCompile(`(?is)^\s*(select|insert|update|delete|with)\s`)
	// A literal that is filled in later cannot be prepared as it stands.
	filledIn = regexp.MustCompile(`%[sdvqt]|%\[\d`)
	// A verb of fmt is not a like-pattern: '%s' inside quotes is text.
	named = regexp.MustCompile(`(^|[^@\w])@(\w+)`)
)

// TestStatementsPrepare prepares every SQL literal against the migrated schema, so that a
// wrong column or type fails here and not in front of a reader.
func TestStatementsPrepare(t *testing.T) {
	db, prepared := pgtest.DB(t), 0
	walkHandwritten(t, func(path string, source []byte) {
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "archtest/sql_test.go") {
			return
		}
		for _, found := range statements(t, path, source) {
			prepared++
			if err := prepare(t, db, found.sql, prepared); err != nil {
				t.Errorf("%s:%d: %v\n%s", path, found.line, err, found.sql)
			}
		}
	})
	if prepared < 20 {
		t.Fatalf("found %d statements; the walk did not see the project", prepared)
	}
	t.Logf("%d statements", prepared)
}

func prepare(t *testing.T, db *pgtest.Tx, sql string, n int) error {
	t.Helper()
	inner, err := db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = inner.Rollback(t.Context()) }()
	_, err = inner.Prepare(t.Context(), fmt.Sprintf("literal_%d", n), positional(sql))
	return err
}

// positional turns @name arguments into $1, $2, …
func positional(sql string) string {
	numbers := map[string]int{}
	return named.ReplaceAllStringFunc(sql, func(match string) string {
		parts := named.FindStringSubmatch(match)
		if numbers[parts[2]] == 0 {
			numbers[parts[2]] = len(numbers) + 1
		}
		return parts[1] + "$" + strconv.Itoa(numbers[parts[2]])
	})
}

type found struct {
	sql  string
	line int
}

// statements lists the literals in backticks that are whole SQL statements. One that the
// code puts together with something that is not constant is left out: tests run those.
func statements(t *testing.T, path string, source []byte) []found {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var list []found
	ast.Inspect(file, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.BinaryExpr:
			return false // put together
		case *ast.BasicLit:
			if n.Kind == token.STRING && strings.HasPrefix(n.Value, "`") {
				sql := strings.Trim(n.Value, "`")
				if statement.MatchString(sql) && !filledIn.MatchString(sql) {
					list = append(list, found{sql, set.Position(n.Pos()).Line})
				}
			}
		}
		return true
	})
	return list
}

func TestPositional(t *testing.T) {
	got := positional(`select a @> b from t where c = @name and d = @other or e = @name and f @@ g`)
	if want := `select a @> b from t where c = $1 and d = $2 or e = $1 and f @@ g`; got != want {
		t.Errorf("got %s", got)
	}
}
