package profilepages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// factsForm are the boxes of the official facts, as they are typed.
type factsForm struct {
	Name       string `form:"name"`
	Latin      string `form:"latin"`
	English    string `form:"english"`
	Population string `form:"population"`
	Year       string `form:"population_year"`
	Area       string `form:"area"`
	Head       string `form:"head"`
	Since      string `form:"head_since"`
	Until      string `form:"head_until"`
	Seat       string `form:"seat"`
	Province   string `form:"province"`
	Source     string `form:"source"`
	Why        string `form:"why"`
	Version    int    `form:"version"`
}

// factsView is the form about official facts: a municipality's proposal, or staff's own edit.
type factsView struct {
	factsForm
	frame
	profiles.Asked
	Desk bool
	Path string // the form's address, without the language
	Back string
}

// factBoxes are the form's boxes in the order of the page.
var factBoxes = []string{"name", "latin", "english", "population", "population_year", "area", "head", "head_since", "head_until", "seat", "province", "source", "why"}

func (h *Handler) factsView(r *http.Request) (factsView, error) {
	v := factsView{frame: newFrame(r), Desk: page.Actor(r).Side != identity.Member}
	v.Path, v.Back = v.Section+"/facts", v.Section
	member := ""
	if v.Desk {
		var err error
		if member, err = page.PublicID(r, "member"); err != nil {
			return v, err
		}
		v.Back = "/desk/members/" + chi.URLParam(r, "member")
		v.Path = v.Back + "/facts"
	}
	var err error
	if v.Asked, err = h.profiles.Asking(r.Context(), page.Actor(r), member); err != nil {
		return v, err
	}
	v.factsForm = fill(r.Context(), v.Facts.Boxes())
	v.factsForm.Version = v.City.Version
	return v, nil
}

// fill writes facts into boxes as the reader's language writes them.
func fill(ctx context.Context, boxes map[string]string) factsForm {
	lang := locale.Of(ctx).Lang
	return factsForm{Name: boxes["name"], Latin: boxes["latin"], English: boxes["english"], Population: forms.ShowNumber(boxes["population"], lang),
		Year: boxes["population_year"], Area: forms.ShowNumber(boxes["area"], lang), Head: boxes["head"], Since: typedDay(boxes["head_since"]),
		Until: typedDay(boxes["head_until"]), Seat: boxes["seat"], Province: boxes["province"]}
}

// typedDay is an ISO day as people write it here: 24.11.2026.
func typedDay(iso string) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return t.Format("02.01.2006")
}

// facts reads the boxes: what cannot be read stays as it is and is refused by the rule. What
// waits for staff is left as the register has it.
func (v factsView) facts(lang locale.Lang) profiles.Facts {
	f := v.factsForm
	number := func(text string, decimals int) string {
		if n, ok := forms.ParseNumber(text, lang, decimals); ok && text != "" {
			return n
		}
		return text
	}
	day := func(text string) string {
		if iso, ok := forms.ParseDate(text); ok {
			return iso
		}
		return text
	}
	out := profiles.FactsOf(map[string]string{"name": f.Name, "latin": f.Latin, "english": f.English, "population": number(f.Population, 0), "population_year": f.Year,
		"area": number(f.Area, 2), "head": f.Head, "head_since": day(f.Since), "head_until": day(f.Until), "seat": f.Seat, "province": f.Province})
	if !v.Desk {
		for name := range v.Waits {
			out[name] = v.Facts[name]
		}
	}
	return out
}

func (v factsView) wish(lang locale.Lang) profiles.Wish {
	return profiles.Wish{Facts: v.facts(lang), Why: v.Why, Source: v.Source}
}

func (h *Handler) showFacts(w http.ResponseWriter, r *http.Request) error {
	v, err := h.factsView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, factsPage(v))
}

func (h *Handler) propose(w http.ResponseWriter, r *http.Request) error {
	v, err := h.sentFacts(r)
	if err != nil {
		return err
	}
	id, err := h.profiles.Propose(r.Context(), page.Actor(r), v.wish(page.Lang(r)))
	if err == nil {
		return page.Redirect(w, r, "%s/proposals/%s?done=proposed", v.Section, id)
	}
	faults, ours := page.FaultsOf(r, err)
	if apperr.Is(err, apperr.Conflict) {
		faults, ours = page.Faults{"": page.Message(r, err)}, true
	}
	if !ours {
		return err
	}
	v.Faults = faults
	return page.Show(w, r, http.StatusUnprocessableEntity, factsPage(v))
}

// sentFacts is the form as it came, beside what the register says.
func (h *Handler) sentFacts(r *http.Request) (factsView, error) {
	var form factsForm
	if err := page.Decode(r, &form); err != nil {
		return factsView{}, err
	}
	v, err := h.factsView(r)
	v.factsForm = form
	return v, err
}

// correct is staff's own edit; of two who edit one municipality the second sees both versions.
func (h *Handler) correct(w http.ResponseWriter, r *http.Request) error {
	v, err := h.sentFacts(r)
	if err != nil {
		return err
	}
	ctx, lang := r.Context(), page.Lang(r)
	err = h.profiles.Correct(ctx, page.Actor(r), v.City.PublicID, profiles.Correction{Wish: v.wish(lang), Version: v.factsForm.Version})
	if err == nil {
		return page.Redirect(w, r, "%s?done=facts", v.Back)
	}
	faults, quicker, err := refused(r, err)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if v.Faults = faults; quicker {
		status = http.StatusConflict
		v.factsForm.Version = v.City.Version
		v.Conflict = newConflict(ctx, v.Edited, v.differences(ctx, v.facts(lang)))
	}
	return page.Show(w, r, status, factsPage(v))
}

// differences are the facts that the register now says otherwise than the reader wrote.
func (v factsView) differences(ctx context.Context, mine profiles.Facts) []ui.Change {
	regions := map[string]string{}
	for _, x := range v.Regions {
		regions[x.Slug] = x.Name
	}
	var out []ui.Change
	for _, name := range v.Facts.Changed(mine) {
		out = append(out, ui.Change{Field: factName(ctx, name), Old: words(ctx, name, v.Facts[name], regions), New: words(ctx, name, mine[name], regions)})
	}
	return out
}

func (v factsView) provinces() []ui.Option {
	out := make([]ui.Option, len(v.Regions))
	for i, x := range v.Regions {
		out[i] = ui.Option{Value: x.Slug, Label: x.Name}
	}
	return out
}

// waiting says that a fact cannot be proposed again before it was answered.
func (v factsView) waiting(fact profiles.Fact) bool {
	_, ok := v.Waits[fact]
	return ok && !v.Desk
}

func (v factsView) waitsFor(ctx context.Context) []string {
	var out []string
	for _, name := range profiles.FactNames() {
		if v.waiting(name) {
			out = append(out, factName(ctx, name))
		}
	}
	return out
}

// words is a fact in the reader's language; empty where nobody knows it.
func words(ctx context.Context, name profiles.Fact, v profiles.Value, regions map[string]string) string {
	lang := locale.Of(ctx).Lang
	switch name {
	case profiles.Population:
		if v["population"] == "" {
			return ""
		}
		return strings.TrimSuffix(forms.ShowNumber(v["population"], lang)+" · "+v["population_year"], " · ")
	case profiles.Area:
		if v["area"] == "" {
			return ""
		}
		return forms.ShowNumber(v["area"], lang) + " " + locale.T(ctx, "membership.km2")
	case profiles.HeadOfCity:
		return head(ctx, v)
	case profiles.Province:
		if known := regions[v["province"]]; known != "" {
			return known
		}
	}
	return v[string(name)]
}

// head is who leads the municipality, and from when to when.
func head(ctx context.Context, v profiles.Value) string {
	day := func(iso string) string {
		t, err := time.Parse(time.DateOnly, iso)
		if err != nil {
			return iso
		}
		return locale.ShortDate(ctx, t)
	}
	out := v["head"]
	if v["head_since"] != "" || v["head_until"] != "" {
		out += " · " + day(v["head_since"]) + " – " + day(v["head_until"])
	}
	return out
}
