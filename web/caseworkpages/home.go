package caseworkpages

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxDuties is how many duties the first page shows.
const maxDuties = 50

// duty is one thing to do, with the record that it is about.
type duty struct {
	tasks.Task
	Place subject.Place
}

// homeView is what a member of the staff sees first: what waits for them, and what happened
// since they were here.
type homeView struct {
	UserID  int64
	Duties  []duty
	More    bool // there are more than are shown
	Offices []services.Bureau
	requests.Standing
	Recent requests.Recent
	Now    time.Time
	Zone   *time.Location // the union's, whose days dates end with
	Reads  bool           // requests are theirs to read
}

func (h *Handler) home(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), page.Actor(r)
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return err
	}
	v := homeView{UserID: actor.UserID, Now: h.now(), Zone: h.zone, Reads: actor.Can(identity.ReadRequests)}
	if err := h.duties(ctx, actor, page.Lang(r), &v); err != nil {
		return err
	}
	if v.Reads {
		var err error
		if v.Standing, err = h.requests.Standing(ctx, actor); err != nil {
			return err
		}
		if v.Recent, err = h.requests.Recent(ctx, actor); err != nil {
			return err
		}
	}
	return page.Show(w, r, http.StatusOK, homePage(v))
}

// duties are the actor's own tasks, those whom they stand in for and their offices', the
// most urgent first, by name.
func (h *Handler) duties(ctx context.Context, actor identity.Actor, lang locale.Lang, v *homeView) error {
	var list []tasks.Task
	err := h.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if list, err = tasks.Mine(ctx, q, actor, maxDuties+1); err != nil {
			return err
		}
		v.Offices, err = services.Offices(ctx, q)
		return err
	})
	if err != nil {
		return err
	}
	if v.More = len(list) > maxDuties; v.More {
		list = list[:maxDuties]
	}
	places, err := h.places(ctx, lang, refsOf(list))
	for _, t := range list {
		v.Duties = append(v.Duties, duty{Task: t, Place: places[t.Subject.ID]})
	}
	return err
}

// refsOf are the records that tasks are about.
func refsOf(list []tasks.Task) []subject.Ref {
	out := make([]subject.Ref, len(list))
	for i, t := range list {
		out[i] = t.Subject
	}
	return out
}

// places name records of several kinds, and lead to them: one question a kind.
func (h *Handler) places(ctx context.Context, lang locale.Lang, refs []subject.Ref) (map[int64]subject.Place, error) {
	byKind := map[subject.Kind][]int64{}
	for _, ref := range refs {
		byKind[ref.Kind] = append(byKind[ref.Kind], ref.ID)
	}
	places := map[int64]subject.Place{}
	for kind, ids := range byKind {
		locate := h.Locators[kind]
		if locate == nil {
			continue
		}
		found, err := locate(ctx, string(lang), ids)
		if err != nil {
			return nil, err
		}
		for id, place := range found {
			places[id] = place
		}
	}
	return places, nil
}

// dutyWords say what is to be done, by the duty's name.
func dutyWords(ctx context.Context, key string) string {
	return locale.T(ctx, strings.Replace(key, ".", ".task.", 1))
}

// words say what is to be done: as somebody wrote it, else by the duty's name.
func (d duty) words(ctx context.Context) string {
	if d.Words != "" {
		return d.Words
	}
	return dutyWords(ctx, d.Key)
}

// why says for what reason a duty stands in the reader's list; nothing for their own.
func (v homeView) why(ctx context.Context, d duty) string {
	switch {
	case d.UserID != 0 && d.UserID != v.UserID:
		return locale.T(ctx, "workbench.for", "Name", locale.Person(ctx, d.UserName))
	case d.Office != "":
		return locale.T(ctx, "workbench.office", "Office", labelOf(officeOptions(ctx, v.Offices), d.Office))
	case d.Role != "":
		return locale.T(ctx, "accounts.role."+string(d.Role))
	}
	return ""
}

// status says when a duty is due.
func (d duty) status(ctx context.Context, now time.Time) (ui.Tone, string) {
	switch {
	case d.DueAt == nil:
		return ui.StatusReady, locale.T(ctx, "casework.no_date")
	case d.DueAt.Before(now):
		return ui.StatusLate, locale.T(ctx, "casework.due_was", "Ago", locale.Relative(ctx, *d.DueAt))
	}
	return ui.StatusWait, locale.Relative(ctx, *d.DueAt)
}

func (v homeView) line(ctx context.Context, d duty) ui.Task {
	tone, status := d.status(ctx, v.Now)
	hint := []string{d.words(ctx)}
	if why := v.why(ctx, d); why != "" {
		hint = append(hint, why)
	}
	if d.DueAt != nil {
		hint = append(hint, locale.Date(ctx, clock.Own(ctx, *d.DueAt)))
	}
	return ui.Task{Label: d.Place.Title, Hint: strings.Join(hint, " · "), Href: d.Place.Path, Tone: tone, Status: status}
}

// The parts of a day's order, in it.
var parts = []string{"late", "today", "week", "later", "undated"}

// part is when a duty wants to be done. Days are the union's, by which dates end.
func (v homeView) part(d duty) string {
	if d.DueAt == nil {
		return "undated"
	}
	y, m, day := v.Now.In(v.Zone).Date()
	midnight := time.Date(y, m, day+1, 0, 0, 0, 0, v.Zone)
	switch {
	case d.DueAt.Before(v.Now):
		return "late"
	case d.DueAt.Before(midnight):
		return "today"
	case d.DueAt.Before(midnight.AddDate(0, 0, 6)):
		return "week"
	}
	return "later"
}

// lists are the duties by when they want to be done; parts without any are left out.
func (v homeView) lists(ctx context.Context) []ui.TaskList {
	by := map[string]*ui.TaskList{}
	for _, d := range v.Duties {
		part := v.part(d)
		if by[part] == nil {
			by[part] = &ui.TaskList{ID: part, Label: locale.T(ctx, "workbench.part."+part)}
		}
		by[part].Items = append(by[part].Items, v.line(ctx, d))
	}
	var out []ui.TaskList
	for _, part := range parts {
		if by[part] != nil {
			out = append(out, *by[part])
		}
	}
	return out
}

// news are what others did since the last working day, newest first.
func (v homeView) news(ctx context.Context) []ui.Moment {
	out := make([]ui.Moment, len(v.Recent.News))
	for i, n := range v.Recent.News {
		what := "casework.did." + n.Move
		if n.Move == "" {
			what = map[messages.Side]string{messages.In: "workbench.wrote", messages.Out: "workbench.told", messages.Note: "workbench.noted"}[n.Side]
		}
		said := locale.T(ctx, what)
		if n.Sender != "" {
			said += " · " + locale.T(ctx, "mailin.by_mail_from")
		}
		out[i] = ui.Moment{Who: nameOr(ctx, cmp.Or(n.ActorName, n.Sender)), What: said, Text: n.Text, At: clock.Moment(ctx, n.At), Ago: clock.Ago(ctx, n.At), ISO: clock.ISO(n.At),
			Links: []ui.Link{{Label: n.Reference + " · " + n.Title + " · " + n.City, Href: ui.Path(ctx, listPath+"/"+n.PublicID)}}}
	}
	return out
}

// calm reports whether nothing of the list is past its day or due today.
func (v homeView) calm() bool {
	return !slices.ContainsFunc(v.Duties, func(d duty) bool { p := v.part(d); return p == "late" || p == "today" })
}
