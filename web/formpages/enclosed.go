package formpages

import (
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Enclosed are the files that came with a posted message.
type Enclosed struct {
	Uploads []string // those that could be taken, those that were here before first
	Refused error    // why the message cannot go as it is; nil: it can
}

// Enclose reads a form with files: those that travel with it, and under here the uploads that
// came before. A message carries at most some files; one with more is refused whole rather
// than sent with a part of them, and what was taken stays for the corrected form.
// Errors: those of the store itself; what is wrong with a file Refused tells.
func Enclose(w http.ResponseWriter, r *http.Request, store *documents.Service, here string, most int) (Enclosed, error) {
	var out Enclosed
	var bad []string // a file and why it was not taken
	err := page.ReadFiles(w, r, int64(most)*store.MaxBytes()+maxText, func(_, name string, content io.Reader) error {
		if len(out.Uploads) >= 2*most { // so many are kept to choose from
			bad = append(bad, left(r, name, apperr.New(apperr.Invalid, "files.most", "Most", most)))
			return nil
		}
		upload, err := store.Receive(r.Context(), page.Actor(r), name, content)
		if apperr.Is(err, apperr.Invalid) || apperr.Is(err, apperr.TooMany) || apperr.Is(err, apperr.Unavailable) {
			bad = append(bad, left(r, name, err))
			return nil
		}
		out.Uploads = append(out.Uploads, upload)
		return err
	})
	if err != nil && !apperr.Is(err, apperr.Invalid) {
		return out, err
	}
	out.Uploads = slices.Concat(r.PostForm[here], out.Uploads)
	out.Refused = refusal(err, bad, len(out.Uploads), most)
	return out, nil
}

// left says which file was not taken, and why.
func left(r *http.Request, name string, why error) string {
	return documents.CleanName(name) + ": " + page.Message(r, why)
}

// refusal is why a message with these files cannot go.
func refusal(whole error, bad []string, count, most int) error {
	switch {
	case whole != nil:
		return apperr.Wrap(whole, apperr.Invalid, "files.not_whole")
	case len(bad) > 0:
		return apperr.New(apperr.Invalid, "files.not_taken", "Files", strings.Join(bad, " "))
	case count > most:
		return apperr.New(apperr.Invalid, "files.most", "Most", most)
	}
	return nil
}

// KeptFiles are the uploads of a message that is shown again, each to be kept or left out.
// What is not there any more is left out.
func KeptFiles(r *http.Request, store *documents.Service, name string, uploads []string) ui.Checkboxes {
	box := ui.Checkboxes{ID: "kept", Name: name, Values: uploads, Hint: locale.T(r.Context(), "files.kept_hint")}
	for _, id := range uploads[:min(len(uploads), 4*messages.MaxFiles)] {
		if u, err := store.Upload(r.Context(), page.Actor(r), id); err == nil {
			box.Choices = append(box.Choices, ui.Choice{Value: id, Label: u.Name, Hint: locale.Size(r.Context(), u.Size)})
		}
	}
	box.Label = locale.T(r.Context(), "requests.files_kept", "Count", len(box.Choices))
	return box
}
