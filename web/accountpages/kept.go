package accountpages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Keep stores a post that met no session; wire.go gives it to page.KeepPost.
func (h *Handler) Keep(r *http.Request, body url.Values) (token string, err error) {
	return h.accounts.KeepPost(r.Context(), accounts.KeptPost{Path: r.URL.RequestURI(), Body: body})
}

// restore leads whoever has just signed in to what this browser posted before, once.
func (h *Handler) restore(w http.ResponseWriter, r *http.Request, userID int64) (path string, ok bool) {
	cookie, err := r.Cookie(page.KeptCookie)
	if err != nil || len(cookie.Value) > 100 {
		return "", false
	}
	http.SetCookie(w, &http.Cookie{Name: page.KeptCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	if _, err := h.accounts.Kept(r.Context(), userID, cookie.Value); err != nil {
		return "", false
	}
	return ui.Path(r.Context(), "/kept/"+url.PathEscape(cookie.Value)), true
}

// keptView is what was posted, to be sent again.
type keptView struct {
	Token  string
	Path   string
	Fields []keptField
}

// keptField is one value; Shown ones are what a person typed, in their own lines.
type keptField struct {
	Name, Value string
	Shown       bool
}

// showKept shows what was typed, and sends it again when the person says so: coming here
// sends nothing.
func (h *Handler) showKept(w http.ResponseWriter, r *http.Request) error {
	token := chi.URLParam(r, "token")
	kept, err := h.accounts.Kept(r.Context(), page.Actor(r).UserID, token)
	if err != nil {
		return err
	}
	view := keptView{Token: token, Path: localPath(kept.Path)}
	if view.Path == "" {
		return apperr.New(apperr.NotFound, "accounts.kept_gone")
	}
	for name, values := range kept.Body {
		for _, value := range values {
			view.Fields = append(view.Fields, keptField{Name: name, Value: value, Shown: typed(value)})
		}
	}
	slices.SortStableFunc(view.Fields, func(a, b keptField) int { return strings.Compare(a.Name, b.Name) })
	return page.Show(w, r, http.StatusOK, keptPage(view))
}

// typed reports a value that people write, not one that a form carries: it has a space.
func typed(value string) bool { return strings.ContainsAny(strings.TrimSpace(value), " \n") }

func (h *Handler) dropKept(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.DropKept(r.Context(), page.Actor(r).UserID, chi.URLParam(r, "token")); err != nil {
		return err
	}
	return page.Redirect(w, r, "/choose")
}
