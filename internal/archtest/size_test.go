package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The ratchet: these never grow.
const (
	maxFileLines = 400
	maxFuncLines = 60
)

// TestRoomsStaySmall holds files and functions to a size that one head can hold.
// Generated templates and catalogues are not written by hand and do not count.
func TestRoomsStaySmall(t *testing.T) {
	seen := 0
	walkHandwritten(t, func(path string, source []byte) {
		seen++
		if lines := bytes.Count(source, []byte("\n")); lines > maxFileLines {
			t.Errorf("%s has %d lines; the most is %d", path, lines, maxFileLines)
		}
		if strings.HasSuffix(path, ".go") {
			checkFuncs(t, path, source)
		}
	})
	if seen < 20 {
		t.Fatalf("saw %d files; the walk did not find the project", seen)
	}
}

func walkHandwritten(t *testing.T, visit func(path string, source []byte)) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(strings.TrimPrefix(path, "../../"))
		}
		if strings.HasSuffix(path, "_templ.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".templ") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err == nil {
			visit(path, source)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkFuncs(t *testing.T, path string, source []byte) {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		lines := set.Position(fn.End()).Line - set.Position(fn.Pos()).Line + 1
		if lines > maxFuncLines {
			t.Errorf("%s: %s has %d lines; the most is %d", path, fn.Name.Name, lines, maxFuncLines)
		}
	}
}
