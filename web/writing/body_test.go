package writing

import (
	"strings"
	"testing"
)

// TestBodyIsSafe holds that nothing written runs, loads from elsewhere, or breaks the page's
// headings.
func TestBodyIsSafe(t *testing.T) {
	for source, never := range map[string]string{
		"<script>alert(1)</script>":                        "<script",
		"[x](javascript:alert(1))":                         "javascript:",
		"![x](https://evil.example/p.png)":                 "evil.example",
		"<img src=x onerror=alert(1)>":                     "<img",
		"# Başlık":                                         "<h1",
		"<a href=\"/x\" style=\"color:red\">y</a>":         "<a ",
		"[x](data:text/html;base64,PHNjcmlwdD4=)":          "data:",
		"<svg><script>1</script></svg>":                    "<svg",
		"![a](/tr/files/aaaaaaaaaaaaaaaaaaaaaaaaaa?x=\"1)": "?x=",
	} {
		if got := string(HTML(source)); strings.Contains(got, never) {
			t.Errorf("%q became %q", source, got)
		}
	}
}

func TestBodyKeepsWhatPeopleWrite(t *testing.T) {
	source := "# Su\n\nŞuşada **yeni** xətt: [siyahı](/tr/projects).\n\n- bir\n- iki\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![Körpü](/tr/files/" + strings.Repeat("a", 26) + "?size=web)"
	got := string(HTML(source))
	for _, want := range []string{"<h2>Su</h2>", "<strong>yeni</strong>", `href="/tr/projects"`, "<li>bir</li>", "<td>1</td>", `alt="Körpü"`, "?size=web"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}
