// Package organpages holds the public pages of the union's organs and their decisions, and
// the desk where staff keep members, meetings, decisions and credentials.
package organpages

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
)

// Handler answers the pages of organs, meetings and decisions.
type Handler struct {
	organs    *organs.Service
	documents *documents.Service
	union     map[locale.Lang]string // its name, for papers
	zone      *time.Location         // the union's
	now       func() time.Time

	// Intro is the site's own text about the organs; wire.go fills it. Nil: there is none.
	Intro func(ctx context.Context, actor identity.Actor, lang locale.Lang) (translations.Page, error)
	// Locators name the records that a decision speaks of; a kind without one is left out.
	Locators map[subject.Kind]subject.Locator
}

// New makes the handler; union is the union's name, zone its zone.
func New(service *organs.Service, files *documents.Service, union map[locale.Lang]string, zone *time.Location, now func() time.Time) *Handler {
	return &Handler{organs: service, documents: files, union: union, zone: zone, now: now}
}

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/organs", page.Handler(h.list))
	r.Method(http.MethodGet, "/organs/{slug}", page.Handler(h.show))
	r.Method(http.MethodGet, "/decisions", page.Handler(h.published))
	r.Method(http.MethodGet, "/decisions/{record}", page.Handler(h.decision))
}

// Desk mounts the staff's pages below /{lang}/desk. Who may only read is refused before a
// form is looked at; the service asks again.
func (h *Handler) Desk(r chi.Router) {
	r.Method(http.MethodGet, "/organs", page.Handler(h.deskList))
	r.Method(http.MethodGet, "/organs/seats", page.Handler(h.rules))
	r.Method(http.MethodGet, "/organs/{slug}", page.Handler(h.deskOrgan))
	r.Method(http.MethodGet, "/meetings", page.Handler(h.meetings))
	r.Method(http.MethodGet, "/meetings/{record}", page.Handler(h.meeting))
	r.Method(http.MethodGet, "/meetings/{record}/credentials", page.Handler(h.credentials))
	r.Method(http.MethodGet, "/meetings/{record}/credentials.xlsx", page.Handler(h.credentialsTable))
	r.Method(http.MethodGet, "/meetings/{record}/credentials.pdf", page.Handler(h.credentialsPaper))
	r.Method(http.MethodGet, "/decisions", page.Handler(h.deskDecisions))
	r.Method(http.MethodGet, "/decisions/{record}", page.Handler(h.deskDecision))
	r.Group(func(r chi.Router) {
		r.Use(editors)
		h.edits(r)
	})
}

func (h *Handler) edits(r chi.Router) {
	r.Method(http.MethodGet, "/organs/new", page.Handler(h.newCommittee))
	r.Method(http.MethodPost, "/organs", page.Handler(h.addCommittee))
	r.Method(http.MethodPost, "/organs/seats", page.Handler(h.addRule))
	r.Method(http.MethodGet, "/organs/{slug}/edit", page.Handler(h.editOrgan))
	r.Method(http.MethodPost, "/organs/{slug}/edit", page.Handler(h.saveOrgan))
	r.Method(http.MethodGet, "/organs/{slug}/members/new", page.Handler(h.newSeat))
	r.Method(http.MethodPost, "/organs/{slug}/members", page.Handler(h.addSeat))
	r.Method(http.MethodGet, "/organs/{slug}/members/{member}", page.Handler(h.editSeat))
	r.Method(http.MethodPost, "/organs/{slug}/members/{member}", page.Handler(h.saveSeat))
	r.Method(http.MethodGet, "/organs/{slug}/meetings/new", page.Handler(h.newMeeting))
	r.Method(http.MethodPost, "/organs/{slug}/meetings", page.Handler(h.planMeeting))
	r.Method(http.MethodGet, "/meetings/{record}/edit", page.Handler(h.editMeeting))
	r.Method(http.MethodPost, "/meetings/{record}/edit", page.Handler(h.saveMeeting))
	r.Method(http.MethodPost, "/meetings/{record}/moves", page.Handler(h.moveMeeting))
	r.Method(http.MethodPost, "/meetings/{record}/agenda", page.Handler(h.addItem))
	r.Method(http.MethodPost, "/meetings/{record}/agenda/{item}", page.Handler(h.changeItem))
	r.Method(http.MethodPost, "/meetings/{record}/attendance", page.Handler(h.attend))
	r.Method(http.MethodPost, "/meetings/{record}/minutes", page.Handler(h.keepMinutes))
	r.Method(http.MethodGet, "/meetings/{record}/decisions/new", page.Handler(h.newMeetingDecision))
	r.Method(http.MethodPost, "/meetings/{record}/decisions", page.Handler(h.decide))
	r.Method(http.MethodPost, "/meetings/{record}/credentials", page.Handler(h.draw))
	r.Method(http.MethodPost, "/meetings/{record}/credentials/{person}", page.Handler(h.arrive))
	r.Method(http.MethodGet, "/decisions/new", page.Handler(h.newDecision))
	r.Method(http.MethodPost, "/decisions", page.Handler(h.enter))
	r.Method(http.MethodPost, "/decisions/{record}/publication", page.Handler(h.publish))
}

// editors lets those on who may edit organs, before anything that they sent is looked at.
// Errors: sign_in, forbidden.
func editors(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := page.Actor(r).May(identity.EditOrgans); err != nil {
			return err
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// readPlace reads where a page of a list begins.
func readPlace(r *http.Request) organs.Place {
	q := r.URL.Query()
	return organs.Place{After: short(q.Get("after")), Before: short(q.Get("before"))}
}

// short is a text of the address as it is looked at.
func short(text string) string {
	const most = 200
	text = page.Tidy(text)
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// slug is the organ in the address.
func slug(r *http.Request) string { return chi.URLParam(r, "slug") }
