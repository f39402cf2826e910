// Package archtest keeps the house in order: who may import whom, how large a room may
// grow, that every table is protected and every message is there in every language.
package archtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
)

// Module is the path that our own imports begin with.
const Module = "github.com/birlik/portal/"

// layer is a height in the house: a package imports its own height only where arrows or
// sameLayer allow it, and never a greater one.
type layer int

const (
	base layer = iota
	capability
	area
	webBase // page, ui: know no area
	web
	command
)

// layers names the height of every folder of packages. A folder that is not here, nor
// below one that is, fails the test.
var layers = map[string]layer{
	"migrations":            base,
	"internal/apperr":       base,
	"internal/config":       base,
	"internal/locale":       base,
	"internal/fold":         base,
	"internal/subject":      base,
	"internal/identity":     base,
	"internal/postgres":     base,
	"internal/blob":         base,
	"internal/mail":         base,
	"internal/throttle":     base,
	"internal/pdf":          base,
	"internal/personal":     base,
	"internal/docx":         base,
	"internal/audit":        capability,
	"internal/jobs":         capability,
	"internal/documents":    capability,
	"internal/decisions":    capability,
	"internal/translations": capability,
	"internal/search":       capability,
	"internal/freshness":    capability,
	"internal/notify":       capability,
	"internal/export":       capability,
	"internal/tables":       capability,
	"internal/imports":      capability,
	"internal/forms":        capability,
	"internal/tasks":        capability,
	"internal/messages":     capability,
	"internal/workflow":     capability,
	"internal/workdays":     capability,
	"internal/services":     capability,
	"internal/links":        capability,
	"internal/mailin":       capability,

	"internal/accounts":       area,
	"internal/municipalities": area,
	"internal/membership":     area,
	"internal/requests":       area,
	"internal/projects":       area,
	"internal/events":         area,
	"internal/publications":   area,
	"internal/organs":         area,
	"internal/dues":           area,
	"internal/profiles":       area,
	"internal/privacy":        area,
	"internal/mailings":       area,
	"internal/letters":        area,
	"internal/opinions":       area,
	"internal/supports":       area,
	"internal/absences":       area,
	"internal/circulars":      area,
	"internal/replies":        area,

	"web/page":   webBase,
	"web/ui":     webBase,
	"web/static": webBase,
	"web":        web,

	"internal/demo":     command, // fills every area, so it stands above them
	"internal/backup":   command, // keeps every table and file
	"internal/doctor":   command, // looks at everything the portal stands on
	"internal/bench":    command, // starts the portal and drives it
	"internal/archtest": command,
	"cmd":               command,
	"test":              command,
}

// arrows are the imports between capabilities: engines.md's short list. Every capability
// may record in audit.
var arrows = map[string][]string{
	"workflow":     {"tasks", "decisions", "notify"},
	"tasks":        {"notify"},
	"messages":     {"notify", "documents"},
	"mailin":       {"jobs", "documents", "messages"},
	"notify":       {"jobs"},
	"export":       {"jobs", "documents"},
	"forms":        {"documents", "export"},
	"imports":      {"jobs", "tables", "export"},
	"documents":    {"jobs"},
	"translations": {},
	"search":       {},
	"freshness":    {},
	"decisions":    {"imports", "export"}, // declares how past ones are taken over
	"services":     {"workflow", "freshness", "search"},
	"audit":        {"jobs"}, // sealing runs as a job
	"jobs":         {},
}

// notInInternal are the libraries of the web that the domain must not know.
var notInInternal = []string{
	Module + "web", "github.com/go-chi/", "github.com/a-h/templ", "github.com/alexedwards/scs",
}

// Edge is one import: the folder that imports, and what it imports.
type Edge struct {
	File string // the importing file, from the root of the project
	From string // its folder
	To   string // the import path
}

// Imports parses every Go file under root and lists its imports. Generated templates
// count: what a page shows is what it imports.
func Imports(root string) ([]Edge, error) {
	var edges []Edge
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path) // both come from one walk
		if d.IsDir() {
			return skip(rel)
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		found, err := importsOf(path, filepath.ToSlash(rel))
		edges = append(edges, found...)
		return err
	})
	return edges, err
}

func skip(rel string) error {
	switch rel {
	case ".git", "var", "bin", "node_modules", "tmp":
		return filepath.SkipDir
	}
	return nil
}

func importsOf(path, rel string) ([]Edge, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	var edges []Edge
	for _, spec := range file.Imports {
		to, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		edges = append(edges, Edge{File: rel, From: filepath.ToSlash(filepath.Dir(rel)), To: to})
	}
	return edges, nil
}

// roomOf finds the named folder that holds a package, the closest one.
func roomOf(folder string) (string, layer, bool) {
	for at := folder; at != "."; at = filepath.ToSlash(filepath.Dir(at)) {
		if l, ok := layers[at]; ok {
			return at, l, true
		}
	}
	return "", 0, false
}

// Check says what is wrong with an import, or nothing. Tests may import builders and the
// test harness of any layer, but no area's insides from below.
func Check(e Edge) string {
	from, height, ok := roomOf(e.From)
	if !ok {
		return fmt.Sprintf("%s: no layer names the folder %s", e.File, e.From)
	}
	if strings.HasPrefix(e.From, "internal/") && height < command {
		for _, forbidden := range notInInternal {
			if strings.HasPrefix(e.To, forbidden) {
				return fmt.Sprintf("%s: internal must not import %s", e.File, e.To)
			}
		}
	}
	if !strings.HasPrefix(e.To, Module) || strings.HasSuffix(e.File, "_test.go") {
		return ""
	}
	return checkOwn(e, from, height, strings.TrimPrefix(e.To, Module))
}

func checkOwn(e Edge, from string, height layer, target string) string {
	to, below, ok := roomOf(target)
	switch {
	case !ok:
		return fmt.Sprintf("%s: no layer names %s", e.File, target)
	case from == to && height != web:
		return ""
	case below > height:
		return fmt.Sprintf("%s: %s may not import %s, which stands above it", e.File, e.From, target)
	case below == area && height == area:
		return fmt.Sprintf("%s: an area may not import another area (%s)", e.File, target)
	case below == capability && height == capability && !allowed(from, to):
		return fmt.Sprintf("%s: the engine %s has no arrow to %s", e.File, from, to)
	case height == web && below == web && !sharedPages(e.From, target):
		return fmt.Sprintf("%s: pages share through cards, not by importing %s", e.File, target)
	}
	return ""
}

func allowed(from, to string) bool {
	to = strings.TrimPrefix(to, "internal/")
	if to == "audit" {
		return true
	}
	for _, name := range arrows[strings.TrimPrefix(from, "internal/")] {
		if name == to {
			return true
		}
	}
	return false
}

// sharedPages are the web packages that others may import: cards, mails, and the pages
// that answer any form. The tree in web itself imports all.
func sharedPages(from, target string) bool {
	switch {
	case from == "web" || from == target || strings.HasPrefix(target, from+"/") || strings.HasPrefix(from, target+"/"):
		return true
	case target == "web/cards" || target == "web/clock" || target == "web/mails" || target == "web/formpages" || target == "web/writing":
		return true
	}
	return false
}
