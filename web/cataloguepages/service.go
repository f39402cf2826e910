package cataloguepages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// listPath is the list of services, without the language.
const listPath = "/desk/services"

// listView is every service.
type listView struct {
	Services []services.Service
	Offices  map[string]string
	Edit     bool
}

func (h *Handler) list(w http.ResponseWriter, r *http.Request) error {
	v := listView{Edit: page.Actor(r).Can(identity.EditServices)}
	var err error
	if v.Services, err = h.catalogue.List(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	if v.Offices, err = h.named(r); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, listPage(v))
}

func (h *Handler) named(r *http.Request) (map[string]string, error) {
	list, err := h.catalogue.Offices(r.Context())
	return services.Named(list, page.Lang(r)), err
}

// serviceView is one service with its versions.
type serviceView struct {
	services.Record
	Offices map[string]string
	Edit    bool
	Done    string
	Refused string
	Faults  page.Faults
	Stand   standForm
}

func (h *Handler) show(w http.ResponseWriter, r *http.Request) error {
	v, err := h.read(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, servicePage(v))
}

func (h *Handler) read(r *http.Request) (serviceView, error) {
	v := serviceView{Edit: page.Actor(r).Can(identity.EditServices), Done: done(r)}
	var err error
	if v.Record, err = h.catalogue.Record(r.Context(), page.Actor(r), chi.URLParam(r, "slug")); err != nil {
		return v, err
	}
	v.Stand = standForm{State: string(v.State), Version: v.Service.Version}
	if v.Until != nil {
		v.Stand.Until = v.Until.Format("02.01.2006")
	}
	v.Offices, err = h.named(r)
	return v, err
}

// refused shows the service with why an act was not done.
func (h *Handler) refused(w http.ResponseWriter, r *http.Request, err error) error {
	status := page.Status(err)
	if status != http.StatusConflict && status != http.StatusUnprocessableEntity {
		return err
	}
	v, readErr := h.read(r)
	if readErr != nil {
		return readErr
	}
	v.Refused = page.Message(r, err)
	return page.Show(w, r, status, servicePage(v))
}

// standForm opens a service, closes it, or hides it.
type standForm struct {
	State   string `form:"state"`
	Until   string `form:"until"`
	Version int    `form:"version"`
}

func (h *Handler) stand(w http.ResponseWriter, r *http.Request) error {
	var form standForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	var until *time.Time
	if form.Until != "" && form.State == string(services.Closed) {
		day, ok := h.readDay(form.Until)
		if !ok {
			v, err := h.read(r)
			if err != nil {
				return err
			}
			v.Stand, v.Faults = form, page.Faults{"until": locale.T(r.Context(), "casework.day_format")}
			return page.Show(w, r, http.StatusUnprocessableEntity, servicePage(v))
		}
		until = &day
	}
	slug := chi.URLParam(r, "slug")
	if err := h.catalogue.Stand(r.Context(), page.Actor(r), slug, form.Version, services.State(form.State), until); err != nil {
		return h.refused(w, r, err)
	}
	return page.Redirect(w, r, listPath+"/%s?done=stands", slug)
}

// adopt puts a version in force.
func (h *Handler) adopt(w http.ResponseWriter, r *http.Request) error {
	row, err := page.Version(r)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PostFormValue("number"))
	if err != nil {
		return apperr.Wrap(err, apperr.Invalid, "error.check_fields")
	}
	slug := chi.URLParam(r, "slug")
	if err := h.catalogue.Adopt(r.Context(), page.Actor(r), slug, row, number); err != nil {
		return h.refused(w, r, err)
	}
	return page.Redirect(w, r, listPath+"/%s?done=adopted", slug)
}

func (h *Handler) begin(w http.ResponseWriter, r *http.Request) error {
	slug := chi.URLParam(r, "slug")
	if err := h.catalogue.Begin(r.Context(), page.Actor(r), slug); err != nil {
		return h.refused(w, r, err)
	}
	return page.Redirect(w, r, listPath+"/%s/draft", slug)
}

// versionView is one version as it was published, with what it changed.
type versionView struct {
	services.Service
	services.Version
	Offices map[string]string
	Before  *services.Version
	Changes []services.Change
}

func (h *Handler) version(w http.ResponseWriter, r *http.Request) error {
	record, err := h.catalogue.Record(r.Context(), page.Actor(r), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(record.Versions, func(x services.Version) bool { return strconv.Itoa(x.Number) == chi.URLParam(r, "version") })
	if i < 0 {
		return apperr.New(apperr.NotFound, "catalogue.not_found")
	}
	v := versionView{Service: record.Service, Version: record.Versions[i]}
	if v.Offices, err = h.named(r); err != nil {
		return err
	}
	if i+1 < len(record.Versions) {
		v.Before = &record.Versions[i+1]
		v.Changes = services.Diff(v.Before.Definition, v.Version.Definition)
	}
	return page.Show(w, r, http.StatusOK, versionPage(v))
}

// stateTones are the shapes of a service's own states.
var stateTones = map[services.State]ui.Tone{services.Draft: ui.StatusDraft, services.Published: ui.StatusDone, services.Closed: ui.StatusStop}

func stateChip(ctx context.Context, s services.State) ui.StatusChip {
	return ui.StatusChip{Tone: stateTones[s], Label: locale.T(ctx, "catalogue.state."+string(s))}
}

// stepName is what a service calls a state.
func stepName(ctx context.Context, d *services.Definition, s workflow.State) string {
	return requests.Label(d, s, lang(ctx))
}

// moveName is a move in words: what somebody does.
func moveName(ctx context.Context, name string) string { return locale.T(ctx, "audit.request."+name) }

// changes are differences in words.
func changes(ctx context.Context, d *services.Definition, list []services.Change) []ui.Change {
	out := make([]ui.Change, len(list))
	for i, c := range list {
		out[i] = ui.Change{Field: fieldName(ctx, d, c.Line), Old: valueOf(ctx, c.Line, c.Old), New: valueOf(ctx, c.Line, c.New)}
	}
	return out
}

func fieldName(ctx context.Context, d *services.Definition, line services.Line) string {
	name := ""
	switch line.Part {
	case "step":
		name = stepName(ctx, d, workflow.State(line.Name)) + ": " + locale.T(ctx, "catalogue.what."+line.What)
	case "move":
		name = moveName(ctx, line.Name) + ": " + locale.T(ctx, "catalogue.what."+line.What)
	default:
		name = locale.T(ctx, "catalogue.text."+line.Name)
	}
	if line.Lang != "" {
		name += " (" + line.Lang + ")"
	}
	return name
}

func valueOf(ctx context.Context, line services.Line, value string) string {
	if value == "" || line.Part != "move" {
		return value
	}
	switch line.What {
	case "may":
		return locale.T(ctx, "catalogue.may."+value)
	case "from":
		return words(ctx, "requests.state.", value)
	case "needs":
		return words(ctx, "catalogue.", value)
	case "tell":
		return words(ctx, "catalogue.tell.", value)
	}
	return value
}
