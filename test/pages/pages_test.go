// Package pages opens every page of the portal in a real browser, in every role that may
// see it, and holds it to what each page promises: valid, accessible, quiet, self-contained,
// no wider than its window.
package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/htmlcheck"
	"github.com/birlik/portal/test/portal"
)

// who opens the pages of a side: the pattern's beginning and the account.
var who = []struct{ prefix, email string }{
	{"/{lang}/m/", "editor@shusha.example"},
	{"/{lang}/m/{org}/requests/{request}/approve", "mayor@shusha.example"},
	{"/{lang}/m/{org}/people/", "mayor@shusha.example"},
	{"/{lang}/m/{org}/dues", "mayor@shusha.example"},
	{"/{lang}/join/{application}", applicant},
	{"/{lang}/desk", "admin@union.example"},
	{"/{lang}/account", "desk@union.example"},
	{"/{lang}/choose", "regional@union.example"},
	{"/{lang}/sign-in/second", halfway},
}

// applicant stands for whoever holds the link of an application: no account.
const applicant = "applicant"

// halfway has given the password and not yet the second factor.
const halfway = "auditor@union.example"

// notPages are GET routes that answer no page of their own.
var notPages = []string{"/healthz", "/readyz", "/robots.txt", "/favicon.ico", "/sitemap", "/static/", ".csv", ".xlsx", ".pdf", ".json", ".ics", ".atom", "/files/", "/documents/", "/uploads", "{token}", "/dev/mail/{id}", "/desk/users/organisations", "/styleguide/cities", "/styleguide/places", "/kept", "/suggest", "/{application}/letter", ".docx", ".eml", "/sign-in/sso", "{export}/file", "{secret}", "/find"}

// looks are chosen so that each pair of theme, width and language occurs: nine of eighteen.
var looks = []struct {
	dark  bool
	width int
	lang  string
}{
	{false, 320, "tr"}, {true, 1280, "ru"}, {false, 768, "en"}, {true, 390, "en"}, {false, 1280, "tr"}, {true, 768, "tr"},
	{false, 390, "ru"}, {true, 320, "ru"}, {false, 1280, "en"},
}

// areas are what the names of messages begin with: every area has files of its own.
var areas = func() (out []string) {
	files, err := filepath.Glob("../../internal/locale/messages/*.tr.toml")
	if err != nil || len(files) < 20 {
		panic("no messages are found")
	}
	for _, file := range files {
		out = append(out, strings.TrimSuffix(filepath.Base(file), ".tr.toml"))
	}
	return out
}()

type visitor struct {
	t       *testing.T // outlives the windows
	p       *portal.Portal
	browser *browser.Browser
	tabs    map[string]*browser.Tab // by look and account
	clients map[string]*http.Client
}

// TestPages opens every page in two looks, chosen in turn, so that over all pages every
// pair of theme, width and language is seen many times. PAGES=word looks at the pages whose
// pattern has the word, in every look.
func TestPages(t *testing.T) {
	v := &visitor{t: t, p: portal.Start(t), browser: browser.Start(t), tabs: map[string]*browser.Tab{}, clients: map[string]*http.Client{}}
	only := os.Getenv("PAGES")
	for i, pattern := range pagesOf(t) {
		for j, look := range looks {
			if only != "" && strings.Contains(pattern, only) || only == "" && (j == i%len(looks) || j == (i+4)%len(looks)) {
				t.Run(fmt.Sprintf("%s %s %d dark=%v", pattern, look.lang, look.width, look.dark), func(t *testing.T) {
					v.check(t, pattern, look.lang, browser.Look{Width: look.width, Height: 900, Dark: look.dark})
				})
			}
		}
	}
}

func pagesOf(t *testing.T) []string {
	t.Helper()
	var out []string
routes:
	for _, route := range portal.Routes(t) {
		if route[0] != "GET" || route[1] == "/" {
			continue
		}
		for _, word := range notPages {
			if strings.Contains(route[1], word) {
				continue routes
			}
		}
		out = append(out, route[1])
	}
	return out
}

func (v *visitor) check(t *testing.T, pattern, lang string, look browser.Look) {
	email := ""
	for _, side := range who {
		if strings.HasPrefix(pattern, side.prefix) {
			email = side.email
		}
	}
	path := v.p.FillIn(lang, pattern)
	v.checkSource(t, email, path)
	tab := v.tab(email, look).For(t)
	tab.Faults()
	tab.Go(path)
	for _, fault := range tab.Faults() {
		t.Error(fault)
	}
	if wide := tab.Overflow(); wide > 0 {
		t.Errorf("the page is %d pixels wider than its window", wide)
	}
	for _, violation := range tab.Axe() {
		t.Errorf("axe %s: %s\n  %s", violation.ID, violation.Help, strings.Join(violation.Places, "\n  "))
	}
}

// checkSource reads the page as it travels.
func (v *visitor) checkSource(t *testing.T, email, path string) {
	client := v.clients[email]
	if client == nil {
		client = v.client(email)
		v.clients[email] = client
	}
	status, body := v.p.Get(client, path)
	if status != http.StatusOK && !strings.Contains(path, "/error/") {
		t.Fatalf("%s answers %d", path, status)
	}
	for _, fault := range append(htmlcheck.Page(body), htmlcheck.Keys(body, areas)...) {
		t.Error(fault)
	}
}

// client is somebody's browser without a window.
func (v *visitor) client(email string) *http.Client {
	switch email {
	case applicant:
		return v.applicant()
	case halfway:
		v.askSecond(email)
	}
	return v.p.Client(email)
}

// askSecond gives the account a second factor, so that signing in stops half way.
func (v *visitor) askSecond(email string) {
	var id int64
	v.p.Query(&id, `
		insert into totp_secrets (user_id, secret, confirmed_at)
		select id, 'JBSWY3DPEHPK3PXP', now() from users where email = $1 returning user_id`, email)
}

// applicant is the browser that holds the link of an application.
func (v *visitor) applicant() *http.Client {
	sum := sha256.Sum256([]byte(applicant))
	var id int64
	v.p.Query(&id, `
		insert into application_links (token_hash, application_id, expires_at)
		select $1, s.id, now() + interval '1 day' from subjects s where s.public_id = $2 returning application_id`,
		hex.EncodeToString(sum[:]), strings.Split(v.p.Fill("/{lang}/join/{application}"), "/")[3])
	client := v.p.Client("")
	if at, err := url.Parse(v.p.URL); err == nil {
		client.Jar.SetCookies(at, []*http.Cookie{{Name: "birlik-join", Value: applicant, Path: "/"}})
	}
	return client
}

// tab is the window of an account in a look, opened once.
func (v *visitor) tab(email string, look browser.Look) *browser.Tab {
	key := fmt.Sprint(email, look)
	if tab := v.tabs[key]; tab != nil {
		return tab
	}
	tab := v.browser.Tab(v.t, v.p.URL, look)
	v.tabs[key] = tab
	if email != "" {
		tab.Run(v.carry(email))
	}
	return tab
}

// carry gives the window the cookies of the client that is signed in already.
func (v *visitor) carry(email string) chromedp.Action {
	at, err := url.Parse(v.p.URL)
	var cookies []*network.CookieParam
	if err == nil {
		for _, c := range v.clients[email].Jar.Cookies(at) {
			cookies = append(cookies, &network.CookieParam{Name: c.Name, Value: c.Value, URL: v.p.URL, HTTPOnly: true})
		}
	}
	return network.SetCookies(cookies)
}
