package caseworkpages

import (
	"net/http"

	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/web/page"
)

// stepForm is a step that needs no more than a press.
type stepForm struct {
	Move string `form:"move"`
	Seq  int    `form:"seq"`
}

func (h *Handler) step(w http.ResponseWriter, r *http.Request) error {
	var form stepForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	what := form.Move
	switch form.Move {
	case moveRegister:
		err = h.requests.Register(r.Context(), page.Actor(r), publicID, form.Seq)
	case moveSign:
		var signed bool
		if signed, err = h.requests.Sign(r.Context(), page.Actor(r), publicID, form.Seq); !signed {
			what = "signature"
		}
	default:
		err = h.requests.Advance(r.Context(), page.Actor(r), publicID, form.Move, form.Seq, "")
	}
	if err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, what)
}

// sayForm is a message to the municipality, or a note among staff.
type sayForm struct {
	Body string `form:"body"`
	Kind string `form:"kind"` // "outward" or "internal"
	Once string `form:"once"`
}

const outward = "outward"

func (h *Handler) say(w http.ResponseWriter, r *http.Request) error {
	var form sayForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	side, what := messages.Note, "noted"
	if form.Kind == outward {
		side, what = messages.Out, "told"
	}
	err = h.requests.Say(r.Context(), page.Actor(r), publicID, side, form.Body)
	faults, wrong := page.FaultsOf(r, err)
	if err == nil {
		return done(w, r, publicID, what)
	}
	if !wrong {
		return err
	}
	v, err := h.view(r)
	if err != nil {
		return err
	}
	v.Faults, v.Say = faults, form
	return page.Show(w, r, http.StatusUnprocessableEntity, casePage(v))
}

// assignForm gives the case to somebody.
type assignForm struct {
	Officer string `form:"officer"`
	Version int    `form:"version"`
}

func (h *Handler) assign(w http.ResponseWriter, r *http.Request) error {
	var form assignForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	if err := h.requests.Assign(r.Context(), page.Actor(r), publicID, form.Version, form.Officer); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "assigned")
}

// take gives the case to the reader.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) error {
	var form assignForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	publicID, err := page.PublicID(r, "request")
	if err != nil {
		return err
	}
	if err := h.requests.Take(r.Context(), page.Actor(r), publicID, form.Version); err != nil {
		return h.refused(w, r, err)
	}
	return done(w, r, publicID, "assigned")
}
