package accountpages

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// The pages' script (passkey.js) talks to these handlers: it posts to a begin address, gives
// the options that it gets to the browser, and posts what the browser says to a finish
// address. The answer is {"next": path}, or {"message": sentence} with the status of the fault.

// mostAnswered bounds what a browser says of a passkey.
const mostAnswered = 64 << 10

type spoken struct {
	Next    string `json:"next,omitempty"`
	Message string `json:"message,omitempty"`
}

func say(w http.ResponseWriter, status int, body any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	return json.NewEncoder(w).Encode(body)
}

// spokenHandler answers a script: faults are sentences in its reader's language.
func (h *Handler) spokenHandler(fn func(w http.ResponseWriter, r *http.Request) (any, error)) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		r.Body = http.MaxBytesReader(w, r.Body, mostAnswered)
		body, err := fn(w, r)
		code, ours := apperr.CodeOf(err)
		switch {
		case err == nil:
			return say(w, http.StatusOK, body)
		case code == apperr.Prove:
			return say(w, http.StatusUnauthorized, spoken{Next: provePath(r, writtenOn(r))})
		case !ours:
			return err
		}
		if page.Status(err) >= http.StatusInternalServerError {
			slog.ErrorContext(r.Context(), "passkey", "error", err)
		}
		return say(w, page.Status(err), spoken{Message: sentence(r, err)})
	}
}

// sentence is what a fault says; of a form the first field's.
func sentence(r *http.Request, err error) string {
	if faults, ok := page.FaultsOf(r, err); ok {
		for _, message := range faults {
			return message
		}
	}
	return page.Message(r, err)
}

func answered(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, apperr.Wrap(err, apperr.Invalid, "accounts.passkey_failed")
	}
	return body, nil
}

func (h *Handler) beginPasskeySignIn(w http.ResponseWriter, r *http.Request) (any, error) {
	options, token, err := h.accounts.StartPasskeySignIn(r.Context(), localPath(r.URL.Query().Get("next")))
	if err != nil {
		return nil, err
	}
	h.remember(w, stepPasskey, token)
	return json.RawMessage(options), nil
}

func (h *Handler) finishPasskeySignIn(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := answered(r)
	if err != nil {
		return nil, err
	}
	known, next, err := h.accounts.FinishPasskeySignIn(r.Context(), h.stepToken(r, stepPasskey), body, attempt(r))
	if err != nil {
		return nil, err
	}
	h.forget(w, stepPasskey)
	return h.began(w, r, known, next)
}

// began opens the session and tells the script where to go.
func (h *Handler) began(w http.ResponseWriter, r *http.Request, known accounts.Known, next string) (any, error) {
	if err := h.sessions.Begin(r, known); err != nil {
		return nil, err
	}
	if path := h.restore(w, r, known.UserID); path != "" {
		next = path
	}
	if next == "" {
		next = ui.Path(r.Context(), "/choose")
	}
	return spoken{Next: next}, nil
}

func (h *Handler) beginSecondPasskey(_ http.ResponseWriter, r *http.Request) (any, error) {
	options, err := h.accounts.StartSecondPasskey(r.Context(), h.stepToken(r, stepSecond))
	return json.RawMessage(options), err
}

func (h *Handler) finishSecondPasskey(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := answered(r)
	if err != nil {
		return nil, err
	}
	known, next, err := h.accounts.FinishSecondPasskey(r.Context(), h.stepToken(r, stepSecond), body, attempt(r))
	if err != nil {
		return nil, err
	}
	h.forget(w, stepSecond)
	return h.began(w, r, known, next)
}

func (h *Handler) beginProofPasskey(w http.ResponseWriter, r *http.Request) (any, error) {
	options, token, err := h.accounts.StartPasskeyProof(r.Context(), page.Actor(r))
	if err != nil {
		return nil, err
	}
	h.remember(w, stepPasskey, token)
	return json.RawMessage(options), nil
}

func (h *Handler) finishProofPasskey(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := answered(r)
	if err != nil {
		return nil, err
	}
	if err := h.accounts.FinishPasskeyProof(r.Context(), page.Actor(r), h.stepToken(r, stepPasskey), body, page.Address(r)); err != nil {
		return nil, err
	}
	h.forget(w, stepPasskey)
	visit := visitOf(r.Context())
	return h.began(w, r, accounts.Known{UserID: visit.Person.UserID, Method: visit.Method, Factor: true},
		localPath(r.URL.Query().Get("next")))
}

func (h *Handler) beginPasskey(w http.ResponseWriter, r *http.Request) (any, error) {
	options, token, err := h.accounts.StartPasskey(r.Context(), page.Actor(r))
	if err != nil {
		return nil, err
	}
	h.remember(w, stepPasskey, token)
	return json.RawMessage(options), nil
}

// finishPasskey stores a new passkey. Whoever had no second factor before has shown one now,
// and is offered recovery codes.
func (h *Handler) finishPasskey(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := answered(r)
	if err != nil {
		return nil, err
	}
	name := page.Tidy(r.URL.Query().Get("name"))
	if name == "" {
		name = deviceName(r.Context(), r.UserAgent())
	}
	if err := h.accounts.FinishPasskey(r.Context(), page.Actor(r), h.stepToken(r, stepPasskey), name, body); err != nil {
		return nil, err
	}
	h.forget(w, stepPasskey)
	if err := h.again(r, true); err != nil {
		return nil, err
	}
	return spoken{Next: ui.Path(r.Context(), "/account/security?done=passkey_added")}, nil
}
