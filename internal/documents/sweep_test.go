package documents

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/subject"
)

func (b *testBundle) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	if _, err := b.db.Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func TestSweepTakesWhatNobodyNeeds(t *testing.T) {
	b := setup(t)
	kept := b.attach(t, b.editor, b.ours, "plan.pdf", pdf, Org)
	picture := b.attach(t, b.editor, b.ours, "foto.jpg", photo(t, 30, 20), Org)
	removed := b.attach(t, b.editor, b.ours, "eski.jpg", photo(t, 31, 20), Org)
	err := b.db.InTx(t.Context(), b.editor, func(tx pgx.Tx) error { return Remove(t.Context(), tx, b.editor, b.ours, removed.PublicID) })
	if err != nil {
		t.Fatal(err)
	}
	u, err := b.Begin(t.Context(), b.editor, "yarım.pdf", 1000)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append(t.Context(), b.editor, u.ID, 0, bytes.NewReader(pdf)); err != nil {
		t.Fatal(err)
	}
	b.receive(t, b.editor, "kullanılmadı.pdf", append(pdf, "unused"...))
	before := len(b.lying(t, "content/"))

	if err := b.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := len(b.lying(t, "content/")); after != before || len(b.lying(t, "pieces/")) != 1 {
		t.Fatalf("swept too early: %d of %d contents", after, before)
	}
	stray := "pieces/" + subject.NewPublicID() + "/000000000000-x"
	if err := b.folder.Put(t.Context(), stray, bytes.NewReader(pdf), int64(len(pdf))); err != nil {
		t.Fatal(err)
	}
	b.age(t)
	for range 2 { // what a picture was drawn for goes first, then what was drawn
		if err := b.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if left := b.lying(t, "pieces/"); left != nil {
		t.Errorf("pieces stay: %v", left)
	}
	if left := b.lying(t, "content/"); len(left) != 3 { // a PDF, a photo, and what was drawn of it: small as it is, the same for both purposes
		t.Errorf("contents stay: %v", left)
	}
	for _, d := range []Document{kept, picture} {
		f, err := b.Open(t.Context(), b.editor, d.PublicID, "")
		if err != nil {
			t.Fatalf("%s was swept: %v", d.Name, err)
		}
		_ = f.Close()
	}
}

// age makes everything that is there older than the sweep waits.
func (b *testBundle) age(t *testing.T) {
	t.Helper()
	b.exec(t, `update uploads set expires_at = now() - interval '40 days'`)
	b.exec(t, `update blobs set touched_at = now() - interval '2 days'`)
	dir := b.dir
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		then := time.Now().Add(-48 * time.Hour)
		return os.Chtimes(path, then, then)
	})
	if err != nil {
		t.Fatal(err)
	}
}
