package servicepages

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/test/htmlcheck"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

func clock() time.Time { return now }

// bundle is the catalogue as it is shipped, seen by a visitor.
type bundle struct {
	*testing.T
	db       postgres.DB
	services *services.Catalogue
	router   chi.Router
}

func setup(t *testing.T) bundle {
	db := pgtest.DB(t)
	page.ErrorPage = ui.ErrorPage
	b := bundle{t, db, services.New(db, requests.Rules(), clock), chi.NewRouter()}
	b.ship()
	h := New(b.services, requests.New(db, nil, nil, time.UTC, clock), municipalities.New(db, clock), db)
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, clock), frame)
		h.Public(r)
	})
	return b
}

func frame(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shell := ui.Shell{BaseURL: "https://portal.example", Union: ui.Union{Name: map[locale.Lang]string{locale.TR: "Birlik"}}}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(r.Context(), shell)))
	})
}

func (b bundle) ship() {
	b.Helper()
	err := b.db.InTx(b.Context(), identity.Worker(), func(tx pgx.Tx) error {
		for _, d := range requests.Forms() {
			if _, err := forms.Publish(b.Context(), tx, d); err != nil {
				return err
			}
		}
		return b.services.Ship(b.Context(), tx, requests.Shipped())
	})
	if err != nil {
		b.Fatal(err)
	}
}

// get opens a page and returns what it says; a page that is found is sound HTML.
func (b bundle) get(path string) (int, string) {
	b.Helper()
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code == http.StatusOK {
		for _, fault := range htmlcheck.Page(w.Body.String()) {
			b.Errorf("%s: %v", path, fault)
		}
	}
	return w.Code, w.Body.String()
}

// stand moves a service, as the head of a department does.
func (b bundle) stand(slug string, state services.State, until *time.Time) {
	b.Helper()
	s, err := b.services.BySlug(b.Context(), slug)
	if err == nil {
		err = b.services.Stand(b.Context(), pgtest.StaffActor(b.T, b.db, identity.DepartmentHead), slug, s.Version, state, until)
	}
	if err != nil {
		b.Fatal(err)
	}
}

func says(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

// TestEveryServiceHasItsPage: each shipped service is on the list and has a page in every
// language, with its questions and the way to its start.
func TestEveryServiceHasItsPage(t *testing.T) {
	b := setup(t)
	for _, lang := range locale.Langs() {
		_, list := b.get("/" + string(lang) + "/services")
		for _, s := range requests.Shipped() {
			says(t, list, s.Title.In(lang), `href="/`+string(lang)+`/services/`+s.Slug+`"`)
			status, body := b.get("/" + string(lang) + "/services/" + s.Slug)
			if status != http.StatusOK {
				t.Errorf("%s in %s: %d", s.Slug, lang, status)
			}
			says(t, body, s.Title.In(lang), s.Needs.Lines(lang)[0], "/choose?service="+s.Slug, locale.Text(lang, "services.not_enough"))
		}
	}
	_, body := b.get("/tr/services/business-corporation")
	says(t, body, "Kimin ne kadar payı olacak?", "Kararın belgesi", "40 iş günü")
	if status, _ := b.get("/tr/services/nothing"); status != http.StatusNotFound {
		t.Errorf("a service that is not there: %d", status)
	}
}

// TestClosedService: a closed service says until when and offers no start; one that staff
// took from the public's eyes is found neither by its address nor by search.
func TestClosedService(t *testing.T) {
	b := setup(t)
	until := time.Date(2027, 1, 15, 0, 0, 0, 0, time.UTC)
	b.stand("opinion", services.Closed, &until)
	_, body := b.get("/en/services/opinion")
	says(t, body, "Closed until 15 January 2027")
	if strings.Contains(body, "/choose") {
		t.Error("a closed service can be started")
	}
	_, list := b.get("/en/services")
	says(t, list, "Closed until 15 January 2027")
	if n := b.found("Legal, financial or technical opinion"); n != 1 {
		t.Errorf("search finds the service %d times", n)
	}
	b.stand("opinion", services.Draft, nil)
	if status, _ := b.get("/en/services/opinion"); status != http.StatusNotFound {
		t.Errorf("a hidden service: %d", status)
	}
	if n := b.found("Legal, financial or technical opinion"); n != 0 {
		t.Errorf("search finds a hidden service %d times", n)
	}
}

func (b bundle) found(text string) (n int) {
	b.Helper()
	err := b.db.Read(b.Context(), identity.Anyone(), func(q postgres.Querier) error {
		hits, err := search.Find(b.Context(), q, identity.Anyone(), search.Query{Text: text, Lang: locale.EN, Limit: 20})
		for _, h := range hits {
			if strings.HasPrefix(h.Path, "/en/services/") && h.Title == text {
				n++
			}
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return n
}
