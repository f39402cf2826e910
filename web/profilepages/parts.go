package profilepages

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// partView is the form of one part of a profile, with what the profile holds.
type partView struct {
	frame
	profiles.Profile
	Strengths, Needs []string          // chosen codes
	Website          string            // as typed
	Levels           map[string]string // chosen level by question
}

// part reads the profile and the version that an editor of the part begins from.
func (h *Handler) part(r *http.Request, part profiles.Part) (partView, profiles.Edited, error) {
	v := partView{frame: newFrame(r), Levels: map[string]string{}}
	var err error
	if v.Profile, err = h.profiles.Own(r.Context(), page.Actor(r), page.Lang(r)); err != nil {
		return v, profiles.Edited{}, err
	}
	e, err := h.profiles.Seen(r.Context(), page.Actor(r), part)
	v.Version, v.Website = e.Version, ui.SiteName(v.Profile.Website)
	for _, s := range v.Sectors {
		if s.Strength {
			v.Strengths = append(v.Strengths, s.Code)
		}
		if s.Need {
			v.Needs = append(v.Needs, s.Code)
		}
	}
	for key, level := range v.Maturity {
		v.Levels[key] = strconv.Itoa(level)
	}
	return v, e, err
}

// again shows a form after a refused save: its faults, or both versions where a colleague
// was quicker. stored and sent are the form as it is kept and as it came.
func again(w http.ResponseWriter, r *http.Request, v *partView, e profiles.Edited, cause error, changes []ui.Change) (status int, err error) {
	faults, quicker, err := refused(r, cause)
	if err != nil {
		return 0, err
	}
	if v.Faults = faults; !quicker {
		return http.StatusUnprocessableEntity, nil
	}
	v.Conflict = newConflict(r.Context(), e, changes)
	return http.StatusConflict, nil
}

type sectorsForm struct {
	Strengths []string `form:"strengths"`
	Needs     []string `form:"needs"`
	Version   int      `form:"version"`
}

func (h *Handler) showSectors(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.part(r, profiles.PartSectors)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, sectorsPage(v))
}

func (h *Handler) saveSectors(w http.ResponseWriter, r *http.Request) error {
	var form sectorsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	cause := h.profiles.SaveSectors(r.Context(), page.Actor(r), form.Version, form.Strengths, form.Needs)
	if cause == nil {
		return done(w, r, newFrame(r).Section, "saved")
	}
	v, e, err := h.part(r, profiles.PartSectors)
	if err != nil {
		return err
	}
	theirs := [2]string{v.titles(v.Strengths), v.titles(v.Needs)}
	v.Strengths, v.Needs = form.Strengths, form.Needs
	changes := differing(
		ui.Change{Field: locale.T(r.Context(), "profiles.strengths"), Old: theirs[0], New: v.titles(form.Strengths)},
		ui.Change{Field: locale.T(r.Context(), "profiles.needs"), Old: theirs[1], New: v.titles(form.Needs)})
	status, err := again(w, r, &v, e, cause, changes)
	if err != nil {
		return err
	}
	return page.Show(w, r, status, sectorsPage(v))
}

// differing keeps the fields that the two versions say differently.
func differing(all ...ui.Change) []ui.Change {
	var out []ui.Change
	for _, c := range all {
		if c.Old != c.New {
			out = append(out, c)
		}
	}
	return out
}

// titles are sectors in words, in the order of the list.
func (v partView) titles(codes []string) string {
	var out []string
	for _, s := range v.Sectors {
		for _, code := range codes {
			if s.Code == code {
				out = append(out, s.Title)
			}
		}
	}
	return strings.Join(out, ", ")
}

func (v partView) sectorChoices() []ui.Choice {
	out := make([]ui.Choice, len(v.Sectors))
	for i, s := range v.Sectors {
		out[i] = ui.Choice{Value: s.Code, Label: s.Title}
	}
	return out
}

func (h *Handler) showWebsite(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.part(r, profiles.PartWebsite)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, websitePage(v))
}

func (h *Handler) saveWebsite(w http.ResponseWriter, r *http.Request) error {
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	typed := page.Tidy(r.PostFormValue("website"))
	cause := h.profiles.SaveWebsite(r.Context(), page.Actor(r), version, typed)
	if cause == nil {
		return done(w, r, newFrame(r).Section, "saved")
	}
	v, e, err := h.part(r, profiles.PartWebsite)
	if err != nil {
		return err
	}
	changes := []ui.Change{{Field: locale.T(r.Context(), "profiles.website"), Old: v.Website, New: typed}}
	v.Website = typed
	status, err := again(w, r, &v, e, cause, changes)
	if err != nil {
		return err
	}
	return page.Show(w, r, status, websitePage(v))
}

func (h *Handler) showMaturity(w http.ResponseWriter, r *http.Request) error {
	v, _, err := h.part(r, profiles.PartMaturity)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, maturityPage(v))
}

func (h *Handler) saveMaturity(w http.ResponseWriter, r *http.Request) error {
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	sent, levels := profiles.Maturity{}, map[string]string{}
	for _, q := range profiles.Questions() {
		levels[q.Key] = page.Tidy(r.PostFormValue(q.Key))
		if n, err := strconv.Atoi(levels[q.Key]); err == nil {
			sent[q.Key] = n
		}
	}
	cause := h.profiles.SaveMaturity(r.Context(), page.Actor(r), version, sent)
	if cause == nil {
		return done(w, r, newFrame(r).Section, "saved")
	}
	v, e, err := h.part(r, profiles.PartMaturity)
	if err != nil {
		return err
	}
	var changes []ui.Change
	for _, q := range profiles.Questions() {
		changes = append(changes, ui.Change{Field: locale.T(r.Context(), "profiles.maturity."+q.Key), Old: level(r.Context(), q, v.Levels[q.Key]), New: level(r.Context(), q, levels[q.Key])})
	}
	v.Levels = levels
	status, err := again(w, r, &v, e, cause, differing(changes...))
	if err != nil {
		return err
	}
	return page.Show(w, r, status, maturityPage(v))
}

// level is an answer in words.
func level(ctx context.Context, q profiles.Question, n string) string {
	key := "profiles.maturity." + q.Key + "." + n
	if n == "" || !locale.Has(locale.Of(ctx).Lang, key) {
		return ""
	}
	return locale.T(ctx, key)
}

func levels(ctx context.Context, q profiles.Question) []ui.Choice {
	out := make([]ui.Choice, profiles.Levels)
	for i := range out {
		out[i] = ui.Choice{Value: strconv.Itoa(i), Label: level(ctx, q, strconv.Itoa(i))}
	}
	return out
}

// maturityBoxes are the questions in the order of the page.
func maturityBoxes() []string {
	var out []string
	for _, q := range profiles.Questions() {
		out = append(out, q.Key)
	}
	return out
}

// textView is the description in one language.
type textView struct {
	frame
	translations.Work
	Summary string
}

func (h *Handler) textView(r *http.Request) (textView, error) {
	v := textView{frame: newFrame(r)}
	var err error
	v.Work, err = h.profiles.Work(r.Context(), page.Actor(r), chi.URLParam(r, "tongue"))
	v.Version, v.Summary = v.Now.Version, v.Text.Summary
	if v.Now.Live == 0 {
		v.Summary = "" // taken down: the next one begins anew
	}
	return v, err
}

func (h *Handler) showText(w http.ResponseWriter, r *http.Request) error {
	v, err := h.textView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, textPage(v))
}

func (h *Handler) saveText(w http.ResponseWriter, r *http.Request) error {
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	typed := page.Tidy(r.PostFormValue("summary"))
	cause := h.profiles.SaveText(r.Context(), page.Actor(r), chi.URLParam(r, "tongue"), version, typed)
	if cause == nil {
		return done(w, r, newFrame(r).Section, "saved")
	}
	faults, quicker, err := refused(r, cause)
	if err != nil {
		return err
	}
	v, err := h.textView(r)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if v.Faults = faults; quicker {
		status = http.StatusConflict
		v.Conflict = newConflict(r.Context(), profiles.Edited{By: v.SavedBy, At: v.SavedAt}, []ui.Change{{Field: tongue(r.Context(), v.Now.Lang), Old: v.Summary, New: typed}})
	}
	v.Summary = typed
	return page.Show(w, r, status, textPage(v))
}

// coatView is the form of the coat of arms.
type coatView struct {
	partView
	MaxBytes int64
	Uploads  string // where files travel to, with the language
}

func (h *Handler) coatView(r *http.Request) (coatView, error) {
	v, _, err := h.part(r, profiles.PartFacts)
	return coatView{partView: v, MaxBytes: h.documents.MaxBytes(), Uploads: ui.Path(r.Context(), strings.TrimSuffix(v.Section, "/profile")+"/uploads")}, err
}

func (h *Handler) showCoat(w http.ResponseWriter, r *http.Request) error {
	v, err := h.coatView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, coatPage(v))
}

// saveCoat takes a picture, checked as every upload, or removes the one that is there.
func (h *Handler) saveCoat(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), page.Actor(r)
	if err := actor.May(identity.EditProfile); err != nil {
		return err
	}
	upload, cause := "", error(nil)
	err := page.ReadFiles(w, r, h.documents.MaxBytes()+1<<20, func(_, name string, content io.Reader) error {
		upload, cause = h.documents.Receive(ctx, actor, name, content)
		return nil
	})
	if err != nil {
		return err
	}
	if sent := r.PostFormValue("coat_upload"); sent != "" {
		upload = sent
	}
	if cause == nil && upload == "" && r.PostFormValue("remove") == "" {
		cause = apperr.Fields(map[string]string{"coat": "error.required"})
	}
	if cause == nil {
		cause = h.profiles.SaveCoat(ctx, actor, upload)
	}
	if cause == nil {
		return done(w, r, newFrame(r).Section, "saved")
	}
	faults, ours := page.FaultsOf(r, asPicture(cause))
	if !ours {
		return cause
	}
	v, err := h.coatView(r)
	if err != nil {
		return err
	}
	for _, message := range faults {
		v.Faults = page.Faults{"coat": message}
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, coatPage(v))
}

// otherKinds are the faults of files that are refused for what they are; the words of each
// name kinds that a record takes and a coat of arms does not.
var otherKinds = []string{"files.kind", "files.archive", "files.old_office", "files.macros"}

// asPicture names the kinds of pictures where a file is of a kind that nothing takes.
func asPicture(cause error) error {
	var e *apperr.Error
	if errors.As(cause, &e) && slices.Contains(otherKinds, e.Key) {
		return apperr.Fields(map[string]string{"coat": "profiles.no_picture"})
	}
	return cause
}

// savedAt is when a text was written last, for its form.
func (v textView) savedAt(ctx context.Context) string {
	if v.Now.Live == 0 {
		return ""
	}
	return locale.T(ctx, "profiles.text_saved", "Day", clock.Day(ctx, v.SavedAt))
}

// files is the coat of arms that is there.
func (v coatView) files(ctx context.Context) []ui.File {
	if v.Coat == nil {
		return nil
	}
	return []ui.File{{ID: v.Coat.PublicID, Name: v.Coat.Name, Href: ui.Path(ctx, "/files/"+v.Coat.PublicID+"?size=web")}}
}
