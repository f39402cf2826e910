package accountpages

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"
	qr "github.com/piglig/go-qr"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

// securityView is the page of one's second factor and passkeys.
type securityView struct {
	Factors accounts.Factors
	Needed  bool // staff: nothing else opens before there is one
	Done    string
	Faults  page.Faults // of a passkey's new name
	Renamed string      // the passkey whose name was refused
	Takes   bool        // there can be passkeys
}

// securityDone says what was just done.
var securityDone = map[string]string{
	"totp_removed": "accounts.done_totp_removed", "passkey_added": "accounts.done_passkey_added",
	"passkey_removed": "accounts.done_passkey_removed", "renamed": "accounts.done_passkey_renamed",
}

func (h *Handler) securityOf(r *http.Request) (securityView, error) {
	factors, err := h.accounts.Factors(r.Context(), page.Actor(r))
	return securityView{Factors: factors, Takes: h.accounts.TakesPasskeys(),
		Needed: visitOf(r.Context()).Lacks == accounts.NoFactor}, err
}

func (h *Handler) showSecurity(w http.ResponseWriter, r *http.Request) error {
	view, err := h.securityOf(r)
	if err != nil {
		return err
	}
	if key := securityDone[r.URL.Query().Get("done")]; key != "" {
		view.Done = locale.T(r.Context(), key)
	}
	return page.Show(w, r, http.StatusOK, securityPage(view))
}

// totpView is the page on which an authenticator app is set up.
type totpView struct {
	Setup  accounts.Setup
	Code   qrCode
	Faults page.Faults
}

func (h *Handler) showTOTP(w http.ResponseWriter, r *http.Request) error {
	return h.totp(w, r, http.StatusOK, nil)
}

func (h *Handler) totp(w http.ResponseWriter, r *http.Request, status int, faults page.Faults) error {
	setup, err := h.accounts.StartTOTP(r.Context(), page.Actor(r))
	if apperr.Is(err, apperr.Conflict) {
		return page.Redirect(w, r, "/account/security")
	}
	if err != nil {
		return err
	}
	code, err := encodeQR(setup.URL)
	if err != nil {
		return err
	}
	return page.Show(w, r, status, totpPage(totpView{Setup: setup, Code: code, Faults: faults}))
}

// confirmTOTP switches the app on. The codes are shown in the answer and never again.
func (h *Handler) confirmTOTP(w http.ResponseWriter, r *http.Request) error {
	var form codeForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	codes, err := h.accounts.ConfirmTOTP(r.Context(), page.Actor(r), form.Code, page.Address(r))
	if faults, ok := codeFaults(r, err); ok {
		return h.totp(w, r, page.Status(err), faults)
	}
	if apperr.Is(err, apperr.NotFound) {
		return page.Redirect(w, r, "/account/security")
	}
	if err != nil {
		return err
	}
	if err := h.again(r, true); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, codesPage(codesView{Codes: codes, Email: page.Actor(r).Email, Added: true}))
}

// again opens the person's session under a new token; what it has proved is fresh.
func (h *Handler) again(r *http.Request, factor bool) error {
	visit := visitOf(r.Context())
	return h.sessions.Begin(r, accounts.Known{UserID: visit.Person.UserID, Method: visit.Method, Factor: factor || visit.Factor})
}

func (h *Handler) removeTOTP(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.RemoveTOTP(r.Context(), page.Actor(r)); err != nil && !apperr.Is(err, apperr.NotFound) {
		return err
	}
	return page.Redirect(w, r, "/account/security?done=totp_removed")
}

// codesView shows recovery codes, once.
type codesView struct {
	Codes []string
	Email string
	Added bool // an authenticator app was just set up
}

func (h *Handler) renewCodes(w http.ResponseWriter, r *http.Request) error {
	codes, err := h.accounts.RenewCodes(r.Context(), page.Actor(r))
	if apperr.Is(err, apperr.Conflict) {
		return page.Redirect(w, r, "/account/security")
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, codesPage(codesView{Codes: codes, Email: page.Actor(r).Email}))
}

type passkeyNameForm struct {
	Name string `form:"name"`
}

func (h *Handler) renamePasskey(w http.ResponseWriter, r *http.Request) error {
	var form passkeyNameForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	handle := chi.URLParam(r, "passkey")
	err := h.accounts.RenamePasskey(r.Context(), page.Actor(r), handle, form.Name)
	if faults, ok := page.FaultsOf(r, err); ok {
		view, err := h.securityOf(r)
		if err != nil {
			return err
		}
		view.Faults, view.Renamed = faults, handle
		return page.Show(w, r, http.StatusUnprocessableEntity, securityPage(view))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/security?done=renamed")
}

func (h *Handler) removePasskey(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.RemovePasskey(r.Context(), page.Actor(r), chi.URLParam(r, "passkey")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/security?done=passkey_removed")
}

// qrCode is a QR code as one path of an SVG: a square of one unit for each dark module.
type qrCode struct {
	Size int // modules a side, with the quiet zone
	Path string
}

// quiet is the white border that readers of QR codes need, in modules.
const quiet = 4

func encodeQR(text string) (qrCode, error) {
	code, err := qr.EncodeText(text, qr.Medium)
	if err != nil {
		return qrCode{}, fmt.Errorf("QR code: %w", err)
	}
	out := qrCode{Size: code.GetSize() + 2*quiet}
	path := []byte{}
	for y := range code.GetSize() {
		for x := range code.GetSize() {
			if code.GetModule(x, y) {
				path = fmt.Appendf(path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	out.Path = string(path)
	return out, nil
}
