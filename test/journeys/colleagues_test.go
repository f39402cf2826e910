package journeys

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// line takes the window's line away, or gives it back.
func (j journey) line(there bool) {
	j.t.Helper()
	j.Run(network.EmulateNetworkConditions(!there, 0, -1, -1)) // the window's own event "online" comes with it
}

// TestALostLineAndAColleague writes on a telephone without a line while a colleague writes
// on the same page: what each wrote is kept, and of one field both are shown.
func TestALostLineAndAColleague(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	j := begin(t, p, b, browser.Phone())
	j.signIn(editor)
	form := j.start()
	other := begin(t, p, b, browser.Desk())
	other.signIn(mayor)
	j.Go(form + "/money")
	other.Go(form + "/money")

	j.line(false)
	j.Fill(`#own`, "20 000")
	j.waitFor(`document.querySelector('[data-saved]').textContent`, "bu cihazda", 20*time.Second)
	other.Fill(`#cost`, "150 000")
	other.Press(goOn)
	j.line(true)
	j.waitFor(`document.querySelector('[data-saved]').textContent`, "kaydedildi", 20*time.Second)
	j.Go(form + "/money")
	j.holds("#own", "20")
	j.holds("#cost", "150")

	other.Go(form + "/money")
	j.Fill(`#own`, "30 000")
	j.Press(goOn)
	other.Fill(`#own`, "45 000")
	other.Press(goOn)
	other.says("30")
	other.says("45")
	other.calm()
}

// holds checks that a field shows a text.
func (j journey) holds(selector, text string) {
	j.t.Helper()
	value := ""
	if j.Eval(`document.querySelector('`+selector+`').value`, &value); !strings.HasPrefix(value, text) {
		j.t.Errorf("%s holds %q, want %s", selector, value, text)
	}
}
