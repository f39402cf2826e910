package profiles_test

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
)

// TestTheCoatIsAPicture: a picture takes the place of the one before, anything else is
// refused and leaves it where it is, and an empty one removes it.
func TestTheCoatIsAPicture(t *testing.T) {
	b := setup(t)
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	files := documents.New(b.pools, folder, documents.Options{MaxBytes: 1 << 20, Spool: t.TempDir()})
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 40, 50))); err != nil {
		t.Fatal(err)
	}
	bring := func(name string, content []byte) error {
		upload, err := files.Receive(t.Context(), b.mayor, name, bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		return b.s.SaveCoat(t.Context(), b.mayor, upload)
	}
	for _, name := range []string{"arma.png", "yeni arma.png"} {
		if err := bring(name, drawn.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	if err := bring("arma.pdf", []byte("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("a PDF as a coat: %v", err)
	}
	shown := func() string {
		out, err := b.s.Public(t.Context(), locale.TR, b.id)
		if err != nil {
			t.Fatal(err)
		}
		if out.Coat == nil {
			return ""
		}
		return out.Coat.Name
	}
	if got := shown(); got != "yeni arma.png" {
		t.Errorf("shown: %q", got)
	}
	if err := b.s.SaveCoat(t.Context(), b.mayor, ""); err != nil || shown() != "" {
		t.Errorf("removed: %v, still %q", err, shown())
	}
	if err := b.s.SaveCoat(t.Context(), b.desk, ""); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("the desk takes a city's coat away: %v", err)
	}
}
