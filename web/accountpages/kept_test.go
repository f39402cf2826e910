package accountpages

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/web/page"
)

const noteForm = `<!doctype html><html lang="tr"><head><title>Not</title></head><body><main>
	<form method="post" action="/tr/sign-out"><button>Çık</button></form>
	<form method="post" action="/tr/desk/note" enctype="multipart/form-data">
		<input type="hidden" name="version" value="9"><input name="title" value="eski"><textarea name="body">
eski metin</textarea><input type="checkbox" name="kind" value="a" checked><input type="checkbox" name="kind" value="b">
		<select name="place"><option value="x" selected>X<option value="y">Y</select><input type="file" name="plan"><button>Gönder</button></form></main></body></html>`

// noteDesk mounts a page with a form on the desk; what is posted to it lands in sent.
func (b *bundle) noteDesk(t *testing.T, sent *[]string) {
	t.Helper()
	sessions := NewSessions(b.service.SessionStore(), true)
	h := New(b.service, sessions)
	b.router.Route("/{lang}/desk/note", func(r chi.Router) {
		r.Use(page.Language(time.UTC, b.clock.Now), page.Input, sessions.LoadActor, h.KeepPosts, ActAsStaff)
		r.Get("/", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, noteForm)
		})
		r.Get("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
		r.Post("/", func(w http.ResponseWriter, r *http.Request) {
			_ = page.ReadFiles(w, r, 1<<20, func(_, _ string, _ io.Reader) error { return nil })
			*sent = append(*sent, r.PostFormValue("body"))
			w.WriteHeader(http.StatusOK)
		})
	})
}

func TestAPostThatMetAnEndedSessionComesBackInItsForm(t *testing.T) {
	b := setup(t)
	var sent []string
	b.noteDesk(t, &sent)
	officer, _ := accountstest.Staff(t, b.db, b.service, "desk@union.example", identity.DeskOfficer)

	a := b.post(t, "/tr/desk/note", "version", "3", "title", "Su hattı", "body", "\nUzun & <önemli> bir metin\nikinci satır",
		"kind", "b", "place", "y", "password", "gizli-parola", "plan_upload", "abc")
	if a.StatusCode != http.StatusSeeOther || !strings.Contains(a.Header.Get("Location"), "/tr/sign-in?done=kept&next=%2Ftr%2Fdesk%2Fnote") || len(sent) != 0 {
		t.Fatalf("%d to %s", a.StatusCode, a.Header.Get("Location"))
	}
	if strings.Contains(b.stored(t), "gizli-parola") {
		t.Error("a password was kept")
	}
	a = b.signIn(t, officer.Email)
	if to := a.Header.Get("Location"); to != "/tr/desk/note?kept_post=1" {
		t.Fatalf("after signing in: %s", to)
	}
	a = b.get(t, "/tr/desk/note?kept_post=1")
	form := a.page.Find(`form[enctype]`)
	for selector, want := range map[string]string{`[name=title]`: "Su hattı", `[name=version]`: "3", `[name=plan_upload]`: "abc", `[name=kind][checked]`: "b", `option[selected]`: "y"} {
		if got, _ := form.Find(selector).Attr("value"); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if got := form.Find("textarea").Text(); got != "\nUzun & <önemli> bir metin\nikinci satır" && got != "Uzun & <önemli> bir metin\nikinci satır" {
		t.Errorf("the text is %q", got)
	}
	if len(sent) != 0 || form.Find(".notice").Length() != 1 {
		t.Error("it was sent by itself, or nobody is told")
	}
	action, _ := form.Attr("action")
	if a = b.post(t, action, "body", "x"); a.StatusCode != http.StatusOK || len(sent) != 1 || b.stored(t) != "" {
		t.Errorf("sent %v; still kept: %s", sent, b.stored(t))
	}
}

// stored is what the table of kept posts holds.
func (b *bundle) stored(t *testing.T) (text string) {
	t.Helper()
	err := b.db.(*pgtest.Tx).QueryRow(t.Context(), `select coalesce(string_agg(path || body::text || coalesce(user_id, 0), ' '), '') from kept_posts`).Scan(&text)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAKeptPostIsReadByItsFirstReaderOnly(t *testing.T) {
	b := setup(t)
	var sent []string
	b.noteDesk(t, &sent)
	officer, _ := accountstest.Staff(t, b.db, b.service, "desk@union.example", identity.DeskOfficer)
	other, _ := accountstest.Staff(t, b.db, b.service, "other@union.example", identity.DeskOfficer)
	b.post(t, "/tr/desk/note", "body", "yalnız benim")
	token := b.cookies["__Host-kept"]
	b.signIn(t, officer.Email)

	b.cookies = map[string]string{"__Host-kept": token} // the same browser, another person
	if to := b.signIn(t, other.Email).Header.Get("Location"); strings.Contains(to, "kept") {
		t.Errorf("the other person is sent to %s", to)
	}
	b.cookies["__Host-kept"] = token
	for _, path := range []string{"/tr/kept", "/tr/desk/note?kept_post=1"} {
		if a := b.get(t, path); strings.Contains(a.text, "yalnız benim") {
			t.Errorf("%s shows it to another person", path)
		}
	}
}

func TestWhereNoFormTakesTheTextAPageShowsIt(t *testing.T) {
	b := setup(t)
	var sent []string
	b.noteDesk(t, &sent)
	officer, _ := accountstest.Staff(t, b.db, b.service, "desk@union.example", identity.DeskOfficer)
	r := multipartPost(t, "/tr/desk/note", "body", "kaybolmasın", "plan.pdf")
	r.Header.Set("Referer", "http://example.com/tr/desk/note/gone")
	if a := b.do(t, r); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d", a.StatusCode)
	}
	to := b.signIn(t, officer.Email).Header.Get("Location")
	if a := b.get(t, to); a.Header.Get("Location") != "/tr/kept" {
		t.Fatalf("%s leads to %d %s", to, a.StatusCode, a.Header.Get("Location"))
	}
	a := b.get(t, "/tr/kept")
	if !strings.Contains(a.text, "kaybolmasın") || !strings.Contains(a.text, "plan.pdf") || a.page.Find(`form[action="/tr/desk/note?kept_post=1"] [name=body]`).Length() != 1 {
		t.Errorf("the page says %s", a.text)
	}
	if a = b.post(t, "/tr/kept/drop"); a.StatusCode != http.StatusSeeOther || b.stored(t) != "" {
		t.Errorf("dropped: %d, %s", a.StatusCode, b.stored(t))
	}
}

func TestScriptsAreToldThatTheSessionEnded(t *testing.T) {
	b := setup(t)
	var sent []string
	b.noteDesk(t, &sent)
	r := httptest.NewRequest(http.MethodPost, "/tr/desk/note", strings.NewReader("body=x"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Draft", "save")
	if a := b.do(t, r); a.StatusCode != http.StatusUnauthorized || b.stored(t) != "" {
		t.Errorf("a draft: %d, kept %q", a.StatusCode, b.stored(t))
	}
}

// multipartPost is a post of one field and one file.
func multipartPost(t *testing.T, path, field, value, file string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField(field, value)
	f, err := w.CreateFormFile("plan", file)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = f.Write([]byte("%PDF"))
	_ = w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}
