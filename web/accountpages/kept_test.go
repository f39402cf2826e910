package accountpages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/web/page"
)

// TestTypedTextOutlivesTheSession brings a post back to whoever signs in next on the browser,
// and to nobody else; nothing is sent before that person says so.
func TestTypedTextOutlivesTheSession(t *testing.T) {
	b := setup(t)
	keeper := New(b.service, NewSessions(b.service.SessionStore(), true))
	page.KeepPost = keeper.Keep
	t.Cleanup(func() { page.KeepPost = nil })
	accountstest.Insert(t, b.db, b.service, "desk@union.example", accounts.GrantInput{Role: identity.DeskOfficer})
	accountstest.Insert(t, b.db, b.service, "other@union.example", accounts.GrantInput{Role: identity.DeskOfficer})

	text := "Üç satır <b>yazdım</b>\nikincisi"
	b.post(t, "/tr/m/aaaaaaaaaaaaaaaaaaaaaaaaaa", "need", text, "go", "next").goesTo(t, "/tr/sign-in?done=kept")
	if b.cookies[page.KeptCookie] == "" {
		t.Fatal("the browser holds no token")
	}
	b.get(t, "/tr/sign-in?done=kept").says(t, http.StatusOK, ".notice", "duruyor")
	back := b.signIn(t, "desk@union.example").Header.Get("Location")
	if !strings.HasPrefix(back, "/tr/kept/") || b.cookies[page.KeptCookie] != "" {
		t.Fatalf("signed in to %q, cookie %q", back, b.cookies[page.KeptCookie])
	}
	shown := b.get(t, back)
	shown.says(t, http.StatusOK, "blockquote", text)
	form := shown.page.Find("#kept-send")
	if action, _ := form.Attr("action"); action != "/tr/m/aaaaaaaaaaaaaaaaaaaaaaaaaa" || form.Find("[name=go]").AttrOr("value", "") != "next" {
		t.Errorf("it would be sent to %q", action)
	}

	b.signIn(t, "other@union.example")
	if other := b.get(t, back); other.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else reads it: %d", other.StatusCode)
	}
	b.signIn(t, "desk@union.example")
	b.post(t, back+"/drop").goesTo(t, "/tr/choose")
	if gone := b.get(t, back); gone.StatusCode != http.StatusNotFound {
		t.Errorf("dropped, and still there: %d", gone.StatusCode)
	}
}

// TestSecretsAreNotKept keeps neither passwords nor the saves of a script.
func TestSecretsAreNotKept(t *testing.T) {
	b := setup(t)
	page.KeepPost = New(b.service, NewSessions(b.service.SessionStore(), true)).Keep
	t.Cleanup(func() { page.KeepPost = nil })
	b.post(t, "/tr/account/password", "current", "a", "password", "b").goesTo(t, "/tr/sign-in")
	draft := postForm("/tr/m/aaaaaaaaaaaaaaaaaaaaaaaaaa", url.Values{"need": {"x"}})
	draft.Header.Set("X-Draft", "save")
	b.do(t, draft).goesTo(t, "/tr/sign-in")
	if b.cookies[page.KeptCookie] != "" {
		t.Error("something was kept")
	}
}

func postForm(path string, form url.Values) *http.Request {
	r, _ := http.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}
