// Package mailinpages is where the union's staff look at letters that came by e-mail and
// found no case by themselves.
package mailinpages

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

const (
	deskPath  = "/desk/mail"
	casesPath = "/desk/requests"
)

// Handler answers the pages below /{lang}/desk/mail.
type Handler struct {
	mails *mailin.Service

	// Locators name the records that letters are about.
	Locators map[subject.Kind]subject.Locator
}

// New makes the handler.
func New(service *mailin.Service) *Handler { return &Handler{mails: service} }

// Desk mounts the pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Group(func(r chi.Router) {
		r.Use(page.Only(identity.HandleRequests))
		r.Method(http.MethodGet, "/mail", page.Handler(h.list))
		r.Method(http.MethodGet, "/mail/new", page.Handler(h.showBring))
		r.Method(http.MethodPost, "/mail/new", page.Handler(h.bring))
		r.Method(http.MethodGet, "/mail/{mail}", page.Handler(h.show))
		r.Method(http.MethodGet, "/mail/{mail}/letter.eml", page.Handler(h.whole))
		r.Method(http.MethodGet, "/mail/{mail}/add", page.Handler(h.showAdd))
		r.Method(http.MethodPost, "/mail/{mail}/add", page.Handler(h.add))
		r.Method(http.MethodPost, "/mail/{mail}/back", page.Handler(h.back))
		r.Method(http.MethodPost, "/mail/{mail}/drop", page.Handler(h.drop))
	})
}

// listView is the letters of a state.
type listView struct {
	State mailin.State
	Rows  []mailin.Mail
	Next  string // address of the older ones
	Done  string
}

// listRows is how many letters a page shows.
const listRows = 30

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{State: mailin.Held, Done: done(r)}
	if r.URL.Query().Get("state") == string(mailin.Dropped) {
		v.State = mailin.Dropped
	}
	var more bool
	var err error
	if v.Rows, more, err = h.mails.List(r.Context(), page.Actor(r), v.State, r.URL.Query().Get("after"), listRows); err != nil {
		return err
	}
	if more {
		v.Next = v.path(r.Context(), v.State) + "&after=" + v.Rows[len(v.Rows)-1].PublicID
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (v listView) path(ctx context.Context, s mailin.State) string {
	return ui.Path(ctx, deskPath) + "?state=" + string(s)
}

func (v listView) tabs(ctx context.Context) ui.Tabs {
	out := ui.Tabs{Label: locale.T(ctx, "mailin.views")}
	for _, s := range []mailin.State{mailin.Held, mailin.Dropped} {
		out.Items = append(out.Items, ui.Link{Label: locale.T(ctx, "mailin."+string(s)), Href: v.path(ctx, s), Current: s == v.State})
	}
	return out
}

// showView is one letter.
type showView struct {
	mailin.Mail
	Attached []mailin.File
	Place    subject.Place // of the record that it names
	Number   string        // of another record, as it was typed
	Named    string        // number that its subject names; empty: none
	Now      time.Time
	Faults   page.Faults
	Refused  string
	Done     string
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	v.Done, v.Named = done(r), numberIn(v.Title)
	v.Number = v.Named
	return page.Show(w, r, http.StatusOK, showPage(v))
}

func (h *Handler) read(r *http.Request) (v showView, err error) {
	publicID, err := page.PublicID(r, "mail")
	if err != nil {
		return v, err
	}
	v.Now = time.Now()
	if v.Mail, v.Attached, err = h.mails.Open(r.Context(), page.Actor(r), publicID); err != nil || v.RecordRef.Zero() {
		return v, err
	}
	if locate := h.Locators[v.RecordRef.Kind]; locate != nil {
		places, err := locate(r.Context(), string(page.Lang(r)), []int64{v.RecordRef.ID})
		if err != nil {
			return v, err
		}
		v.Place = places[v.RecordRef.ID]
	}
	return v, nil
}

// reference is a case's number inside a text.
var reference = regexp.MustCompile(`(?i)\bREQ[-– ]?20\d\d[-–/ ]?\d{1,6}\b`)

// numberIn is the number of a case that a letter's subject names; empty: none.
func numberIn(title string) string { return reference.FindString(title) }

// whole sends the letter as it came, to be opened by a mail program.
func (h *Handler) whole(w http.ResponseWriter, r *http.Request) error {
	publicID, err := page.PublicID(r, "mail")
	if err != nil {
		return err
	}
	raw, err := h.mails.Whole(r.Context(), page.Actor(r), publicID)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "message/rfc822")
	w.Header().Set("Content-Disposition", `attachment; filename="letter.eml"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(raw) // the reader may have gone
	return nil
}

func (h *Handler) drop(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	if err := h.mails.Drop(r.Context(), page.Actor(r), v.PublicID); err != nil {
		return h.again(w, r, v, err)
	}
	return page.Redirect(w, r, deskPath+"?done=dropped")
}

// again shows a letter with why something was not done.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, v showView, err error) error {
	if apperr.Is(err, apperr.Conflict) {
		v.Refused = page.Message(r, err)
		return page.Show(w, r, http.StatusConflict, showPage(v))
	}
	var ours bool
	if v.Faults, ours = page.FaultsOf(r, err); !ours {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, showPage(v))
}

// bringView is where staff bring a letter that they have as a file.
type bringView struct {
	Number string
	Faults page.Faults
}

func (h *Handler) showBring(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, bringPage(bringView{Number: page.Tidy(r.URL.Query().Get("case"))}))
}

func (h *Handler) bring(w http.ResponseWriter, r *http.Request) error {
	var raw []byte
	err := page.ReadFiles(w, r, mailin.MaxBytes+1<<20, func(_, _ string, content io.Reader) (err error) {
		if raw == nil {
			raw, err = io.ReadAll(io.LimitReader(content, mailin.MaxBytes+1))
		}
		return err
	})
	v := bringView{Number: page.Tidy(r.PostFormValue("number"))}
	if err == nil && len(raw) == 0 {
		err = apperr.Fields(map[string]string{"letter": "mailin.no_file"})
	}
	var m mailin.Mail
	var known bool
	if err == nil {
		m, known, err = h.mails.Bring(r.Context(), page.Actor(r), raw)
	}
	if err == nil {
		return h.brought(w, r, m, known, v.Number)
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours {
		return err
	}
	if message := faults[""]; message != "" {
		faults = page.Faults{"letter": message}
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, bringPage(v))
}

// brought leads on from a letter that is here now: to the look before it is added to the case
// that was named, or to the letter with what became of it.
func (h *Handler) brought(w http.ResponseWriter, r *http.Request, m mailin.Mail, known bool, number string) error {
	if number != "" && m.State != mailin.Added && m.Whole {
		return page.Redirect(w, r, deskPath+"/%s/add?number=%s", m.PublicID, url.QueryEscape(number))
	}
	did := "brought"
	switch {
	case known:
		did = "known"
	case m.State == mailin.Added:
		did = "placed"
	case m.State == mailin.Dropped:
		did = "aside"
	}
	return page.Redirect(w, r, deskPath+"/%s?done="+did, m.PublicID)
}

// done is what was just done, in words.
func done(r *http.Request) string {
	if what := r.URL.Query().Get("done"); what != "" && locale.Has(page.Lang(r), "mailin.done."+what) {
		return locale.T(r.Context(), "mailin.done."+what)
	}
	return ""
}
