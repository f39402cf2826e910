package journeys

import (
	"bytes"
	"fmt"
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
	up   atomic.Int64 // bytes that the portal got
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
	counted := io.TeeReader(conn, c)
	_, err = io.CopyN(portal, counted, cutAfter)
	if err != nil || c.left.Add(-1) >= 0 {
		return // the browser is done, or its line breaks
	}
	_, _ = io.Copy(portal, counted)
}

// Write counts what went up.
func (c *cutter) Write(p []byte) (int, error) {
	c.up.Add(int64(len(p)))
	return len(p), nil
}

// sending is what the test of a bad line sends: so many files of so many bytes each.
const (
	sendFiles = 25
	sendSize  = 1 << 20
)

// TestAnUploadSurvivesTenCuts sends 25 files over a line that breaks ten times, beside one
// that is refused; each says how it went, goes on where it broke, and is kept whole.
func TestAnUploadSurvivesTenCuts(t *testing.T) {
	p := portal.Start(t)
	line, address := newCutter(t, p.URL, 10)
	dir := t.TempDir()
	wrong := filepath.Join(dir, "sahte.pdf")
	store(t, wrong, []byte("MZ\x90\x00\x03\x00\x00\x00 no pdf \x00\x01\x02"))
	var takes int
	p.Query(&takes, `with u as (update form_versions set digest = digest || '-25', definition = replace(definition::text, '"max_files": 5', '"max_files": 25')::jsonb returning definition)
		select count(*) from u where definition::text like '%"max_files": 25%'`)
	if takes == 0 {
		t.Fatal("no question takes 25 files")
	}
	j := journey{browser.Start(t).Tab(t, address, browser.Phone()), t, p}
	j.signIn("editor@shusha.example")
	form := j.start()
	j.Go(form + "/studied")
	j.choose("studied", "ready")
	j.Go(form + "/study")
	j.Run(chromedp.SetUploadFiles(`input[type=file]`, []string{wrong}, chromedp.ByQuery))
	j.waitFor(`document.querySelector('[data-files] .file.bad .say')?.textContent || ''`, "Bu tür dosya alınmıyor", time.Minute)
	before := line.up.Load()
	j.Run(chromedp.SetUploadFiles(`input[type=file]`, plans(t, dir), chromedp.ByQuery))
	j.waitFor(`[...document.querySelectorAll('[data-files] .file:not(.bad) .say')].filter(e => e.textContent.includes('yüklendi')).length + ' sent'`, "25 sent", 8*time.Minute)
	if left := line.left.Load(); left > 0 {
		t.Errorf("the line broke %d times too few", left)
	}
	// A browser sends by itself once more what a connection carried when it broke; no more goes twice.
	if sent, most := line.up.Load()-before, int64(sendFiles*sendSize+10*cutAfter+sendFiles*8<<10); sent > most {
		t.Errorf("%d bytes went up for files of %d, more than %d", sent, sendFiles*sendSize, most)
	}
	j.Press(goOn)
	var kept int64
	p.Query(&kept, `select coalesce(sum(size), 0)::bigint from document_versions where name like 'Plan-%'`)
	if kept != sendFiles*sendSize {
		t.Errorf("%d of %d bytes belong to the request", kept, sendFiles*sendSize)
	}
}

// plans are the files, each of its own content.
func plans(t *testing.T, dir string) (paths []string) {
	t.Helper()
	for i := range sendFiles {
		head := fmt.Appendf(nil, "%%PDF-1.7\n%d\n", i)
		content := append(head, bytes.Repeat([]byte("0123456789abcdef"), sendSize/16)...)[:sendSize]
		paths = append(paths, filepath.Join(dir, fmt.Sprintf("Plan-%d.pdf", i)))
		store(t, paths[i], content)
	}
	return paths
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
