// Package requestpages is what a municipality sees and does with its requests: what waits for
// it, its drafts, the approver's one screen, and each case until its end.
package requestpages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages below /{lang}/m/{org}.
type Handler struct {
	requests  *requests.Service
	documents *documents.Service
	db        postgres.DB
	now       func() time.Time
	form      *formpages.Form

	// Lacks says what the profile of the actor's municipality lacks; nil: nothing. org is its
	// public identifier.
	Lacks func(ctx context.Context, actor identity.Actor, org string) (*Fill, error)

	// Circulars are those that wait for the actor's organisation; nil: nothing is known of any.
	Circulars func(ctx context.Context, actor identity.Actor, org string) (cards.Circulars, error)

	// Supports are what was granted on a request; nil: nothing is known of supports.
	Supports func(ctx context.Context, actor identity.Actor, c requests.Case) (cards.Supports, error)
}

// New makes the handler.
func New(service *requests.Service, files *documents.Service, db postgres.DB, now func() time.Time) *Handler {
	return &Handler{requests: service, documents: files, db: db, now: now, form: newForm(service, files)}
}

// Find tells the form how municipalities are found by name.
func (h *Handler) Find(cities formpages.Cities) { h.form.Cities = cities }

// Member mounts the pages below /{lang}/m/{org}.
func (h *Handler) Member(r chi.Router) {
	get := func(path string, f page.Handler) { r.Method(http.MethodGet, path, f) }
	post := func(path string, f page.Handler) { r.Method(http.MethodPost, path, f) }
	get("/", h.home)
	get("/requests", h.list)
	get("/requests/new", h.services)
	get("/services", h.services)
	get("/services/{slug}", h.start)
	post("/requests", h.begin)
	r.Route("/requests/{request}/form", h.form.Routes)
	get("/requests/{request}", h.show)
	get("/requests/{request}/approve", h.approval)
	get("/requests/{request}/sent", h.sent)
	get("/requests/{request}/withdraw", h.leaving)
	post("/requests/{request}/ask", h.ask)
	post("/requests/{request}/send", h.send)
	post("/requests/{request}/recall", h.recall)
	post("/requests/{request}/remind", h.remind)
	post("/requests/{request}/return", h.giveBack)
	post("/requests/{request}/withdraw", h.withdraw)
	post("/requests/{request}/answer", h.answer)
	post("/requests/{request}/write", h.write)
	post("/requests/{request}/feedback", h.rate)
	get("/requests/{request}/files/{document}", h.showFile)
	post("/requests/{request}/files/{document}", h.replaceFile)
}

// step is an act on a request: which one, and where the reader saw it stand.
type step struct {
	id  string
	seq int
}

// stepOf reads what an act is about; one that says nowhere where it stands has been overtaken.
// Errors: not found.
func stepOf(r *http.Request) (step, error) {
	id, err := page.PublicID(r, "request")
	if err != nil {
		return step{}, err
	}
	seq, err := strconv.Atoi(r.PostFormValue("seq"))
	if err != nil {
		seq = -1
	}
	return step{id, seq}, nil
}

// below is an address below a request, without the language.
func below(r *http.Request, id, rest string) string {
	return "/m/" + chi.URLParam(r, "org") + "/requests/" + id + rest
}

// done leads back to the request, and says there what was done.
func done(w http.ResponseWriter, r *http.Request, id, what string) error {
	return page.Redirect(w, r, "%s", below(r, id, "?done="+what))
}
