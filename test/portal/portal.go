// Package portal starts the real binary on a database of its own, for tests that need what
// no unit has: sessions, jobs, signals, a browser.
package portal

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Portal is one running portal with demonstration data.
type Portal struct {
	URL      string // http://127.0.0.1:port
	Database string // owner's address, for asking what was stored
	Dir      string // PORTAL_DATA_DIR
	host     string // of URL, where it is not 127.0.0.1
	t        testing.TB
	cmd      *exec.Cmd
	log      *buffer
	exited   chan struct{}
	seeded   bool // the person that tests may change is there
}

// buffer is a log that two goroutines may touch.
type buffer struct {
	mutex sync.Mutex
	bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.Write(p)
}

func (b *buffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.Buffer.String()
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "portal-binary")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "portal")
	out, err := exec.Command("go", "build", "-o", path, "github.com/birlik/portal/cmd/portal").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// Binary builds the portal once a test process and returns its path.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Start runs a portal with demonstration data on a fresh database until the test ends.
// Extra settings read NAME=value.
func Start(t testing.TB, settings ...string) *Portal {
	t.Helper()
	database, dir := filled(t)
	p := &Portal{t: t, Database: database, Dir: dir}
	p.Run(settings...)
	return p
}

// StartNamed is Start with a host that has a name: passkeys belong to names, not to numbers.
func StartNamed(t testing.TB, host string, settings ...string) *Portal {
	t.Helper()
	database, dir := filled(t)
	p := &Portal{t: t, Database: database, Dir: dir, host: host}
	p.Run(settings...)
	return p
}

// Beside runs a second instance on the same database until the test ends.
func (p *Portal) Beside(settings ...string) *Portal {
	p.t.Helper()
	other := &Portal{t: p.t, Database: p.Database, Dir: p.t.TempDir()}
	other.Run(settings...)
	return other
}

// Run starts the process and waits until it is ready; after Kill or Stop it runs again on
// the same data.
func (p *Portal) Run(settings ...string) {
	p.t.Helper()
	address := freeAddress(p.t)
	p.URL = "http://" + address
	if p.host != "" {
		p.URL = "http://" + strings.Replace(address, "127.0.0.1", p.host, 1)
	}
	p.cmd = exec.Command(Binary(p.t), "serve")
	p.cmd.Env = append(os.Environ(), "PORTAL_MODE=demo", "PORTAL_ADDR="+address, "PORTAL_METRICS_ADDR=off", "PORTAL_BASE_URL="+p.URL,
		"PORTAL_DATA_DIR="+p.Dir, "DATABASE_URL="+p.Database, "PORTAL_RATE_PER_MINUTE=0")
	p.cmd.Env = append(p.cmd.Env, settings...)
	p.log = &buffer{}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.exited = make(chan struct{})
	go func(cmd *exec.Cmd, done chan struct{}) {
		_ = cmd.Wait() // its status is asked where it matters
		close(done)
	}(p.cmd, p.exited)
	p.t.Cleanup(p.Kill)
	p.waitReady()
}

func (p *Portal) waitReady() {
	p.t.Helper()
	for range 600 {
		response, err := http.Get(p.URL + "/readyz")
		if err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-p.exited:
			p.t.Fatalf("the portal ended:\n%s", p.log.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
	p.t.Fatalf("the portal is not ready after 30 s:\n%s", p.log.String())
}

// Kill ends the process as a crash would.
func (p *Portal) Kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	<-p.exited
}

// Stop asks the process to end, waits for it, and reports its exit status.
func (p *Portal) Stop() int {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(30 * time.Second):
		p.t.Fatalf("the portal does not stop:\n%s", p.log.String())
		return -1
	}
}

// Log is what the process has printed.
func (p *Portal) Log() string { return p.log.String() }

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// Query asks the database, as its owner, for one value.
func (p *Portal) Query(into any, sql string, args ...any) {
	p.t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, p.Database)
	if err != nil {
		p.t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, sql, args...).Scan(into); err != nil {
		p.t.Fatalf("%s: %v", sql, err)
	}
}

// Password opens every demonstration account.
const Password = "kervan-sofra-turkuaz"

// Client is a visitor with cookies of their own that follows no redirect; with an e-mail,
// a signed-in person.
func (p *Portal) Client(email string) *http.Client {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if email == "" {
		return client
	}
	response, err := client.PostForm(p.URL+"/tr/sign-in", url.Values{"email": {email}, "password": {Password}})
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		p.t.Fatalf("sign in as %s: %s", email, response.Status)
	}
	return client
}

// Get fetches a path and returns status and body.
func (p *Portal) Get(client *http.Client, path string) (int, string) {
	p.t.Helper()
	response, err := client.Get(p.URL + path)
	if err != nil {
		p.t.Fatal(err)
	}
	return read(p.t, response)
}

// Post sends a form and returns status, the Location of a redirect, and the body.
func (p *Portal) Post(client *http.Client, path string, form url.Values) (int, string, string) {
	p.t.Helper()
	response, err := client.PostForm(p.URL+path, form)
	if err != nil {
		p.t.Fatal(err)
	}
	location := response.Header.Get("Location")
	status, body := read(p.t, response)
	return status, location, body
}

func read(t testing.TB, response *http.Response) (int, string) {
	t.Helper()
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// Routes asks the binary for its own list: METHOD, pattern, name.
func Routes(t testing.TB) [][3]string {
	t.Helper()
	cmd := exec.Command(Binary(t), "routes")
	cmd.Env = append(os.Environ(), "PORTAL_MODE=demo")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("portal routes: %v", err)
	}
	var list [][3]string
	for line := range strings.Lines(string(out)) {
		parts := strings.Split(strings.TrimSpace(line), "\t")
		if len(parts) == 3 {
			list = append(list, [3]string(parts))
		}
	}
	return list
}
