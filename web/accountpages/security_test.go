package accountpages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/pquerna/otp/totp"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/web/page"
)

// code is what an app with the secret shows now.
func (b *bundle) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// enrol sets an app up on its page, and returns the secret and the recovery codes.
func (b *bundle) enrol(t *testing.T) (secret string, codes []string) {
	t.Helper()
	shown := b.get(t, "/tr/account/security/totp")
	secret = strings.ReplaceAll(shown.page.Find("#secret").Text(), " ", "")
	if shown.StatusCode != http.StatusOK || len(secret) != 32 || shown.page.Find("svg.qr path").Length() != 1 {
		t.Fatalf("%d, secret %q", shown.StatusCode, secret)
	}
	b.post(t, "/tr/account/security/totp", "code", "000000").says(t, http.StatusUnprocessableEntity, ".error-summary", "Bu kod doğru değil")
	done := b.post(t, "/tr/account/security/totp", "code", b.code(t, secret))
	done.says(t, http.StatusOK, "h1", "Kurtarma kodları")
	for _, node := range done.page.Find("main ul code").EachIter() {
		codes = append(codes, node.Text())
	}
	if len(codes) != 10 || done.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d codes, %s", len(codes), done.Header)
	}
	b.clock.Pass(time.Minute)
	return secret, codes
}

func TestStaffReachNothingWithoutASecondFactor(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "strict@union.example", accounts.GrantInput{Role: identity.Administrator})
	b.signIn(t, "strict@union.example").goesTo(t, "/tr/choose")
	for _, path := range []string{"/tr/desk", "/tr/choose", "/tr/account", "/tr/account/password", "/tr/account/sessions", "/tr/account/history"} {
		b.get(t, path).goesTo(t, "/tr/account/security")
	}
	b.post(t, "/tr/account", "name", "X").goesTo(t, "/tr/account/security")
	r := httptest.NewRequest(http.MethodGet, "/tr/desk", nil)
	r.Header.Set("HX-Request", "true")
	if w := b.do(t, r); w.Header.Get("HX-Redirect") != "/tr/account/security" {
		t.Errorf("a script: %d %s", w.StatusCode, w.Header)
	}
	b.get(t, "/tr/account/security").says(t, http.StatusOK, "main", "Başlamadan önce bir şey")
	secret, codes := b.enrol(t)
	if w := b.get(t, "/tr/desk"); w.StatusCode != http.StatusOK {
		t.Fatalf("desk after it: %d to %s", w.StatusCode, w.Header.Get("Location"))
	}

	delete(b.cookies, "__Host-birlik")
	b.signIn(t, "strict@union.example", "next", "/tr/desk").goesTo(t, "/tr/sign-in/second")
	if b.cookies["__Host-birlik"] != "" {
		t.Error("a session before the second factor")
	}
	b.get(t, "/tr/desk").goesTo(t, "/tr/sign-in?next=%2Ftr%2Fdesk")
	b.get(t, "/tr/sign-in/second").says(t, http.StatusOK, "h1", "Bir adım daha")
	b.post(t, "/tr/sign-in/second", "code", "123").says(t, http.StatusUnprocessableEntity, ".error-summary", "Bu kod doğru değil")
	b.post(t, "/tr/sign-in/second", "code", b.code(t, secret)).goesTo(t, "/tr/desk")
	if w := b.get(t, "/tr/desk"); w.StatusCode != http.StatusOK {
		t.Errorf("desk: %d", w.StatusCode)
	}
	b.get(t, "/tr/sign-in/second").goesTo(t, "/tr/sign-in?done=over")

	delete(b.cookies, "__Host-birlik")
	b.signIn(t, "strict@union.example")
	b.post(t, "/tr/sign-in/second", "code", codes[4]).goesTo(t, "/tr/choose")
	b.get(t, "/tr/account/history").says(t, http.StatusOK, "main", "Kurtarma koduyla")
}

func TestTooManyWrongSecondFactorsStartOver(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "info@city.example")
	b.signIn(t, "info@city.example")
	secret, _ := b.enrol(t)
	delete(b.cookies, "__Host-birlik")
	b.signIn(t, "info@city.example").goesTo(t, "/tr/sign-in/second")
	for range 5 {
		b.post(t, "/tr/sign-in/second", "code", "000000")
	}
	b.post(t, "/tr/sign-in/second", "code", b.code(t, secret)).goesTo(t, "/tr/sign-in?done=over")
}

// A mail scanner that opens the link leaves it usable; the button uses it up.
func TestSignInByMailedLink(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	known := b.post(t, "/tr/sign-in/link", "email", "desk@union.example", "password", "")
	path := b.link(t)
	unknown := b.post(t, "/tr/sign-in/link", "email", "nobody@union.example")
	if strings.ReplaceAll(known.text, "desk@", "nobody@") != unknown.text {
		t.Error("the page tells a known address from an unknown one")
	}
	b.post(t, "/tr/sign-in/link", "email", "no address").says(t, http.StatusUnprocessableEntity, ".error-summary", "gibi yazın")
	if !strings.HasPrefix(path, "/tr/sign-in/link/") {
		t.Fatalf("link %q", path)
	}
	for range 3 {
		b.get(t, path).says(t, http.StatusOK, "main", "desk@union.example")
	}
	if len(b.cookies) > 0 {
		t.Error("opening the link signed somebody in")
	}
	b.post(t, path).goesTo(t, "/tr/choose")
	b.get(t, "/tr/choose").goesTo(t, "/tr/desk")
	b.post(t, path).says(t, http.StatusNotFound, "h1", "artık geçerli değil")
}

func TestAPrefetchedInvitationStillWorks(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.service, "admin@union.example", identity.Administrator)
	invitee := accounts.Invitee{Email: "new@union.example", Name: "Yeni", Lang: "tr", Role: identity.Finance}
	if _, err := b.service.Invite(t.Context(), admin, invitee); err != nil {
		t.Fatal(err)
	}
	path := b.link(t)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		b.do(t, httptest.NewRequest(method, path, nil))
	}
	b.post(t, path, "name", "Ayşe", "password", "yürük göçü yedi gün", "lang", "tr").goesTo(t, "/tr/choose")
	b.get(t, "/tr/account/history").says(t, http.StatusOK, "main", "Davet")
}

func TestAnOldProofIsAskedForAgain(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.service, "info@city.example")
	b.signIn(t, "info@city.example")
	b.clock.Pass(accounts.Fresh + time.Second)
	b.get(t, "/tr/account").says(t, http.StatusOK, "h1", "Bilgilerim")
	b.get(t, "/tr/account/security/totp").goesTo(t, "/tr/account/prove?next=%2Ftr%2Faccount%2Fsecurity%2Ftotp")
	b.get(t, "/tr/account/prove?next=%2Ftr%2Faccount%2Fsecurity%2Ftotp").says(t, http.StatusOK, "h1", "Bu siz misiniz?")
	b.post(t, "/tr/account/prove", "password", "wrong", "next", "/tr/account/security/totp").says(t, http.StatusUnprocessableEntity, ".error-summary", "Şimdiki parolanız bu değil")
	b.post(t, "/tr/account/prove", "password", accountstest.Password, "next", "//evil.example").goesTo(t, "/tr/choose")
	before := b.cookies["__Host-birlik"]
	b.post(t, "/tr/account/prove", "password", accountstest.Password, "next", "/tr/account/security/totp").goesTo(t, "/tr/account/security/totp")
	if b.cookies["__Host-birlik"] == before {
		t.Error("the token did not change")
	}
	secret, _ := b.enrol(t)
	b.clock.Pass(accounts.Fresh)
	r := httptest.NewRequest(http.MethodPost, "/tr/account/security/codes", nil)
	r.Host, r.Header = "portal.example", http.Header{"Referer": {"https://portal.example/tr/account/security"}}
	b.do(t, r).goesTo(t, "/tr/account/prove?next=%2Ftr%2Faccount%2Fsecurity")
	b.post(t, "/tr/account/prove", "code", b.code(t, secret), "next", "/tr/account/security").goesTo(t, "/tr/account/security")
	b.post(t, "/tr/account/security/codes").says(t, http.StatusOK, "h1", "Kurtarma kodları")
	b.post(t, "/tr/account/security/totp/remove").goesTo(t, "/tr/account/security?done=totp_removed")
	b.get(t, "/tr/account/security?done=totp_removed").says(t, http.StatusOK, "[role=status]", "kaldırıldı")
}

// What was typed into a form whose act needs a fresh proof comes back after the proof.
func TestAFormThatNeedsAProofComesBackFilledIn(t *testing.T) {
	b := setup(t)
	var sent []string
	b.noteDesk(t, &sent)
	sessions := NewSessions(b.service.SessionStore(), true)
	b.router.Route("/{lang}/desk/act", func(r chi.Router) {
		r.Use(page.Language(time.UTC, b.clock.Now), page.Input, sessions.LoadActor, New(b.service, sessions).KeepPosts, ActAsStaff)
		r.Method(http.MethodPost, "/", page.Handler(func(_ http.ResponseWriter, r *http.Request) error {
			return b.service.SignOutUser(r.Context(), page.Actor(r), "aaaaaaaaaaaaaaaaaaaaaaaaaa")
		}))
	})
	accountstest.Insert(t, b.db, b.service, "admin@union.example", accounts.GrantInput{Role: identity.Administrator})
	b.signIn(t, "admin@union.example")
	if w := b.post(t, "/tr/desk/act", "name", "Gülşen"); w.StatusCode != http.StatusNotFound {
		t.Fatalf("fresh: %d", w.StatusCode)
	}
	b.clock.Pass(accounts.Fresh + time.Second)
	b.post(t, "/tr/desk/act", "name", "Gülşen", "password", "gizli").goesTo(t, "/tr/account/prove?next=%2Ftr%2Fdesk%2Fact")
	if stored := b.stored(t); !strings.Contains(stored, "Gülşen") || strings.Contains(stored, "gizli") {
		t.Errorf("kept %s", stored)
	}
	b.post(t, "/tr/account/prove", "password", accountstest.Password, "next", "/tr/desk/act").goesTo(t, "/tr/desk/act?kept_post=1")
}

func TestSignOnComesBackToItsBrowser(t *testing.T) {
	b, issuer := setup(t), accountstest.NewIssuer(t)
	b.service.With(accounts.Options{BaseURL: "https://portal.example", Exempt: func(string) bool { return true },
		SignOn: accounts.SignOn{Issuer: issuer.URL, ClientID: "portal", Secret: "s", Name: "Birlik Hesabı", Redirect: "https://portal.example/tr/sign-in/sso/back"}})
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	b.get(t, "/tr/sign-in").says(t, http.StatusOK, "main", "Giriş yap: Birlik Hesabı")
	start := b.get(t, "/tr/sign-in/sso?next=%2Ftr%2Fdesk")
	location, err := url.Parse(start.Header.Get("Location"))
	if err != nil || start.StatusCode != http.StatusSeeOther || !strings.HasPrefix(location.String(), issuer.URL) {
		t.Fatalf("%d to %s", start.StatusCode, location)
	}
	issuer.Nonce = location.Query().Get("nonce")
	back := "/tr/sign-in/sso/back?code=c&state=" + location.Query().Get("state")
	kept := b.cookies["__Host-step-sign-on"]
	delete(b.cookies, "__Host-step-sign-on")
	b.get(t, back).says(t, http.StatusNotFound, ".error-summary", "yeniden giriş yapın") // another browser
	b.cookies["__Host-step-sign-on"] = kept
	b.get(t, back).goesTo(t, "/tr/desk")
	b.get(t, "/tr/account/history").says(t, http.StatusOK, "main", "Birliğin giriş hizmeti")
	issuer.Close()
	b.get(t, "/tr/sign-in/sso/back?error=access_denied&state=x").says(t, http.StatusNotFound, ".error-summary", "yeniden giriş yapın")
}
