package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// portal is the process that is measured.
type portal struct {
	url    string
	cmd    *exec.Cmd
	client *http.Client
}

// password opens the demonstration accounts.
const password = "kervan-sofra-turkuaz"

// startPortal starts the process and waits for its first page. Its mode is the
// demonstration's, whose accounts of the staff sign in by their password alone.
func startPortal(ctx context.Context, o Options, database string, cacheMB int) (*portal, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(o.Dir, "portal.log"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p := &portal{url: "http://" + address, cmd: exec.Command(o.Executable, "serve"), client: &http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Env = append(os.Environ(), "PORTAL_MODE=demo", "PORTAL_ADDR="+address, "PORTAL_METRICS_ADDR=off",
		"PORTAL_DATA_DIR="+filepath.Join(o.Dir, "data"), "PORTAL_RATE_PER_MINUTE=0", "PORTAL_LOG_LEVEL=warn",
		"PORTAL_PAGE_CACHE_MB="+strconv.Itoa(cacheMB), "DATABASE_URL="+database)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if status, err := p.get(ctx, "/readyz", ""); err == nil && status == http.StatusOK {
			return p, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("the portal does not answer; see %s", log.Name()), p.stop())
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func (p *portal) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

func (p *portal) get(ctx context.Context, path, cookie string) (int, error) {
	_, status, err := p.fetch(ctx, path, cookie, "")
	return status, err
}

// fetch returns the bytes as they travel.
func (p *portal) fetch(ctx context.Context, path, cookie, encoding string) ([]byte, int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return nil, 0, err
	}
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	if encoding != "" {
		request.Header.Set("Accept-Encoding", encoding)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return body, response.StatusCode, err
}

// signIn returns the Cookie header of a session.
func (p *portal) signIn(ctx context.Context, account string) (string, error) {
	form := url.Values{"email": {account}, "password": {password}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+"/tr/sign-in", strings.NewReader(form))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := p.client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var pairs []string
	for _, cookie := range response.Cookies() {
		pairs = append(pairs, cookie.Name+"="+cookie.Value)
	}
	if response.StatusCode != http.StatusSeeOther || len(pairs) == 0 {
		return "", fmt.Errorf("signing in as %s was answered %d", account, response.StatusCode)
	}
	return strings.Join(pairs, "; "), nil
}

var stylesheet = regexp.MustCompile(`href="(/static/[^"]+\.css)"`)

// staticFile is the address of a file that is served as it is, of about a page's size.
func (p *portal) staticFile(ctx context.Context) (string, error) {
	body, _, err := p.fetch(ctx, pages[0].path, "", "")
	if err != nil {
		return "", err
	}
	match := stylesheet.FindSubmatch(body)
	if match == nil {
		return "", errors.New("the first page links to no stylesheet")
	}
	return string(match[1]), nil
}

// memory is the process's resident memory and its peak, in MB.
func (p *portal) memory() (Memory, error) { return memoryOf(p.cmd.Process.Pid) }

// memoryOf is the memory of a living process.
func memoryOf(pid int) (Memory, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return Memory{}, err
	}
	var m Memory
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kilobytes, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmRSS:":
			m.Resident = kilobytes / 1024
		case "VmHWM:":
			m.Peak = kilobytes / 1024
		}
	}
	return m, nil
}
