package adminpages

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
)

// bundle is the desk's administration as one person sees it.
type bundle struct {
	db      postgres.DB
	service *accounts.Service
	router  chi.Router
	actor   identity.Actor
}

func setup(t *testing.T, role identity.Role) *bundle {
	b := &bundle{db: pgtest.DB(t)}
	b.service = accounts.New(b.db, time.Now)
	_, b.actor = accountstest.Staff(t, b.db, b.service, "me@union.example", role)
	h := New(b.service, b.db, time.Now)
	h.Locators = map[subject.Kind]subject.Locator{subject.User: b.service.Locate}
	b.router = chi.NewRouter()
	b.router.Route("/{lang}/desk", func(r chi.Router) {
		r.Use(page.Language(time.UTC, time.Now), func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), b.actor)))
			})
		}, page.Once(b.db))
		h.Desk(r)
	})
	return b
}

func (b *bundle) get(t *testing.T, path string) (*http.Response, *goquery.Document) {
	return b.do(t, httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *bundle) post(t *testing.T, path string, form url.Values) (*http.Response, *goquery.Document) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(t, r)
}

func (b *bundle) do(t *testing.T, r *http.Request) (*http.Response, *goquery.Document) {
	t.Helper()
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	document, err := goquery.NewDocumentFromReader(strings.NewReader(w.Body.String()))
	if err != nil {
		t.Fatal(err)
	}
	return w.Result(), document
}

func TestInviteOnce(t *testing.T) {
	b := setup(t, identity.Administrator)
	_, form := b.get(t, "/tr/desk/users/new")
	key, _ := form.Find("input[name=once]").Attr("value")
	values := url.Values{"once": {key}, "name": {"Ayşe Yıldız"}, "email": {"ayse@union.example"}, "role": {"finance"}, "lang": {"tr"}, "ends": {"31.12.2099"}}
	first, _ := b.post(t, "/tr/desk/users", values)
	again, _ := b.post(t, "/tr/desk/users", values)
	if first.StatusCode != http.StatusSeeOther || again.Header.Get("Location") != first.Header.Get("Location") {
		t.Fatalf("%d to %s, then %d to %s", first.StatusCode, first.Header.Get("Location"), again.StatusCode, again.Header.Get("Location"))
	}
	_, user := b.get(t, first.Header.Get("Location"))
	if text := user.Find("main").Text(); !strings.Contains(text, "Davet gönderildi") || !strings.Contains(text, "31 Aralık 2099") {
		t.Errorf("page says %s", text)
	}
}

func TestInviteKeepsWhatWasTyped(t *testing.T) {
	b := setup(t, identity.Administrator)
	pgtest.Org(t, b.db, "Bakı")
	w, form := b.post(t, "/tr/desk/users", url.Values{"name": {"Ayşe"}, "email": {"ayse"}, "role": {"member_editor"},
		"org_text": {"Nowhere"}, "lang": {"ru"}, "ends": {"12.12.2099"}})
	if w.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", w.StatusCode)
	}
	for id, want := range map[string]string{"name": "Ayşe", "email": "ayse", "org": "Nowhere", "ends": "12.12.2099"} {
		if got, _ := form.Find("main #" + id).Attr("value"); got != want {
			t.Errorf("%s: %q", id, got)
		}
	}
	for _, id := range []string{"email", "org"} {
		if form.Find(`.error-summary a[href="#`+id+`"]`).Length() != 1 {
			t.Errorf("no word about %s", id)
		}
	}
	_, form = b.post(t, "/tr/desk/users", url.Values{"ends": {"31.02.2099"}})
	if form.Find(`.error-summary a[href="#ends"]`).Length() != 1 {
		t.Error("the 31st of February is a day")
	}
}

func TestAStaleEditShowsBothSides(t *testing.T) {
	b := setup(t, identity.Administrator)
	a := accountstest.Insert(t, b.db, b.service, "ayse@union.example")
	path := "/tr/desk/users/" + a.PublicID
	version := strconv.Itoa(a.Version)
	if w, _ := b.post(t, path, url.Values{"name": {"Ayşe Bir"}, "email": {"ayse@union.example"}, "version": {version}}); w.StatusCode != http.StatusSeeOther {
		t.Fatalf("first edit %d", w.StatusCode)
	}
	w, conflict := b.post(t, path, url.Values{"name": {"Ayşe İki"}, "email": {"ayse@union.example"}, "version": {version}})
	text := conflict.Find("main").Text()
	if w.StatusCode != http.StatusConflict || !strings.Contains(text, "Ayşe Bir") || !strings.Contains(text, "Ayşe İki") {
		t.Errorf("%d %s", w.StatusCode, text)
	}
	again, _ := conflict.Find("main input[name=version]").Attr("value")
	if w, _ := b.post(t, path, url.Values{"name": {"Ayşe İki"}, "email": {"ayse@union.example"}, "version": {again}}); w.StatusCode != http.StatusSeeOther {
		t.Errorf("saved knowingly: %d", w.StatusCode)
	}
}

func TestTheLastAdministratorIsToldSo(t *testing.T) {
	b := setup(t, identity.Administrator)
	me := accountstest.Account(t, b.db, b.service, "me@union.example")
	path := "/tr/desk/users/" + me.PublicID
	_, user := b.get(t, path)
	form := url.Values{}
	user.Find(`form[action$="/roles/end"] input`).Each(func(_ int, in *goquery.Selection) {
		form.Set(in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	w, refused := b.post(t, path+"/roles/end", form)
	if w.StatusCode != http.StatusConflict || !strings.Contains(refused.Find("[role=alert]").Text(), "tek yönetici") {
		t.Errorf("%d %s", w.StatusCode, refused.Find("main").Text())
	}
}

func TestAnAuditorReadsAndChangesNothing(t *testing.T) {
	b := setup(t, identity.Auditor)
	me := accountstest.Account(t, b.db, b.service, "me@union.example")
	w, user := b.get(t, "/tr/desk/users/"+me.PublicID)
	if w.StatusCode != http.StatusOK || user.Find("main form").Length() > 0 {
		t.Errorf("%d, %d forms", w.StatusCode, user.Find("main form").Length())
	}
	for _, path := range []string{"/off", "/sign-out", "/roles/end", "/reset", "/invitation", ""} {
		if w, _ := b.post(t, "/tr/desk/users/"+me.PublicID+path, url.Values{"ends": {"someday"}}); w.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", path, w.StatusCode)
		}
	}
	if w, _ := b.get(t, "/tr/desk/users/aaaaaaaaaaaaaaaaaaaaaaaaab"); w.StatusCode != http.StatusNotFound {
		t.Errorf("nobody's page: %d", w.StatusCode)
	}
}

func TestAuditIsFilteredAndExported(t *testing.T) {
	b := setup(t, identity.Auditor)
	if _, err := b.service.Create(context.Background(), identity.Worker(), accounts.NewAccount{Email: "f@union.example", Name: `=HYPERLINK("x")`, Lang: "tr"}); err != nil {
		t.Fatal(err)
	}
	w, log := b.get(t, "/tr/desk/audit?kind=user")
	if w.StatusCode != http.StatusOK || !strings.Contains(log.Find("tbody").Text(), "hesabı açtı") {
		t.Errorf("%d %s", w.StatusCode, log.Find("tbody").Text())
	}
	for query, want := range map[string]int{"kind=project": 0, "who=nobody": 0, "from=01.01.2099": 0, "till=01.01.2020": 0} {
		if _, log := b.get(t, "/tr/desk/audit?"+query); log.Find("tbody tr").Length() != want {
			t.Errorf("%s: %d rows", query, log.Find("tbody tr").Length())
		}
	}
	if w, _ := b.get(t, "/tr/desk/audit?from=someday"); w.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a day that is none: %d", w.StatusCode)
	}
	record, _ := log.Find("tbody a").First().Attr("href")
	if w, _ := b.get(t, record); w.StatusCode != http.StatusOK {
		t.Errorf("%s: %d", record, w.StatusCode)
	}
	r := httptest.NewRequest(http.MethodGet, "/tr/desk/audit.csv?kind=user", nil)
	out := httptest.NewRecorder()
	b.router.ServeHTTP(out, r)
	if text := out.Body.String(); !strings.HasPrefix(text, "\ufeff") || strings.Contains(text, `,"=HYPERLINK`) || !strings.Contains(text, `"'=HYPERLINK`) {
		t.Errorf("file %s", text)
	}
	b.actor.Roles = []identity.Role{identity.Finance}
	for _, path := range []string{"/tr/desk/audit", "/tr/desk/audit.csv", record, "/tr/desk/users"} {
		if w, _ := b.get(t, path); w.StatusCode != http.StatusForbidden {
			t.Errorf("%s for finance: %d", path, w.StatusCode)
		}
	}
}

func TestReadDay(t *testing.T) {
	for typed, want := range map[string]string{"24.11.2026": "2026-11-24", "24/11/2026": "2026-11-24", "24 11 2026": "2026-11-24",
		"2026-11-24": "2026-11-24", "4.1.2027": "2027-01-04", "29.02.2028": "2028-02-29", "29.02.2027": "", "24.11.26": "",
		"11/24/2026": "", "x": "", "1.1.9999": "", "२४.११.२०२६": ""} {
		day, ok := readDay(typed, time.UTC)
		if ok != (want != "") || ok && day.Format(time.DateOnly) != want {
			t.Errorf("%q: %v, %v", typed, day, ok)
		}
	}
}

func FuzzReadDay(f *testing.F) {
	f.Add("24.11.2026")
	f.Add("2026-11-24")
	f.Fuzz(func(t *testing.T, typed string) {
		if day, ok := readDay(typed, time.UTC); ok && day != nil && (day.Year() < 1900 || day.Year() > 2200) {
			t.Errorf("%q is %v", typed, day)
		}
	})
}
