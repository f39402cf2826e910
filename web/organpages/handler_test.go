package organpages

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/test/htmlcheck"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// now is when every test happens: noon in İstanbul.
var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

type bundle struct {
	*testing.T
	router chi.Router
	actor  identity.Actor
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := pgtest.DB(t)
	page.ErrorPage = ui.ErrorPage
	home, err := time.LoadLocation("Europe/Istanbul")
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return now }
	b := &bundle{T: t, router: chi.NewRouter(), actor: pgtest.StaffActor(t, db, identity.BoardSecretary)}
	h := New(organs.New(db, home, clock), documents.New(db, nil, documents.Options{MaxBytes: 1 << 20}), map[locale.Lang]string{locale.TR: "Birlik"}, home, clock)
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(home, clock))
		h.Public(r)
		r.Route("/desk", func(r chi.Router) {
			r.Use(func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), b.actor)))
				})
			})
			r.Group(h.Desk)
		})
	})
	return b
}

func (b *bundle) do(r *http.Request, status int) *httptest.ResponseRecorder {
	b.Helper()
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	if w.Code != status {
		b.Fatalf("%s %s: %d, want %d\n%s", r.Method, r.URL.Path, w.Code, status, w.Body.String())
	}
	return w
}

func (b *bundle) page(w *httptest.ResponseRecorder) *goquery.Document {
	b.Helper()
	for _, fault := range htmlcheck.Page(w.Body.String()) {
		b.Error(fault)
	}
	doc, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		b.Fatal(err)
	}
	return doc
}

func (b *bundle) get(path string) *goquery.Document {
	b.Helper()
	return b.page(b.do(httptest.NewRequest(http.MethodGet, path, nil), http.StatusOK))
}

// post sends a form and gives back where it led, and the page where it led nowhere.
func (b *bundle) post(path string, form url.Values, status int) (string, *goquery.Document) {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := b.do(r, status)
	if status == http.StatusSeeOther {
		return strings.SplitN(w.Header().Get("Location"), "?", 2)[0], nil
	}
	return "", b.page(w)
}

func (b *bundle) says(doc *goquery.Document, texts ...string) {
	b.Helper()
	got := strings.Join(strings.Fields(doc.Find("main").Text()), " ")
	for _, text := range texts {
		if !strings.Contains(got, text) {
			b.Errorf("the page does not say %q:\n%s", text, got)
		}
	}
}

const hostile = `<script>alert(1)</script> "Şükran" & oğlu`

func TestMembersAreShownAsTheyWereTyped(t *testing.T) {
	b := setup(t)
	form := url.Values{"name": {hostile}, "office": {"chair"}, "affiliation": {"Üniversite"}, "from": {"32.01.2026"}}
	_, doc := b.post("/tr/desk/organs/executive-board/members", form, http.StatusUnprocessableEntity)
	b.says(doc, "Günü 24.11.2026 gibi yazın.")
	if got, _ := doc.Find("#name").Attr("value"); got != hostile {
		t.Errorf("the form lost the name: %q", got)
	}
	form.Set("from", "1 Ocak 2026")
	b.post("/tr/desk/organs/executive-board/members", form, http.StatusSeeOther)
	form.Set("name", "İkinci")
	_, doc = b.post("/tr/desk/organs/executive-board/members", form, http.StatusUnprocessableEntity)
	b.says(doc, "Bu günlerde başka bir başkan görevde.")
	b.says(b.get("/tr/organs/executive-board"), hostile, "Başkan", "Üniversite", "1 Ocak 2026")
	b.says(b.get("/ru/organs/executive-board"), "Председатель", "С 1 января 2026")
	b.says(b.get("/en/organs"), "Executive Board", "No decision has been published yet.")
}

// TestCredentialsLeaveAsFiles: the list of an assembly as a sheet and as a paper.
func TestCredentialsLeaveAsFiles(t *testing.T) {
	b := setup(t)
	meeting, _ := b.post("/tr/desk/organs/general-assembly/meetings", url.Values{"number": {"1"}, "session": {"ordinary"}, "mode": {"in_person"},
		"place": {hostile}, "day": {"25.11.2026"}, "clock": {"10.00"}, "zone": {"Asia/Almaty"}}, http.StatusSeeOther)
	b.says(b.get(meeting), hostile, "25 Kasım 2026, 10.00 (UTC+5)", "Liste henüz çıkarılmadı")
	b.says(b.get(meeting+"/credentials"), "Liste henüz çıkarılmadı")
	b.post(meeting+"/credentials", nil, http.StatusSeeOther)
	b.get(meeting + "/credentials?show=nonsense&q=%25")
	for ending, magic := range map[string]string{"xlsx": "PK", "pdf": "%PDF-"} {
		w := b.do(httptest.NewRequest(http.MethodGet, meeting+"/credentials."+ending, nil), http.StatusOK)
		if !bytes.HasPrefix(w.Body.Bytes(), []byte(magic)) || !strings.Contains(w.Header().Get("Content-Disposition"), "."+ending) {
			t.Errorf("%s: %q", ending, w.Header())
		}
	}
	b.do(httptest.NewRequest(http.MethodGet, meeting+"/credentials?after=x", nil), http.StatusNotFound)
}

func TestARuleOfSeatsIsReadRowByRow(t *testing.T) {
	b := setup(t)
	form := url.Values{"from": {"01.01.2027"}, "kind": {"full", "full", ""}, "population": {"0", "elli bin", ""}, "seats": {"1", "2", ""}}
	_, doc := b.post("/tr/desk/organs/seats", form, http.StatusUnprocessableEntity)
	b.says(doc, "Her satırda tür")
	form["population"] = []string{"0", "50.000", ""}
	b.post("/tr/desk/organs/seats", form, http.StatusSeeOther)
	b.says(b.get("/tr/desk/organs/seats"), "1 Ocak 2027", "50.000")
	form["seats"] = form["seats"][:1]
	b.post("/tr/desk/organs/seats", form, http.StatusUnprocessableEntity)
}
