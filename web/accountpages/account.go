package accountpages

import (
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

type profileForm struct {
	Name       string `form:"name"`
	Lang       string `form:"lang"`
	Zone       string `form:"zone"`
	Theme      string `form:"theme"`
	SingleKeys bool   `form:"single_keys"`
}

// profileView is the page of one's own account.
type profileView struct {
	Email   string
	Profile accounts.Profile
	Faults  page.Faults
	Saved   bool
}

func (h *Handler) showProfile(w http.ResponseWriter, r *http.Request) error {
	p := visitOf(r.Context()).Person
	return page.Show(w, r, http.StatusOK, profilePage(profileView{
		Email: p.Email, Saved: r.URL.Query().Get("saved") == "1",
		Profile: accounts.Profile{Name: p.Name, Lang: p.Lang, Zone: p.Zone, Theme: p.Theme, SingleKeys: p.SingleKeys}}))
}

func (h *Handler) saveProfile(w http.ResponseWriter, r *http.Request) error {
	var form profileForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	profile := accounts.Profile(form)
	err := h.accounts.SaveProfile(r.Context(), page.Actor(r), profile)
	if faults, ok := page.FaultsOf(r, err); ok {
		view := profileView{Email: page.Actor(r).Email, Profile: profile, Faults: faults}
		return page.Show(w, r, http.StatusUnprocessableEntity, profilePage(view))
	}
	if err != nil {
		return err
	}
	rememberTheme(w, profile.Theme, h.sessions.secure)
	http.Redirect(w, r, "/"+profile.Lang+"/account?saved=1", http.StatusSeeOther)
	return nil
}

// setTheme stores a choice made in the page's menu, and answers a script with nothing.
func (h *Handler) setTheme(w http.ResponseWriter, r *http.Request) error {
	theme := r.PostFormValue("theme")
	if err := h.accounts.SetTheme(r.Context(), page.Actor(r), theme); err != nil {
		return err
	}
	rememberTheme(w, theme, h.sessions.secure)
	if r.Header.Get("Accept") != "" && page.Fragment(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return page.Redirect(w, r, "/account")
}

// rememberTheme keeps the choice where the public pages' script finds it, for a year.
func rememberTheme(w http.ResponseWriter, theme string, secure bool) {
	http.SetCookie(w, &http.Cookie{Name: "theme", Value: theme, Path: "/", MaxAge: 365 * 24 * 3600,
		SameSite: http.SameSiteLaxMode, Secure: secure})
}

// stay is asked for by the dialog that warns of the session's end: coming here was enough.
func (h *Handler) stay(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

type passwordForm struct {
	Current  page.Secret `form:"current"`
	Password page.Secret `form:"password"`
}

// passwordView is the page on which a signed-in person changes the password.
type passwordView struct {
	Email  string
	Faults page.Faults
	Saved  bool
}

func (h *Handler) showPassword(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, passwordPage(passwordView{
		Email: page.Actor(r).Email, Saved: r.URL.Query().Get("saved") == "1"}))
}

func (h *Handler) changePassword(w http.ResponseWriter, r *http.Request) error {
	var form passwordForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	actor := page.Actor(r)
	err := h.accounts.ChangePassword(r.Context(), actor, accounts.PasswordChange{
		Current: string(form.Current), New: string(form.Password), From: page.Address(r)})
	if faults, ok := page.FaultsOf(r, err); ok {
		return page.Show(w, r, http.StatusUnprocessableEntity, passwordPage(passwordView{Email: actor.Email, Faults: faults}))
	}
	if err != nil {
		return err
	}
	if err := h.again(r, false); err != nil { // a new password, a new token
		return err
	}
	return page.Redirect(w, r, "/account/password?saved=1")
}

// sessionsView lists where a person is signed in.
type sessionsView struct {
	Sessions []accounts.Session
	Ended    string // what was just ended: "1" one session, "others" all others
	Now      time.Time
}

func (h *Handler) showSessions(w http.ResponseWriter, r *http.Request) error {
	list, err := h.accounts.Sessions(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, sessionsPage(sessionsView{
		Sessions: list, Ended: r.URL.Query().Get("ended"), Now: locale.Of(r.Context()).Now}))
}

func (h *Handler) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.EndSession(r.Context(), page.Actor(r), chi.URLParam(r, "session")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/account/sessions?ended=1")
}

func (h *Handler) endEverySession(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.EndEverySession(r.Context(), page.Actor(r)); err != nil {
		return err
	}
	return h.signOut(w, r)
}
