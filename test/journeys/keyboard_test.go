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

// keys presses keys one after the other, wherever the focus is.
func (j journey) keys(keys string, modifiers ...chromedp.KeyOption) {
	j.t.Helper()
	for _, key := range keys {
		j.Run(chromedp.KeyEvent(string(key), modifiers...))
	}
}

// until waits until an expression holds, over pages that come meanwhile.
func (j journey) until(what, expression string) {
	j.t.Helper()
	for range 100 {
		var holds bool
		if err := chromedp.Run(j.Ctx, chromedp.Evaluate(`document.readyState === 'complete' && !!(`+expression+`)`, &holds)); err == nil && holds {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	j.t.Fatalf("%s: not so at %s: %s", what, j.path(), j.Text("main"))
}

// tabTo walks with the tabulator to an element, which then shows that it has the focus.
func (j journey) tabTo(selector string) {
	j.t.Helper()
	for range 150 {
		j.keys(kb.Tab)
		var there, seen bool
		j.Eval(`document.activeElement.matches('`+selector+`')`, &there)
		if !there {
			continue
		}
		j.Eval(`(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== 'none' || s.boxShadow !== 'none' })()`, &seen)
		if !seen {
			j.t.Errorf("%s does not show that it has the focus", selector)
		}
		return
	}
	j.t.Fatalf("the tabulator never reaches %s at %s", selector, j.path())
}

// TestKeyboard does an officer's morning without a mouse: signs in, finds a request by its
// number, leads it on, gives two to a colleague and takes that back, looks beside the list.
func TestKeyboard(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	j := begin(t, p, b, browser.Desk())
	j.Go("/tr/sign-in")
	j.tabTo("#email")
	j.keys(desk)
	j.tabTo("#password")
	j.keys(portal.Password + kb.Enter)
	j.until("signed in", `location.pathname === '/tr/desk'`)

	var number string
	p.Query(&number, `select reference from requests where state = 'submitted' and officer_id is null order by id limit 1`)
	j.keys("k", chromedp.KeyModifiers(2))
	j.until("Ctrl K", `document.activeElement.id === 'palette-q'`)
	j.keys(strings.ToLower(number))
	j.until("found", `document.querySelector('#palette-list [role=option][aria-selected=true]')?.textContent.includes('`+number+`')`)
	j.keys(kb.Enter)
	j.until("the request is open", `document.querySelector('main').textContent.includes('`+number+`') && location.pathname.includes('/desk/requests/')`)
	j.tabTo(`form[action*="/step"] button`)
	j.keys(kb.Enter)
	j.until("registered", `location.search.includes('done=')`)
	var state string
	if p.Query(&state, `select state from requests where reference = '`+number+`'`); state != "registered" {
		t.Errorf("led on by the keyboard it is %q", state)
	}
	j.keys("gi")
	j.until("the list", `location.pathname === '/tr/desk/requests' && document.querySelectorAll('[data-row]').length > 3`)
	j.pickTwo()
	j.beside()
}

// pickTwo gives two requests to the head of department, and takes that back.
func (j journey) pickTwo() {
	j.t.Helper()
	j.keys("jxjjx")
	j.until("two are picked", `document.querySelectorAll('[data-pick-one]:checked').length === 2 && !document.querySelector('[data-bulk]').hidden`)
	j.keys("a")
	j.until("the acts", `document.activeElement.id === 'act'`)
	j.keys(kb.Home) // the letter that led here is typed into the list too by a test's keys, not by a person's
	j.keys(kb.ArrowDown + kb.ArrowDown)
	j.until("the head is chosen", `document.activeElement.selectedOptions[0].textContent.includes('Daire Başkanı')`)
	j.tabTo(`[data-bulk] button`)
	j.keys(kb.Enter)
	j.until("given", `document.querySelector('form[action$="/undo"] button')`)
	j.tabTo(`form[action$="/undo"] button`)
	j.keys(kb.Enter)
	j.until("taken back", `!document.querySelector('form[action$="/undo"] button') && location.pathname === '/tr/desk/requests'`)
}

// beside opens a record beside the list, and leaves it; then the keys are told, and the box
// of words filters.
func (j journey) beside() {
	j.t.Helper()
	j.keys("jo")
	j.until("beside the list", `document.querySelector('#panel')?.contains(document.activeElement)`)
	j.keys("?")
	j.until("the keys are told", `document.querySelector('#shortcuts').open`)
	j.keys(kb.Escape)
	j.until("and leave", `!document.querySelector('#shortcuts').open`)
	j.keys("/")
	j.until("the words", `document.activeElement.matches('main [role=search] input')`)
	j.keys("birim:hukuk" + kb.Enter)
	j.until("filtered", `location.search.includes('office=legal')`)
}
