package accountpages

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/web/page"
)

// bundle is a portal of account pages and one browser that keeps its cookies.
type bundle struct {
	db      postgres.DB
	service *accounts.Service
	router  chi.Router
	clock   *accountstest.Clock
	cookies map[string]string
}

func setup(t *testing.T) *bundle {
	b := &bundle{db: pgtest.DB(t), clock: accountstest.NewClock(), cookies: map[string]string{}}
	b.service = accounts.New(b.db, b.clock.Now).With(accounts.Options{BaseURL: "https://portal.example", Name: "Birlik",
		Exempt: func(email string) bool { return !strings.HasPrefix(email, "strict") }})
	sessions := NewSessions(b.service.SessionStore(), true)
	who := page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		return json.NewEncoder(w).Encode(page.Actor(r))
	})
	b.router = chi.NewRouter()
	b.router.Use(page.ClientAddress(nil), page.Secure(true))
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, b.clock.Now), page.Input)
		h := New(b.service, sessions)
		h.Letters = notify.Choices{DB: b.db}
		h.Public(r)
		r.With(sessions.LoadActor, h.ActFor).Method(http.MethodGet, "/m/{org}", who)
		r.With(sessions.LoadActor, h.ActFor).Method(http.MethodPost, "/m/{org}", who)
		r.With(sessions.LoadActor, ActAsStaff).Method(http.MethodGet, "/desk", who)
	})
	return b
}

// answer is a response with its page.
type answer struct {
	*http.Response
	page *goquery.Document
	text string
}

func (b *bundle) get(t *testing.T, path string) answer {
	return b.do(t, httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *bundle) post(t *testing.T, path string, fields ...string) answer {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(t, r)
}

func (b *bundle) do(t *testing.T, r *http.Request) answer {
	t.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	text := w.Body.String()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return answer{w.Result(), document, text}
}

func (b *bundle) signIn(t *testing.T, email string, more ...string) answer {
	t.Helper()
	return b.post(t, "/tr/sign-in", append([]string{"email", email, "password", accountstest.Password}, more...)...)
}

func (a answer) goesTo(t *testing.T, path string) {
	t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != path {
		t.Errorf("%d to %q, want %q", a.StatusCode, a.Header.Get("Location"), path)
	}
}

func (a answer) says(t *testing.T, status int, selector, text string) {
	t.Helper()
	if got := a.page.Find(selector).Text(); a.StatusCode != status || !strings.Contains(got, text) {
		t.Errorf("%d, %s says %q, want %d and %q", a.StatusCode, selector, got, status, text)
	}
}

func TestSignInAndOut(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	b.get(t, "/tr/desk").goesTo(t, "/tr/sign-in?next=%2Ftr%2Fdesk")
	b.cookies["__Host-birlik"] = "planted-by-somebody-else" // session fixation
	first := b.signIn(t, "desk@union.example")
	first.goesTo(t, "/tr/choose")
	cookie := first.Cookies()[0]
	if cookie.Name != "__Host-birlik" || cookie.Value == "planted-by-somebody-else" || !cookie.HttpOnly || !cookie.Secure ||
		cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("cookie %+v", cookie)
	}
	b.get(t, "/tr/choose").goesTo(t, "/tr/desk")
	if w := b.get(t, "/tr/desk"); w.StatusCode != http.StatusOK || w.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("desk %d %s", w.StatusCode, w.Header)
	}
	b.signIn(t, "desk@union.example")
	if b.cookies["__Host-birlik"] == cookie.Value {
		t.Error("the token did not change at signing in")
	}
	token := b.cookies["__Host-birlik"]
	out := b.post(t, "/tr/sign-out")
	out.goesTo(t, "/tr/sign-in?done=out")
	if out.Header.Get("Clear-Site-Data") == "" {
		t.Error("the browser keeps what it stored")
	}
	for _, old := range []string{token, cookie.Value} {
		b.cookies["__Host-birlik"] = old
		b.get(t, "/tr/desk").goesTo(t, "/tr/sign-in?next=%2Ftr%2Fdesk")
	}
}

func TestSignInRefusedKeepsTheAddressOnly(t *testing.T) {
	b := setup(t)
	w := b.post(t, "/tr/sign-in", "email", `<b>"x@y.example`, "password", "hunter2-hunter2")
	w.says(t, http.StatusUnprocessableEntity, ".error-summary", "doğru değil")
	if got, _ := w.page.Find("#email").Attr("value"); got != `<b>"x@y.example` || strings.Contains(w.text, "hunter2") {
		t.Errorf("kept %q", got)
	}
	if len(b.cookies) > 0 {
		t.Error("nobody signed in, and yet a session")
	}
	for range 8 {
		b.post(t, "/tr/sign-in", "email", "a@b.example", "password", "x")
	}
	w = b.post(t, "/tr/sign-in", "email", "a@b.example", "password", "x")
	w.says(t, http.StatusTooManyRequests, ".error-summary", "çok fazla deneme")
	if w.Header.Get("Retry-After") == "" {
		t.Error("no hint when to come back")
	}
}

func TestNextLeadsToPagesOfThePortalOnly(t *testing.T) {
	for next, want := range map[string]string{
		"/tr/desk/users?q=a": "/tr/desk/users?q=a", "/ru": "/ru", "": "", "https://evil.example/tr": "", "//evil.example/tr": "",
		`/\evil.example`: "", "/tr\\..": "", "javascript:alert(1)": "", "/xx/desk": "", "tr/desk": "", "/tr/\r\nSet-Cookie: a=b": "",
		"/%2F/evil.example": "", "///tr": "", "/tr/..//evil.example": "/tr/..//evil.example",
	} {
		if got := localPath(next); got != want {
			t.Errorf("%q leads to %q, want %q", next, got, want)
		}
	}
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	b.signIn(t, "desk@union.example", "next", "//evil.example").goesTo(t, "/tr/choose")
	b.signIn(t, "desk@union.example", "next", "/ru/desk").goesTo(t, "/ru/desk")
}

func FuzzLocalPath(f *testing.F) {
	f.Add("/tr/desk")
	f.Add("/\\evil")
	f.Add("//evil.example/tr")
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		if got != "" && (!strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.HasPrefix(got, "/\\") || strings.ContainsAny(got, "\r\n")) {
			t.Errorf("%q leads to %q", next, got)
		}
	})
}

// The mandate ends with the 25th on the city's clock: in Baku that is 20:00 in London.
func TestWhoseMandateEndedIsToldSo(t *testing.T) {
	b := setup(t)
	id := pgtest.Org(t, b.db, "Şuşa")
	own := accountstest.OrgPublic(t, b.db, id)
	accountstest.Insert(t, b.db, b.service, "editor@city.example", accounts.GrantInput{Role: identity.MemberEditor, OrgPublic: own})
	b.signIn(t, "editor@city.example")
	if w := b.post(t, "/tr/m/"+own); w.StatusCode != http.StatusOK {
		t.Fatalf("in force: %d", w.StatusCode)
	}
	err := b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `
			with o as (update organisations set zone = 'Asia/Baku' where id = $1 returning id)
			update mandates m set starts_at = '2020-01-01', ends_at = '2020-11-26 00:00 Asia/Baku' from o where m.org_id = o.id`, id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.get(t, "/tr/m/"+own).says(t, http.StatusForbidden, "body", "Şuşa adına yetkiniz 25 Kasım 2020 günü sona erdi.")
	if w := b.post(t, "/tr/m/"+own); w.StatusCode != http.StatusForbidden {
		t.Errorf("posted: %d", w.StatusCode)
	}
}

func TestForeignAndAbsentOrganisationsLookTheSame(t *testing.T) {
	b := setup(t)
	own := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Şuşa"))
	foreign := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Bakı"))
	accountstest.Insert(t, b.db, b.service, "editor@city.example", accounts.GrantInput{Role: identity.MemberEditor, OrgPublic: own})
	b.signIn(t, "editor@city.example")
	var actor identity.Actor
	if err := json.Unmarshal([]byte(b.get(t, "/tr/m/"+own).text), &actor); err != nil || actor.Side != identity.Member || actor.MandateID == 0 || actor.OrgID == 0 {
		t.Errorf("own: %+v, %v", actor, err)
	}
	one, two := b.get(t, "/tr/m/"+foreign), b.get(t, "/tr/m/aaaaaaaaaaaaaaaaaaaaaaaaab")
	if one.StatusCode != http.StatusNotFound || two.StatusCode != http.StatusNotFound || one.text != two.text {
		t.Errorf("foreign %d, absent %d", one.StatusCode, two.StatusCode)
	}
	if w := b.get(t, "/tr/desk"); w.StatusCode != http.StatusForbidden {
		t.Errorf("a member at the desk: %d", w.StatusCode)
	}
	b.get(t, "/tr/choose").goesTo(t, "/tr/m/"+own)
	b.get(t, "/tr/choose?service=opinion").goesTo(t, "/tr/m/"+own+"/services/opinion")
	b.get(t, "/tr/choose?service=../desk").goesTo(t, "/tr/m/"+own)
}

// link runs the waiting jobs and returns the path of the link that would be mailed.
func (b *bundle) link(t *testing.T) (path string) {
	t.Helper()
	reset := &accounts.ResetWorker{Accounts: b.service}
	for _, args := range b.jobs(t, accounts.ResetArgs{}.Kind()) {
		job := &river.Job[accounts.ResetArgs]{}
		if err := json.Unmarshal(args, &job.Args); err != nil || reset.Work(context.Background(), job) != nil {
			t.Fatal(err)
		}
	}
	link := &accounts.LinkWorker{Accounts: b.service, Send: func(_ context.Context, m accounts.LinkMail) error {
		path = m.Path
		return nil
	}}
	for _, args := range b.jobs(t, accounts.LinkArgs{}.Kind()) {
		job := &river.Job[accounts.LinkArgs]{}
		if err := json.Unmarshal(args, &job.Args); err != nil || link.Work(context.Background(), job) != nil {
			t.Fatal(err)
		}
	}
	return path
}

func (b *bundle) jobs(t *testing.T, kind string) (args [][]byte) {
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `delete from river_job where kind = $1 returning args`, kind)
		var err error
		args, err = pgx.CollectRows(rows, pgx.RowTo[[]byte])
		return err
	})
	return args
}

func TestResetByMail(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	known := b.post(t, "/tr/reset", "email", "desk@union.example", "email", "thief@evil.example")
	path := b.link(t)
	unknown := b.post(t, "/tr/reset", "email", "nobody@union.example")
	if strings.ReplaceAll(known.text, "desk@", "nobody@") != unknown.text {
		t.Error("the page tells a known address from an unknown one")
	}
	if !strings.HasPrefix(path, "/tr/reset/") { // a path: the host comes from the settings
		t.Fatalf("link %q", path)
	}
	for range 2 { // a mail scanner looks first
		b.get(t, path).says(t, http.StatusOK, "h1", "Yeni parolanızı belirleyin")
	}
	b.post(t, path, "password", "password").says(t, http.StatusUnprocessableEntity, ".error-summary", "sızdırılmış")
	b.post(t, path, "password", "yürük göçü yedi gün").goesTo(t, "/tr/sign-in?done=reset")
	b.post(t, path, "password", "başka bir uzun parola").says(t, http.StatusNotFound, "h1", "artık geçerli değil")
	b.post(t, "/tr/sign-in", "email", "desk@union.example", "password", "yürük göçü yedi gün").goesTo(t, "/tr/choose")
}

func TestInvitation(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.service, "admin@union.example", identity.Administrator)
	_, err := b.service.Invite(context.Background(), admin, accounts.Invitee{Email: "new@union.example", Name: "Yeni", Lang: "tr", Role: identity.Finance})
	if err != nil {
		t.Fatal(err)
	}
	path := b.link(t)
	b.get(t, path).says(t, http.StatusOK, "h1", "Hoş geldiniz")
	w := b.post(t, path, "name", "", "password", "kısa", "lang", "ru")
	w.says(t, http.StatusUnprocessableEntity, ".error-summary", "8 karakter")
	if got, _ := w.page.Find("#lang option[selected]").Attr("value"); got != "ru" {
		t.Errorf("the chosen language is lost: %q", got)
	}
	b.post(t, path, "name", "Ayşe Yıldız", "password", "yürük göçü yedi gün", "lang", "ru").goesTo(t, "/ru/choose")
	b.get(t, "/ru/choose").goesTo(t, "/ru/desk")
}

func TestAccountPages(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	for _, path := range []string{"/tr/account", "/tr/account/password", "/tr/account/sessions", "/tr/choose"} {
		if w := b.get(t, path); !strings.HasPrefix(w.Header.Get("Location"), "/tr/sign-in?next=") {
			t.Errorf("%s for a visitor: %d", path, w.StatusCode)
		}
	}
	b.signIn(t, "desk@union.example")
	b.post(t, "/tr/account", "name", "Zeynep", "lang", "en", "zone", "Asia/Baku", "theme", "dark").goesTo(t, "/en/account?saved=1")
	if b.cookies["theme"] != "dark" {
		t.Error("the public pages do not know the theme")
	}
	b.get(t, "/en/account?saved=1").says(t, http.StatusOK, "[role=status]", "Your details are saved")
	b.post(t, "/tr/account", "name", "Zey\u202enep", "lang", "en", "zone", "Asia/Baku", "theme", "dark").goesTo(t, "/en/account?saved=1")
	if got, _ := b.get(t, "/en/account").page.Find("#name").Attr("value"); got != "Zeynep" {
		t.Errorf("a mark that turns text around stands in a name: %q", got)
	}
	w := b.post(t, "/tr/account", "name", " \u202e", "lang", "xx", "zone", "Local", "theme", "pink")
	for _, field := range []string{"name", "lang", "zone", "theme"} {
		if w.page.Find(`.error-summary a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("no word about %s", field)
		}
	}
	first := b.cookies["__Host-birlik"]
	delete(b.cookies, "__Host-birlik")
	b.signIn(t, "desk@union.example")
	list := b.get(t, "/tr/account/sessions")
	if list.page.Find("li.card").Length() != 2 {
		t.Fatalf("%d sessions", list.page.Find("li.card").Length())
	}
	action, _ := list.page.Find("li.card form").Attr("action")
	b.post(t, action).goesTo(t, "/tr/account/sessions?ended=1")
	second := b.cookies["__Host-birlik"]
	b.cookies["__Host-birlik"] = first
	b.get(t, "/tr/account").goesTo(t, "/tr/sign-in?next=%2Ftr%2Faccount")
	b.cookies["__Host-birlik"] = second
	b.post(t, "/tr/account/sessions/end").goesTo(t, "/tr/sign-in?done=out")
}

func TestPeopleChooseHowFastTheyAreTold(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "info@city.example")
	b.signIn(t, "info@city.example")
	shown := b.get(t, "/tr/account/letters")
	if n := shown.page.Find(`input[type=radio][value=now][checked]`).Length(); n != len(notify.Topics()) {
		t.Errorf("%d topics are told at once, %d", n, shown.StatusCode)
	}
	b.post(t, "/tr/account/letters", "requests", "weekly", "membership", "daily", "dues", "now", "letters", "daily", "circulars", "now").goesTo(t, "/tr/account/letters?saved=1")
	shown = b.get(t, "/tr/account/letters?saved=1")
	if got, _ := shown.page.Find(`input[name=requests][checked]`).Attr("value"); got != "weekly" {
		t.Errorf("requests %q", got)
	}
	b.post(t, "/tr/account/letters", "requests", "hourly", "membership", "daily", "dues", "now").says(t, http.StatusUnprocessableEntity, ".error-summary", "Ne hızla istediğinizi seçin")
}

func TestTheMeterStoresNothing(t *testing.T) {
	b := setup(t)
	b.post(t, "/en/password-strength", "password", "galatasaray").says(t, http.StatusOK, "p", "leaked")
	if len(b.cookies) > 0 {
		t.Error("a cookie for the meter")
	}
}
