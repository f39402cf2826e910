package circularpages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/web/page"
)

// bundle is the pages of a city that one circular came to.
type bundle struct {
	t      *testing.T
	db     *pgtest.Tx
	router chi.Router
	mayor  identity.Actor
	copy   string
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{t: t, db: pgtest.DB(t), router: chi.NewRouter()}
	now := func() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }
	org := pgtest.Org(t, b.db, "Şuşa")
	b.mayor = pgtest.MemberActor(t, b.db, org, identity.MemberApprover)
	b.exec(`insert into memberships (org_id, kind, standing, joined_on, standing_on) values ($1, 'full', 'active', '2020-01-01', '2020-01-01')`, org)
	s := circulars.New(b.db, map[locale.Lang]string{"tr": "Birlik"}, time.UTC, now)
	_, err := s.Enter(t.Context(), b.db, pgtest.StaffActor(t, b.db, identity.DeskOfficer), pgtest.StaffActor(t, b.db, identity.DepartmentHead),
		circulars.Input{Kind: circulars.Legal, Answers: true, Refs: "javascript:alert(1)", Texts: []circulars.Text{{Lang: "tr", Title: "<script>x</script>", Body: "<img src=x>", Todo: "\"><b>kaçtı"}}},
		circulars.Audience{Members: []string{"full"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.db.QueryRow(t.Context(), `select s.public_id from circular_copies x join subjects s on s.id = x.id`).Scan(&b.copy); err != nil {
		t.Fatal(err)
	}
	h := New(s, documents.New(b.db, nil, documents.Options{}))
	b.router.Use(middleware.GetHead, page.SameOrigin())
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, now), page.Input, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), b.mayor)))
			})
		})
		r.Group(h.Public)
		r.Route("/m/{org}", func(r chi.Router) { r.Group(h.Member) })
	})
	return b
}

func (b *bundle) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.db.Exec(b.t.Context(), sql, args...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) count(sql string) (n int) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(), sql).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func (b *bundle) ask(method, path string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	return w
}

// TestOnlyALookCounts: neither a browser that fetches ahead nor a question for the head of the
// page opens a circular; a look does, once.
func TestOnlyALookCounts(t *testing.T) {
	b := setup(t)
	path := "/tr/m/abc/circulars/" + b.copy
	const receipts = `select count(*) from circular_receipts`
	b.ask(http.MethodGet, path, nil, "Sec-Purpose", "prefetch;prerender")
	b.ask(http.MethodGet, path, nil, "Purpose", "prefetch")
	b.ask(http.MethodHead, path, nil)
	b.ask(http.MethodGet, path+"/circular.pdf", nil)
	if n := b.count(receipts); n != 0 {
		t.Errorf("%d receipts though nobody looked", n)
	}
	for range 2 {
		if w := b.ask(http.MethodGet, path, nil); w.Code != http.StatusOK {
			t.Fatalf("%d", w.Code)
		}
	}
	if n := b.count(receipts); n != 1 {
		t.Errorf("%d receipts of one person", n)
	}
}

// TestWhatIsWrittenIsText: a circular is words, whatever stands in it, in another language too.
func TestWhatIsWrittenIsText(t *testing.T) {
	b := setup(t)
	body := b.ask(http.MethodGet, "/ru/m/abc/circulars/"+b.copy, nil).Body.String()
	for _, bad := range []string{"<script>x", "<img src=x>", `href="javascript`, `"><b>kaçtı`} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %s", bad)
		}
	}
	if !strings.Contains(body, `<h1 lang="tr">&lt;script&gt;`) || !strings.Contains(body, "Язык этого циркуляра") {
		t.Error("a reader is not told the language of the text")
	}
	if w := b.ask(http.MethodGet, "/tr/circulars/2026-1", nil); w.Code != http.StatusNotFound {
		t.Errorf("what is not public is answered with %d", w.Code)
	}
}

// TestATooLongAnswerLosesNothing: what was typed stands there again, and nothing is confirmed.
func TestATooLongAnswerLosesNothing(t *testing.T) {
	b := setup(t)
	path := "/tr/m/abc/circulars/" + b.copy + "/confirm"
	typed := strings.Repeat("ş", 2001)
	w := b.ask(http.MethodPost, path, url.Values{"answer": {typed}})
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), typed) {
		t.Errorf("%d", w.Code)
	}
	if n := b.count(`select count(*) from circular_copies where confirmed_at is not null`); n != 0 {
		t.Error("it was confirmed all the same")
	}
	for range 2 {
		if w := b.ask(http.MethodPost, path, url.Values{"answer": {" Evet "}}); w.Code != http.StatusSeeOther {
			t.Errorf("%d", w.Code)
		}
	}
	if n := b.count(`select count(*) from circular_copies where answer = 'Evet' and confirmed_at is not null`); n != 1 {
		t.Error("the answer is not kept")
	}
}
