package requestpages

import (
	"context"
	"net/http"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/web/formpages"
	"github.com/birlik/portal/web/page"
)

// said is a message as it was posted, with its files.
type said struct {
	body string
	formpages.Enclosed
}

func (h *Handler) said(w http.ResponseWriter, r *http.Request) (said, error) {
	files, err := formpages.Enclose(w, r, h.documents, "files_upload", messages.MaxFiles)
	return said{body: page.Tidy(r.PostFormValue("body")), Enclosed: files}, err
}

// answer answers the union's question.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request) error {
	return h.say(w, r, "answered", func(ctx context.Context, actor identity.Actor, s step, text said) error {
		return h.requests.Answer(ctx, actor, s.id, s.seq, text.body, text.Uploads)
	})
}

// write sends a message on the side.
func (h *Handler) write(w http.ResponseWriter, r *http.Request) error {
	return h.say(w, r, "written", func(ctx context.Context, actor identity.Actor, s step, text said) error {
		return h.requests.Write(ctx, actor, s.id, text.body, text.Uploads)
	})
}

func (h *Handler) say(w http.ResponseWriter, r *http.Request, what string, act func(context.Context, identity.Actor, step, said) error) error {
	text, err := h.said(w, r)
	if err != nil {
		return err
	}
	s, err := stepOf(r)
	if err != nil {
		return err
	}
	if err = text.Refused; err == nil {
		err = act(r.Context(), page.Actor(r), s, text)
	}
	if faults, ours := page.FaultsOf(r, err); ours {
		if message := faults[""]; message != "" {
			faults = page.Faults{"files": message}
		}
		return h.showCase(w, r, s.id, http.StatusUnprocessableEntity, caseForm{Body: text.body, Kept: formpages.KeptFiles(r, h.documents, "files_upload", text.Uploads), Faults: faults})
	}
	if err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return done(w, r, s.id, what)
}
