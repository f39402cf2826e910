package journeys

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestInboxWithoutScript narrows the list of cases, and acts on one of it, in a browser that
// runs nothing.
func TestInboxWithoutScript(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	j := begin(t, p, b, browser.Look{Width: 1280, Height: 900, NoScript: true})
	j.signIn("desk@union.example")
	var reference string
	p.Query(&reference, `select min(reference) from requests where open and not urgent and submitted_at is not null`)
	j.Go("/tr/desk/requests")
	j.Fill(`main input[name=q]`, reference)
	j.Press(`main .filters [type=submit]`)
	j.says(reference)
	j.calm()
	j.Click(`main table input[name=ids]`)
	j.Run(chromedp.SetValue(`#act`, "urgent:1", chromedp.ByQuery))
	j.Press(`#bulk [type=submit]`)
	var urgent bool
	if p.Query(&urgent, `select urgent from requests where reference = $1`, reference); !urgent {
		t.Errorf("%s is not urgent; the page says:\n%s", reference, j.Text("main"))
	}
}
