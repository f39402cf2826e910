package journeys

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestWhatWasWrittenSurvivesAnEndedSession: the session is gone while a form is open; what
// was written in it is there after signing in, and goes out only when its writer says so.
func TestWhatWasWrittenSurvivesAnEndedSession(t *testing.T) {
	p := portal.Start(t)
	b := browser.Start(t)
	for name, look := range map[string]browser.Look{"script": browser.Phone(), "no script": {Width: 390, Height: 844, NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			tab := begin(t, p, b, look)
			tab.signIn("admin@union.example")
			tab.Go("/tr/desk/users/new")
			tab.Fill("input[name=name]", "Gülşen Öztürk İnce")
			tab.Fill("input[name=email]", "gulsen@union.example")
			var ended int
			p.Query(&ended, `with d as (delete from sessions returning 1) select count(*) from d`)
			if ended == 0 {
				t.Fatal("no session to end")
			}
			tab.Press("main form [type=submit]")
			if said := tab.Text("main"); !strings.Contains(said, "yazdıklarınızı sakladık") {
				t.Fatalf("the sign-in page says %q", said)
			}
			tab.signIn("admin@union.example")
			var written string
			tab.Run(chromedp.Value("input[name=name]", &written, chromedp.ByQuery))
			if written != "Gülşen Öztürk İnce" || !strings.Contains(tab.Text("main"), "Yazdıklarınız duruyor") {
				t.Errorf("the field holds %q", written)
			}
			var there int
			p.Query(&there, `select count(*) from users where email = 'gulsen@union.example'`)
			if there != 0 {
				t.Error("it was sent without its writer")
			}
			tab.calm()
		})
	}
}
