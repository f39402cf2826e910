package organpages

import (
	"context"
	"maps"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/links"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

func (h *Handler) deskDecisions(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	v, err := h.decisionList(r, "/desk/decisions", actor, h.organs.Decisions)
	if err != nil {
		return err
	}
	v.Edit = actor.Can(identity.EditOrgans)
	if page.Fragment(r) {
		return page.Show(w, r, http.StatusOK, decisionResults(v))
	}
	return page.Show(w, r, http.StatusOK, deskDecisionsPage(v))
}

// rulingView is a decision as staff see it.
type rulingView struct {
	organs.Ruling
	Edit   bool
	Done   string
	Faults page.Faults
	Rests  []resting
	Tied   []tied
}

// tied is a record that staff linked to a decision.
type tied struct {
	subject.Place
	Kind subject.Kind
}

// resting is a record that rests on a decision.
type resting struct {
	subject.Place
	Item decisions.Item
}

// rests names the records that a decision speaks of, in its order.
func (h *Handler) rests(ctx context.Context, items []decisions.Item) ([]resting, error) {
	refs := make([]subject.Ref, len(items))
	for i, item := range items {
		refs[i] = item.Subject
	}
	places, err := h.places(ctx, refs)
	var out []resting
	for _, item := range items {
		if place, ok := places[item.Subject.ID]; ok {
			out = append(out, resting{place, item})
		}
	}
	return out, err
}

// tied names the records that staff linked to a decision.
func (h *Handler) tied(ctx context.Context, list []links.Link) ([]tied, error) {
	refs := make([]subject.Ref, len(list))
	for i, l := range list {
		refs[i] = l.To
	}
	places, err := h.places(ctx, refs)
	var out []tied
	for _, l := range list {
		if place, ok := places[l.To.ID]; ok {
			out = append(out, tied{place, l.To.Kind})
		}
	}
	return out, err
}

// places finds what records are called and where they open; a kind that nobody locates is
// left out.
func (h *Handler) places(ctx context.Context, refs []subject.Ref) (map[int64]subject.Place, error) {
	ids, places := map[subject.Kind][]int64{}, map[int64]subject.Place{}
	for _, ref := range refs {
		ids[ref.Kind] = append(ids[ref.Kind], ref.ID)
	}
	for kind, list := range ids {
		if h.Locators[kind] == nil {
			continue
		}
		found, err := h.Locators[kind](ctx, string(locale.Of(ctx).Lang), list)
		if err != nil {
			return nil, err
		}
		maps.Copy(places, found)
	}
	return places, nil
}

func (h *Handler) deskDecision(w http.ResponseWriter, r *http.Request) error {
	return h.showRuling(w, r, http.StatusOK, nil)
}

func (h *Handler) showRuling(w http.ResponseWriter, r *http.Request, status int, faults page.Faults) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	actor := page.Actor(r)
	if err := actor.May(identity.ReadOrgans); err != nil {
		return err
	}
	v := rulingView{Edit: actor.Can(identity.EditOrgans), Done: done(r), Faults: faults}
	if v.Ruling, err = h.organs.Decision(r.Context(), actor, page.Lang(r), id); err != nil {
		return err
	}
	if v.Rests, err = h.rests(r.Context(), v.Items); err != nil {
		return err
	}
	if v.Tied, err = h.tied(r.Context(), v.Links); err != nil {
		return err
	}
	return page.Show(w, r, status, rulingPage(v))
}

// publish shows a decision to the public, or hides it again.
func (h *Handler) publish(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Act string `form:"act"`
	}
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, act, what := chi.URLParam(r, "record"), h.organs.Publish, "published"
	if form.Act == "hide" {
		act, what = h.organs.Hide, "hidden"
	}
	err := act(r.Context(), page.Actor(r), id)
	if faults, wrong := page.FaultsOf(r, err); wrong {
		return h.showRuling(w, r, http.StatusUnprocessableEntity, faults)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/decisions/%s?done=%s", id, what)
}

// resolutionForm is a decision as it is typed.
type resolutionForm struct {
	Organ      string `form:"organ"`
	Number     string `form:"number"`
	Date       string `form:"date"`
	Title      string `form:"title"`
	Text       string `form:"text"`
	Lang       string `form:"lang"`
	Item       string `form:"item"`
	Supersedes string `form:"supersedes"`
	For        string `form:"votes_for"`
	Against    string `form:"votes_against"`
	Abstained  string `form:"votes_abstained"`
}

// resolution reads the form: its day and its votes are typed.
func (f resolutionForm) resolution(r *http.Request) (organs.Resolution, page.Faults) {
	faults := page.Faults{}
	x := organs.Resolution{Organ: f.Organ, Number: f.Number, Title: f.Title, Text: f.Text, Lang: f.Lang, Item: f.Item, Supersedes: f.Supersedes}
	day, ok := readDay(f.Date)
	if x.Date = day; !ok {
		faults["date"] = say(r, "organs.day_wrong")
	}
	if f.For+f.Against+f.Abstained == "" {
		return x, faults
	}
	x.Votes = &decisions.Votes{}
	for _, c := range []struct {
		text string
		into *int
	}{{f.For, &x.Votes.For}, {f.Against, &x.Votes.Against}, {f.Abstained, &x.Votes.Abstained}} {
		n, ok := readCount(r, c.text)
		if !ok {
			faults["votes"] = say(r, "organs.votes_wrong")
		}
		if n != nil {
			*c.into = *n
		}
	}
	return x, faults
}

// resolutionView is the form of a decision: of a meeting, or where that is nil of an organ.
type resolutionView struct {
	Meeting *organs.Desk
	Organs  []organs.Organ
	Choices []decisions.Cited
	Form    resolutionForm
	Faults  page.Faults
	Once    string
}

// showResolution fills in what the form offers.
func (h *Handler) showResolution(w http.ResponseWriter, r *http.Request, status int, v resolutionView) error {
	ctx, actor := r.Context(), page.Actor(r)
	var err error
	if chi.URLParam(r, "record") != "" {
		id, err := page.PublicID(r, "record")
		if err != nil {
			return err
		}
		d, err := h.organs.Meeting(ctx, actor, page.Lang(r), id)
		if err != nil {
			return err
		}
		v.Meeting = &d
	} else if v.Organs, err = h.organs.List(ctx, actor); err != nil {
		return err
	}
	if v.Choices, err = h.organs.Choices(ctx, actor); err != nil {
		return err
	}
	v.Once = page.OnceKey()
	return page.Show(w, r, status, resolutionPage(v))
}

func (h *Handler) newMeetingDecision(w http.ResponseWriter, r *http.Request) error {
	return h.showResolution(w, r, http.StatusOK, resolutionView{Form: resolutionForm{Lang: string(page.Lang(r))}})
}

func (h *Handler) newDecision(w http.ResponseWriter, r *http.Request) error {
	form := resolutionForm{Lang: string(page.Lang(r)), Organ: short(r.URL.Query().Get("organ"))}
	return h.showResolution(w, r, http.StatusOK, resolutionView{Form: form})
}

func (h *Handler) decide(w http.ResponseWriter, r *http.Request) error {
	return h.record(w, r, func(x organs.Resolution) (string, error) {
		return h.organs.Decide(r.Context(), page.Actor(r), chi.URLParam(r, "record"), x)
	})
}

func (h *Handler) enter(w http.ResponseWriter, r *http.Request) error {
	return h.record(w, r, func(x organs.Resolution) (string, error) { return h.organs.Enter(r.Context(), page.Actor(r), x) })
}

// record reads the form of a decision and stores it by store.
func (h *Handler) record(w http.ResponseWriter, r *http.Request, store func(organs.Resolution) (string, error)) error {
	var v resolutionView
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	x, faults := v.Form.resolution(r)
	if len(faults) == 0 {
		id, err := store(x)
		if err == nil {
			return page.Redirect(w, r, "/desk/decisions/%s?done=recorded", id)
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return err
		}
	}
	v.Faults = faults
	return h.showResolution(w, r, http.StatusUnprocessableEntity, v)
}

func (v resolutionView) action(ctx context.Context) string {
	if v.Meeting != nil {
		return ui.Path(ctx, "/desk/meetings/"+v.Meeting.PublicID+"/decisions")
	}
	return ui.Path(ctx, "/desk/decisions")
}

func (v resolutionView) back(ctx context.Context) ui.Link {
	if v.Meeting != nil {
		return ui.Link{Label: meetingName(v.Meeting.Meeting), Href: ui.Path(ctx, "/desk/meetings/"+v.Meeting.PublicID)}
	}
	return ui.Link{Label: locale.T(ctx, "organs.decisions"), Href: ui.Path(ctx, "/desk/decisions")}
}
