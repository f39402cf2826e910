package organpages

import (
	"context"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// deskListView is the staff's list of organs.
type deskListView struct {
	Organs []organs.Organ
	Edit   bool
}

func (h *Handler) deskList(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	if err := actor.May(identity.ReadOrgans); err != nil {
		return err
	}
	v := deskListView{Edit: actor.Can(identity.EditOrgans)}
	var err error
	if v.Organs, err = h.organs.List(r.Context(), actor); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, deskListPage(v))
}

// organView is an organ as staff see it.
type organView struct {
	organs.Composition
	Meetings []organs.Meeting
	More     bool
	Edit     bool
	Done     string
}

// meetingsShown is how many meetings an organ's page shows.
const meetingsShown = 8

func (h *Handler) deskOrgan(w http.ResponseWriter, r *http.Request) error {
	actor := page.Actor(r)
	list, err := h.organs.Meetings(r.Context(), actor, page.Lang(r), slug(r), organs.Place{})
	if err != nil {
		return err
	}
	v := organView{Meetings: list.Rows[:min(meetingsShown, len(list.Rows))], More: len(list.Rows) > meetingsShown,
		Edit: actor.Can(identity.EditOrgans), Done: done(r)}
	if v.Composition, err = h.organs.Board(r.Context(), actor, page.Lang(r), slug(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, organPage(v))
}

// profileForm is an organ as it is typed.
type profileForm struct {
	NameTR  string `form:"name_tr"`
	NameEN  string `form:"name_en"`
	NameRU  string `form:"name_ru"`
	AboutTR string `form:"about_tr"`
	AboutEN string `form:"about_en"`
	AboutRU string `form:"about_ru"`
	Quorum  string `form:"quorum"`
	Seats   string `form:"seats"`
	Listed  string `form:"listed"`
	Version int    `form:"version"`
}

func profileOf(o organs.Organ) profileForm {
	f := profileForm{NameTR: o.Names[locale.TR], NameEN: o.Names[locale.EN], NameRU: o.Names[locale.RU],
		AboutTR: o.Abouts[locale.TR], AboutEN: o.Abouts[locale.EN], AboutRU: o.Abouts[locale.RU], Quorum: string(o.Quorum), Version: o.Version}
	if o.Seats != nil {
		f.Seats = strconv.Itoa(*o.Seats)
	}
	if o.Listed {
		f.Listed = "1"
	}
	return f
}

// profile reads the form; a number of seats that is none is refused by the service.
func (f profileForm) profile(r *http.Request) organs.Profile {
	p := organs.Profile{Version: f.Version, Quorum: organs.Quorum(f.Quorum), Listed: f.Listed != "",
		Names:  organs.Titled{locale.TR: f.NameTR, locale.EN: f.NameEN, locale.RU: f.NameRU},
		Abouts: organs.Titled{locale.TR: f.AboutTR, locale.EN: f.AboutEN, locale.RU: f.AboutRU}}
	seats, ok := readCount(r, f.Seats)
	if p.Seats = seats; !ok {
		p.Seats = new(int)
	}
	return p
}

// profileView is the form of an organ, of a new committee where Organ is nil.
type profileView struct {
	Organ    *organs.Organ
	Form     profileForm
	Faults   page.Faults
	Conflict bool
	Once     string
}

func (h *Handler) newCommittee(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, profilePage(profileView{Form: profileForm{Quorum: string(organs.MoreThanHalf), Listed: "1"}, Once: page.OnceKey()}))
}

func (h *Handler) addCommittee(w http.ResponseWriter, r *http.Request) error {
	v := profileView{Once: page.OnceKey()}
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	slug, err := h.organs.AddCommittee(r.Context(), page.Actor(r), v.Form.profile(r))
	if err == nil {
		return page.Redirect(w, r, "/desk/organs/%s?done=added", slug)
	}
	var wrong bool
	if v.Faults, wrong = page.FaultsOf(r, err); !wrong {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, profilePage(v))
}

func (h *Handler) organ(r *http.Request) (organs.Organ, error) {
	c, err := h.organs.Board(r.Context(), page.Actor(r), page.Lang(r), slug(r))
	return c.Organ, err
}

func (h *Handler) editOrgan(w http.ResponseWriter, r *http.Request) error {
	o, err := h.organ(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, profilePage(profileView{Organ: &o, Form: profileOf(o)}))
}

// saveOrgan stores an edit; a stale one is shown beside what is stored.
func (h *Handler) saveOrgan(w http.ResponseWriter, r *http.Request) error {
	var v profileView
	if err := page.Decode(r, &v.Form); err != nil {
		return err
	}
	err := h.organs.SaveProfile(r.Context(), page.Actor(r), slug(r), v.Form.profile(r))
	if err == nil {
		return page.Redirect(w, r, "/desk/organs/%s?done=saved", slug(r))
	}
	status, faults, refused := refusal(r, err)
	if !refused {
		return err
	}
	o, err := h.organ(r)
	if err != nil {
		return err
	}
	v.Organ, v.Faults = &o, faults
	if v.Conflict = status == http.StatusConflict; v.Conflict {
		v.Form.Version = o.Version // saving again replaces what is shown
	}
	return page.Show(w, r, status, profilePage(v))
}

// refusal reads an error that the form can show again: faults, or an edit of something stale.
func refusal(r *http.Request, err error) (status int, faults page.Faults, ok bool) {
	if faults, ok := page.FaultsOf(r, err); ok {
		return http.StatusUnprocessableEntity, faults, true
	}
	return http.StatusConflict, nil, apperr.Is(err, apperr.Conflict)
}

// seatForm is a member of an organ as it is typed.
type seatForm struct {
	Name        string `form:"name"`
	Office      string `form:"office"`
	City        string `form:"city"`
	CityText    string `form:"city_text"`
	Affiliation string `form:"affiliation"`
	From        string `form:"from"`
	Until       string `form:"until"`
	Version     int    `form:"version"`
}

// seatView is the form of a member, of a new one where Seat is nil.
type seatView struct {
	Organ    organs.Organ
	Seat     *organs.Seat
	Form     seatForm
	Faults   page.Faults
	Conflict bool
	Once     string
}

// read decodes the form, and finds its city and its days.
func (h *Handler) readSeat(r *http.Request, f *seatForm) (organs.Term, page.Faults, error) {
	faults := page.Faults{}
	if err := page.Decode(r, f); err != nil {
		return organs.Term{}, nil, err
	}
	if f.City == "" && f.CityText != "" {
		city, err := h.organs.FindCity(r.Context(), page.Actor(r), page.Lang(r), f.CityText)
		if err != nil {
			return organs.Term{}, nil, err
		}
		if f.City = city; city == "" {
			faults["city"] = say(r, "organs.city_unknown")
		}
	}
	t := organs.Term{Version: f.Version, Office: organs.Office(f.Office), Name: f.Name, City: f.City, Affiliation: f.Affiliation}
	from, ok := readDay(f.From)
	if t.From = from; !ok {
		faults["from"] = say(r, "organs.day_wrong")
	}
	until, ok := readDay(f.Until)
	if !ok {
		faults["until"] = say(r, "organs.day_wrong")
	}
	if !until.IsZero() {
		t.Until = &until
	}
	return t, faults, nil
}

func (h *Handler) newSeat(w http.ResponseWriter, r *http.Request) error {
	o, err := h.organ(r)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, seatPage(seatView{Organ: o, Form: seatForm{Office: string(organs.Member)}, Once: page.OnceKey()}))
}

func (h *Handler) addSeat(w http.ResponseWriter, r *http.Request) error {
	v := seatView{Once: page.OnceKey()}
	t, faults, err := h.readSeat(r, &v.Form)
	if err != nil {
		return err
	}
	if len(faults) == 0 {
		if err = h.organs.AddSeat(r.Context(), page.Actor(r), slug(r), t); err == nil {
			return page.Redirect(w, r, "/desk/organs/%s?done=saved", slug(r))
		}
		var wrong bool
		if faults, wrong = page.FaultsOf(r, err); !wrong {
			return err
		}
	}
	v.Faults = faults
	if v.Organ, err = h.organ(r); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusUnprocessableEntity, seatPage(v))
}

// stored reads the member in the address.
func (h *Handler) stored(r *http.Request, v *seatView) (seat organs.Seat, err error) {
	v.Organ, seat, err = h.organs.Seat(r.Context(), page.Actor(r), page.Lang(r), slug(r), chi.URLParam(r, "member"))
	v.Seat = &seat
	return seat, err
}

func (h *Handler) editSeat(w http.ResponseWriter, r *http.Request) error {
	var v seatView
	s, err := h.stored(r, &v)
	if err != nil {
		return err
	}
	v.Form = seatFormOf(r.Context(), s)
	return page.Show(w, r, http.StatusOK, seatPage(v))
}

func (h *Handler) saveSeat(w http.ResponseWriter, r *http.Request) error {
	var v seatView
	t, faults, err := h.readSeat(r, &v.Form)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if len(faults) == 0 {
		err = h.organs.SaveSeat(r.Context(), page.Actor(r), slug(r), chi.URLParam(r, "member"), t)
		if err == nil {
			return page.Redirect(w, r, "/desk/organs/%s?done=saved", slug(r))
		}
		var refused bool
		if status, faults, refused = refusal(r, err); !refused {
			return err
		}
	}
	stored, err := h.stored(r, &v)
	if err != nil {
		return err
	}
	v.Faults = faults
	if v.Conflict = status == http.StatusConflict; v.Conflict {
		v.Form.Version = stored.Version
	}
	return page.Show(w, r, status, seatPage(v))
}

func seatFormOf(ctx context.Context, s organs.Seat) seatForm {
	f := seatForm{Name: s.Name, Office: string(s.Office), City: s.City.Code, CityText: s.City.Title, Affiliation: s.Affiliation,
		From: locale.ShortDate(ctx, s.From), Version: s.Version}
	if s.Until != nil {
		f.Until = locale.ShortDate(ctx, *s.Until)
	}
	return f
}

// meetingsView is the staff's list of meetings.
type meetingsView struct {
	Organ  string // slug of the filter
	Organs []organs.Organ
	Page   postgres.Page[organs.Meeting]
}

func (h *Handler) meetings(w http.ResponseWriter, r *http.Request) error {
	v := meetingsView{Organ: short(r.URL.Query().Get("organ"))}
	var err error
	if v.Page, err = h.organs.Meetings(r.Context(), page.Actor(r), page.Lang(r), v.Organ, readPlace(r)); err != nil {
		return err
	}
	if v.Organs, err = h.organs.List(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, meetingsPage(v))
}

// steps lead to the pages before and after; empty at the ends.
func (v meetingsView) steps(ctx context.Context) (prev, next string) {
	base := "/desk/meetings?"
	if v.Organ != "" {
		base += "organ=" + v.Organ + "&"
	}
	if v.Page.Prev != "" {
		prev = ui.Path(ctx, base+"before="+v.Page.Prev)
	}
	if v.Page.Next != "" {
		next = ui.Path(ctx, base+"after="+v.Page.Next)
	}
	return prev, next
}
