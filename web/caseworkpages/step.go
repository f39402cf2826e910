package caseworkpages

import (
	"net/http"

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
