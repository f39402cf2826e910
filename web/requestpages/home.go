package requestpages

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"golang.org/x/text/language"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Fill is how complete the municipality's profile is, and the next thing to add to it.
type Fill struct {
	Words      string // "9 of 13 in place"
	Next, Href string // where Href is empty, the reader may not add it
}

// homeView is what waits for the reader, and how everything else stands.
type homeView struct {
	requests.Home
	Org  string // public identifier
	May  bool   // start a request
	Name string
	Fill *Fill           // nil: the profile is complete
	Told cards.Circulars // that wait to be confirmed
}

func (h *Handler) home(w http.ResponseWriter, r *http.Request) error {
	v := homeView{Org: chi.URLParam(r, "org"), May: page.Actor(r).Can(identity.EditDraft), Name: page.Actor(r).Name}
	var err error
	if v.Home, err = h.requests.Home(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	if h.Lacks != nil {
		if v.Fill, err = h.Lacks(r.Context(), page.Actor(r), v.Org); err != nil {
			return err
		}
	}
	if h.Circulars != nil {
		if v.Told, err = h.Circulars(r.Context(), page.Actor(r), v.Org); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, homePage(v))
}

// first reports whether the municipality has never asked for anything.
func (v homeView) first() bool { return len(v.Yours)+len(v.Others)+len(v.Ended) == 0 }

// listView is one page of all requests of the municipality.
type listView struct {
	Org    string
	May    bool
	Rows   []*requests.Request
	Before string // the page begins after this one; empty: the newest
	More   bool
}

// pageSize is how many requests a page of the list has.
const pageSize = 25

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{Org: chi.URLParam(r, "org"), May: page.Actor(r).Can(identity.EditDraft), Before: r.URL.Query().Get("before")}
	var err error
	if v.Rows, v.More, err = h.requests.OfOrg(r.Context(), page.Actor(r), v.Before, pageSize); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// servicesView is what the municipality can ask for now.
type servicesView struct {
	Org      string
	Services []services.Service
}

func (h *Handler) services(w http.ResponseWriter, r *http.Request) error {
	v := servicesView{Org: chi.URLParam(r, "org")}
	var err error
	if v.Services, err = h.requests.Askable(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, servicesPage(v))
}

func (v servicesView) ways(ctx context.Context) []ui.Way {
	lang := locale.Of(ctx).Lang
	out := make([]ui.Way, len(v.Services))
	for i, s := range v.Services {
		out[i] = ui.Way{Icon: cards.ServiceIcon(s.Code), Title: s.Title.In(lang), Text: s.Lead.In(lang), Href: ui.Path(ctx, "/m/"+v.Org+"/services/"+s.Slug)}
	}
	return out
}

// startView tells what a request needs before it is begun.
type startView struct {
	services.Service
	Org    string
	Lang   string // chosen for the answers
	Once   string
	Lately requests.Lately
}

// answerLangs are the languages that answers are usually written in; staff read them all.
var answerLangs = []string{"tr", "az", "kk", "ky", "uz", "tk", "ru", "en"}

func (h *Handler) start(w http.ResponseWriter, r *http.Request) error {
	list, err := h.requests.Askable(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(s services.Service) bool { return s.Slug == chi.URLParam(r, "slug") })
	if i < 0 {
		return apperr.New(apperr.NotFound, "catalogue.not_found")
	}
	v := startView{Service: list[i], Org: chi.URLParam(r, "org"), Lang: string(page.Lang(r)), Once: page.OnceKey()}
	if v.Lately, err = h.requests.Lately(r.Context(), v.Code); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, startPage(v))
}

func (h *Handler) begin(w http.ResponseWriter, r *http.Request) error {
	if r.PostFormValue("service") == "" {
		return page.Redirect(w, r, "/m/%s/services", chi.URLParam(r, "org")) // there one is chosen
	}
	tag, err := language.Parse(cmp.Or(r.PostFormValue("lang"), string(page.Lang(r))))
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "error.check_fields")
	}
	id, err := h.requests.Start(r.Context(), page.Actor(r), r.PostFormValue("service"), tag.String())
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "%s", below(r, id, "/form"))
}

func langOptions(ctx context.Context) []ui.Option {
	out := make([]ui.Option, len(answerLangs))
	for i, tag := range answerLangs {
		out[i] = ui.Option{Value: tag, Label: locale.LanguageName(ctx, tag)}
	}
	return out
}

// duty is what the reader is to do about a request that waits for them.
func duty(ctx context.Context, r *requests.Request) string {
	switch r.State {
	case requests.WithApprover:
		return locale.T(ctx, "requests.task.approve")
	case requests.InformationRequested:
		return locale.T(ctx, "requests.task.answer")
	case requests.Delivered:
		return locale.T(ctx, "requests.task.rate")
	}
	return locale.T(ctx, "requests.go_on")
}

// way is where a request that waits is worked on at once.
func way(ctx context.Context, r *requests.Request) string {
	if r.State == requests.WithApprover {
		return ui.Path(ctx, r.MemberPath()+"/approve")
	}
	return ui.Path(ctx, r.MemberPath())
}

// note is one line about a request in a list: its number, and the day that matters.
func note(ctx context.Context, r *requests.Request) string {
	line := r.Reference
	add := func(text string) {
		if line != "" {
			line += " · "
		}
		line += text
	}
	switch {
	case r.ClosedAt != nil:
		add(locale.T(ctx, "requests.closed_on", "Day", locale.Date(ctx, locale.Own(ctx, *r.ClosedAt))))
	case r.SubmittedAt == nil:
		add(locale.T(ctx, "requests.begun_on", "Day", locale.Date(ctx, locale.Own(ctx, r.CreatedAt))))
	case r.Promised() != nil:
		add(locale.T(ctx, "requests.due_on", "Day", locale.Date(ctx, locale.Own(ctx, *r.Promised()))))
	}
	return line
}
