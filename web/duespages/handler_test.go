package duespages

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/dues/duestest"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/web/page"
)

// bundle is dues as one person sees them.
type bundle struct {
	db     *pgtest.Tx
	s      *dues.Service
	router chi.Router
	actor  identity.Actor
}

func setup(t *testing.T, role identity.Role) *bundle {
	b := &bundle{db: pgtest.DB(t)}
	b.s = dues.New(b.db, time.UTC, duestest.Now)
	b.actor = pgtest.StaffActor(t, b.db, role)
	h := New(b.s, map[locale.Lang]string{locale.TR: "Birlik", locale.EN: "Union", locale.RU: "Союз"}, time.UTC, duestest.Now)
	as := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), b.actor)))
		})
	}
	b.router = chi.NewRouter()
	b.router.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, duestest.Now), as, page.Once(b.db))
		r.Route("/desk", h.Desk)
		r.Route("/m/{org}", h.Member)
	})
	return b
}

func (b *bundle) do(t *testing.T, r *http.Request) (*httptest.ResponseRecorder, *goquery.Document) {
	t.Helper()
	w := httptest.NewRecorder()
	b.router.ServeHTTP(w, r)
	document, err := goquery.NewDocumentFromReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return w, document
}

func (b *bundle) get(t *testing.T, path string) (*httptest.ResponseRecorder, *goquery.Document) {
	return b.do(t, httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *bundle) post(t *testing.T, path string, form url.Values) (*httptest.ResponseRecorder, *goquery.Document) {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(t, r)
}

// issued makes one member with an assessment, and returns its page.
func (b *bundle) issued(t *testing.T, name string) (city int64, path string) {
	t.Helper()
	city = duestest.Member(t, b.db, name, 4650)
	duestest.Rules(t, b.db, b.s, 2026, 1, duestest.Bands)
	return city, "/tr/desk/dues/assessments/" + duestest.Issued(t, b.db, b.s, city, 2026)
}

// TestPayingOnThePage: what was typed stays with its fault; a double press credits once; the
// receipt is a paper.
func TestPayingOnThePage(t *testing.T) {
	b := setup(t, identity.Finance)
	_, path := b.issued(t, `<b>Şuşa</b>`)
	_, record := b.get(t, path)
	if record.Find("main h1 b").Length() != 0 || !strings.Contains(record.Find("main h1").Text(), "<b>Şuşa</b>") {
		t.Error("a name became markup")
	}
	key, _ := record.Find(`form[action$="/payments"] input[name=once]`).Attr("value")
	form := url.Values{"once": {key}, "amount": {"1.000,50"}, "amount_currency": {"EUR"}, "paid_on": {"20.11.2026"}, "method": {"transfer"}}
	w, refused := b.post(t, path+"/payments", form)
	if typed, _ := refused.Find("#amount").Attr("value"); w.Code != http.StatusUnprocessableEntity || typed != "1.000,50" ||
		refused.Find(`.error-summary a[href="#amount"]`).Length() != 1 {
		t.Errorf("%d, typed %q", w.Code, typed)
	}
	form.Set("amount", "100,50")
	first, _ := b.post(t, path+"/payments", form)
	again, _ := b.post(t, path+"/payments", form)
	if first.Code != http.StatusSeeOther || again.Header().Get("Location") != first.Header().Get("Location") {
		t.Fatalf("%d, then %d", first.Code, again.Code)
	}
	_, record = b.get(t, path)
	if text := record.Find(".figures").Text(); !strings.Contains(text, "149,50") {
		t.Errorf("figures say %s", text)
	}
	link, _ := record.Find(`a[href$=".pdf"]`).Attr("href")
	paper, _ := b.get(t, link)
	if paper.Code != http.StatusOK || !strings.HasPrefix(paper.Body.String(), "%PDF-") || paper.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("receipt %d %s", paper.Code, paper.Header().Get("Content-Type"))
	}
}

// TestRulesOnThePage: faulty lines are named, and a stale version shows what a colleague stored.
func TestRulesOnThePage(t *testing.T) {
	b := setup(t, identity.Finance)
	b.issued(t, "Şuşa")
	form := url.Values{"version": {"1"}, "currency": {"EUR"}, "due_on": {"30.06.2026"}, "rates_on": {"02.01.2026"}, "lines": {"{\"rule\":\"flat\",\"amount\":\"5\"}\nnonsense"}}
	w, page := b.post(t, "/en/desk/dues/years/2026/rules", form)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(page.Find("main").Text(), "Line 2:") || !strings.Contains(page.Find("#lines").Text(), "nonsense") {
		t.Errorf("%d %s", w.Code, page.Find("main").Text())
	}
	form.Set("lines", `{"rule":"flat","amount":"5"}`)
	form.Set("version", "0")
	if w, page = b.post(t, "/en/desk/dues/years/2026/rules", form); w.Code != http.StatusConflict || !strings.Contains(page.Find("main").Text(), "under 50k") {
		t.Errorf("stale: %d %s", w.Code, page.Find("main").Text())
	}
	version, _ := page.Find("input[name=version]").Attr("value")
	form.Set("version", version)
	if w, _ = b.post(t, "/en/desk/dues/years/2026/rules", form); w.Code != http.StatusSeeOther {
		t.Errorf("saved knowingly: %d", w.Code)
	}
}

// TestRulesInFields: what is typed stays where it was typed, with its fault beside it.
func TestRulesInFields(t *testing.T) {
	b := setup(t, identity.Finance)
	b.issued(t, "Şuşa")
	_, page := b.get(t, "/en/desk/dues/years/2026/rules")
	if page.Find("#lines li.card").Length() == 0 || page.Find("#lines textarea").Length() > 0 {
		t.Fatal("the stored rules are not in fields")
	}
	form := url.Values{"version": {"1"}, "currency": {"EUR"}, "due_on": {"30.06.2026"}, "rates_on": {"02.01.2026"}, "rows": {"2"},
		"r0-rule": {"flat"}, "r0-amount": {"1,200.50"}, "r1-rule": {"minimum"}, "r1-amount": {"a lot"}}
	w, page := b.post(t, "/en/desk/dues/years/2026/rules", form)
	typed, _ := page.Find("#r1-amount").Attr("value")
	if w.Code != http.StatusUnprocessableEntity || typed != "a lot" || !strings.Contains(page.Find("#r1-rule .field-error").Text(), "amount above zero") {
		t.Errorf("%d %q %s", w.Code, typed, page.Find("#lines").Text())
	}
	form.Set("act", "remove-1")
	if w, page = b.post(t, "/en/desk/dues/years/2026/rules", form); w.Code != http.StatusOK || page.Find("#lines li.card").Length() != 1 {
		t.Errorf("removed: %d, %d cards", w.Code, page.Find("#lines li.card").Length())
	}
	form.Set("act", "text")
	if w, page = b.post(t, "/en/desk/dues/years/2026/rules", form); !strings.Contains(page.Find("#lines").Text(), `"amount":"1200.5"`) || !strings.Contains(page.Find("#lines").Text(), "a lot") {
		t.Errorf("as text: %d %s", w.Code, page.Find("#lines").Text())
	}
	asText := url.Values{"version": {"1"}, "currency": {"EUR"}, "act": {"fields"}, "lines": {page.Find("#lines").Text()}}
	if _, page = b.post(t, "/en/desk/dues/years/2026/rules", asText); page.Find("textarea#lines").Length() != 1 || !strings.Contains(page.Find("main").Text(), "Line 2:") {
		t.Errorf("a faulty text became fields: %s", page.Find("main").Text())
	}
	asText.Set("lines", `{"rule":"flat","amount":"1200.50"}`)
	_, page = b.post(t, "/en/desk/dues/years/2026/rules", asText)
	if typed, _ = page.Find("#r0-amount").Attr("value"); typed != "1,200.50" {
		t.Errorf("as fields: %q", typed)
	}
	form.Del("act")
	form.Set("rows", "1")
	if w, _ = b.post(t, "/en/desk/dues/years/2026/rules", form); w.Code != http.StatusSeeOther {
		t.Errorf("saved: %d", w.Code)
	}
	if _, page = b.get(t, "/en/desk/dues/years/2026"); !strings.Contains(page.Find("main").Text(), "A flat amount of EUR\u00a01,200.50") {
		t.Errorf("the year says %s", page.Find("main").Text())
	}
}

// TestABankFileOnThePage: faulty rows are told by their number, nothing is stored.
func TestABankFileOnThePage(t *testing.T) {
	b := setup(t, identity.Finance)
	b.issued(t, "Şuşa")
	send := func(content string) (*httptest.ResponseRecorder, *goquery.Document) {
		var body bytes.Buffer
		parts := multipart.NewWriter(&body)
		file, err := parts.CreateFormFile("file", "banka.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = file.Write([]byte(content)) // into memory
		_ = parts.WriteField("currency", "EUR")
		_ = parts.Close()
		r := httptest.NewRequest(http.MethodPost, "/tr/desk/dues/bank", &body)
		r.Header.Set("Content-Type", parts.FormDataContentType())
		return b.do(t, r)
	}
	w, page := send("Tarih;Tutar;Açıklama\n20.11.2026;100,00;DUE-2026-00001\n40.11.2026;5;x\n")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(page.Find("main").Text(), "Satır 3:") {
		t.Errorf("%d %s", w.Code, page.Find("main").Text())
	}
	w, _ = send("Tarih;Tutar;Açıklama\n20.11.2026;100,00;DUE-2026-00001\n21.11.2026;7,00;<script>alert(1)</script>\n")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	_, page = b.get(t, w.Header().Get("Location"))
	if page.Find("main script").Length() != 0 || !strings.Contains(page.Find("main").Text(), "<script>alert(1)</script>") {
		t.Error("a purpose became markup, or is gone")
	}
}

// TestFilesHoldExactlyTheFilter in both formats.
func TestFilesHoldExactlyTheFilter(t *testing.T) {
	b := setup(t, identity.Auditor)
	b.issued(t, "Şuşa")
	w, _ := b.get(t, "/en/desk/dues.csv?state=open")
	if lines := strings.Count(strings.TrimSpace(w.Body.String()), "\n"); w.Code != http.StatusOK || lines != 1 || !strings.Contains(w.Body.String(), "under 50k × group B") {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	if w, _ = b.get(t, "/en/desk/dues.csv?state=paid"); strings.Count(strings.TrimSpace(w.Body.String()), "\n") != 0 {
		t.Errorf("paid: %s", w.Body)
	}
	if w, _ = b.get(t, "/en/desk/dues/years/2026/dry-run.xlsx"); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "PK") {
		t.Errorf("dry run: %d", w.Code)
	}
	if w, page := b.get(t, "/en/desk/dues/years/2026"); w.Code != http.StatusOK || page.Find("main form[method=post]").Length() != 0 {
		t.Errorf("an auditor is offered %d forms (%d)", page.Find("main form[method=post]").Length(), w.Code)
	}
}

// TestAMembersOwnPage shows how it stands, and an editor is kept out.
func TestAMembersOwnPage(t *testing.T) {
	b := setup(t, identity.Finance)
	city, _ := b.issued(t, "Şuşa")
	b.actor = pgtest.MemberActor(t, b.db, city, identity.MemberFinance)
	for lang, want := range map[string]string{"tr": "Ödenecek", "en": "To be paid", "ru": "К оплате"} {
		w, own := b.get(t, "/"+lang+"/m/x/dues")
		if text := own.Find("main").Text(); w.Code != http.StatusOK || !strings.Contains(text, want) || !strings.Contains(text, "DUE-2026-00001") || strings.Contains(text, "dues.") {
			t.Errorf("%s: %d %s", lang, w.Code, text)
		}
	}
	b.actor = pgtest.MemberActor(t, b.db, city, identity.MemberEditor)
	if w, _ := b.get(t, "/tr/m/x/dues"); w.Code != http.StatusForbidden {
		t.Errorf("an editor: %d", w.Code)
	}
}
