package requestpages

import (
	"context"
	"io"
	"net/http"
	"slices"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/web/page"
)

// maxFiles is how many files one message carries.
const maxFiles = 5

// said is a message as it was posted, with its files.
type said struct {
	body    string
	uploads []string
	refused error // why a file that came with it was not taken
}

func (h *Handler) said(w http.ResponseWriter, r *http.Request) (said, error) {
	var s said
	err := page.ReadFiles(w, r, maxFiles*h.documents.MaxBytes()+1<<20, func(_, name string, content io.Reader) error {
		if len(s.uploads) >= maxFiles {
			return nil
		}
		upload, err := h.documents.Receive(r.Context(), page.Actor(r), name, content)
		if apperr.Is(err, apperr.Invalid) {
			s.refused = err
			return nil
		}
		s.uploads = append(s.uploads, upload)
		return err
	})
	if err != nil {
		return s, err
	}
	s.body = page.Tidy(r.PostFormValue("body"))
	s.uploads = slices.Concat(r.PostForm["files_upload"], s.uploads)
	s.uploads = s.uploads[:min(len(s.uploads), maxFiles)]
	return s, s.refused
}

// answer answers the union's question.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request) error {
	return h.say(w, r, "answered", func(ctx context.Context, actor identity.Actor, s step, text said) error {
		return h.requests.Answer(ctx, actor, s.id, s.seq, text.body, text.uploads)
	})
}

// write sends a message on the side.
func (h *Handler) write(w http.ResponseWriter, r *http.Request) error {
	return h.say(w, r, "written", func(ctx context.Context, actor identity.Actor, s step, text said) error {
		return h.requests.Write(ctx, actor, s.id, text.body, text.uploads)
	})
}

func (h *Handler) say(w http.ResponseWriter, r *http.Request, what string, act func(context.Context, identity.Actor, step, said) error) error {
	text, err := h.said(w, r)
	s, wrong := stepOf(r)
	if wrong != nil {
		return wrong
	}
	if err == nil {
		err = act(r.Context(), page.Actor(r), s, text)
	}
	if faults, ours := page.FaultsOf(r, err); ours {
		if message := faults[""]; message != "" {
			faults = page.Faults{"files": message}
		}
		return h.showCase(w, r, s.id, http.StatusUnprocessableEntity, caseForm{Body: text.body, Uploads: text.uploads, Faults: faults})
	}
	if err != nil {
		return h.refuse(w, r, s.id, err)
	}
	return done(w, r, s.id, what)
}
