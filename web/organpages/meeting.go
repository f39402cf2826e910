package organpages

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
)

// meetingView is a meeting as staff work on it.
type meetingView struct {
	organs.Desk
	Faults   page.Faults
	Move     string // the move that was refused, and the reason that was typed for it
	Reason   string
	Item     itemForm
	Edit     bool
	MaxBytes int64
	Done     string
	Begun    bool
}

func (h *Handler) meeting(w http.ResponseWriter, r *http.Request) error {
	return h.showMeeting(w, r, http.StatusOK, meetingView{Done: done(r)})
}

func (h *Handler) showMeeting(w http.ResponseWriter, r *http.Request, status int, v meetingView) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	if v.Desk, err = h.organs.Meeting(r.Context(), page.Actor(r), page.Lang(r), id); err != nil {
		return err
	}
	v.Edit, v.MaxBytes, v.Begun = page.Actor(r).Can(identity.EditOrgans), h.documents.MaxBytes(), !v.StartsAt.After(h.now())
	return page.Show(w, r, status, meetingPage(v))
}

// settle answers an act on a meeting: back to it, or the meeting with what is wrong.
func (h *Handler) settle(w http.ResponseWriter, r *http.Request, err error, what string, v meetingView) error {
	id, bad := page.PublicID(r, "record")
	if bad != nil {
		return bad
	}
	if err == nil {
		return page.Redirect(w, r, "/desk/meetings/%s?done=%s", id, what)
	}
	faults, wrong := page.FaultsOf(r, err)
	if !wrong {
		return err
	}
	v.Faults = faults
	return h.showMeeting(w, r, http.StatusUnprocessableEntity, v)
}

// planForm is a meeting as it is typed.
type planForm struct {
	Number    string `form:"number"`
	Session   string `form:"session"`
	Mode      string `form:"mode"`
	Place     string `form:"place"`
	OnlineURL string `form:"online_url"`
	Day       string `form:"day"`
	Clock     string `form:"clock"`
	Zone      string `form:"zone"`
	Version   int    `form:"version"`
}

func (f planForm) plan(r *http.Request) (organs.Plan, page.Faults) {
	p := organs.Plan{Version: f.Version, Number: f.Number, Session: organs.Session(f.Session), Mode: organs.Mode(f.Mode), Place: f.Place,
		OnlineURL: f.OnlineURL, Zone: f.Zone}
	starts, ok := readMoment(f.Day, f.Clock)
	if p.Starts = starts; !ok && f.Day+f.Clock != "" {
		return p, page.Faults{"starts": say(r, "organs.time_wrong")}
	}
	return p, nil
}

func planOf(ctx context.Context, m organs.Meeting) planForm {
	return planForm{Number: m.Number, Session: string(m.Session), Mode: string(m.Mode), Place: m.Place, OnlineURL: m.OnlineURL, Zone: m.Zone,
		Day: locale.ShortDate(ctx, m.StartsLocal), Clock: locale.Clock(ctx, m.StartsLocal), Version: m.Version}
}

// planView is the form of a meeting, of a new one where Meeting is nil.
type planView struct {
	Organ    organs.Organ
	Meeting  *organs.Meeting
	Form     planForm
	Faults   page.Faults
	Conflict bool
	Once     string
}

func (h *Handler) newMeeting(w http.ResponseWriter, r *http.Request) error {
	o, err := h.organ(r)
	if err != nil {
		return err
	}
	number, err := h.organs.NextNumber(r.Context(), page.Actor(r), o, h.now().In(h.zone).Year())
	if err != nil {
		return err
	}
	form := planForm{Number: number, Session: string(organs.Ordinary), Mode: string(organs.InPerson), Zone: h.zone.String(), Clock: "10:00"}
	return page.Show(w, r, http.StatusOK, planPage(planView{Organ: o, Form: form, Once: page.OnceKey()}))
}

func (h *Handler) planMeeting(w http.ResponseWriter, r *http.Request) error {
	v := planView{Once: page.OnceKey()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	p, faults := v.Form.plan(r)
	if len(faults) == 0 {
		id, err := h.organs.Plan(r.Context(), page.Actor(r), slug(r), p)
		if err == nil {
			return page.Redirect(w, r, "/desk/meetings/%s?done=planned", id)
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return err
		}
	}
	v.Faults = faults
	var err error
	if v.Organ, err = h.organ(r); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, planPage(v))
}

// storedMeeting reads the meeting in the address for its form.
func (h *Handler) storedMeeting(r *http.Request) (organs.Meeting, error) {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return organs.Meeting{}, err
	}
	d, err := h.organs.Meeting(r.Context(), page.Actor(r), page.Lang(r), id)
	return d.Meeting, err
}

func (h *Handler) editMeeting(w http.ResponseWriter, r *http.Request) error {
	m, err := h.storedMeeting(r)
	if err != nil {
		return err
	}
	if m.State != organs.Planned {
		return apperr.New(apperr.Conflict, "workflow.moved_on")
	}
	return page.Show(w, r, http.StatusOK, planPage(planView{Meeting: &m, Form: planOf(r.Context(), m)}))
}

func (h *Handler) saveMeeting(w http.ResponseWriter, r *http.Request) error {
	var v planView
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	m, err := h.storedMeeting(r)
	if err != nil {
		return err
	}
	v.Meeting = &m
	p, faults := v.Form.plan(r)
	status := http.StatusUnprocessableEntity
	if len(faults) == 0 {
		if err = h.organs.Replan(r.Context(), page.Actor(r), m.PublicID, p); err == nil {
			return page.Redirect(w, r, "/desk/meetings/%s?done=saved", m.PublicID)
		}
		var refused bool
		if status, faults, refused = refusal(r, err); !refused || status == http.StatusConflict && m.State != organs.Planned {
			return err
		}
	}
	v.Faults = faults
	if v.Conflict = status == http.StatusConflict; v.Conflict {
		v.Form.Version = m.Version
	}
	return page.Show(w, r, status, planPage(v))
}

// moveForm is one wish to lead a meeting on.
type moveForm struct {
	Move   string `form:"move"`
	Seq    int    `form:"seq"`
	Reason string `form:"reason"`
}

func (h *Handler) moveMeeting(w http.ResponseWriter, r *http.Request) error {
	var form moveForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err := h.organs.Move(r.Context(), page.Actor(r), chi.URLParam(r, "record"), workflow.In{Move: form.Move, Seq: form.Seq, Reason: form.Reason})
	return h.settle(w, r, err, "saved", meetingView{Move: form.Move, Reason: form.Reason})
}

// itemForm is a point of an agenda as it is typed.
type itemForm struct {
	Title string `form:"title"`
	Note  string `form:"note"`
}

func (h *Handler) addItem(w http.ResponseWriter, r *http.Request) error {
	var form itemForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err := h.organs.AddItem(r.Context(), page.Actor(r), chi.URLParam(r, "record"), form.Title, form.Note)
	return h.settle(w, r, err, "saved", meetingView{Item: form})
}

// changeItem moves a point of the agenda, or takes it off.
func (h *Handler) changeItem(w http.ResponseWriter, r *http.Request) error {
	var form struct {
		Act string `form:"act"`
	}
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	meeting, item, actor := chi.URLParam(r, "record"), chi.URLParam(r, "item"), page.Actor(r)
	var err error
	switch form.Act {
	case "up":
		err = h.organs.MoveItem(r.Context(), actor, meeting, item, -1)
	case "down":
		err = h.organs.MoveItem(r.Context(), actor, meeting, item, 1)
	case "remove":
		err = h.organs.RemoveItem(r.Context(), actor, meeting, item)
	default:
		err = apperr.New(apperr.Invalid, "error.check_fields")
	}
	return h.settle(w, r, err, "saved", meetingView{})
}

// presenceField begins the name of a member's field in the form of attendance.
const presenceField = "came_"

func (h *Handler) attend(w http.ResponseWriter, r *http.Request) error {
	if err := page.Decode(r, &struct{}{}); err != nil {
		return err
	}
	came := map[string]organs.Presence{}
	for name, values := range r.PostForm {
		if id, ok := strings.CutPrefix(name, presenceField); ok && len(values) > 0 {
			came[id] = organs.Presence(values[0])
		}
	}
	err := h.organs.Attend(r.Context(), page.Actor(r), chi.URLParam(r, "record"), came)
	return h.settle(w, r, err, "saved", meetingView{})
}

// keepMinutes takes the minutes, sent with the form or before it in parts.
func (h *Handler) keepMinutes(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), page.Actor(r)
	upload, refused := "", error(nil)
	err := page.ReadFiles(w, r, h.documents.MaxBytes()+1<<20, func(_, name string, content io.Reader) error {
		upload, refused = h.documents.Receive(ctx, actor, name, content)
		return nil
	})
	if err != nil {
		return err
	}
	if sent := r.PostFormValue("minutes_upload"); sent != "" {
		upload = sent
	}
	if refused == nil && upload == "" {
		refused = apperr.Fields(map[string]string{"minutes": "organs.choose_file"})
	}
	if refused == nil {
		refused = h.organs.KeepMinutes(ctx, actor, chi.URLParam(r, "record"), upload)
	}
	if faults, ok := page.FaultsOf(r, refused); ok {
		words := faults[""]
		for _, message := range faults {
			words = message
		}
		return h.showMeeting(w, r, http.StatusUnprocessableEntity, meetingView{Faults: page.Faults{"minutes": words}})
	}
	return h.settle(w, r, refused, "minutes", meetingView{})
}

// zones are those that a form offers; the one in force is among them.
func zones(chosen string) []string {
	out := []string{"Europe/Istanbul", "Asia/Baku", "Asia/Almaty", "Asia/Bishkek", "Asia/Tashkent", "Asia/Ashgabat", "Asia/Famagusta",
		"Europe/Budapest", "Europe/Moscow", "Europe/Sarajevo", "Europe/Skopje", "Europe/Tirane", "Asia/Tbilisi", "UTC"}
	for _, zone := range out {
		if zone == chosen || chosen == "" {
			return out
		}
	}
	return append(out, chosen)
}

// itemNumber is the point's number on the agenda.
func itemNumber(i organs.Item) string { return strconv.Itoa(i.Position) }

// hold is the move that counts the quorum; it is offered once the meeting has begun.
func (v meetingView) offered() []workflow.Move {
	var out []workflow.Move
	for _, move := range v.Moves {
		if move.To == organs.Held && !v.Begun || move.Name == "reopen" && len(v.Decisions) > 0 {
			continue
		}
		out = append(out, move)
	}
	return out
}
