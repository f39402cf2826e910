package caseworkpages

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// maxFeed is how many due dates a calendar holds: the nearest.
const maxFeed = 500

// Public mounts the calendars of due dates below /{lang}: a calendar programme has no session,
// only its secret address.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/calendar/{secret}", page.Handler(h.feed))
}

// calendarView is the page of one's own calendar.
type calendarView struct {
	Feed    *tasks.Feed
	Address string // shown once, when it was just made
}

func (h *Handler) calendar(w http.ResponseWriter, r *http.Request) error {
	return h.showCalendar(w, r, "")
}

func (h *Handler) showCalendar(w http.ResponseWriter, r *http.Request, address string) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return err
	}
	v := calendarView{Address: address}
	err := h.db.Read(r.Context(), actor, func(q postgres.Querier) (err error) {
		v.Feed, err = tasks.FeedOf(r.Context(), q, actor)
		return err
	})
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, calendarPage(v))
}

// makeCalendar gives a calendar, or a new address for it, and shows the address once.
func (h *Handler) makeCalendar(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return err
	}
	var secret string
	err := h.db.InTx(r.Context(), actor, func(tx pgx.Tx) (err error) {
		secret, err = tasks.MakeFeed(r.Context(), tx, actor, h.now())
		return err
	})
	if err != nil {
		return err
	}
	return h.showCalendar(w, r, ui.ShellOf(r.Context()).BaseURL+ui.Path(r.Context(), "/calendar/"+secret+".ics"))
}

func (h *Handler) dropCalendar(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadStaffDesk); err != nil {
		return err
	}
	err := h.db.InTx(r.Context(), actor, func(tx pgx.Tx) error { return tasks.DropFeed(r.Context(), tx, actor) })
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/calendar")
}

// feed is the calendar behind a secret address: the due dates of what its owner has to do
// today, with what the lists of the desk call each. It says no more than that: calendars
// lie on foreign servers.
func (h *Handler) feed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	secret, ok := strings.CutSuffix(chi.URLParam(r, "secret"), ".ics")
	if !ok || len(secret) < 40 {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	var list []tasks.Task
	err := h.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		owner, err := tasks.OpenFeed(ctx, tx, secret, h.now())
		if err != nil {
			return err
		}
		list, err = tasks.Mine(ctx, tx, owner, maxFeed)
		return err
	})
	if err != nil {
		return err
	}
	places, err := h.places(ctx, page.Lang(r), refsOf(list))
	if err != nil {
		return err
	}
	h.sendCalendar(w, ctx, list, places)
	return nil
}

func (h *Handler) sendCalendar(w http.ResponseWriter, ctx context.Context, list []tasks.Task, places map[int64]subject.Place) {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Birlik//Due dates//" + strings.ToUpper(string(locale.Of(ctx).Lang)))
	cal.SetVersion("2.0")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(locale.T(ctx, "workbench.calendar"))
	cal.SetRefreshInterval("PT1H", ics.WithValue("DURATION"))
	cal.SetXPublishedTTL("PT1H")
	for _, t := range list {
		if t.DueAt != nil {
			h.addDue(ctx, cal, t, places[t.Subject.ID])
		}
	}
	header := w.Header()
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Disposition", `inline; filename="birlik.ics"`)
	header.Set("Cache-Control", "private, no-store")
	_, _ = w.Write([]byte(cal.Serialize(ics.WithNewLine("\r\n")))) // the reader may have gone
}

// addDue writes one due date as a whole day of the union's calendar: it ends with that day.
func (h *Handler) addDue(ctx context.Context, cal *ics.Calendar, t tasks.Task, place subject.Place) {
	base := ui.ShellOf(ctx).BaseURL
	host := "birlik"
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	y, m, d := t.DueAt.In(h.zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	v := cal.AddEvent(t.PublicID + "-" + strings.ReplaceAll(t.Key, ".", "-") + "@" + host)
	v.SetDtStampTime(h.now())
	v.SetAllDayStartAt(day)
	v.SetAllDayEndAt(day.AddDate(0, 0, 1))
	v.SetTimeTransparency(ics.TransparencyTransparent)
	what := locale.T(ctx, "workbench.own_duty") // words of one's own may be nobody else's business
	if t.Words == "" {
		what = dutyWords(ctx, t.Key)
	}
	v.SetSummary(locale.Line(place.Title) + ": " + locale.Line(what)) // a title is a city's own, and a calendar programme trusts what it reads
	if place.Path != "" {
		v.SetURL(base + place.Path)
	}
}
