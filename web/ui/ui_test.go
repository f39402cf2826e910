package ui

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/locale"
)

// TestWordsExist looks every word of the components up in each language.
func TestWordsExist(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	more, _ := filepath.Glob("*.go") // the pattern is a valid constant
	word := regexp.MustCompile(`\bt\(ctx, "([a-z0-9_]+)"|@footerLink\([^)]*, "([a-z_]+)"\)`)
	for _, file := range append(files, more...) {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range word.FindAllStringSubmatch(string(source), -1) {
			for _, lang := range locale.Langs() {
				if key := "ui." + or(m[1], m[2]); !locale.Has(lang, key) {
					t.Errorf("%s: %s has no %s", file, lang, key)
				}
			}
		}
	}
}

func draw(t *testing.T, c templ.Component) string {
	t.Helper()
	ctx := locale.With(context.Background(), locale.Reader{Lang: locale.EN})
	var buf bytes.Buffer
	if err := c.Render(ctx, &buf); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// TestHostileTextIsText gives every text of a field to an attacker.
func TestHostileTextIsText(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	for name, c := range map[string]templ.Component{
		"field":    Field{Name: "a", Label: evil, Hint: evil, Error: evil, Value: evil, Suffix: evil},
		"textarea": TextArea{Name: "a", Label: evil, Value: `</textarea>` + evil, Limit: 5},
		"timeline": Timeline{Moments: []Moment{{Who: evil, What: evil, Text: evil, At: evil}}},
		"map":      DotMap{ID: "m", Title: evil, Points: []Point{{Lon: 32.8, Lat: 39.9, Label: evil}}},
		"link":     Button{Label: evil, Href: "/x?" + evil},
		"chart":    Chart{Caption: evil, Bars: []Bar{{Label: evil, Value: 1, Text: evil}}},
	} {
		if html := draw(t, c); strings.Contains(html, "<script>alert") {
			t.Errorf("%s lets a script through: %s", name, html)
		}
	}
}

// TestFieldTellsItsError checks the links between a control and its words.
func TestFieldTellsItsError(t *testing.T) {
	html := draw(t, Field{Name: "email", Label: "E-mail", Hint: "Work address", Error: "Add an @"})
	for _, want := range []string{
		`for="email"`, `id="email"`, `aria-describedby="email-hint email-error"`, `aria-invalid="true"`, `id="email-error"`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("missing %s in %s", want, html)
		}
	}
}

// TestSummaryLeadsToFirstChoice holds the promise that an error's link finds its control.
func TestSummaryLeadsToFirstChoice(t *testing.T) {
	html := draw(t, Radios{Name: "kind", Label: "Kind", Choices: []Choice{{Value: "a", Label: "A"}, {Value: "b", Label: "B"}}})
	if strings.Count(html, `id="kind"`) != 1 || !strings.Contains(html, `value="a" id="kind"`) {
		t.Errorf("the first choice does not carry the group's id: %s", html)
	}
}

// TestLabelsNeverCollide draws many labels close together.
func TestLabelsNeverCollide(t *testing.T) {
	var points []Point
	for i := range 40 {
		points = append(points, Point{Lon: 30 + float64(i%8)*.6, Lat: 38 + float64(i/8)*.5, Label: "Belediye"})
	}
	html := draw(t, DotMap{ID: "m", Title: "Map", Points: points})
	if n := strings.Count(html, "<text"); n == 0 || n == len(points) {
		t.Errorf("%d of %d labels drawn; the crowded ones should have given way", n, len(points))
	}
}

// TestMarkedMenu finds the deepest entry above the page.
func TestMarkedMenu(t *testing.T) {
	ctx := locale.With(context.Background(), locale.Reader{Lang: locale.EN})
	ctx = WithShell(ctx, Shell{Path: "/desk/requests/abc?tab=files"})
	nav := marked(ctx, []Link{{Href: "/en/desk"}, {Href: "/en/desk/requests"}, {Href: "/en/desk/req"}}, "")
	if nav[0].Current || !nav[1].Current || nav[2].Current {
		t.Errorf("marked %+v", nav)
	}
}

// TestScriptOnce asks twice for one script.
func TestScriptOnce(t *testing.T) {
	page := templ.Join(Script("count"), Script("count"))
	ctx := templ.InitializeContext(context.Background())
	var buf bytes.Buffer
	if err := page.Render(ctx, &buf); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(buf.String(), "<script"); n != 1 {
		t.Errorf("%d script tags", n)
	}
}
