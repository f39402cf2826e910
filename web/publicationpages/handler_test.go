package publicationpages

import (
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
	"github.com/birlik/portal/web/writing"
)

// hostile is a title as somebody may write it to break pages, feeds and tables.
const hostile = `"><script>alert(1)</script> & ]]> 'Şuşa'`

// bundle is the public side and the desk of publications, over an issue and its article.
type bundle struct {
	*testing.T
	service        *publications.Service
	router         chi.Router
	desk           identity.Actor
	issue, article string
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	store, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := bundle{T: t, service: publications.New(db, time.Now), desk: pgtest.StaffActor(t, db, identity.DeskOfficer), router: chi.NewRouter()}
	files := documents.New(db, store, documents.Options{MaxBytes: 1 << 20, Spool: t.TempDir()})
	h := New(b.service, writing.Covers{DB: db, Documents: files}, time.UTC)
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, time.Now), based)
		h.Public(r)
		r.Route("/desk", func(r chi.Router) {
			r.Use(b.signed)
			h.Desk(r)
		})
	})
	facts := publications.IssueFacts{Number: 7, IssuedOn: time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)}
	if b.issue, err = b.service.NewIssue(t.Context(), b.desk, facts, "tr", "Su sayısı"); err != nil {
		t.Fatal(err)
	}
	if b.article, err = b.service.NewArticle(t.Context(), b.desk, b.issue, "tr", "Geceleyin dinlenen borular"); err != nil {
		t.Fatal(err)
	}
	b.post("bulletins/"+b.issue+"/texts/tr/publish", http.StatusSeeOther, url.Values{"version": {"1"}})
	return b
}

func based(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(ui.WithShell(r.Context(), ui.Shell{BaseURL: "https://portal.example"})))
	})
}

func (b bundle) signed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), b.desk)))
	})
}

func (b bundle) do(r *http.Request, want int) string {
	b.Helper()
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	if w.Code != want {
		b.Fatalf("%s %s: %d, want %d\n%s", r.Method, r.URL, w.Code, want, w.Body)
	}
	return w.Body.String()
}

func (b bundle) get(path string, want int) string {
	b.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, path, nil), want)
}

// post sends a form to a page of the desk.
func (b bundle) post(path string, want int, form url.Values) string {
	b.Helper()
	r := httptest.NewRequest(http.MethodPost, "/tr/desk/"+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r, want)
}

// texts is the editor's address of the article in a language.
func (b bundle) texts(lang string) string { return "articles/" + b.article + "/texts/" + lang }

func document(t *testing.T, body string) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// atom is what a reader's program takes from a feed.
type atom struct {
	XMLName xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string   `xml:"id"`
	Updated string   `xml:"updated"`
	Entries []struct {
		ID      string `xml:"id"`
		Title   string `xml:"title"`
		Updated string `xml:"updated"`
		Link    struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func (b bundle) feed(lang string) atom {
	b.Helper()
	var feed atom
	if err := xml.Unmarshal([]byte(b.get("/"+lang+"/bulletins.atom", http.StatusOK)), &feed); err != nil {
		b.Fatal(err)
	}
	if _, err := time.Parse(time.RFC3339, feed.Updated); err != nil || !strings.HasPrefix(feed.ID, "https://portal.example/") {
		b.Errorf("feed %q updated %q", feed.ID, feed.Updated)
	}
	return feed
}

// TestFeed holds that the feed stays whole whatever a title says, and names whole addresses.
func TestFeed(t *testing.T) {
	b := setup(t)
	if n := len(b.feed("tr").Entries); n != 0 {
		t.Fatalf("%d drafts in the feed", n)
	}
	b.post(b.texts("tr"), http.StatusSeeOther, url.Values{"title": {hostile}, "base": {"1"}, "then": {"publish"}})
	entries := b.feed("tr").Entries
	if len(entries) != 1 || entries[0].Title != hostile || !strings.HasPrefix(entries[0].Link.Href, "https://portal.example/tr/articles/") {
		t.Fatalf("entries %+v", entries)
	}
	if text := b.get("/en/bulletins.atom", http.StatusOK); !strings.Contains(text, `xml:lang="en"`) || !strings.Contains(text, `<entry xml:lang="tr">`) {
		t.Errorf("the feed does not say that the text is Turkish: %s", text)
	}
	body := b.get(strings.TrimPrefix(entries[0].Link.Href, "https://portal.example"), http.StatusOK)
	if strings.Contains(body, "<script>alert") || document(t, body).Find("h1").Text() != hostile {
		t.Error("the title broke the page")
	}
	if table := b.get("/tr/bulletins.csv", http.StatusOK); !strings.Contains(table, `""><script>`) {
		t.Errorf("table %s", table)
	}
}

// TestDraftTranslation holds that readers get the source, told openly, until the translation
// is published.
func TestDraftTranslation(t *testing.T) {
	b := setup(t)
	b.post(b.texts("tr"), http.StatusSeeOther, url.Values{"title": {"Borular"}, "body": {"Gece **sessizdir**."}, "base": {"1"}, "then": {"publish"}})
	b.post(b.texts("en"), http.StatusSeeOther, url.Values{"title": {"Pipes"}, "base": {"0"}, "follows": {"2"}})
	body := b.get("/en/articles/borular", http.StatusOK)
	if d := document(t, body); d.Find("h1").Text() != "Borular" || d.Find(`.prose[lang="tr"] strong`).Length() != 1 || strings.Contains(body, "Pipes") {
		t.Errorf("a draft is shown, or the source is not: %s", d.Find("main").Text())
	}
	b.post(b.texts("en")+"/publish", http.StatusSeeOther, url.Values{"version": {"1"}})
	if d := document(t, b.get("/en/articles/pipes", http.StatusOK)); d.Find("h1").Text() != "Pipes" {
		t.Errorf("published, and not shown: %s", d.Find("main").Text())
	}
	b.get("/en/articles/borular", http.StatusSeeOther) // leads to the address in the reader's language
	b.get("/en/articles/nothing-here", http.StatusNotFound)
	b.get("/en/bulletins/8", http.StatusNotFound)
}

// TestPreview holds that a writer sees the article's whole page before anybody else does.
func TestPreview(t *testing.T) {
	b := setup(t)
	b.post(b.texts("tr"), http.StatusSeeOther, url.Values{"title": {"Borular"}, "body": {"## Nasıl"}, "base": {"1"}, "then": {"preview"}})
	d := document(t, b.get("/tr/desk/"+b.texts("tr")+"/preview", http.StatusOK))
	if d.Find("h1").Text() != "Borular" || d.Find("article.reading .prose h2").Text() != "Nasıl" || d.Find(`a[href="/tr/bulletins/7"]`).Length() == 0 {
		t.Errorf("preview %s", d.Find("main").Text())
	}
	b.get("/tr/articles/borular", http.StatusNotFound)
}

// TestEditorKeepsWhatWasTyped holds that a refused text comes back with its words, and a stale
// one beside what a colleague saved.
func TestEditorKeepsWhatWasTyped(t *testing.T) {
	b := setup(t)
	d := document(t, b.post(b.texts("tr"), http.StatusUnprocessableEntity, url.Values{"title": {" "}, "body": {"Kalan söz"}, "base": {"1"}}))
	if d.Find(`.error-summary a[href="#title"]`).Length() != 1 || !strings.Contains(d.Find("#body").Text(), "Kalan söz") {
		t.Error("the fault is not named, or the text is lost")
	}
	b.post(b.texts("tr"), http.StatusSeeOther, url.Values{"title": {"Birinci"}, "base": {"1"}})
	d = document(t, b.post(b.texts("tr"), http.StatusConflict, url.Values{"title": {"İkinci"}, "base": {"1"}}))
	if text := d.Find("main").Text(); !strings.Contains(text, "Birinci") || d.Find("#title").AttrOr("value", "") != "İkinci" {
		t.Errorf("one side is missing: %s", text)
	}
	base := d.Find(`input[name="base"]`).AttrOr("value", "")
	b.post(b.texts("tr"), http.StatusSeeOther, url.Values{"title": {"İkinci"}, "base": {base}})
}

// TestScheduleForm holds what is said of a day that has passed and an hour that is none.
func TestScheduleForm(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct{ day, hour, field string }{
		"past": {"01.01.2020", "09.30", "day"}, "no hour": {"01.01.2099", "25:00", "hour"}, "no day": {"yarın", "09:30", "day"},
	} {
		d := document(t, b.post(b.texts("tr")+"/schedule", http.StatusUnprocessableEntity, url.Values{"version": {"1"}, "day": {c.day}, "hour": {c.hour}}))
		if d.Find(`.error-summary a[href="#`+c.field+`"]`).Length() != 1 {
			t.Errorf("%s: no word about %s", name, c.field)
		}
	}
	b.post(b.texts("tr")+"/schedule", http.StatusSeeOther, url.Values{"version": {"1"}, "day": {"01.01.2099"}, "hour": {"09.30"}})
	if d := document(t, b.get("/tr/desk/"+b.texts("tr"), http.StatusOK)); !strings.Contains(d.Find("main").Text(), "1 Ocak 2099") {
		t.Error("the schedule is not told")
	}
}

// TestAnActInTheWayIsToldOnThePage: a colleague's newer text is not published blindly, and
// the editor says why.
func TestAnActInTheWayIsToldOnThePage(t *testing.T) {
	b := setup(t)
	b.post(b.texts("tr"), http.StatusSeeOther, url.Values{"title": {"Yeni"}, "base": {"1"}})
	d := document(t, b.post(b.texts("tr")+"/publish", http.StatusConflict, url.Values{"version": {"1"}}))
	if d.Find(".error-summary").Length() != 1 || d.Find("#title").AttrOr("value", "") != "Yeni" {
		t.Errorf("the editor is gone: %s", d.Find("main").Text())
	}
}
