package profilepages

import (
	"context"
	"net/http"
	"strings"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/profiles"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// profileView is a municipality's own page of its profile.
type profileView struct {
	profiles.Profile
	Score     profiles.Score
	Confirmed bool
	Section   string
	May       bool
	Done      string
}

func (h *Handler) profileView(r *http.Request) (profileView, error) {
	actor := page.Actor(r)
	v := profileView{Section: newFrame(r).Section, May: actor.Can(identity.EditProfile), Done: said(r)}
	var err error
	if v.Profile, err = h.profiles.Own(r.Context(), actor, page.Lang(r)); err != nil {
		return v, err
	}
	v.Score, v.Confirmed = h.profiles.Score(v.Profile), v.Profile.Confirmed(h.profiles.Today())
	return v, nil
}

func (h *Handler) profile(w http.ResponseWriter, r *http.Request) error {
	v, err := h.profileView(r)
	if apperr.Is(err, apperr.NotFound) {
		return page.Show(w, r, http.StatusOK, noProfilePage(v)) // an association has no profile; the menu does not know
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, profilePage(v))
}

func (h *Handler) showConfirm(w http.ResponseWriter, r *http.Request) error {
	v, err := h.profileView(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, confirmPage(v))
}

func (h *Handler) confirm(w http.ResponseWriter, r *http.Request) error {
	if err := h.profiles.Confirm(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return done(w, r, newFrame(r).Section, "confirmed")
}

// at is an address below the profile, in the reader's language.
func (v profileView) at(ctx context.Context, below string) string {
	if rest, ok := strings.CutPrefix(below, "/.."); ok {
		return ui.Path(ctx, strings.TrimSuffix(v.Section, "/profile")+rest)
	}
	return ui.Path(ctx, v.Section+below)
}

// change leads to a part's form, where the reader may edit it.
func (v profileView) change(ctx context.Context, below, key string) ui.Link {
	if !v.May {
		return ui.Link{}
	}
	return ui.Link{Href: v.at(ctx, below), Label: locale.T(ctx, key)}
}

// missing are the things to fill in, each with why it counts and where.
func (v profileView) missing(ctx context.Context) ui.TaskList {
	out := ui.TaskList{ID: "missing", Label: locale.T(ctx, "profiles.missing")}
	for _, item := range v.Score.Missing() {
		task := ui.Task{Label: locale.T(ctx, "profiles.item."+item.Key), Hint: locale.T(ctx, "profiles.lacks."+item.Key), Tone: ui.StatusDraft, Status: locale.T(ctx, "profiles.lacking")}
		switch {
		case !v.May:
		case item.Key == "texts":
			task.Href = v.at(ctx, "/texts/"+v.nextTongue())
		default:
			task.Href = v.at(ctx, item.Path)
		}
		out.Items = append(out.Items, task)
	}
	return out
}

// nextTongue is the first language that the municipality has not described itself in.
func (v profileView) nextTongue() string {
	for _, lang := range profiles.Languages() {
		if !v.written(lang) {
			return lang
		}
	}
	return profiles.Languages()[0]
}

func (v profileView) written(lang string) bool {
	for _, t := range v.Texts {
		if t.Lang == lang {
			return true
		}
	}
	return false
}

// waits says which facts wait for staff.
func (v profileView) waits(fact profiles.Fact) bool {
	for _, p := range v.Proposals {
		for _, c := range p.Changes {
			if c.Fact == fact && c.Outcome == profiles.Open {
				return true
			}
		}
	}
	return false
}

// facts are the official facts as rows.
func (v profileView) facts(ctx context.Context) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, name := range profiles.FactNames() {
		row := ui.SummaryRow{Label: factName(ctx, name), Value: words(ctx, name, v.Facts[name], v.Regions)}
		if v.waits(name) {
			row.Values = []string{row.Value, locale.T(ctx, "profiles.change_waits")}
		}
		out = append(out, row)
	}
	return out
}

func (v profileView) textRows(ctx context.Context) []ui.SummaryRow {
	var out []ui.SummaryRow
	for _, lang := range profiles.Languages() {
		row := ui.SummaryRow{Label: tongue(ctx, lang)}
		if v.written(lang) {
			row.Value = locale.T(ctx, "profiles.text_there")
		} else if !locale.Known(lang) {
			continue
		}
		if v.May {
			row.Change = v.at(ctx, "/texts/"+lang)
		}
		out = append(out, row)
	}
	return out
}

// otherTongues are languages that a description may be added in.
func (v profileView) otherTongues(ctx context.Context) []ui.Link {
	var out []ui.Link
	for _, lang := range profiles.Languages() {
		if !locale.Known(lang) && !v.written(lang) {
			out = append(out, ui.Link{Label: tongue(ctx, lang), Href: v.at(ctx, "/texts/"+lang)})
		}
	}
	return out
}

func (v profileView) sectorTitles(of func(profiles.Sector) bool) []string {
	var out []string
	for _, s := range v.Sectors {
		if of(s) {
			out = append(out, s.Title)
		}
	}
	return out
}

func (v profileView) nameLines(ctx context.Context) []string {
	var out []string
	for _, n := range v.Names[:min(len(v.Names), shownNames)] {
		out = append(out, n.Name)
	}
	if more := len(v.Names) - shownNames; more > 0 {
		out = append(out, locale.T(ctx, "profiles.more_names", "Count", more))
	}
	return out
}

// shownNames is how many names the profile shows; the page of names has them all.
const shownNames = 6

func (v profileView) sisterLines() []string {
	var out []string
	for _, s := range v.Sisters {
		out = append(out, s.Title+" · "+s.Country)
	}
	return out
}

func (v profileView) maturity(ctx context.Context) string {
	if v.MaturityAt == nil {
		return ""
	}
	return locale.T(ctx, "profiles.maturity_is", "Level", locale.Decimal(ctx, float64(v.Maturity.Average())/10, 1), "Day", clock.Day(ctx, *v.MaturityAt))
}

func (v profileView) confirmedLine(ctx context.Context) string {
	if v.ConfirmedAt == nil {
		return locale.T(ctx, "profiles.never_confirmed")
	}
	return locale.T(ctx, "profiles.confirmed_on", "Day", clock.Day(ctx, *v.ConfirmedAt))
}

// factName is what a fact is called.
func factName(ctx context.Context, f profiles.Fact) string {
	return locale.T(ctx, "profiles.fact."+string(f))
}

// tongue is a language by its own name and the reader's.
func tongue(ctx context.Context, tag string) string {
	own, known := locale.OwnName(tag), locale.LanguageName(ctx, tag)
	if own == known {
		return own
	}
	return own + " · " + known
}

// chip is how a proposal stands.
func chip(ctx context.Context, s workflow.State) ui.StatusChip {
	tones := map[workflow.State]ui.Tone{profiles.Waiting: ui.StatusWait, profiles.Answered: ui.StatusDone, profiles.Withdrawn: ui.StatusClosed}
	return ui.StatusChip{Tone: tones[s], Label: locale.T(ctx, "profiles.state."+string(s))}
}

func outcome(ctx context.Context, o profiles.Outcome) ui.StatusChip {
	tones := map[profiles.Outcome]ui.Tone{profiles.Open: ui.StatusWait, profiles.Accepted: ui.StatusDone, profiles.Refused: ui.StatusStop, profiles.Recalled: ui.StatusClosed}
	key := string(o)
	if o == profiles.Open {
		key = "open"
	}
	return ui.StatusChip{Tone: tones[o], Label: locale.T(ctx, "profiles.outcome."+key)}
}

func (h *Handler) suggest(w http.ResponseWriter, r *http.Request) error {
	rows, err := h.municipalities.Suggest(r.Context(), identity.Anyone(), page.Lang(r), page.Tidy(r.URL.Query().Get("q")), suggested)
	if err != nil {
		return err
	}
	options := make([]ui.ComboOption, len(rows))
	for i, row := range rows {
		options[i] = ui.ComboOption{Value: row.Slug, Label: row.Title, Hint: row.Region + ", " + row.Country}
	}
	return page.Show(w, r, http.StatusOK, ui.ComboOptions(options))
}

// suggested is how many places a combobox offers.
const suggested = 8

func (v profileView) contacts(ctx context.Context) string {
	if v.Listed == 0 {
		return ""
	}
	return locale.T(ctx, "profiles.listed", "Count", v.Listed)
}
