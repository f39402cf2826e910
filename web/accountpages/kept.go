package accountpages

import (
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// keptField marks, in a query, the page that gives a form back, and what is sent from it.
const keptField = "kept_post"

// keptPerMinute bounds the posts of one network that are kept without anybody being signed
// in, and mostPosted the bytes that are read of one.
const (
	keptPerMinute = 20
	mostPosted    = 64 << 20
)

// KeepPosts keeps what was posted when the writer's session had ended, and gives it back
// once they have signed in: the page on which it was written comes again with the form
// filled in, and nothing is sent before the writer presses the button. It belongs between
// LoadActor and the choice of whom the person acts for.
func (h *Handler) KeepPosts(next http.Handler) http.Handler {
	ask := http.HandlerFunc(h.keepAndAskProof)
	kept := page.Rate(keptPerMinute)(page.Handler(h.keep))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(page.WithProver(r.Context(), ask))
		signedIn := visitOf(r.Context()).Person != nil
		given := signedIn && strings.Contains(r.URL.RawQuery, keptField)
		switch {
		case given && r.Method == http.MethodPost:
			h.sendAgain(w, r, next)
		case given && r.Method == http.MethodGet:
			h.giveBack(w, r, next)
		case signedIn || r.Method == http.MethodGet || r.Method == http.MethodHead:
			next.ServeHTTP(w, r)
		case byScript(r):
			h.tellScript(w, r)
		case r.Method == http.MethodPost:
			kept.ServeHTTP(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// byScript reports a post whose sender reads the status itself, and still has the text.
func byScript(r *http.Request) bool {
	return r.Header.Get("Tus-Resumable") != "" || r.Header.Get("X-Draft") != ""
}

func (h *Handler) tellScript(w http.ResponseWriter, r *http.Request) {
	http.Error(w, locale.T(r.Context(), "accounts.session_over"), http.StatusUnauthorized)
}

// secretField finds fields that are never kept.
var secretField = regexp.MustCompile(`(?i)pass|secret|token|parola|şifre`)

// keep stores the post and sends its writer to sign in. What cannot be kept is still the
// writer's to send again: their browser has it.
func (h *Handler) keep(w http.ResponseWriter, r *http.Request) error {
	post := accounts.KeptPost{Path: r.URL.Path, Page: writtenOn(r)}
	err := page.ReadFiles(w, r, mostPosted, func(_, name string, content io.Reader) error {
		post.Files = append(post.Files, name)
		_, err := io.Copy(io.Discard, content)
		return err
	})
	if err != nil {
		return err
	}
	post.Fields = keptFields(r.PostForm)
	target := ui.Path(r.Context(), "/sign-in?")
	token, err := h.accounts.KeepPost(r.Context(), post)
	if err != nil {
		slog.WarnContext(r.Context(), "post not kept", "request_id", middleware.GetReqID(r.Context()), "error", err)
		target += url.Values{"next": {post.Page}}.Encode()
	} else {
		http.SetCookie(w, h.keptCookie(token, int(accounts.KeptFor.Seconds())))
		target += url.Values{"next": {post.Page}, "done": {"kept"}}.Encode()
	}
	if page.Fragment(r) {
		w.Header().Set("HX-Redirect", target)
		w.WriteHeader(http.StatusUnauthorized)
		return nil
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

// writtenOn is the page that the form stood on, as the browser tells; else where it went.
func writtenOn(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || localPath(from.RequestURI()) == "" {
		return r.URL.Path
	}
	return from.RequestURI()
}

func (h *Handler) keptCookie(token string, seconds int) *http.Cookie {
	name := "kept"
	if h.sessions.secure {
		name = "__Host-kept"
	}
	return &http.Cookie{Name: name, Value: token, Path: "/", MaxAge: seconds, HttpOnly: true, Secure: h.sessions.secure, SameSite: http.SameSiteLaxMode}
}

func (h *Handler) keptToken(r *http.Request) string {
	cookie, err := r.Cookie(h.keptCookie("", 0).Name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// restore makes the person who has just signed in the only reader of what this browser
// posted, and returns the page that gives it back; "" where nothing was kept.
func (h *Handler) restore(w http.ResponseWriter, r *http.Request, userID int64) string {
	token := h.keptToken(r)
	if token == "" {
		return ""
	}
	post, err := h.accounts.ClaimPost(r.Context(), token, userID)
	if err != nil {
		if !apperr.Is(err, apperr.NotFound) {
			slog.ErrorContext(r.Context(), "kept post not found", "request_id", middleware.GetReqID(r.Context()), "error", err)
			return ""
		}
		http.SetCookie(w, h.keptCookie("", -1))
		return ""
	}
	return withKept(localPath(post.Page))
}

// withKept asks a page to give the kept text back.
func withKept(path string) string {
	u, err := url.Parse(path)
	if err != nil || path == "" {
		return ""
	}
	query := u.Query()
	query.Set(keptField, "1")
	u.RawQuery = query.Encode()
	return u.RequestURI()
}

// sendAgain passes on a form that was given back; once its page has answered, with success
// or with the form and its faults, nothing has to be kept any more.
func (h *Handler) sendAgain(w http.ResponseWriter, r *http.Request, next http.Handler) {
	watched := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
	next.ServeHTTP(watched, r)
	if s := watched.Status(); s >= http.StatusBadRequest && s != http.StatusUnprocessableEntity {
		return
	}
	userID := visitOf(r.Context()).Person.AsSelf().UserID
	if err := h.accounts.DropPost(r.Context(), h.keptToken(r), userID); err != nil {
		slog.ErrorContext(r.Context(), "kept post stays", "request_id", middleware.GetReqID(r.Context()), "error", err)
	}
}

// giveBack shows the page with the kept text in its form. Where the page has changed and no
// form takes the text, a page of its own shows it.
func (h *Handler) giveBack(w http.ResponseWriter, r *http.Request, next http.Handler) {
	userID := visitOf(r.Context()).Person.AsSelf().UserID
	post, err := h.accounts.KeptPost(r.Context(), h.keptToken(r), userID)
	if err != nil {
		next.ServeHTTP(w, r)
		return
	}
	held := &held{header: w.Header(), status: http.StatusOK}
	next.ServeHTTP(held, r)
	if held.status == http.StatusOK && strings.HasPrefix(held.header.Get("Content-Type"), "text/html") {
		if filled, ok := fillIn(r, held.body.Bytes(), post); ok {
			held.header.Del("Content-Length")
			_, _ = w.Write(filled) // the reader may have gone; nobody is left to tell
			return
		}
	}
	held.header.Del("Content-Length")
	http.Redirect(w, r, ui.Path(r.Context(), "/kept"), http.StatusSeeOther)
}

// showKept shows a text that no page could give back, with a button that sends it as it was.
func (h *Handler) showKept(w http.ResponseWriter, r *http.Request) error {
	post, err := h.accounts.KeptPost(r.Context(), h.keptToken(r), page.Actor(r).UserID)
	if apperr.Is(err, apperr.NotFound) {
		return page.Redirect(w, r, "/choose")
	}
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, keptPage(post))
}

func (h *Handler) dropKept(w http.ResponseWriter, r *http.Request) error {
	if err := h.accounts.DropPost(r.Context(), h.keptToken(r), page.Actor(r).UserID); err != nil {
		return err
	}
	http.SetCookie(w, h.keptCookie("", -1))
	return page.Redirect(w, r, "/choose")
}

// keptTexts are what a person wrote, without the form's own marks.
func keptTexts(p accounts.KeptPost) []string {
	var texts []string
	for _, name := range slices.Sorted(maps.Keys(p.Fields)) {
		if name == page.OnceField || name == "version" || strings.HasSuffix(name, "_upload") {
			continue
		}
		for _, value := range p.Fields[name] {
			if value != "" {
				texts = append(texts, value)
			}
		}
	}
	return texts
}
