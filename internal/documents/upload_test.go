package documents

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/identity"
)

// lying are the names below a prefix of the store.
func (b *testBundle) lying(t *testing.T, prefix string) (names []string) {
	t.Helper()
	err := b.folder.List(t.Context(), prefix, func(i blob.Info) error {
		names = append(names, i.Name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// cut is the end of a line that breaks.
func cut(gone context.CancelFunc) io.Reader {
	return readFunc(func([]byte) (int, error) {
		gone()
		return 0, errors.New("cut")
	})
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// TestUploadSurvivesCutsAndRestarts sends a file over a line that breaks ten times; each
// time another process goes on.
func TestUploadSurvivesCutsAndRestarts(t *testing.T) {
	b := setup(t)
	content := append(append([]byte{}, pdf...), bytes.Repeat([]byte("x"), 3_000_000)...)
	u, err := b.Begin(t.Context(), b.editor, "uzun rapor.pdf", int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	length := len(content)/11 + 1
	for at, n := 0, 0; at < len(content); n++ {
		other := New(b.db, b.folder, b.options) // nothing is known but what was stored
		state, err := other.Upload(t.Context(), b.editor, u.ID)
		if err != nil || state.Received != int64(at) {
			t.Fatalf("after %d cuts: %+v, %v; want %d received", n, state, err, at)
		}
		part := content[at:min(at+length, len(content))]
		line, gone := context.WithCancel(t.Context()) // the server ends the context of a broken connection
		stored, err := other.Append(line, b.editor, u.ID, int64(at), io.MultiReader(bytes.NewReader(part), cut(gone)))
		if err == nil && at+length < len(content) || stored != int64(len(part)) {
			t.Fatalf("cut %d: %d of %d stored, %v", n, stored, len(part), err)
		}
		at += int(stored)
	}
	done, err := New(b.db, b.folder, b.options).Upload(t.Context(), b.editor, u.ID) // the answer to the last part was lost
	if err != nil || done.State != "ready" {
		t.Fatalf("finished: %+v, %v", done, err)
	}
	if left := b.lying(t, "pieces/"); left != nil {
		t.Errorf("pieces stay: %v", left)
	}
	d, err := b.tryAttach(t, b.editor, b.ours, u.ID, Org)
	if err != nil {
		t.Fatal(err)
	}
	f, err := b.Open(t.Context(), b.editor, d.PublicID, "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, err := io.ReadAll(f); err != nil || !bytes.Equal(got, content) {
		t.Errorf("%d bytes came back, %v; want the %d that were sent", len(got), err, len(content))
	}
}

func TestUploadsBelongToOnePersonForOneOrganisation(t *testing.T) {
	b := setup(t)
	u, err := b.Begin(t.Context(), b.editor, "plan.pdf", int64(len(pdf)))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := b.editor
	elsewhere.OrgID = b.stranger.OrgID
	for name, actor := range map[string]identity.Actor{"stranger": b.stranger, "other organisation": elsewhere, "visitor": identity.Anyone(), "staff": b.desk} {
		_, err := b.Upload(t.Context(), actor, u.ID)
		wantCode(t, err, apperr.NotFound, "files.upload_gone")
		_, err = b.Append(t.Context(), actor, u.ID, 0, bytes.NewReader(pdf))
		wantCode(t, err, apperr.NotFound, "files.upload_gone")
		if err := b.Cancel(t.Context(), actor, u.ID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := b.Append(t.Context(), b.editor, u.ID, 0, bytes.NewReader(pdf[:10])); err != nil {
		t.Fatal(err)
	}
	_, err = b.Append(t.Context(), b.editor, u.ID, 0, bytes.NewReader(pdf))
	wantCode(t, err, apperr.Conflict, "files.upload_elsewhere")
	_, err = b.tryAttach(t, b.editor, b.ours, u.ID, Org)
	wantCode(t, err, apperr.Invalid, "files.upload_unfinished")
	if err := b.Cancel(t.Context(), b.editor, u.ID); err != nil || b.lying(t, "pieces/") != nil {
		t.Errorf("cancelled: %v, %v stays", err, b.lying(t, "pieces/"))
	}
	_, err = b.Begin(t.Context(), pgAuditor(b), "plan.pdf", 10)
	wantCode(t, err, apperr.Forbidden, "")
	_, err = b.Begin(t.Context(), identity.Anyone(), "plan.pdf", 10)
	wantCode(t, err, apperr.SignIn, "")
}

func pgAuditor(b *testBundle) identity.Actor {
	auditor := b.desk
	auditor.Roles = []identity.Role{identity.Auditor}
	return auditor
}

// TestHostileFilesAreRefusedAndNothingStays brings every kind of file that is not taken.
func TestHostileFilesAreRefusedAndNothingStays(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct {
		content []byte
		problem string
	}{
		"boş.pdf":                 {nil, "files.empty"},
		"büyük.pdf":               {append(append([]byte{}, pdf...), make([]byte, 5<<20)...), "files.too_large"},
		"virüs.exe":               {[]byte("MZ\x90\x00"), "files.kind"},
		"rapor.pdf":               {[]byte("MZ\x90\x00\x03\x00\x00\x00 not a pdf \x00\x01"), "files.kind"},
		"sayfa.html":              {[]byte("<html><script>alert(1)</script>"), "files.kind"},
		"sayfa.txt":               {[]byte("<!DOCTYPE html><html><script>alert(1)</script></html>"), "files.kind"},
		"resim.svg":               {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "files.kind"},
		"resim.png":               {[]byte("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "files.kind"},
		"fotoğraf.pdf":            {photo(t, 10, 10), "files.disguised"},
		"belge.jpg":               {pdf, "files.disguised"},
		"belge.docx":              {pdf, "files.disguised"},
		"hepsi.zip":               {zipped(t, "a.txt", "a"), "files.archive"},
		"hepsi.docx":              {zipped(t, "a.txt", "a"), "files.archive"},
		"makro.docx":              {zipped(t, "word/document.xml", "<w/>", "word/vbaProject.bin", "x"), "files.macros"},
		"makro.xlsm":              {zipped(t, "xl/workbook.xml", "<w/>"), "files.macros"},
		"eski.doc":                {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "files.old_office"},
		"parola.docx":             {append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...), "files.old_office"},
		"kesik.docx":              {zipped(t, "word/document.xml", strings.Repeat("x", 5000))[:90], "files.broken"},
		"bomba.png":               {hugePNG(60_000, 60_000), "files.picture_large"},
		"duvar.png":               {hugePNG(6000, 5000), "files.picture_large"},
		"kesik.jpg":               {photo(t, 400, 400)[:300], "files.broken"},
		"fatura.pdf\u202efdp.exe": {pdf, "files.kind"},
		"kilitli.pdf":             {protected(t, "gizli"), "files.locked"},
		"boş sayfa.pdf":           {[]byte("%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Kids [] /Count 0>> endobj\n%%EOF"), "files.no_pages"},
		"yalnız başlık.pdf":       {[]byte("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n%%EOF\n"), "files.no_pages"},
		"kartpostal.eml":          {[]byte("Bu bir mektup değil"), "files.disguised"},
	} {
		_, err := b.Receive(t.Context(), b.editor, name, bytes.NewReader(c.content))
		if !apperr.Is(err, apperr.Invalid) || !strings.Contains(err.Error(), c.problem) {
			t.Errorf("%q: %v, want %s", name, err, c.problem)
		}
	}
	if left := append(b.lying(t, "pieces/"), b.lying(t, "content/")...); left != nil {
		t.Errorf("of refused files stays %v", left)
	}
	if spooled, err := os.ReadDir(b.options.Spool); err != nil || len(spooled) != 0 {
		t.Errorf("of refused files stays %v in the spool, %v", spooled, err)
	}
}

func TestARefusedUploadSaysWhyAndLeavesNoBytes(t *testing.T) {
	b := setup(t)
	content := []byte("MZ\x90\x00\x03\x00\x00\x00 not a pdf \x00\x01")
	u, err := b.Begin(t.Context(), b.editor, "rapor.pdf", int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Append(t.Context(), b.editor, u.ID, 0, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the answer does not change when it is asked for again
		_, err = b.Finish(t.Context(), b.editor, u.ID)
		wantCode(t, err, apperr.Invalid, "files.kind")
	}
	_, err = b.tryAttach(t, b.editor, b.ours, u.ID, Org)
	wantCode(t, err, apperr.Invalid, "files.kind")
	if left := append(b.lying(t, "pieces/"), b.lying(t, "content/")...); left != nil {
		t.Errorf("stays %v", left)
	}
}

func TestWhatIsTaken(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct {
		content    []byte
		kept, mime string
	}{
		"rapor.PDF":           {pdf, "rapor.pdf", "application/pdf"},
		"rapor":               {pdf, "rapor.pdf", "application/pdf"},
		"liste.csv":           {[]byte("ad;nüfus\nŞuşa;4064\n"), "liste.csv", "text/csv"},
		"eski liste.csv":      {[]byte("ad;n\xfcfus\n\xdeu\xfea;4064\n"), "eski liste.csv", "text/csv"},
		"not.txt":             {[]byte("Merhaba"), "not.txt", "text/plain"},
		"yazı.docx":           {zipped(t, "[Content_Types].xml", "<t/>", "word/document.xml", "<w/>"), "yazı.docx", docx},
		"bütçe.xlsx":          {zipped(t, "[Content_Types].xml", "<t/>", "xl/workbook.xml", "<w/>"), "bütçe.xlsx", xlsx},
		"yazı.odt":            {zipped(t, "mimetype", odt, "content.xml", "<c/>"), "yazı.odt", odt},
		"çizim.dwg":           {append([]byte("AC1032\x00\x00\x00\x00"), make([]byte, 100)...), "çizim.dwg", "image/vnd.dwg"},
		"foto.jpeg":           {photo(t, 30, 20), "foto.jpeg", "image/jpeg"},
		"C:\\gizli\\a.pdf":    {pdf, "a.pdf", "application/pdf"},
		"../../etc/şifre.pdf": {pdf, "şifre.pdf", "application/pdf"},
		"pdf\u202efdp.pdf":    {pdf, "pdffdp.pdf", "application/pdf"},
		"kopyalanmaz.pdf":     {protected(t, ""), "kopyalanmaz.pdf", "application/pdf"},
		"mektup.eml":          {[]byte("From: yazi@city.example\r\nSubject: Su\r\n\r\nMerhaba\r\n"), "mektup.eml", eml},
		"foto.heic":           {append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic\x00\x00\x00\x0cmeta\x00\x00\x00\x00\x00\x00\x00\x6cmdat"), make([]byte, 100)...), "foto.heic", "image/heic"},
	} {
		d := b.attach(t, b.editor, b.ours, name, c.content, Org)
		if d.Name != c.kept || d.MIME != c.mime {
			t.Errorf("%q became %q, %s; want %q, %s", name, d.Name, d.MIME, c.kept, c.mime)
		}
	}
}

// protected makes a PDF that forbids to copy; with a password it opens with that one only.
func protected(t *testing.T, password string) []byte {
	t.Helper()
	p := fpdf.New("P", "mm", "A4", "")
	p.SetProtection(fpdf.CnProtectPrint, password, "sahip")
	p.AddPage()
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipped makes an archive of name, content pairs.
func zipped(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		method := zip.Deflate
		if pairs[i] == "mimetype" {
			method = zip.Store
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: method})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(f, pairs[i+1])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hugePNG is a few bytes that claim to be a wall.
func hugePNG(w, h uint32) []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1)))
	out := b.Bytes()
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

// TestScannerDecides asks a scanner that finds "EICAR", one that answers nonsense, and none.
func TestScannerDecides(t *testing.T) {
	b := setup(t)
	b.options.Clamd = fakeClamd(t, "")
	if d := b.attach(t, b.editor, b.ours, "temiz.pdf", pdf, Org); !d.Scanned {
		t.Error("scanned, but not said so")
	}
	_, err := b.Receive(t.Context(), b.editor, "kirli.pdf", bytes.NewReader(append(pdf, "EICAR"...)))
	wantCode(t, err, apperr.Invalid, "files.infected")
	b.options.Clamd = fakeClamd(t, "INSTREAM size limit exceeded. ERROR")
	_, err = b.Receive(t.Context(), b.editor, "büyük.pdf", bytes.NewReader(append(pdf, "2"...)))
	wantCode(t, err, apperr.Unavailable, "files.scan_unavailable")
	b.options.Clamd = "tcp://127.0.0.1:1"
	_, err = b.Receive(t.Context(), b.editor, "sırada.pdf", bytes.NewReader(append(pdf, "3"...)))
	wantCode(t, err, apperr.Unavailable, "files.scan_unavailable")
}

// fakeClamd answers INSTREAM as clamd does, or with one answer always.
func fakeClamd(t *testing.T, always string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			content := readStream(conn)
			answer := "stream: OK"
			if bytes.Contains(content, []byte("EICAR")) {
				answer = "stream: Eicar-Signature FOUND"
			}
			if always != "" {
				answer = always
			}
			_, _ = io.WriteString(conn, answer+"\x00")
			_ = conn.Close()
		}
	}()
	return "tcp://" + listener.Addr().String()
}

func readStream(r io.Reader) (content []byte) {
	_, _ = io.ReadFull(r, make([]byte, len("zINSTREAM\x00")))
	for {
		var size uint32
		if err := binary.Read(r, binary.BigEndian, &size); err != nil || size == 0 {
			return content
		}
		chunk := make([]byte, size)
		_, _ = io.ReadFull(r, chunk)
		content = append(content, chunk...)
	}
}
