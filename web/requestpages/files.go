package requestpages

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// showFile shows what a file of the request has been.
func (h *Handler) showFile(w http.ResponseWriter, r *http.Request) error {
	return h.fileHistory(w, r, http.StatusOK, nil)
}

func (h *Handler) fileHistory(w http.ResponseWriter, r *http.Request, status int, refused error) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	ctx, org := r.Context(), "/m/"+chi.URLParam(r, "org")
	history, err := h.requests.FileHistory(ctx, page.Actor(r), id, chi.URLParam(r, "document"))
	if err != nil {
		return err
	}
	v := cards.FileHistory{FileHistory: history, Back: ui.Path(ctx, below(r, id, "")), File: ui.Path(ctx, org+"/files/"+history.Document.PublicID),
		Uploads: ui.Path(ctx, org+"/uploads"), MaxBytes: h.documents.MaxBytes()}
	if refused != nil {
		v.Refused = page.Message(r, refused)
	}
	return page.Show(w, r, status, filePage(v, org))
}

// replaceFile brings the next version of one of the municipality's own files.
func (h *Handler) replaceFile(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	text, err := h.saidFile(w, r)
	if err == nil {
		err = h.requests.ReplaceFile(r.Context(), page.Actor(r), id, chi.URLParam(r, "document"), text)
	}
	if err == nil {
		return done(w, r, id, "replaced")
	}
	if status := page.Status(err); status == http.StatusConflict || status == http.StatusUnprocessableEntity {
		return h.fileHistory(w, r, status, err)
	}
	return err
}

// saidFile takes the one file of a form. Errors: invalid (none, or one that cannot be taken).
func (h *Handler) saidFile(w http.ResponseWriter, r *http.Request) (string, error) {
	files, err := formpages.Enclose(w, r, h.documents, "file_upload", 1)
	switch {
	case err != nil:
		return "", err
	case files.Refused != nil:
		return "", files.Refused
	case len(files.Uploads) == 0:
		return "", apperr.New(apperr.Invalid, "casefile.choose_file")
	}
	return files.Uploads[0], nil
}
