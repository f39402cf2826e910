package filepages

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
)

// bundle is the routes of files on a store, as one editor and as a stranger.
type bundle struct {
	db               *pgtest.Tx
	service          *documents.Service
	store            blob.Store
	editor, stranger identity.Actor
	ref              subject.Ref
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{db: pgtest.DB(t), ref: subject.Ref{Kind: subject.Request}}
	var err error
	if b.store, err = blob.OpenFolder(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	org := pgtest.Org(t, b.db, "Şuşa")
	b.editor = pgtest.MemberActor(t, b.db, org, identity.MemberEditor)
	b.stranger = pgtest.MemberActor(t, b.db, pgtest.Org(t, b.db, "Çanakkale"), identity.MemberEditor)
	err = b.db.QueryRow(t.Context(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`,
		org, subject.NewPublicID()).Scan(&b.ref.ID)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// as is a fresh process's routes for one person: it knows what was stored and no more.
func (b *bundle) as(actor identity.Actor) http.Handler {
	b.service = documents.New(b.db, b.store, documents.Options{MaxBytes: 3 << 20})
	b.service.Rights[subject.Request] = func(_ context.Context, actor identity.Actor, d documents.Document) error {
		return actor.MayFor(identity.ReadOwnRequests, d.OrgID)
	}
	r := chi.NewRouter()
	r.Route("/{lang}", func(r chi.Router) {
		r.Use(page.Language(time.UTC, time.Now), page.Input, func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(w, r.WithContext(page.WithActor(r.Context(), actor)))
			})
		})
		r.Group(New(b.service).Public)
		r.Route("/m/{org}", func(r chi.Router) { r.Group(New(b.service).Signed) })
	})
	return r
}

// tus sends one request of the protocol; headers come in name, value pairs.
func (b *bundle) tus(actor identity.Actor, method, path string, body io.Reader, headers ...string) *http.Response {
	r := httptest.NewRequest(method, path, body)
	r.Header.Set("Tus-Resumable", "1.0.0")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	b.as(actor).ServeHTTP(w, r)
	return w.Result()
}

func (b *bundle) create(actor identity.Actor, lang, name string, size int) *http.Response {
	return b.tus(actor, http.MethodPost, "/"+lang+"/m/abc/uploads", nil,
		"Upload-Length", strconv.Itoa(size), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
}

func (b *bundle) patch(actor identity.Actor, path string, offset int, body io.Reader) *http.Response {
	return b.tus(actor, http.MethodPatch, path, body,
		"Content-Type", "application/offset+octet-stream", "Upload-Offset", strconv.Itoa(offset))
}

var pdf = append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("Şuşa "), 400_000)...)

// broken gives some bytes and then ends as a lost connection does.
type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestAnUploadGoesOnWhereItBroke(t *testing.T) {
	b := setup(t)
	a := b.create(b.editor, "tr", "Fizibilite.pdf", len(pdf))
	path := a.Header.Get("Location")
	if a.StatusCode != http.StatusCreated || !strings.HasPrefix(path, "/tr/m/abc/uploads/") {
		t.Fatalf("begin: %d, %q", a.StatusCode, path)
	}
	b.patch(b.editor, path, 0, broken{bytes.NewReader(pdf[:1_300_000])})
	a = b.tus(b.editor, http.MethodHead, path, nil)
	at, _ := strconv.Atoi(a.Header.Get("Upload-Offset"))
	if a.StatusCode != http.StatusOK || at != 1_300_000 || a.Header.Get("Upload-Length") != strconv.Itoa(len(pdf)) {
		t.Fatalf("after the cut: %d, %d bytes", a.StatusCode, at)
	}
	if a = b.patch(b.editor, path, 0, bytes.NewReader(pdf)); a.StatusCode != http.StatusConflict {
		t.Errorf("from the wrong place: %d", a.StatusCode)
	}
	if a = b.patch(b.stranger, path, at, bytes.NewReader(pdf[at:])); a.StatusCode != http.StatusNotFound {
		t.Errorf("a stranger goes on: %d", a.StatusCode)
	}
	if a = b.patch(b.editor, path, at, bytes.NewReader(pdf[at:])); a.StatusCode != http.StatusNoContent {
		t.Fatalf("the rest: %d", a.StatusCode)
	}
	d := b.attach(t, path[strings.LastIndexByte(path, '/')+1:], documents.Org)
	b.serves(t, d)
}

func (b *bundle) attach(t *testing.T, upload string, audience documents.Audience) (d documents.Document) {
	t.Helper()
	err := b.db.InTx(t.Context(), b.editor, func(tx pgx.Tx) (err error) {
		d, err = documents.Attach(t.Context(), tx, b.editor, b.ref, upload, "plan", audience)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (b *bundle) get(actor identity.Actor, path string, headers ...string) *http.Response {
	return b.tus(actor, http.MethodGet, path, nil, headers...)
}

// serves asks for a member's file in every way.
func (b *bundle) serves(t *testing.T, d documents.Document) {
	t.Helper()
	own := "/tr/m/abc/files/" + d.PublicID
	a := b.get(b.editor, own)
	content, _ := io.ReadAll(a.Body)
	if a.StatusCode != http.StatusOK || !bytes.Equal(content, pdf) {
		t.Errorf("own file: %d, %d bytes", a.StatusCode, len(content))
	}
	for name, want := range map[string]string{
		"Content-Disposition": `attachment; filename=Fizibilite.pdf`, "Content-Type": "application/pdf",
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
	} {
		if got := a.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	a = b.get(b.editor, own, "Range", "bytes=-5")
	if tail, _ := io.ReadAll(a.Body); a.StatusCode != http.StatusPartialContent || !bytes.Equal(tail, pdf[len(pdf)-5:]) {
		t.Errorf("the end of it: %d %q", a.StatusCode, tail)
	}
	for what, a := range map[string]*http.Response{
		"a stranger": b.get(b.stranger, own), "a visitor": b.get(identity.Anyone(), "/tr/files/"+d.PublicID),
		"a picture of a PDF": b.get(b.editor, own+"?size=web"), "an odd size": b.get(b.editor, own+"?size=huge"),
	} {
		if a.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", what, a.StatusCode)
		}
	}
}

func TestARefusalIsASentenceInTheReadersLanguage(t *testing.T) {
	b := setup(t)
	for _, c := range []struct {
		lang, name string
		content    []byte
		says       string
	}{
		{"tr", "virüs.exe", []byte("MZ"), "Bu tür dosya alınmıyor"},
		{"en", "big.pdf", make([]byte, 4<<20), "the most is 3 MB"},
		{"ru", "план.pdf", []byte("MZ\x90\x00 nothing like it \x00\x01"), "Файлы этого вида не принимаются"},
		{"tr", "boş.pdf", nil, "Dosya boş"},
	} {
		a := b.create(b.editor, c.lang, c.name, len(c.content))
		if a.StatusCode == http.StatusCreated {
			a = b.patch(b.editor, a.Header.Get("Location"), 0, bytes.NewReader(c.content))
		}
		text, _ := io.ReadAll(a.Body)
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), c.says) || strings.Contains(string(text), "invalid:") {
			t.Errorf("%s: %d %q, want %q", c.name, a.StatusCode, text, c.says)
		}
	}
}

func TestAnUploadCanBeGivenUp(t *testing.T) {
	b := setup(t)
	path := b.create(b.editor, "tr", "plan.pdf", len(pdf)).Header.Get("Location")
	b.patch(b.editor, path, 0, broken{bytes.NewReader(pdf[:1000])})
	if a := b.tus(b.editor, http.MethodDelete, path, nil); a.StatusCode != http.StatusNoContent {
		t.Errorf("given up: %d", a.StatusCode)
	}
	if a := b.tus(b.editor, http.MethodHead, path, nil); a.StatusCode != http.StatusNotFound {
		t.Errorf("still there: %d", a.StatusCode)
	}
}
