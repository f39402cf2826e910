package cataloguepages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// draftView is the version that is being written.
type draftView struct {
	services.Record
	Bureaus  []services.Bureau
	Forms    []string
	Problems []services.Problem
	Changes  []services.Change // from the version in force
	Conflict []ui.Change       // what a colleague stored meanwhile, beside what was typed
	Faults   page.Faults
	Note     string
	Done     string
	Refused  string
}

// editing reads the draft. Errors: sign_in, forbidden, not found, conflict (nobody writes one).
func (h *Handler) editing(r *http.Request) (draftView, error) {
	ctx, actor := r.Context(), page.Actor(r)
	v := draftView{Done: done(r)}
	var err error
	if v.Record, err = h.catalogue.Record(ctx, actor, chi.URLParam(r, "slug")); err != nil {
		return v, err
	}
	if v.Draft == nil {
		return v, apperr.New(apperr.Conflict, "catalogue.no_draft")
	}
	if v.Bureaus, err = h.catalogue.Offices(ctx); err != nil {
		return v, err
	}
	if v.Forms, err = h.catalogue.FormKeys(ctx, actor); err != nil {
		return v, err
	}
	if v.Problems, err = h.catalogue.Problems(ctx, actor, v.Slug); err != nil {
		return v, err
	}
	v.Changes = services.Diff(v.Definition, v.Draft.Definition)
	return v, nil
}

// path is an address below the draft.
func (v draftView) path(ctx context.Context, rest string) string {
	return ui.Path(ctx, listPath+"/"+v.Slug+"/draft"+rest)
}

func (h *Handler) draft(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editing(r)
	if apperr.Is(err, apperr.Conflict) {
		return page.Redirect(w, r, listPath+"/%s", chi.URLParam(r, "slug")) // there one can begin
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, draftPage(v))
}

func (h *Handler) preview(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editing(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, previewPage(v))
}

// save stores one part of the draft; a stale one is shown beside what is stored.
func (h *Handler) save(w http.ResponseWriter, r *http.Request, version int, change func(*services.Definition) error, again func(draftView) templ.Component) error {
	slug := chi.URLParam(r, "slug")
	err := h.catalogue.Save(r.Context(), page.Actor(r), slug, version, change)
	if err == nil {
		return page.Redirect(w, r, listPath+"/%s/draft?done=saved", slug)
	}
	faults, ours := page.FaultsOf(r, err)
	if !ours && !apperr.Is(err, apperr.Conflict) {
		return err
	}
	v, readErr := h.editing(r)
	if readErr != nil {
		return readErr
	}
	status := http.StatusUnprocessableEntity
	if v.Faults = faults; !ours {
		status = http.StatusConflict
		mine, err := h.editing(r)
		if err != nil {
			return err
		}
		if err := change(mine.Draft.Definition); err != nil {
			return err
		}
		v.Conflict = changes(r.Context(), v.Draft.Definition, services.Diff(v.Draft.Definition, mine.Draft.Definition))
	}
	return page.Show(w, r, status, again(v))
}

// textsForm is what a service says of itself, and who it is for.
type textsForm struct {
	TitleTR   string   `form:"title_tr"`
	TitleEN   string   `form:"title_en"`
	TitleRU   string   `form:"title_ru"`
	LeadTR    string   `form:"lead_tr"`
	LeadEN    string   `form:"lead_en"`
	LeadRU    string   `form:"lead_ru"`
	NeedsTR   string   `form:"needs_tr"`
	NeedsEN   string   `form:"needs_en"`
	NeedsRU   string   `form:"needs_ru"`
	OutcomeTR string   `form:"outcome_tr"`
	OutcomeEN string   `form:"outcome_en"`
	OutcomeRU string   `form:"outcome_ru"`
	Asks      []string `form:"asks"`
	Office    string   `form:"office"`
	Form      string   `form:"form"`
	Version   int      `form:"version"`
}

func textsOf(e *services.Edit) textsForm {
	return textsForm{TitleTR: e.Title["tr"], TitleEN: e.Title["en"], TitleRU: e.Title["ru"], LeadTR: e.Lead["tr"], LeadEN: e.Lead["en"], LeadRU: e.Lead["ru"],
		NeedsTR: e.Needs["tr"], NeedsEN: e.Needs["en"], NeedsRU: e.Needs["ru"], OutcomeTR: e.Outcome["tr"], OutcomeEN: e.Outcome["en"],
		OutcomeRU: e.Outcome["ru"], Asks: e.Asks, Office: e.Office, Form: e.Form, Version: e.Version}
}

func text(tr, en, ru string) services.Text {
	return services.Text{locale.TR: tr, locale.EN: en, locale.RU: ru}
}

// maxText is how long a text of a service may be, in characters.
const maxText = 2000

func (f textsForm) apply(d *services.Definition) error {
	fields := map[string]string{}
	for name, t := range map[string]services.Text{"title": text(f.TitleTR, f.TitleEN, f.TitleRU), "lead": text(f.LeadTR, f.LeadEN, f.LeadRU),
		"needs": text(f.NeedsTR, f.NeedsEN, f.NeedsRU), "outcome": text(f.OutcomeTR, f.OutcomeEN, f.OutcomeRU)} {
		for _, l := range locale.Langs() {
			if len([]rune(t[l])) > maxText {
				fields[name+"_"+string(l)] = "error.too_long"
			}
		}
	}
	d.Title, d.Lead = text(f.TitleTR, f.TitleEN, f.TitleRU), text(f.LeadTR, f.LeadEN, f.LeadRU)
	d.Needs, d.Outcome = text(f.NeedsTR, f.NeedsEN, f.NeedsRU), text(f.OutcomeTR, f.OutcomeEN, f.OutcomeRU)
	d.Asks, d.Office, d.Form = f.Asks, f.Office, f.Form
	return apperr.Fields(fields)
}

func (h *Handler) texts(w http.ResponseWriter, r *http.Request) error {
	v, err := h.editing(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, textsPage(v, textsOf(v.Draft)))
}

func (h *Handler) saveTexts(w http.ResponseWriter, r *http.Request) error {
	var form textsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	return h.save(w, r, form.Version, form.apply, func(v draftView) templ.Component {
		form.Version = v.Draft.Version // saving again replaces what is shown
		return textsPage(v, form)
	})
}

// stepForm is one step of the service. Items are read row by row; a row without words goes.
type stepForm struct {
	There   bool     `form:"there"`
	Days    string   `form:"days"`
	Office  string   `form:"office"`
	NameTR  string   `form:"name_tr"`
	NameEN  string   `form:"name_en"`
	NameRU  string   `form:"name_ru"`
	Keys    []string `form:"item_key"`
	ItemsTR []string `form:"item_tr"`
	ItemsEN []string `form:"item_en"`
	ItemsRU []string `form:"item_ru"`
	Version int      `form:"version"`
}

// spareRows are empty rows of the checklist, so that it grows without a script.
const spareRows = 2

func stepOf(d *services.Definition, state workflow.State, version int) stepForm {
	s, there := d.Step(state)
	f := stepForm{There: there, Office: s.Office, NameTR: s.Name["tr"], NameEN: s.Name["en"], NameRU: s.Name["ru"], Version: version}
	if s.Days > 0 {
		f.Days = strconv.Itoa(s.Days)
	}
	for _, item := range s.Checklist {
		f.Keys, f.ItemsTR = append(f.Keys, item.Key), append(f.ItemsTR, item.Label["tr"])
		f.ItemsEN, f.ItemsRU = append(f.ItemsEN, item.Label["en"]), append(f.ItemsRU, item.Label["ru"])
	}
	for range spareRows {
		f.Keys, f.ItemsTR, f.ItemsEN, f.ItemsRU = append(f.Keys, ""), append(f.ItemsTR, ""), append(f.ItemsEN, ""), append(f.ItemsRU, "")
	}
	return f
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

// items are the rows that say something; a new one gets a key that no other has.
func (f stepForm) items(d *services.Definition, state workflow.State) []services.Item {
	var out []services.Item
	for i := range f.ItemsTR {
		label := text(at(f.ItemsTR, i), at(f.ItemsEN, i), at(f.ItemsRU, i))
		if label.Empty() {
			continue
		}
		key := at(f.Keys, i)
		for n := 1; key == ""; n++ {
			key = "check_" + string(state) + "_" + strconv.Itoa(n)
			if _, _, taken := d.Item(key); taken || slices.Contains(f.Keys, key) || slices.ContainsFunc(out, func(x services.Item) bool { return x.Key == key }) {
				key = ""
			}
		}
		out = append(out, services.Item{Key: key, Label: label})
	}
	return out
}

func (f stepForm) apply(d *services.Definition, state workflow.State) error {
	step, there := d.Step(state)
	if !f.There {
		d.Steps = slices.DeleteFunc(d.Steps, func(s services.Step) bool { return s.State == state })
		return nil
	}
	days, err := strconv.Atoi(strings.TrimSpace(f.Days))
	if f.Days != "" && err != nil {
		return apperr.Fields(map[string]string{"days": "catalogue.days_wrong"})
	}
	step.Days, step.Office, step.Name = days, f.Office, text(f.NameTR, f.NameEN, f.NameRU)
	step.Checklist = f.items(d, state)
	if !there {
		d.Steps = append(d.Steps, step)
		return nil
	}
	i := slices.IndexFunc(d.Steps, func(s services.Step) bool { return s.State == state })
	d.Steps[i] = step
	return nil
}

// stateOf is the state in the address. Errors: not found.
func (h *Handler) stateOf(r *http.Request) (workflow.State, error) {
	state := workflow.State(chi.URLParam(r, "state"))
	if !slices.Contains(h.catalogue.Life().States(), state) {
		return "", apperr.New(apperr.NotFound, "catalogue.not_found")
	}
	return state, nil
}

func (h *Handler) step(w http.ResponseWriter, r *http.Request) error {
	state, err := h.stateOf(r)
	if err != nil {
		return err
	}
	v, err := h.editing(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, stepPage(v, state, stepOf(v.Draft.Definition, state, v.Draft.Version)))
}

func (h *Handler) saveStep(w http.ResponseWriter, r *http.Request) error {
	state, err := h.stateOf(r)
	if err != nil {
		return err
	}
	var form stepForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	change := func(d *services.Definition) error { return form.apply(d, state) }
	return h.save(w, r, form.Version, change, func(v draftView) templ.Component {
		form.Version = v.Draft.Version
		return stepPage(v, state, form)
	})
}

// moveForm is one move of the service.
type moveForm struct {
	There   bool     `form:"there"`
	From    []string `form:"from"`
	May     string   `form:"may"`
	Office  string   `form:"office"`
	Needs   []string `form:"needs"`
	Tell    []string `form:"tell"`
	Version int      `form:"version"`
}

func moveOf(d *services.Definition, move workflow.Move, version int) moveForm {
	own, there := d.Move(move.Name)
	f := moveForm{There: there, May: string(own.May), Office: own.Office, Tell: own.Tell, Version: version}
	if !there {
		f.May = string(move.May)
	}
	for _, s := range own.From {
		f.From = append(f.From, string(s))
	}
	for _, n := range own.Needs {
		f.Needs = append(f.Needs, string(n))
	}
	return f
}

func (f moveForm) apply(d *services.Definition, name string) error {
	i := slices.IndexFunc(d.Moves, func(m services.Move) bool { return m.Name == name })
	if !f.There {
		d.Moves = slices.DeleteFunc(d.Moves, func(m services.Move) bool { return m.Name == name })
		return nil
	}
	own := services.Move{Name: name, May: identity.Permission(f.May), Office: f.Office, Tell: f.Tell}
	for _, s := range f.From {
		own.From = append(own.From, workflow.State(s))
	}
	for _, n := range f.Needs {
		own.Needs = append(own.Needs, workflow.Need(n))
	}
	if i < 0 {
		d.Moves = append(d.Moves, own)
		return nil
	}
	d.Moves[i] = own
	return nil
}

func (h *Handler) lifeMove(r *http.Request) (workflow.Move, error) {
	move, err := h.catalogue.Life().Find(chi.URLParam(r, "move"))
	if err != nil {
		return move, apperr.New(apperr.NotFound, "catalogue.not_found")
	}
	return move, nil
}

func (h *Handler) move(w http.ResponseWriter, r *http.Request) error {
	move, err := h.lifeMove(r)
	if err != nil {
		return err
	}
	v, err := h.editing(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, movePage(v, move, h.catalogue.Side(move), moveOf(v.Draft.Definition, move, v.Draft.Version)))
}

func (h *Handler) saveMove(w http.ResponseWriter, r *http.Request) error {
	move, err := h.lifeMove(r)
	if err != nil {
		return err
	}
	var form moveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	change := func(d *services.Definition) error { return form.apply(d, move.Name) }
	return h.save(w, r, form.Version, change, func(v draftView) templ.Component {
		form.Version = v.Draft.Version
		return movePage(v, move, h.catalogue.Side(move), form)
	})
}

// publishForm puts the draft in force.
type publishForm struct {
	Note    string `form:"note"`
	Version int    `form:"version"`
}

func (h *Handler) publish(w http.ResponseWriter, r *http.Request) error {
	var form publishForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	slug := chi.URLParam(r, "slug")
	err := h.catalogue.Publish(r.Context(), page.Actor(r), slug, form.Version, form.Note)
	if err == nil {
		return page.Redirect(w, r, listPath+"/%s?done=published", slug)
	}
	return h.again(w, r, err, form.Note)
}

// again shows the draft with why it was not put in force.
func (h *Handler) again(w http.ResponseWriter, r *http.Request, err error, note string) error {
	status := page.Status(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	v, readErr := h.editing(r)
	if readErr != nil {
		return readErr
	}
	v.Note, v.Refused = note, page.Message(r, err)
	if faults, ours := page.FaultsOf(r, err); ours {
		v.Faults = faults
	}
	return page.Show(w, r, status, draftPage(v))
}

func (h *Handler) drop(w http.ResponseWriter, r *http.Request) error {
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	slug := chi.URLParam(r, "slug")
	if err := h.catalogue.Drop(r.Context(), page.Actor(r), slug, version); err != nil {
		return h.again(w, r, err, "")
	}
	return page.Redirect(w, r, listPath+"/%s?done=dropped", slug)
}
