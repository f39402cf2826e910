package documents

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

// testBundle is a service on a folder, and two cities.
type testBundle struct {
	*Service
	db               *pgtest.Tx
	folder           *blob.Folder
	dir              string // of the folder
	editor, stranger identity.Actor
	desk             identity.Actor
	ours, theirs     subject.Ref
}

func setup(t *testing.T) *testBundle {
	t.Helper()
	b := &testBundle{db: pgtest.DB(t), dir: t.TempDir()}
	folder, err := blob.OpenFolder(b.dir)
	if err != nil {
		t.Fatal(err)
	}
	b.folder = folder
	b.Service = New(b.db, folder, Options{MaxBytes: 4 << 20, Spool: t.TempDir()})
	our, their := pgtest.Org(t, b.db, "Şuşa"), pgtest.Org(t, b.db, "Çanakkale")
	b.editor = pgtest.MemberActor(t, b.db, our, identity.MemberEditor)
	b.stranger = pgtest.MemberActor(t, b.db, their, identity.MemberEditor)
	b.desk = pgtest.StaffActor(t, b.db, identity.DeskOfficer)
	b.ours, b.theirs = b.record(t, our), b.record(t, their)
	b.Rights[subject.Request] = func(_ context.Context, actor identity.Actor, d Document) error {
		return actor.MayFor(identity.ReadOwnRequests, d.OrgID)
	}
	return b
}

// record makes a subject of an organisation; documents ask for no more.
func (b *testBundle) record(t *testing.T, orgID int64) subject.Ref {
	t.Helper()
	ref := subject.Ref{Kind: subject.Request}
	err := b.db.QueryRow(t.Context(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`,
		orgID, subject.NewPublicID()).Scan(&ref.ID)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// receive brings a file that is taken.
func (b *testBundle) receive(t *testing.T, actor identity.Actor, name string, content []byte) string {
	t.Helper()
	upload, err := b.Receive(t.Context(), actor, name, bytes.NewReader(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return upload
}

// attach brings a file and attaches it.
func (b *testBundle) attach(t *testing.T, actor identity.Actor, ref subject.Ref, name string, content []byte, audience Audience) Document {
	t.Helper()
	d, err := b.tryAttach(t, actor, ref, b.receive(t, actor, name, content), audience)
	if err != nil {
		t.Fatalf("attach %s: %v", name, err)
	}
	return d
}

func (b *testBundle) tryAttach(t *testing.T, actor identity.Actor, ref subject.Ref, upload string, audience Audience) (d Document, err error) {
	t.Helper()
	err = b.db.InTx(t.Context(), actor, func(tx pgx.Tx) error {
		d, err = Attach(t.Context(), tx, actor, ref, upload, "feasibility", audience)
		return err
	})
	return d, err
}

func (b *testBundle) of(t *testing.T, actor identity.Actor, ref subject.Ref) (list []Document) {
	t.Helper()
	err := b.db.Read(t.Context(), actor, func(q postgres.Querier) (err error) {
		list, err = Of(t.Context(), q, ref)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func wantCode(t *testing.T, err error, code apperr.Code, key string) {
	t.Helper()
	if !apperr.Is(err, code) || key != "" && !strings.Contains(err.Error(), key) {
		t.Errorf("got %v, want %s %s", err, code, key)
	}
}

var pdf = []byte("%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")

// photo is a JPEG of w × h, red on the left and blue on the right.
func photo(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x > w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAttachConsumesTheActorsOwnUploadOnce(t *testing.T) {
	b := setup(t)
	upload := b.receive(t, b.editor, "fizibilite raporu.pdf", pdf)

	_, err := b.tryAttach(t, b.stranger, b.theirs, upload, Org)
	wantCode(t, err, apperr.Invalid, "files.upload_gone")
	_, err = b.tryAttach(t, b.editor, b.theirs, upload, Org)
	wantCode(t, err, apperr.NotFound, "")

	d, err := b.tryAttach(t, b.editor, b.ours, upload, Org)
	if err != nil || d.Name != "fizibilite raporu.pdf" || d.MIME != "application/pdf" || d.Size != int64(len(pdf)) || d.Version != 1 || d.Scanned {
		t.Fatalf("got %+v, %v", d, err)
	}
	again, err := b.tryAttach(t, b.editor, b.ours, upload, Org)
	if err != nil || again.PublicID != d.PublicID {
		t.Errorf("the same form sent twice: %+v, %v", again, err)
	}
	_, err = b.tryAttach(t, b.editor, b.record(t, b.editor.OrgID), upload, Org)
	wantCode(t, err, apperr.Invalid, "files.upload_used")
	if list := b.of(t, b.editor, b.ours); len(list) != 1 {
		t.Errorf("the record has %d documents", len(list))
	}
	if list := b.of(t, b.stranger, b.ours); len(list) != 0 {
		t.Error("another organisation sees the document")
	}
}

func TestAFileIsOpenedThroughItsOwnRecordOnly(t *testing.T) {
	b := setup(t)
	d := b.attach(t, b.editor, b.ours, "plan.pdf", pdf, Org)
	secret := b.attach(t, b.desk, b.ours, "görüş.pdf", append(pdf, "staff"...), Staff)
	b.attach(t, b.stranger, b.theirs, "ayni.pdf", pdf, Org) // the same content: their right is not ours

	for name, c := range map[string]struct {
		actor identity.Actor
		id    string
		ok    bool
	}{
		"own":              {b.editor, d.PublicID, true},
		"foreign":          {b.stranger, d.PublicID, false},
		"visitor":          {identity.Anyone(), d.PublicID, false},
		"staff only":       {b.editor, secret.PublicID, false},
		"absent":           {b.editor, subject.NewPublicID(), false},
		"staff, no right":  {b.desk, d.PublicID, false},
		"hostile":          {b.editor, "' or 1=1 --", false},
		"foreign by staff": {b.stranger, secret.PublicID, false},
	} {
		f, err := b.Open(t.Context(), c.actor, c.id, "")
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if f != nil {
			_ = f.Close()
		}
	}
	delete(b.Rights, subject.Request)
	_, err := b.Open(t.Context(), b.editor, d.PublicID, "")
	wantCode(t, err, apperr.NotFound, "files.not_found")
}

func TestRemoveReplaceAndAudienceKeepToTheirRecord(t *testing.T) {
	b := setup(t)
	d := b.attach(t, b.editor, b.ours, "plan.pdf", pdf, Org)
	try := func(actor identity.Actor, fn func(tx pgx.Tx) error) error {
		return b.db.InTx(t.Context(), actor, fn)
	}
	other := b.record(t, b.editor.OrgID)
	wantCode(t, try(b.editor, func(tx pgx.Tx) error { return Remove(t.Context(), tx, b.editor, other, d.PublicID) }), apperr.NotFound, "")
	wantCode(t, try(b.stranger, func(tx pgx.Tx) error { return Remove(t.Context(), tx, b.stranger, b.ours, d.PublicID) }), apperr.NotFound, "")
	wantCode(t, try(b.stranger, func(tx pgx.Tx) error { return SetAudience(t.Context(), tx, b.stranger, b.ours, d.PublicID, Public) }), apperr.NotFound, "")

	upload := b.receive(t, b.editor, "plan 2.pdf", append(pdf, "two"...))
	err := try(b.editor, func(tx pgx.Tx) error {
		next, err := Replace(t.Context(), tx, b.editor, b.ours, d.PublicID, upload)
		if err == nil && (next.Version != 2 || next.Name != "plan 2.pdf" || next.PublicID != d.PublicID) {
			t.Errorf("replaced: %+v", next)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = try(b.editor, func(tx pgx.Tx) error { return Remove(t.Context(), tx, b.editor, b.ours, d.PublicID) })
	if err != nil || len(b.of(t, b.editor, b.ours)) != 0 {
		t.Errorf("remove: %v", err)
	}
	_, err = b.tryAttach(t, b.editor, b.ours, upload, Org)
	wantCode(t, err, apperr.Invalid, "files.upload_used")
	var acts int
	if err := b.db.QueryRow(t.Context(), `select count(*) from audit_entries where subject_id = $1 and action like 'document.%'`, b.ours.ID).Scan(&acts); err != nil || acts != 3 {
		t.Errorf("%d acts in the audit log, %v; want attach, replace, remove", acts, err)
	}
}

func TestPublicPicturesAreDrawnAnew(t *testing.T) {
	b := setup(t)
	d := b.attach(t, b.desk, b.ours, "açılış.jpg", withPlace(photo(t, 2000, 1000), 6), Public)
	if d.Width != 800 || d.Height != 1600 {
		t.Errorf("turned upright and fitted: %d × %d, want 800 × 1600", d.Width, d.Height)
	}
	for _, size := range []Purpose{"", Web, Thumb} {
		f, err := b.Open(t.Context(), identity.Anyone(), d.PublicID, size)
		if err != nil {
			t.Fatalf("%q: %v", size, err)
		}
		var content bytes.Buffer
		_, _ = content.ReadFrom(f)
		_ = f.Close()
		if !f.Drawn || f.Type != "image/jpeg" || bytes.Contains(content.Bytes(), []byte("Exif")) {
			t.Errorf("%q: a visitor got %s, drawn %v, with EXIF %v", size, f.Type, f.Drawn, bytes.Contains(content.Bytes(), []byte("Exif")))
		}
		picture, err := jpeg.Decode(&content)
		if err != nil {
			t.Fatal(err)
		}
		top, bottom := picture.At(picture.Bounds().Dx()/2, 10), picture.At(picture.Bounds().Dx()/2, picture.Bounds().Dy()-10)
		if r, _, blue, _ := top.RGBA(); r < blue {
			t.Errorf("%q: red should be above after turning", size)
		}
		if r, _, blue, _ := bottom.RGBA(); r > blue {
			t.Errorf("%q: blue should be below after turning", size)
		}
	}
	empty := append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 200)...)
	_, err := b.Receive(t.Context(), b.desk, "IMG_0.heic", bytes.NewReader(empty))
	wantCode(t, err, apperr.Invalid, "files.broken")
	heic := append(empty[:24:24], "\x00\x00\x00\x0cmeta\x00\x00\x00\x00\x00\x00\x00\x20mdat"...)
	heic = append(heic, make([]byte, 24)...)
	_, err = b.tryAttach(t, b.desk, b.ours, b.receive(t, b.desk, "IMG_1.heic", heic), Public)
	wantCode(t, err, apperr.Invalid, "files.not_public")
}

// withPlace puts an EXIF segment that says how the camera was held into a JPEG.
func withPlace(picture []byte, orientation byte) []byte {
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00")
	exif = append(exif, orientation, 0, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "GPS 40.7 N 46.7 E"...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), picture[2:]...)
}
