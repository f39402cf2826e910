// Package browser drives a real Chromium for tests: it opens pages as a reader would and
// reports what went wrong on the way.
package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

//go:embed axe.min.js
var axe string

// Browser is one running Chromium; each Tab has cookies of its own.
type Browser struct {
	ctx context.Context
}

// Start runs Chromium until the test ends. Without one on the machine the test fails: a
// page that no browser opened is not tested.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := find()
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(profile(t)),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("lang", "tr"),
		chromedp.WSURLReadTimeout(time.Minute))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return &Browser{ctx: ctx}
}

// profile is the folder that Chromium keeps its things in. Its helpers go on writing for a
// moment after it has ended, so that the folder is removed with patience.
func profile(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "chromium-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for range 50 {
			if err = os.RemoveAll(dir); err == nil {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Logf("left behind: %v", err)
	})
	return dir
}

func find() (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium: apt-get install chromium, or set CHROMIUM to its path")
}

// Look is how a page is looked at.
type Look struct {
	Width, Height int
	Dark          bool
	NoScript      bool
	Forced        bool // forced colours
}

// Phone and Desk are the two looks that most tests want.
func Phone() Look { return Look{Width: 390, Height: 844} }

// Desk is a desktop window.
func Desk() Look { return Look{Width: 1280, Height: 900} }

// Tab is one window with its own cookies.
type Tab struct {
	Ctx   context.Context
	Base  string // the portal's address
	t     testing.TB
	mutex sync.Mutex
	found []string
}

// Tab opens a window of its own session that looks as look says.
func (b *Browser) Tab(t testing.TB, base string, look Look) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithTargetID(b.window(t)))
	t.Cleanup(cancel)
	ctx, stop := context.WithTimeout(ctx, 20*time.Minute)
	t.Cleanup(stop)
	tab := &Tab{Ctx: ctx, Base: base, t: t}
	chromedp.ListenTarget(ctx, tab.listen)
	scheme := "light"
	if look.Dark {
		scheme = "dark"
	}
	tab.Run(network.Enable(), log.Enable(), runtime.Enable(),
		chromedp.EmulateViewport(int64(look.Width), int64(look.Height)),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"}}),
		emulation.SetScriptExecutionDisabled(look.NoScript))
	return tab
}

// window opens a window in a browser context of its own. (Chromium refuses a tab in a
// context that has no window yet, which is what chromedp's own option asks for.)
func (b *Browser) window(t testing.TB) target.ID {
	t.Helper()
	control := cdp.WithExecutor(b.ctx, chromedp.FromContext(b.ctx).Browser)
	own, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(control)
	if err != nil {
		t.Fatal(err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(own).WithNewWindow(true).Do(control)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// For lets another test, such as a subtest, go on with the window.
func (tab *Tab) For(t testing.TB) *Tab {
	tab.t = t
	return tab
}

// listen collects what no page may do: load from elsewhere, break the policy, throw.
func (tab *Tab) listen(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && strings.HasPrefix(u.Scheme, "http") && !strings.HasPrefix(e.Request.URL, tab.Base) {
			tab.note("external request: " + e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		tab.note("script error: " + e.ExceptionDetails.Error())
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError && e.Entry.Source != log.SourceNetwork {
			tab.note("console: " + e.Entry.Text)
		}
	}
}

func (tab *Tab) note(fault string) {
	tab.mutex.Lock()
	defer tab.mutex.Unlock()
	tab.found = append(tab.found, fault)
}

// Faults returns what was collected since the last call.
func (tab *Tab) Faults() []string {
	tab.mutex.Lock()
	defer tab.mutex.Unlock()
	found := tab.found
	tab.found = nil
	return found
}

// Run does the actions, or ends the test.
func (tab *Tab) Run(actions ...chromedp.Action) {
	tab.t.Helper()
	if err := chromedp.Run(tab.Ctx, actions...); err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
}

// Go opens a path of the portal and waits until it is there.
func (tab *Tab) Go(path string) {
	tab.t.Helper()
	tab.Run(chromedp.Navigate(tab.Base+path), chromedp.WaitReady("body", chromedp.ByQuery))
}

// Text is the visible text of the first element that the selector finds.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	var text string
	var err error
	for range 20 {
		if err = chromedp.Run(tab.Ctx, chromedp.Text(selector, &text, chromedp.ByQuery)); !replaced(err) {
			break
		}
	}
	if err != nil {
		tab.t.Fatalf("browser: text of %s: %v", selector, err)
	}
	return text
}

// replaced tells that the page put another element in the place of the one that was found
// before it could be read, as a page that shows the progress of work does each second.
func replaced(err error) bool {
	var said *cdproto.Error
	return errors.As(err, &said) && said.Code == -32000
}

// Eval gives the value of a script expression.
func (tab *Tab) Eval(expression string, into any) {
	tab.t.Helper()
	tab.Run(chromedp.Evaluate(expression, into, func(p *runtime.EvaluateParams) *runtime.EvaluateParams {
		return p.WithAwaitPromise(true)
	}))
}

// patience is how long a page may take to show what somebody reaches for.
const patience = 20 * time.Second

// soon does the actions while patience lasts: on what never comes the test ends with its
// name, not with its own time.
func (tab *Tab) soon(what string, actions ...chromedp.Action) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.Ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		tab.t.Fatalf("browser: %s: %v", what, err)
	}
}

// Fill types into a field as a person does, replacing what it held.
func (tab *Tab) Fill(selector, text string) {
	tab.t.Helper()
	tab.soon("fill "+selector, chromedp.WaitVisible(selector, chromedp.ByQuery),
		chromedp.Focus(selector, chromedp.ByQuery),
		input.DispatchKeyEvent(input.KeyRawDown).WithCommands([]string{"selectAll"}),
		input.InsertText(text))
}

// Click clicks what leads to no other page, such as a choice.
func (tab *Tab) Click(selector string) {
	tab.t.Helper()
	tab.soon("click "+selector, chromedp.Click(selector, chromedp.ByQuery))
}

// Press clicks and waits for the page that follows.
func (tab *Tab) Press(selector string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.Ctx, patience)
	defer cancel()
	_, err := chromedp.RunResponse(ctx, chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
	if err != nil {
		tab.t.Fatalf("press %s: %v", selector, err)
	}
	tab.Run(chromedp.WaitReady("body", chromedp.ByQuery))
}

// Picture saves the whole page as a PNG under dir, for people to look at.
func (tab *Tab) Picture(dir, name string) {
	tab.t.Helper()
	var png []byte
	tab.Run(chromedp.FullScreenshot(&png, 100))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		tab.t.Fatal(err)
	}
	if err := os.WriteFile(dir+"/"+name+".png", png, 0o644); err != nil {
		tab.t.Fatal(err)
	}
}

// Violation is one rule that axe found broken, with the first places where.
type Violation struct {
	ID     string   `json:"id"`
	Help   string   `json:"help"`
	Places []string `json:"places"`
}

const runAxe = `axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice'],
 resultTypes: ['violations']}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help,
 places: v.nodes.slice(0, 4).map(n => n.target.join(' ') + ' ' + (n.any[0] ? n.any[0].message : n.failureSummary || '').slice(0, 200))}))))`

// Axe checks the open page against WCAG 2.2 A and AA.
func (tab *Tab) Axe() []Violation {
	tab.t.Helper()
	var out string
	tab.Eval(axe+";"+runAxe, &out)
	var found []Violation
	if err := json.Unmarshal([]byte(out), &found); err != nil {
		tab.t.Fatalf("axe: %v", err)
	}
	return found
}

// Overflow tells by how many pixels the page is wider than its window; a page never
// scrolls sideways.
func (tab *Tab) Overflow() int {
	tab.t.Helper()
	var pixels int
	tab.Eval(`(async () => { // a page that is just coming has no root yet
		while (!document.documentElement || document.readyState === "loading") await new Promise(r => setTimeout(r, 20))
		return document.documentElement.scrollWidth - document.documentElement.clientWidth
	})()`, &pixels)
	return pixels
}
