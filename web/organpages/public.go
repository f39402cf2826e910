package organpages

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listView is the page of all organs.
type listView struct {
	Organs []organs.Organ
	Intro  *translations.Page
	Latest []organs.Line
}

// latestShown is how many decisions the page of all organs shows.
const latestShown = 5

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), page.Lang(r)
	var v listView
	var err error
	if v.Organs, err = h.organs.List(ctx, identity.Anyone()); err != nil {
		return err
	}
	if h.Intro != nil {
		intro, err := h.Intro(ctx, identity.Anyone(), lang)
		switch {
		case err == nil:
			v.Intro = &intro
		case !apperr.Is(err, apperr.NotFound):
			return err
		}
	}
	latest, err := h.organs.Published(ctx, identity.Anyone(), lang, organs.DecisionFilter{}, organs.Place{})
	if err != nil {
		return err
	}
	v.Latest = latest.Rows[:min(latestShown, len(latest.Rows))]
	return page.Show(w, r, http.StatusOK, listPage(v))
}

// showView is an organ's public page.
type showView struct {
	organs.Composition
	Decisions []organs.Line
	More      bool
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	ctx, lang := r.Context(), page.Lang(r)
	var v showView
	var err error
	if v.Composition, err = h.organs.Board(ctx, identity.Anyone(), lang, slug(r)); err != nil {
		return err
	}
	list, err := h.organs.Published(ctx, identity.Anyone(), lang, organs.DecisionFilter{Organ: v.Slug}, organs.Place{})
	if err != nil {
		return err
	}
	v.Decisions, v.More = list.Rows[:min(2*latestShown, len(list.Rows))], len(list.Rows) > 2*latestShown
	return page.Show(w, r, http.StatusOK, showPage(v))
}

// decisionsView is a list of decisions under its filter, the public's or the staff's.
type decisionsView struct {
	Path   string // "/decisions"
	Filter organs.DecisionFilter
	At     organs.Place
	Page   postgres.Page[organs.Line]
	Organs []organs.Organ
	Now    int  // this year
	Edit   bool // the reader may enter decisions
	Done   string
}

// decisionList reads the filter and the page of decisions by list.
func (h *Handler) decisionList(r *http.Request, path string, actor identity.Actor,
	list func(context.Context, identity.Actor, locale.Lang, organs.DecisionFilter, organs.Place) (postgres.Page[organs.Line], error),
) (decisionsView, error) {
	q := r.URL.Query()
	year, _ := strconv.Atoi(q.Get("year")) // what is no year is no filter
	if year < 1990 || year > 2200 {
		year = 0
	}
	v := decisionsView{Path: path, Filter: organs.DecisionFilter{Organ: short(q.Get("organ")), Year: year, Text: short(q.Get("q"))},
		At: readPlace(r), Now: h.now().In(h.zone).Year()}
	var err error
	if v.Organs, err = h.organs.List(r.Context(), actor); err != nil {
		return v, err
	}
	v.Page, err = list(r.Context(), actor, page.Lang(r), v.Filter, v.At)
	return v, err
}

func (h *Handler) published(w http.ResponseWriter, r *http.Request) error {
	v, err := h.decisionList(r, "/decisions", identity.Anyone(), h.organs.Published)
	if err != nil {
		return err
	}
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, decisionResults(v))
	}
	return page.Show(w, r, http.StatusOK, publishedPage(v))
}

func (h *Handler) decision(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	d, err := h.organs.Decision(r.Context(), identity.Anyone(), page.Lang(r), id)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, decisionPage(d))
}

// address is the list with a filter, and more name, value pairs.
func (v decisionsView) address(ctx context.Context, f organs.DecisionFilter, more ...string) string {
	q := url.Values{}
	if f.Organ != "" {
		q.Set("organ", f.Organ)
	}
	if f.Year != 0 {
		q.Set("year", strconv.Itoa(f.Year))
	}
	if f.Text != "" {
		q.Set("q", f.Text)
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	if len(q) == 0 {
		return ui.Path(ctx, v.Path)
	}
	return ui.Path(ctx, v.Path) + "?" + q.Encode()
}

// bar is the filter with what is in force.
func (v decisionsView) bar(ctx context.Context) ui.FilterBar {
	bar := ui.FilterBar{Action: ui.Path(ctx, v.Path), Label: locale.T(ctx, "organs.filter"), Submit: locale.T(ctx, "organs.show"),
		Clear: ui.Path(ctx, v.Path), Live: "list"}
	add := func(label, value string, without organs.DecisionFilter) {
		if value != "" {
			bar.Pills = append(bar.Pills, ui.Pill{Label: label, Value: value, Remove: v.address(ctx, without)})
		}
	}
	f := v.Filter
	f.Text = ""
	add(locale.T(ctx, "organs.words"), v.Filter.Text, f)
	f = v.Filter
	f.Organ = ""
	add(locale.T(ctx, "organs.organ"), v.organName(ctx), f)
	f = v.Filter
	f.Year = 0
	if v.Filter.Year != 0 {
		add(locale.T(ctx, "organs.year"), strconv.Itoa(v.Filter.Year), f)
	}
	return bar
}

func (v decisionsView) organName(ctx context.Context) string {
	for _, o := range v.Organs {
		if o.Slug == v.Filter.Organ {
			return o.Names.In(locale.Of(ctx).Lang)
		}
	}
	return v.Filter.Organ
}

// years are those that the filter offers, this year first.
func (v decisionsView) years() []ui.Option {
	const back = 12
	var out []ui.Option
	for year := v.Now; year > v.Now-back; year-- {
		out = append(out, ui.Option{Value: strconv.Itoa(year), Label: strconv.Itoa(year)})
	}
	return out
}

// chosenYear is the year of the filter as its field shows it.
func (v decisionsView) chosenYear() string {
	if v.Filter.Year == 0 {
		return ""
	}
	return strconv.Itoa(v.Filter.Year)
}

// steps lead to the pages before and after; empty at the ends.
func (v decisionsView) steps(ctx context.Context) (prev, next string) {
	if v.Page.Prev != "" {
		prev = v.address(ctx, v.Filter, "before", v.Page.Prev)
	}
	if v.Page.Next != "" {
		next = v.address(ctx, v.Filter, "after", v.Page.Next)
	}
	return prev, next
}

func organOptions(ctx context.Context, list []organs.Organ) []ui.Option {
	var out []ui.Option
	for _, o := range list {
		out = append(out, ui.Option{Value: o.Slug, Label: o.Names.In(locale.Of(ctx).Lang)})
	}
	return out
}
