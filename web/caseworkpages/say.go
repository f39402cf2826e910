package caseworkpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// sayForm is a message to the municipality, or a note among staff.
type sayForm struct {
	Body    string `form:"body"`
	Kind    string `form:"kind"` // "outward" or "internal"
	Once    string `form:"once"`
	Reply   string `form:"reply"`      // the template to begin with
	Lang    string `form:"reply_lang"` // the language that it is wanted in
	Fill    bool   `form:"fill"`       // put it into the text, and send nothing
	Uploads []string
	Refused error         // why they cannot go as they are
	Kept    ui.Checkboxes // the same, to choose from
}

const outward = "outward"

func (h *Handler) say(w http.ResponseWriter, r *http.Request) error {
	files, err := formpages.Enclose(w, r, h.documents, "files_upload", messages.MaxFiles)
	if err != nil {
		return err
	}
	var form sayForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	form.Uploads, form.Refused = files.Uploads, files.Refused
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	side, what := messages.Note, "noted"
	if form.Kind == outward {
		side, what = messages.Out, "told"
	}
	switch {
	case form.Fill:
		return h.fillSay(w, r, form)
	case files.Refused != nil:
		return h.sayAgain(w, r, form, files.Refused)
	}
	if side == messages.Out && len(replies.Unfilled(form.Body)) > 0 {
		return h.fillTyped(w, r, form)
	}
	if err := h.requests.Say(r.Context(), page.Actor(r), publicID, side, form.Body, files.Uploads...); err != nil {
		return h.sayAgain(w, r, form, err)
	}
	return done(w, r, publicID, what)
}

// sayAgain shows what was written once more, with what is wrong; nothing of it is lost.
func (h *Handler) sayAgain(w http.ResponseWriter, r *http.Request, form sayForm, err error) error {
	faults, wrong := page.FaultsOf(r, err)
	if !wrong {
		return err
	}
	if message := faults[""]; message != "" {
		faults = page.Faults{"files": message}
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	v.Faults, v.Say = faults, h.kept(r, form)
	return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
}

// kept shows the files of a message again.
func (h *Handler) kept(r *http.Request, form sayForm) sayForm {
	form.Kept = formpages.KeptFiles(r, h.documents, "files_upload", form.Uploads)
	return form
}

// sayBox is where staff write about the case.
func (v caseView) sayBox(ctx context.Context) ui.SayBox {
	files := v.filesField(ctx)
	files.ID = "say-files"
	return ui.SayBox{ID: "say", Action: page.OnceAt(v.path(ctx, "/say")), Key: v.path(ctx, "/say"), Value: v.Say.Body, Error: v.Faults["body"], Outward: v.Say.Kind == outward,
		Fields: map[string]string{"in": v.In}, Before: sayBefore(v), FilesOpen: len(v.Say.Uploads) > 0,
		Files: &files}
}

// filesField takes the files of a message.
func (v caseView) filesField(ctx context.Context) ui.FileField {
	hint := locale.T(ctx, "requests.files_hint", "Count", messages.MaxFiles, "Size", locale.Size(ctx, v.Max))
	return ui.FileField{Name: "files", Label: locale.T(ctx, "requests.files"), Hint: hint, Error: v.Faults["files"], Multiple: true, Optional: true,
		Accept: documents.Accept, Tus: ui.Path(ctx, "/desk/uploads"), MaxBytes: v.Max, Most: messages.MaxFiles}
}
