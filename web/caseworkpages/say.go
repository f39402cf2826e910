package caseworkpages

import (
	"context"
	"net/http"
	"strings"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/replies"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxFiles is how many files one message carries.
const maxFiles = 5

// sayForm is a message to the municipality, or a note among staff.
type sayForm struct {
	Body    string `form:"body"`
	Kind    string `form:"kind"` // "outward" or "internal"
	Once    string `form:"once"`
	Reply   string `form:"reply"`      // the template to begin with
	Lang    string `form:"reply_lang"` // the language that it is wanted in
	Fill    bool   `form:"fill"`       // put it into the text, and send nothing
	Uploads []string
}

const outward = "outward"

func (h *Handler) say(w http.ResponseWriter, r *http.Request) error {
	uploads, refused := h.uploads(w, r, "files_upload", maxFiles)
	var form sayForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	form.Uploads = uploads
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	side, what := messages.Note, "noted"
	if form.Kind == outward {
		side, what = messages.Out, "told"
	}
	switch {
	case refused != nil:
		return h.sayAgain(w, r, form, refused)
	case form.Fill:
		return h.fillSay(w, r, form)
	}
	if left := replies.Unfilled(form.Body); side == messages.Out && len(left) > 0 {
		return h.sayAgain(w, r, form, apperr.New(apperr.Invalid, "replies.unfilled", "Names", strings.Join(left, ", ")))
	}
	if err := h.requests.Say(r.Context(), page.Actor(r), publicID, side, form.Body, uploads...); err != nil {
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
		field := "files"
		if len(replies.Unfilled(form.Body)) > 0 {
			field = "body"
		}
		faults = page.Faults{field: message}
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	v.Faults, v.Say = faults, form
	return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
}

// sayBox is where staff write about the case.
func (v caseView) sayBox(ctx context.Context) ui.SayBox {
	files := v.filesField(ctx, len(v.Say.Uploads))
	files.ID = "say-files"
	return ui.SayBox{ID: "say", Action: v.path(ctx, "/say"), Value: v.Say.Body, Error: v.Faults["body"], Outward: v.Say.Kind == outward,
		Fields: map[string]string{"in": v.In}, Before: sayBefore(v), FilesOpen: len(v.Say.Uploads) > 0,
		Files: &files}
}

// filesField takes the files of a message; some may be here already.
func (v caseView) filesField(ctx context.Context, here int) ui.FileField {
	hint := locale.T(ctx, "requests.files_hint", "Count", maxFiles, "Size", locale.Size(ctx, v.Max))
	if here > 0 {
		hint = locale.T(ctx, "requests.files_kept", "Count", here) + " " + hint
	}
	return ui.FileField{Name: "files", Label: locale.T(ctx, "requests.files"), Hint: hint, Error: v.Faults["files"], Multiple: true, Optional: true,
		Accept: documents.Accept, Tus: ui.Path(ctx, "/desk/uploads"), MaxBytes: v.Max}
}
