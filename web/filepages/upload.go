package filepages

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-chi/chi/v5/middleware"
	tus "github.com/tus/tusd/v2/pkg/handler"
	tuslog "golang.org/x/exp/slog"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

func (h *Handler) begin(w http.ResponseWriter, r *http.Request) {
	h.speak(w, r, r.URL.Path, (*tus.UnroutedHandler).PostFile)
}

func (h *Handler) state(w http.ResponseWriter, r *http.Request) {
	h.speak(w, r, parent(r.URL.Path), (*tus.UnroutedHandler).HeadFile)
}

func (h *Handler) part(w http.ResponseWriter, r *http.Request) {
	h.speak(w, r, parent(r.URL.Path), (*tus.UnroutedHandler).PatchFile)
}

func (h *Handler) cancel(w http.ResponseWriter, r *http.Request) {
	h.speak(w, r, parent(r.URL.Path), (*tus.UnroutedHandler).DelFile)
}

func parent(path string) string { return path[:strings.LastIndexByte(path, '/')] }

// silent is the log of the protocol's library: ours tells of every request already.
var silent = tuslog.New(tuslog.NewTextHandler(io.Discard, nil))

// speak answers in the tus protocol. The library's handler is made for each request, because
// it belongs to one person acting for one organisation, and speaks the reader's language.
func (h *Handler) speak(w http.ResponseWriter, r *http.Request, base string, verb func(*tus.UnroutedHandler, http.ResponseWriter, *http.Request)) {
	composer := tus.NewStoreComposer()
	files := &store{documents: h.documents, actor: page.Actor(r), request: r, header: w.Header()}
	composer.UseCore(files)
	composer.UseTerminater(files)
	protocol, err := tus.NewUnroutedHandler(tus.Config{StoreComposer: composer, BasePath: base, Logger: silent,
		Cors: &tus.CorsConfig{Disable: true}, DisableDownload: true, DisableConcatenation: true})
	if err != nil {
		page.Fail(w, r, err)
		return
	}
	// The library reads an upload's name from the address below the one of all uploads.
	named := http.StripPrefix(base, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		verb(protocol, w, r)
	}))
	protocol.Middleware(named).ServeHTTP(&relative{w}, r)
}

// relative gives the address of a new upload without the host: a proxy in front may speak
// https and have another name.
type relative struct{ http.ResponseWriter }

func (w *relative) WriteHeader(status int) {
	if u, err := url.Parse(w.Header().Get("Location")); err == nil && u.Host != "" {
		w.Header().Set("Location", u.EscapedPath())
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets the library move the connection's time limits.
func (w *relative) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// store is the library's view of one person's uploads.
type store struct {
	documents *documents.Service
	actor     identity.Actor
	request   *http.Request
	header    http.Header // of the answer
}

// NewUpload implements tus.DataStore.
func (s *store) NewUpload(ctx context.Context, info tus.FileInfo) (tus.Upload, error) {
	u, err := s.documents.Begin(ctx, s.actor, info.MetaData["filename"], info.Size)
	return &upload{s, u}, s.explain(err)
}

// GetUpload implements tus.DataStore.
func (s *store) GetUpload(ctx context.Context, id string) (tus.Upload, error) {
	u, err := s.documents.Upload(ctx, s.actor, id)
	return &upload{s, u}, s.explain(err)
}

// AsTerminatableUpload implements tus.TerminaterDataStore.
func (s *store) AsTerminatableUpload(u tus.Upload) tus.TerminatableUpload { return u.(*upload) }

// explain turns a failure into an answer that the field shows as it is: a sentence in the
// reader's language.
func (s *store) explain(err error) error {
	if err == nil {
		return nil
	}
	status := page.Status(err)
	if status >= http.StatusInternalServerError {
		slog.ErrorContext(s.request.Context(), "upload failed", "request_id", middleware.GetReqID(s.request.Context()), "error", err)
	}
	code, _ := apperr.CodeOf(err)
	return tus.Error{ErrorCode: string(code), Message: err.Error(), HTTPResponse: tus.HTTPResponse{
		StatusCode: status, Body: page.Message(s.request, err),
		Header: tus.HTTPHeader{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}}}
}

// upload is the library's view of one upload.
type upload struct {
	*store
	documents.Upload
}

// WriteChunk implements tus.Upload.
func (u *upload) WriteChunk(ctx context.Context, offset int64, src io.Reader) (int64, error) {
	n, err := u.documents.Append(ctx, u.actor, u.ID, offset, src)
	return n, u.explain(err)
}

// GetInfo implements tus.Upload.
func (u *upload) GetInfo(context.Context) (tus.FileInfo, error) {
	return tus.FileInfo{ID: u.ID, Size: u.Size, Offset: u.Received, MetaData: tus.MetaData{"filename": u.Name}}, nil
}

// GetReader implements tus.Upload; uploads are never read by this way.
func (u *upload) GetReader(context.Context) (io.ReadCloser, error) { return nil, tus.ErrNotImplemented }

// FinishUpload implements tus.Upload.
func (u *upload) FinishUpload(ctx context.Context) error {
	done, err := u.documents.Finish(ctx, u.actor, u.ID)
	if err == nil && done.Remark != "" {
		u.header.Set("Upload-Remark", url.PathEscape(locale.T(u.request.Context(), done.Remark)))
	}
	return u.explain(err)
}

// Terminate implements tus.TerminatableUpload.
func (u *upload) Terminate(ctx context.Context) error {
	return u.explain(u.documents.Cancel(ctx, u.actor, u.ID))
}
