package cataloguepages

import (
	"context"
	"net/http"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
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
