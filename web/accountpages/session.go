// Package accountpages holds the pages on which people sign in and keep their account, and
// the middleware that says who acts, and for whom.
package accountpages

import (
	"context"
	"net/http"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Sessions begins, finds and ends the sessions of signed-in people.
type Sessions struct {
	manager *scs.SessionManager
	secure  bool
}

// NewSessions keeps sessions in store. secure is for https: the cookie is then sent over
// it only, and its name binds it to this host.
func NewSessions(store *accounts.SessionStore, secure bool) *Sessions {
	m := scs.New()
	m.Store, m.Codec, m.HashTokenInStore = store, accounts.TicketCodec{}, true
	m.Lifetime = accounts.Lifetime
	m.ErrorFunc = page.Fail
	m.Cookie.Name, m.Cookie.Secure = "birlik", secure
	if secure {
		m.Cookie.Name = "__Host-birlik"
	}
	return &Sessions{manager: m, secure: secure}
}

// Begin signs the person in under a fresh token; a session that the browser had is ended.
func (s *Sessions) Begin(r *http.Request, known accounts.Known) error {
	ctx := r.Context()
	if err := s.manager.RenewToken(ctx); err != nil {
		return err
	}
	for name, value := range accounts.TicketValues(known, r.UserAgent(), page.Address(r)) {
		s.manager.Put(ctx, name, value)
	}
	return nil
}

// End signs the browser out.
func (s *Sessions) End(ctx context.Context) error { return s.manager.Destroy(ctx) }

type visitKey struct{}

// LoadActor finds the session and says who the person is: page.Actor acts for themselves
// only, until ActFor or ActAsStaff says for whom. It gives the shell its person and the reader the person's zone, and keeps the answer out of caches. It belongs
// on every route but the public pages, which know no session.
func (s *Sessions) LoadActor(next http.Handler) http.Handler {
	loaded := s.manager.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		ctx := r.Context()
		shell := ui.ShellOf(ctx)
		if visit := visitOf(ctx); visit.Person != nil {
			actor := visit.Person.AsSelf()
			actor.SessionID, actor.Proved = visit.Handle, visit.Proved
			ctx = page.WithProver(page.WithActor(withZone(ctx, actor.Zone), actor), askProof)
			shell.Person = shellPerson(r, *visit.Person)
			shell.News = noticeNews(r.Context(), *visit.Person)
		}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(ctx, shell)))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, visit := accounts.WithVisit(r.Context())
		loaded.ServeHTTP(w, r.WithContext(context.WithValue(ctx, visitKey{}, visit)))
	})
}

// RequireSignIn lets only signed-in people on. Errors: sign_in.
func RequireSignIn(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if !page.Actor(r).SignedIn() {
			return apperr.New(apperr.SignIn, "error.sign_in")
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// ActFor lets the person act for the organisation that {org} names, under a mandate in
// force. No query tells a foreign organisation from an absent one; whose own mandate has
// ended is told so. Errors: sign_in, not found, forbidden ("accounts.mandate_ended").
func (h *Handler) ActFor(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		visit := visitOf(r.Context())
		if visit.Person == nil {
			return apperr.New(apperr.SignIn, "error.sign_in")
		}
		if mend(w, r, false) {
			return nil
		}
		actor, seat, ok := visit.Person.For(chi.URLParam(r, "org"))
		if !ok {
			return h.noSeat(r)
		}
		shell := ui.ShellOf(r.Context())
		shell.Person.OrgName = seat.OrgName
		shell.OrgPath = ui.Path(r.Context(), "/m/"+seat.OrgPublic)
		serveAs(w, r, next, actor, shell)
		return nil
	})
}

// noSeat says why the person may not act for the organisation.
func (h *Handler) noSeat(r *http.Request) error {
	ended, found, err := h.accounts.EndedFor(r.Context(), page.Actor(r), chi.URLParam(r, "org"))
	if err != nil {
		return err
	}
	if !found {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	return apperr.New(apperr.Forbidden, "accounts.mandate_ended", "Name", ended.OrgName, "Day", locale.Date(r.Context(), ended.LastDay))
}

// ActAsStaff lets the person act at the union's desk, once their session has shown a second
// factor. Errors: sign_in, forbidden.
func ActAsStaff(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		visit := visitOf(r.Context())
		if visit.Person == nil {
			return apperr.New(apperr.SignIn, "error.sign_in")
		}
		actor, _ := visit.Person.AsStaff()
		if err := actor.May(identity.ReadStaffDesk); err != nil {
			return err
		}
		if mend(w, r, false) {
			return nil
		}
		serveAs(w, r, next, actor, ui.ShellOf(r.Context()))
		return nil
	})
}

func serveAs(w http.ResponseWriter, r *http.Request, next http.Handler, actor identity.Actor, shell ui.Shell) {
	actor.SessionID, actor.Proved = page.Actor(r).SessionID, page.Actor(r).Proved
	ctx := ui.WithShell(page.WithActor(r.Context(), actor), shell)
	next.ServeHTTP(w, r.WithContext(ctx))
}

func visitOf(ctx context.Context) *accounts.Visit {
	if v, ok := ctx.Value(visitKey{}).(*accounts.Visit); ok {
		return v
	}
	return new(accounts.Visit)
}

func withZone(ctx context.Context, name string) context.Context {
	reader := locale.Of(ctx)
	if z := page.Zone(name); z != nil {
		reader.Zone = z
	}
	return locale.With(ctx, reader)
}

// noticeNews tells once of a version of the privacy notice that the person has not read.
func noticeNews(ctx context.Context, p accounts.Person) ui.News {
	if p.ReadNotice >= p.Notice {
		return ui.News{}
	}
	text := locale.T(ctx, "privacy.banner")
	if p.ReadNotice == 0 {
		text = locale.T(ctx, "privacy.banner_first")
	}
	return ui.News{Text: text, Link: ui.Link{Label: locale.T(ctx, "privacy.banner_read"), Href: ui.Path(ctx, "/privacy")},
		Close: ui.Link{Label: locale.T(ctx, "privacy.banner_ok"), Href: ui.Path(ctx, "/account/data/notice")}}
}

// shellPerson is the person as the page's frame shows them, with the other places where
// they may act.
func shellPerson(r *http.Request, p accounts.Person) ui.Person {
	out := ui.Person{Name: p.Name, Theme: p.Theme, Keys: p.SingleKeys, SignedIn: true}
	for _, seat := range p.Orgs() {
		href := ui.Path(r.Context(), "/m/"+seat.OrgPublic)
		out.Switch = append(out.Switch, ui.Link{Label: seat.OrgName, Href: href, Current: chi.URLParam(r, "org") == seat.OrgPublic})
	}
	if len(p.Roles) > 0 {
		out.Switch = append(out.Switch, ui.Link{Label: locale.T(r.Context(), "accounts.desk"), Href: ui.Path(r.Context(), "/desk")})
	}
	return out
}
