package filepages

import (
	"cmp"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/web/page"
)

// How long a public file may be kept by others: what is taken back is gone soon.
const publicCache = "public, max-age=300"

// slowest is the line that a file is still given out on, in bytes a second.
const slowest = 8 << 10

// public gives out what everybody may read; a session that the reader may have is not
// looked at.
func (h *Handler) public(w http.ResponseWriter, r *http.Request) error {
	f, err := h.open(r, identity.Anyone())
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Cache-Control", publicCache)
	return send(w, r, f)
}

// private gives out what the record's right allows the person.
func (h *Handler) private(w http.ResponseWriter, r *http.Request) error {
	f, err := h.open(r, page.Actor(r))
	if err != nil {
		return err
	}
	defer f.Close()
	return send(w, r, f)
}

func (h *Handler) open(r *http.Request, actor identity.Actor) (*documents.File, error) {
	size := documents.Purpose(r.URL.Query().Get("size"))
	if size != "" && size != documents.Web && size != documents.Thumb {
		return nil, apperr.New(apperr.NotFound, "files.not_found")
	}
	version, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("version"), "0"))
	if err != nil || version < 0 || version > 1<<30 {
		return nil, apperr.New(apperr.NotFound, "files.not_found")
	}
	return h.documents.OpenVersion(r.Context(), actor, chi.URLParam(r, "document"), version, size)
}

// send writes the bytes, or the part of them that is asked for. Only pictures that the
// portal has drawn itself may stand in a page; everything else is saved, and if a browser
// opens it all the same, it may neither run nor load anything.
func send(w http.ResponseWriter, r *http.Request, f *documents.File) error {
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", `"`+f.Digest+`"`)
	h.Set("Content-Disposition", disposition(f))
	allowed := time.Duration(f.Size/slowest+60) * time.Second
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(allowed)) // without it the server's own limit holds
	http.ServeContent(w, r, "", f.At, f)
	return nil
}

// disposition names the file (RFC 6266).
func disposition(f *documents.File) string {
	kind, name := "attachment", f.Name
	if f.Drawn {
		kind = "inline"
		name = strings.TrimSuffix(name, documents.Ending(name)) + strings.Replace(f.Type, "image/", ".", 1)
	}
	if value := mime.FormatMediaType(kind, map[string]string{"filename": name}); value != "" {
		return value
	}
	return kind
}
