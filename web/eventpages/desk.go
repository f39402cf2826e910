package eventpages

import (
	"context"
	"net/http"
	"slices"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/writing"
)

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Use(writers)
	r.Method(http.MethodGet, "/events", page.Handler(h.deskList))
	r.Method(http.MethodPost, "/events", page.Handler(h.create))
	r.Method(http.MethodGet, "/events/new", page.Handler(h.newEvent))
	r.Method(http.MethodGet, "/events/{record}", page.Handler(h.deskEvent))
	r.Method(http.MethodGet, "/events/{record}/facts", page.Handler(h.editFacts))
	r.Method(http.MethodPost, "/events/{record}/facts", page.Handler(h.saveFacts))
	r.Method(http.MethodPost, "/events/{record}/moves", page.Handler(h.move))
	writing.Desk{Texts: h.events, Base: "/desk/events", Publish: identity.PublishContent, Preview: h.preview, Zone: h.zone}.Routes(r, "/events")
}

// writers lets those on who may write, before anything that they sent is looked at.
// Errors: sign_in, forbidden.
func writers(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := page.Actor(r).May(identity.EditContent); err != nil {
			return err
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// deskListView is the staff's list of events.
type deskListView struct {
	Filter events.DeskFilter
	Page   postgres.Page[events.DeskLine]
}

func (h *Handler) deskList(w http.ResponseWriter, r *http.Request) error {
	v := deskListView{Filter: events.DeskFilter{Text: short(r.URL.Query().Get("q"))}}
	if state := workflow.State(r.URL.Query().Get("state")); slices.Contains(events.States(), state) {
		v.Filter.State = state
	}
	var err error
	v.Page, err = h.events.DeskList(r.Context(), page.Actor(r), page.Lang(r), v.Filter, readPlace(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, deskListPage(v))
}

// factsView is the form of an event's facts: of a new one where Event is nil.
type factsView struct {
	Event    *events.Desk
	Form     factsForm
	Faults   page.Faults
	Offers   events.Offers
	Conflict []events.Event // what stands in the database now, where somebody else saved
	Once     string
}

// showFacts fills in what the form offers.
func (h *Handler) showFacts(w http.ResponseWriter, r *http.Request, status int, v factsView) error {
	var err error
	if v.Offers, err = h.events.Offers(r.Context(), page.Actor(r), page.Lang(r), v.Form.City); err != nil {
		return err
	}
	if v.Offers.City != "" {
		v.Form.CityText = v.Offers.City
	}
	v.Once = page.OnceKey()
	return page.Show(w, r, status, factsPage(v))
}

func (h *Handler) newEvent(w http.ResponseWriter, r *http.Request) error {
	form := factsForm{Lang: string(page.Lang(r)), Mode: string(events.InPerson)}
	return h.showFacts(w, r, http.StatusOK, factsView{Form: form})
}

// read decodes the form and finds its city.
func (h *Handler) read(r *http.Request) (factsForm, error) {
	var form factsForm
	if err := page.Decode(r, &form); err != nil {
		return form, err
	}
	return form, h.knownCity(r, &form)
}

func (h *Handler) create(w http.ResponseWriter, r *http.Request) error {
	form, err := h.read(r)
	if err != nil {
		return err
	}
	if !locale.Known(form.Lang) {
		form.Lang = string(locale.Default)
	}
	id, err := h.events.Create(r.Context(), page.Actor(r), form.facts(), form.Lang, form.Title)
	if faults, ok := page.FaultsOf(r, err); ok {
		form.explain(r.Context(), faults)
		return h.showFacts(w, r, http.StatusUnprocessableEntity, factsView{Form: form, Faults: faults})
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/events/%s/texts/%s", id, form.Lang)
}

// deskView is an event as staff work on it.
type deskView struct {
	events.Desk
	Faults page.Faults
	Move   string // the move that was refused, and the reason that was typed for it
	Reason string
}

func (h *Handler) deskEvent(w http.ResponseWriter, r *http.Request) error {
	return h.showDesk(w, r, http.StatusOK, deskView{})
}

func (h *Handler) showDesk(w http.ResponseWriter, r *http.Request, status int, v deskView) error {
	var err error
	if v.Desk, err = h.desk(r); err != nil {
		return err
	}
	return page.Show(w, r, status, deskPage(v))
}

func (h *Handler) desk(r *http.Request) (events.Desk, error) {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return events.Desk{}, err
	}
	return h.events.Desk(r.Context(), page.Actor(r), page.Lang(r), id)
}

func (h *Handler) editFacts(w http.ResponseWriter, r *http.Request) error {
	d, err := h.desk(r)
	if err != nil {
		return err
	}
	return h.showFacts(w, r, http.StatusOK, factsView{Event: &d, Form: formOf(r.Context(), d.Event)})
}

func (h *Handler) saveFacts(w http.ResponseWriter, r *http.Request) error {
	form, err := h.read(r)
	if err != nil {
		return err
	}
	d, err := h.desk(r)
	if err != nil {
		return err
	}
	v := factsView{Event: &d, Form: form}
	err = h.events.SaveFacts(r.Context(), page.Actor(r), d.PublicID, form.facts())
	if faults, ok := page.FaultsOf(r, err); ok {
		form.explain(r.Context(), faults)
		v.Faults = faults
		return h.showFacts(w, r, http.StatusUnprocessableEntity, v)
	}
	if apperr.Is(err, apperr.Conflict) {
		v.Conflict = []events.Event{*d.Event}
		v.Form.Version = d.Version // saving again is meant
		return h.showFacts(w, r, http.StatusConflict, v)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/events/%s", d.PublicID)
}

// moveForm is one wish to lead an event on.
type moveForm struct {
	Move   string `form:"move"`
	Seq    int    `form:"seq"`
	Reason string `form:"reason"`
}

func (h *Handler) move(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	var form moveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err = h.events.Move(r.Context(), page.Actor(r), id, workflow.In{Move: form.Move, Seq: form.Seq, Reason: form.Reason})
	if faults, ok := page.FaultsOf(r, err); ok {
		return h.showDesk(w, r, http.StatusUnprocessableEntity, deskView{Faults: faults, Move: form.Move, Reason: form.Reason})
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/events/%s", id)
}

// preview draws a draft as its readers will see it.
func (h *Handler) preview(ctx context.Context, actor identity.Actor, w translations.Work) (templ.Component, error) {
	d, err := h.events.Desk(ctx, actor, locale.Of(ctx).Lang, w.PublicID)
	if err != nil {
		return nil, err
	}
	text := translations.Page{Live: translations.Live{Lang: w.Now.Lang, Slug: w.Now.Slug, Title: w.Text.Title, Summary: w.Text.Summary, UpdatedAt: w.SavedAt}, Body: w.Text.Body}
	return event(showView{Page: events.Page{Event: d.Event, Text: text}, Preview: true}), nil
}
