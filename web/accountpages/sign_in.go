package accountpages

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

type signInForm struct {
	Email    string      `form:"email"`
	Password page.Secret `form:"password"`
	Next     string      `form:"next"`
}

// signInView is the page to sign in: what was typed, what went wrong, what was just done.
type signInView struct {
	Email, Next string
	Failed      string // why it did not work
	Done        string // what was done to come here
	SignOn      string // the identity provider's name; empty: there is none
	Passkeys    bool   // there can be some
}

// doneMessages say what a person did before they were sent here to sign in.
var doneMessages = map[string]string{
	"reset": "accounts.done_reset",
	"out":   "accounts.done_out",
	"kept":  "accounts.done_kept",
	"over":  "accounts.done_over",
}

func (h *Handler) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	if page.Actor(r).SignedIn() {
		return h.goOn(w, r, next)
	}
	view := h.signInView(next)
	if key := doneMessages[r.URL.Query().Get("done")]; key != "" {
		view.Done = locale.T(r.Context(), key)
	}
	return page.Show(w, r, http.StatusOK, signInPage(view))
}

func (h *Handler) signInView(next string) signInView {
	return signInView{Next: next, SignOn: h.accounts.SignOnName(), Passkeys: h.accounts.TakesPasskeys()}
}

func (h *Handler) signIn(w http.ResponseWriter, r *http.Request) error {
	var form signInForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	next := localPath(form.Next)
	known, err := h.accounts.SignIn(r.Context(), accounts.Attempt{
		Email: form.Email, Password: string(form.Password), From: page.Address(r), Agent: r.UserAgent()})
	if code, _ := apperr.CodeOf(err); code == apperr.Invalid || code == apperr.TooMany {
		if code == apperr.TooMany {
			w.Header().Set("Retry-After", "60")
		}
		view := h.signInView(next)
		view.Email, view.Failed = form.Email, page.Message(r, err)
		return page.Show(w, r, page.Status(err), signInPage(view))
	}
	if err != nil {
		return err
	}
	return h.goOnAs(w, r, known, next)
}

// begin opens the session and sends the person on: to what they had posted when an older
// session ended, to where they wanted to go, or to where they act.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request, known accounts.Known, next string) error {
	if err := h.sessions.Begin(r, known); err != nil {
		return err
	}
	if path := h.restore(w, r, known.UserID); path != "" {
		next = path
	}
	return h.goOn(w, r, next)
}

func (h *Handler) goOn(w http.ResponseWriter, r *http.Request, next string) error {
	if next == "" {
		return page.Redirect(w, r, "/choose")
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// signOut ends the session, and has the browser forget what the portal stored in it: pages,
// and the copies of texts not yet sent. A shared computer keeps nothing.
func (h *Handler) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := h.sessions.End(r.Context()); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return page.Redirect(w, r, "/sign-in?done=out")
}

// choose sends a person with one place to act there, and lets the others choose. Who comes
// from the public page of a service is led on to its start.
func (h *Handler) choose(w http.ResponseWriter, r *http.Request) error {
	person := visitOf(r.Context()).Person
	orgs, on := person.Orgs(), ""
	if slug := r.URL.Query().Get("service"); serviceSlug.MatchString(slug) {
		on = "/services/" + slug
	}
	switch {
	case len(person.Roles) > 0 && len(orgs) == 0:
		return page.Redirect(w, r, "/desk")
	case len(person.Roles) == 0 && len(orgs) == 1:
		return page.Redirect(w, r, "/m/%s%s", orgs[0].OrgPublic, on)
	}
	return page.Show(w, r, http.StatusOK, choosePage(*person, on))
}

// serviceSlug is what the address of a service is made of.
var serviceSlug = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,79}$`)

// localPath is next where it is a page of the portal below one of its languages, else "".
// Neither "//elsewhere" nor "/\elsewhere" nor a scheme can begin like that.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || strings.ContainsAny(next, "\\\x00\r\n\t") {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if !strings.HasPrefix(u.Path, "/") || !locale.Known(first) {
		return ""
	}
	return u.RequestURI()
}
