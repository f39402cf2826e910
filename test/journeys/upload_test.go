package journeys

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// cutter passes bytes on to a portal, and breaks the first cuts connections that carry more
// than some bytes up.
type cutter struct {
	to   string
	left atomic.Int32
}

// cutAfter is how far a connection comes before it breaks, in bytes.
const cutAfter = 600 << 10

// newCutter starts one and returns its address.
func newCutter(t *testing.T, to string, cuts int32) (*cutter, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c := &cutter{to: strings.TrimPrefix(to, "http://")}
	c.left.Store(cuts)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go c.pass(conn)
		}
	}()
	return c, "http://" + listener.Addr().String()
}

func (c *cutter) pass(conn net.Conn) {
	defer conn.Close()
	portal, err := net.Dial("tcp", c.to)
	if err != nil {
		return
	}
	defer portal.Close()
	go func() {
		_, _ = io.Copy(conn, portal)
		_ = conn.Close()
	}()
	_, err = io.CopyN(portal, conn, cutAfter)
	if err != nil || c.left.Add(-1) >= 0 {
		return // the browser is done, or its line breaks
	}
	_, _ = io.Copy(portal, conn)
}

// TestAnUploadSurvivesTenCuts sends a large plan over a line that breaks ten times, beside a
// file that is refused; both say how it went, and the rest of the page stays as it is.
func TestAnUploadSurvivesTenCuts(t *testing.T) {
	p := portal.Start(t)
	line, address := newCutter(t, p.URL, 10)
	dir := t.TempDir()
	plan, wrong := filepath.Join(dir, "Fizibilite.pdf"), filepath.Join(dir, "sahte.pdf")
	content := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("0123456789abcdef"), 9<<16)...)
	store(t, plan, content)
	store(t, wrong, []byte("MZ\x90\x00\x03\x00\x00\x00 no pdf \x00\x01\x02"))

	j := journey{browser.Start(t).Tab(t, address, browser.Phone()), t, p}
	j.signIn("editor@shusha.example")
	form := j.start()
	j.Go(form + "/studied")
	j.choose("studied", "ready")
	j.Go(form + "/study")
	j.Run(chromedp.SetUploadFiles(`input[type=file]`, []string{wrong}, chromedp.ByQuery))
	j.waitFor(`document.querySelector('[data-files] .file.bad .say')?.textContent || ''`, "Bu tür dosya alınmıyor", time.Minute)
	j.Run(chromedp.SetUploadFiles(`input[type=file]`, []string{plan}, chromedp.ByQuery))
	j.waitFor(`[...document.querySelectorAll('[data-files] .file:not(.bad) .say')].map(e => e.textContent).join('')`, "yüklendi", 4*time.Minute)
	if left := line.left.Load(); left > 0 {
		t.Errorf("the line broke %d times too few", left)
	}
	j.Press(goOn)
	var kept int64
	p.Query(&kept, `select coalesce(sum(size), 0)::bigint from document_versions where name = 'Fizibilite.pdf'`)
	if kept != int64(len(content)) {
		t.Errorf("%d of %d bytes belong to the request", kept, len(content))
	}
}

func store(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// waitFor asks an expression until it holds a text.
func (j journey) waitFor(expression, want string, within time.Duration) {
	j.t.Helper()
	said := ""
	for until := time.Now().Add(within); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		if j.Eval(expression, &said); strings.Contains(said, want) {
			return
		}
	}
	j.t.Fatalf("it says %q, want %q; faults %v", said, want, j.Faults())
}
