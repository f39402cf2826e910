package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestSearch: every spelling finds Şuşa while it is typed, in the directory and in the search
// of everything; staff reach a request by its number with Ctrl K.
func TestSearch(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	v := writer{b.Tab(t, p.URL, browser.Phone()), t, p, p.Client("")}
	for _, spelling := range []string{"susa", "Шуша", "SUSA", "Şuşa", "shusha"} {
		v.types("/tr/municipalities", `#filter-q`, spelling, `#list`)
		v.types("/tr/search", `#search-q`, spelling, `#hits`)
	}
	w := writer{b.Tab(t, p.URL, browser.Desk()), t, p, p.Client("")}
	w.Go("/tr/sign-in")
	w.Fill(`#email`, desk)
	w.Fill(`#password`, portal.Password)
	w.Press(`main form .btn-primary`)
	w.jumps()
}

// types writes a spelling into a box and waits for Şuşa to come first, without a press.
func (w writer) types(path, box, spelling, results string) {
	w.t.Helper()
	w.Go(path)
	w.calm()
	w.Fill(box, spelling)
	first := `(document.querySelector('` + results + ` a[href$="/municipalities/susa"]') || {}).textContent === 'Şuşa'`
	if err := chromedp.Run(w.Ctx, chromedp.Poll(first, nil, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
		w.t.Errorf("%s: %q does not find Şuşa: %s", path, spelling, w.Text(results))
	}
	var focused bool
	w.Eval(`document.activeElement === document.querySelector('`+box+`')`, &focused)
	if !focused {
		w.t.Errorf("%s: the box lost the focus while typing", path)
	}
}

// jumps opens a request by its number from anywhere at the desk.
func (w writer) jumps() {
	w.t.Helper()
	var number string
	w.p.Query(&number, `select reference from requests where reference is not null order by id limit 1`)
	w.Go("/tr/desk/requests")
	w.calm()
	w.Run(chromedp.KeyEvent("k", chromedp.KeyModifiers(2)), chromedp.WaitVisible(`#palette-q`), chromedp.SendKeys(`#palette-q`, strings.ToLower(number)),
		chromedp.Poll(`[...document.querySelectorAll('#palette-list [role=option]')].length > 0`, nil, chromedp.WithPollingTimeout(10*time.Second)),
		chromedp.SendKeys(`#palette-q`, kb.Enter), chromedp.WaitNotPresent(`#palette[open]`))
	if text := w.Text("main"); !strings.Contains(text, number) {
		w.t.Errorf("Ctrl K and %s lead to %s", number, w.path())
	}
	w.Go("/tr/desk/search?q=" + number)
	if !strings.Contains(w.path(), "/desk/requests/") {
		w.t.Errorf("the number leads to %s", w.path())
	}
}
