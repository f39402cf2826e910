package mailingpages

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
)

type oneMember struct{ id int64 }

func (m oneMember) Matching(context.Context, postgres.Querier, identity.Actor, mailings.Filter) ([]int64, error) {
	return []int64{m.id}, nil
}

// sent is a portal with one news letter that has arrived, and the token in it.
func sent(t *testing.T) (router chi.Router, db *pgtest.Tx, token string) {
	t.Helper()
	db = pgtest.DB(t)
	now := func() time.Time { return time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC) }
	org, desk := pgtest.Org(t, db, "Şuşa"), pgtest.StaffActor(t, db, identity.DeskOfficer)
	s := mailings.New(db, oneMember{org}, 10, now)
	if _, err := db.Exec(t.Context(), `insert into contacts (public_id, org_id, office, email, lang) values ($1, $2, 'general', 'a@city.example', 'ru')`, subject.NewPublicID(), org); err != nil {
		t.Fatal(err)
	}
	id, err := s.Create(t.Context(), desk, mailings.Input{Kind: mailings.News, Offices: []string{"general"}})
	if err == nil {
		_, err = s.Texts().SaveText(t.Context(), desk, id, translations.In{Lang: "ru", Text: translations.Text{Title: "Новости", Body: "Здравствуйте"}})
	}
	if err == nil {
		err = s.SendOff(t.Context(), desk, id, 1)
	}
	if err != nil {
		t.Fatal(err)
	}
	m, err := s.Show(t.Context(), desk, id)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Work(t.Context(), m.ID, func(_ context.Context, p mailings.Post) error { token = p.Token; return nil }); err != nil || token == "" {
		t.Fatalf("%q %v", token, err)
	}
	router = chi.NewRouter()
	router.Use(middleware.GetHead, page.SameOrigin())
	router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, now), page.Input)
		r.Group(New(s, nil, nil).Public)
	})
	return router, db, token
}

func off(t *testing.T, db *pgtest.Tx) bool {
	t.Helper()
	var n int
	if err := db.QueryRow(t.Context(), `select count(*) from mailing_optouts where email_key = 'a@city.example'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n == 1
}

// inParts is the one click as a mail program may send it, after so much else.
func inParts(padding int) (body, contentType string) {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	_ = parts.WriteField("pad", strings.Repeat("x", padding))
	_ = parts.WriteField("List-Unsubscribe", "One-Click")
	_ = parts.Close() // a buffer takes everything
	return form.String(), parts.FormDataContentType()
}

// TestUnsubscribing: only a post that says so, from the own page or from a mail program,
// takes the address off.
func TestUnsubscribing(t *testing.T) {
	router, db, token := sent(t)
	form, formType := inParts(0)
	long, longType := inParts(9 << 10)
	const coded, click = "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"
	for _, c := range []struct {
		name, method, path, kind, body, site string
		status                               int
		off                                  bool
	}{
		{"looking", "GET", token, "", "", "", 200, false},
		{"a scanner's HEAD", "HEAD", token, "", "", "", 200, false},
		{"a post that says nothing", "POST", token, coded, "", "", 200, false},
		{"a post from a foreign page", "POST", token, coded, click, "cross-site", 403, false},
		{"a signature that is none", "POST", token[:26] + strings.Repeat("a", 26), coded, click, "", 404, false},
		{"parts beyond all measure", "POST", token, longType, long, "", 200, false},
		{"one click, as a form", "POST", token, coded, click, "", 200, true},
		{"again", "POST", token, coded, click, "", 200, true},
		{"back", "POST", token + "/back", coded, "", "same-origin", 200, false},
		{"one click, in parts", "POST", token, formType, form, "", 200, true},
	} {
		r := httptest.NewRequest(c.method, "/ru/unsubscribe/"+c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.kind)
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		w := httptest.NewRecorder()
		router.ServeHTTP(w, r)
		if w.Code != c.status || off(t, db) != c.off {
			t.Errorf("%s: %d, off %v", c.name, w.Code, off(t, db))
		}
		if c.status == 200 && len(w.Result().Cookies()) > 0 {
			t.Errorf("%s sets a cookie", c.name)
		}
	}
}
