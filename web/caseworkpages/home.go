package caseworkpages

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// How many duties and newest requests the first page shows.
const (
	maxDuties = 20
	maxLatest = 6
)

// duty is one thing to do, with the record that it is about.
type duty struct {
	tasks.Task
	Place subject.Place
}

// homeView is what a member of the staff sees first: what waits for them.
type homeView struct {
	Name   string
	Duties []duty
	Counts requests.Counts
	Latest []requests.Row
	Now    time.Time
	Reads  bool // requests are theirs to read
}

func (h *Handler) home(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return err
	}
	v := homeView{Name: actor.Name, Now: h.now(), Reads: actor.Can(identity.ReadRequests)}
	var err error
	if v.Duties, err = h.duties(r.Context(), actor, page.Lang(r)); err != nil {
		return err
	}
	if v.Reads {
		list, err := h.requests.List(r.Context(), actor, page.Lang(r), requests.Filter{Sort: requests.SortNewest}, requests.Place{})
		if err != nil {
			return err
		}
		v.Counts, v.Latest = list.Counts, list.Rows[:min(maxLatest, len(list.Rows))]
	}
	return page.Show(w, r, http.StatusOK, homePage(v))
}

// duties are the actor's own tasks and their offices', the most urgent first, by name.
func (h *Handler) duties(ctx context.Context, actor identity.Actor, lang locale.Lang) ([]duty, error) {
	var list []tasks.Task
	err := h.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		list, err = tasks.Mine(ctx, q, actor, maxDuties)
		return err
	})
	if err != nil {
		return nil, err
	}
	refs := make([]subject.Ref, len(list))
	for i, t := range list {
		refs[i] = t.Subject
	}
	places, err := h.places(ctx, lang, refs)
	if err != nil {
		return nil, err
	}
	out := make([]duty, len(list))
	for i, t := range list {
		out[i] = duty{Task: t, Place: places[t.Subject.ID]}
	}
	return out, nil
}

// places name records of several kinds, and lead to them.
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

// tasks are the duties as a list that leads to each.
func (v homeView) tasks(ctx context.Context) ui.TaskList {
	out := ui.TaskList{Label: locale.T(ctx, "casework.waits_for_you")}
	for _, d := range v.Duties {
		tone, status := d.status(ctx, v.Now)
		hint := d.Words
		if hint == "" {
			hint = locale.T(ctx, strings.Replace(d.Key, ".", ".task.", 1))
		}
		if d.DueAt != nil {
			hint += " · " + locale.Date(ctx, clock.Own(ctx, *d.DueAt))
		}
		out.Items = append(out.Items, ui.Task{Label: d.Place.Title, Hint: hint, Href: d.Place.Path, Tone: tone, Status: status})
	}
	return out
}
