package cataloguepages

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
)

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
	Papers  []string `form:"paper_key"`
	PaperTR []string `form:"paper_tr"`
	PaperEN []string `form:"paper_en"`
	PaperRU []string `form:"paper_ru"`
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
	for _, paper := range s.Papers {
		f.Papers, f.PaperTR = append(f.Papers, paper.Key), append(f.PaperTR, paper.Label["tr"])
		f.PaperEN, f.PaperRU = append(f.PaperEN, paper.Label["en"]), append(f.PaperRU, paper.Label["ru"])
	}
	f.Papers, f.PaperTR, f.PaperEN, f.PaperRU = append(f.Papers, ""), append(f.PaperTR, ""), append(f.PaperEN, ""), append(f.PaperRU, "")
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

// papers are the documents that the step must leave behind; a new one gets a key that no
// other of the service has.
func (f stepForm) papers(d *services.Definition, state workflow.State) []services.Item {
	taken := map[string]bool{}
	for _, s := range d.Steps {
		for _, paper := range s.Papers {
			taken[paper.Key] = true
		}
	}
	var out []services.Item
	for i := range f.PaperTR {
		label := text(at(f.PaperTR, i), at(f.PaperEN, i), at(f.PaperRU, i))
		if label.Empty() {
			continue
		}
		key := at(f.Papers, i)
		for n := 1; key == ""; n++ {
			if free := "paper_" + string(state) + "_" + strconv.Itoa(n); !taken[free] {
				key = free
			}
		}
		taken[key] = true
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
	step.Checklist, step.Papers = f.items(d, state), f.papers(d, state)
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
