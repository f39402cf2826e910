package writing

import (
	"context"
	"io"
	"net/http"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// coverSort is what a record's picture is kept as.
const coverSort = "cover"

// Change is an act on a locked record inside its transaction.
type Change = func(tx pgx.Tx, ref subject.Ref) error

// Covers are the pictures of records: at most one each. A cover is public from the start:
// its address cannot be guessed, and nothing links to it before its record is published.
type Covers struct {
	DB        postgres.DB
	Documents *documents.Service
}

// OfMany finds the covers of records, as addresses without the language.
func (c Covers) OfMany(ctx context.Context, actor identity.Actor, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	if len(ids) == 0 || c.DB == nil {
		return out, nil
	}
	err := c.DB.Read(ctx, actor, func(q postgres.Querier) error {
		found, err := documents.OfMany(ctx, q, ids, coverSort)
		for id, list := range found {
			if len(list) > 0 {
				out[id] = "/files/" + list[0].PublicID + "?size=web"
			}
		}
		return err
	})
	return out, err
}

// cover is the record's picture as the editor shows it; nil where it has none.
func (c Covers) cover(ctx context.Context, actor identity.Actor, ref subject.Ref) (*documents.Document, error) {
	var out *documents.Document
	err := c.DB.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := documents.Of(ctx, q, ref, coverSort)
		if len(list) > 0 {
			out = &list[0]
		}
		return err
	})
	return out, err
}

// set makes an upload the record's cover, in the place of the one before.
func (c Covers) set(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, upload string) error {
	if err := c.drop(ctx, tx, actor, ref); err != nil || upload == "" {
		return err
	}
	_, err := documents.Attach(ctx, tx, actor, ref, upload, coverSort, documents.Public)
	return err
}

func (c Covers) drop(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref) error {
	list, err := documents.Of(ctx, tx, ref, coverSort)
	for _, d := range list {
		if err := documents.Remove(ctx, tx, actor, ref, d.PublicID); err != nil {
			return err
		}
	}
	return err
}

// saveCover takes a picture, or removes the one that is there.
func (d Desk) saveCover(w http.ResponseWriter, r *http.Request) error {
	publicID, lang, err := target(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), page.Actor(r)
	upload, refused := "", error(nil)
	err = page.ReadFiles(w, r, d.Covers.Documents.MaxBytes()+1<<20, func(_, name string, content io.Reader) error {
		upload, refused = d.Covers.Documents.Receive(ctx, actor, name, content)
		return nil
	})
	if err == nil && refused == nil {
		if sent := r.PostFormValue("cover_upload"); sent != "" {
			upload = sent
		}
		removed := r.PostFormValue("remove") != ""
		if upload == "" && !removed {
			return d.back(w, r, publicID, lang, "saved")
		}
		refused = d.Edit(ctx, actor, publicID, func(tx pgx.Tx, ref subject.Ref) error {
			return d.Covers.set(ctx, tx, actor, ref, upload)
		})
	}
	if err != nil {
		return err
	}
	if faults, ok := page.FaultsOf(r, refused); ok {
		return d.coverRefused(w, r, faults)
	}
	if refused != nil {
		return refused
	}
	return d.back(w, r, publicID, lang, "saved")
}

// coverRefused says why a picture was not taken.
func (d Desk) coverRefused(w http.ResponseWriter, r *http.Request, faults page.Faults) error {
	v, err := d.read(r)
	if err != nil {
		return err
	}
	words := faults[""]
	for _, message := range faults {
		words = message
	}
	v.Faults = page.Faults{"cover": words}
	return page.Show(w, r, http.StatusUnprocessableEntity, editPage(v))
}

// coverField is the field of the editor that takes a picture.
func (v editView) coverField(ctx context.Context) ui.FileField {
	f := ui.FileField{Name: "cover", Label: locale.T(ctx, "writing.cover"), Hint: locale.T(ctx, "writing.cover_hint"), Accept: documents.AcceptPictures,
		Tus: ui.Path(ctx, "/desk/uploads"), MaxBytes: v.MaxBytes, Error: v.Faults["cover"], Optional: true}
	if v.Cover != nil {
		f.Files = []ui.File{{ID: v.Cover.PublicID, Name: v.Cover.Name, Href: ui.Path(ctx, "/files/"+v.Cover.PublicID+"?size=web")}}
	}
	return f
}
