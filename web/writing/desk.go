package writing

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Texts are the use cases of writing, which an area's service offers.
type Texts interface {
	// Work reads one language for its editor. Errors: sign_in, forbidden, not found.
	Work(ctx context.Context, actor identity.Actor, publicID, lang string) (translations.Work, error)
	// SaveText stores a new draft. Errors: forbidden, not found, invalid by field, conflict.
	SaveText(ctx context.Context, actor identity.Actor, publicID string, in translations.In) (translations.Status, error)
	// PublishText shows the newest text. Errors: forbidden, not found, conflict.
	PublishText(ctx context.Context, actor identity.Actor, publicID, lang string, version int) error
	// ScheduleText lets it go live at a time; the zero time calls that off. Errors: and invalid.
	ScheduleText(ctx context.Context, actor identity.Actor, publicID, lang string, version int, at time.Time) error
	// UnpublishText takes a language down. Errors: forbidden, not found, conflict.
	UnpublishText(ctx context.Context, actor identity.Actor, publicID, lang string) error
}

// Desk is the editor of one area's records.
type Desk struct {
	Texts   Texts
	Base    string // below the language: "/desk/events"; a record's own page is Base/{id}
	Publish identity.Permission
	// Covers keep the records' pictures; nil: records of the area have none. Edit runs a
	// change of a cover on the locked record.
	Covers *Covers
	Edit   func(ctx context.Context, actor identity.Actor, publicID string, fn Change) error
	// Preview draws the page as readers will see it; nil: title, summary and body.
	Preview func(ctx context.Context, actor identity.Actor, w translations.Work) (templ.Component, error)
	Zone    *time.Location // the union's, for schedules
	// Letter makes the texts those of letters: a subject line and a body, which are sent and
	// never published. Places explains what a text may leave open.
	Letter bool
	Places templ.Component
}

// Routes mounts the editor below /{lang}/desk; base is where the area's records stand there:
// "/events". It adds /events/{record}/texts/{tongue} and what belongs to it.
func (d Desk) Routes(r chi.Router, base string) {
	at := base + "/{record}/texts/{tongue}"
	r.Method(http.MethodGet, at, page.Handler(d.show))
	r.Method(http.MethodPost, at, page.Handler(d.save))
	if d.Letter {
		return
	}
	r.Method(http.MethodGet, at+"/preview", page.Handler(d.preview))
	r.Method(http.MethodPost, at+"/publish", page.Handler(d.publish))
	r.Method(http.MethodPost, at+"/schedule", page.Handler(d.schedule))
	r.Method(http.MethodPost, at+"/down", page.Handler(d.takeDown))
	if d.Covers != nil {
		r.Method(http.MethodPost, at+"/cover", page.Handler(d.saveCover))
	}
}

var tongue = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// target is the record and the language of the address. Errors: not found.
func target(r *http.Request) (publicID, lang string, err error) {
	lang = chi.URLParam(r, "tongue")
	if !tongue.MatchString(lang) || len(lang) > 20 {
		return "", "", apperr.New(apperr.NotFound, "error.not_found")
	}
	publicID, err = page.PublicID(r, "record")
	return publicID, lang, err
}

// read fills in what every page of the editor shows.
func (d Desk) read(r *http.Request) (editView, error) {
	v := editView{Base: d.Base, HasCover: d.Covers != nil, May: page.Actor(r).Can(d.Publish), Done: doneWords(r.URL.Query().Get("done")), Letter: d.Letter, Places: d.Places}
	publicID, lang, err := target(r)
	if err != nil {
		return v, err
	}
	ctx, actor := r.Context(), page.Actor(r)
	if v.Work, err = d.Texts.Work(ctx, actor, publicID, lang); err != nil {
		return v, err
	}
	if d.Covers != nil {
		v.MaxBytes = d.Covers.Documents.MaxBytes()
		if v.Cover, err = d.Covers.cover(ctx, actor, v.Work.Ref); err != nil {
			return v, err
		}
	}
	v.fill(d.Zone)
	return v, nil
}

func (d Desk) show(w http.ResponseWriter, r *http.Request) error {
	v, err := d.read(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, editPage(v))
}

func (d Desk) preview(w http.ResponseWriter, r *http.Request) error {
	v, err := d.read(r)
	if err != nil {
		return err
	}
	if v.Work.Now.Version == 0 {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	content := plainPreview(v.Work)
	if d.Preview != nil {
		if content, err = d.Preview(r.Context(), page.Actor(r), v.Work); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, previewPage(v, content))
}

// doneWords is the message that tells what the post before this page did; "" for none.
func doneWords(done string) string {
	switch done {
	case "saved", "published", "scheduled", "unscheduled", "down":
		return "writing.done." + done
	}
	return ""
}

// path is the editor's page of a language.
func (v editView) path(ctx context.Context, lang string) string {
	return ui.Path(ctx, v.Base+"/"+v.Work.PublicID+"/texts/"+lang)
}
