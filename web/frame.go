// Package web is the whole tree of routes on one page, and the frame that they share.
package web

import (
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Site is what the frame of every page says, from the settings.
type Site struct {
	Union   ui.Union
	Demo    bool
	BaseURL string // without a slash at the end
	Minutes int    // how long a session lasts without a request, for the warning
}

// frame puts the site into the shell of every page below /{lang}.
func (s Site) frame(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shell := ui.Shell{Union: s.Union, Demo: s.Demo, BaseURL: s.BaseURL, Path: pathAfterLang(r)}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(r.Context(), shell)))
	})
}

// pathAfterLang is the page's address without its language, query included, for the
// language menu. A page that answers a post is offered at its address only.
func pathAfterLang(r *http.Request) string {
	rest := strings.TrimPrefix(r.URL.Path, "/"+chi.URLParam(r, "lang"))
	if rest == "" {
		rest = "/"
	}
	if r.URL.RawQuery != "" && r.Method == http.MethodGet {
		rest += "?" + r.URL.RawQuery
	}
	return rest
}

// memberMenuEntries are the municipality's own pages, below its address, as far as the
// actor's roles reach.
var memberMenuEntries = []deskEntry{
	{key: "menu.member_home"},
	{key: "menu.member_requests", path: "/requests", needs: identity.ReadOwnRequests},
	{key: "menu.member_supports", path: "/supports", needs: identity.ReadOwnRequests},
	{key: "menu.member_dues", path: "/dues", needs: identity.ReadOwnDues},
	{key: "menu.member_profile", path: "/profile", needs: identity.ReadOwn},
	{key: "menu.member_circulars", path: "/circulars", needs: identity.GetCirculars},
	{key: "menu.member_letters", path: "/letters", needs: identity.ReadOwn},
	{key: "menu.member_people", path: "/people", needs: identity.ReadOwn},
}

// memberMenu is the menu of a municipality's own pages.
func (s Site) memberMenu(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		shell := ui.ShellOf(ctx)
		shell.Minutes = s.Minutes
		for _, e := range memberMenuEntries {
			if e.needs == "" || page.Actor(r).Can(e.needs) {
				shell.Nav = append(shell.Nav, ui.Link{Label: locale.T(ctx, e.key), Href: shell.OrgPath + e.path})
			}
		}
		for _, e := range []deskEntry{{key: "menu.services", path: "/services"}, {key: "menu.events", path: "/events"}} {
			shell.Nav = append(shell.Nav, ui.Link{Label: locale.T(ctx, e.key), Href: ui.Path(ctx, e.path)})
		}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(ctx, shell)))
	})
}

// deskEntry is one line of the staff's menu and the permission that shows it.
type deskEntry struct {
	key, path, icon string
	needs           identity.Permission
}

// deskMenuEntries is the staff's menu: what is opened first, then groups of pages that
// are used together, each below an entry without a path. What is set up once comes last.
var deskMenuEntries = []deskEntry{
	{"menu.desk_home", "/desk", "home", identity.ReadStaffDesk},
	{"menu.desk_requests", "/desk/requests", "inbox", identity.ReadRequests},
	{"menu.desk_absences", "/desk/absences", "calendar", identity.ReadStaffDesk},
	{"menu.cases", "", "", identity.ReadRequests},
	{"menu.desk_intake", "/desk/intake", "", identity.HandleRequests},
	{"menu.desk_mail", "/desk/mail", "", identity.HandleRequests},
	{"menu.desk_drafts", "/desk/drafts", "", identity.HelpDrafts},
	{"menu.desk_opinions", "/desk/opinions", "", identity.ReadRequests},
	{"menu.desk_supports", "/desk/supports", "", identity.ReadSupports},
	{"menu.desk_figures", "/desk/figures", "", identity.ReadFigures},
	{"menu.membership", "", "", identity.ReadStaffDesk},
	{"menu.desk_members", "/desk/members", "", identity.ReadMembers},
	{"menu.desk_applications", "/desk/applications", "", identity.ReadMembers},
	{"menu.desk_proposals", "/desk/proposals", "", identity.ReadMembers},
	{"menu.desk_dues", "/desk/dues", "", identity.ReadDues},
	{"menu.desk_organs", "/desk/organs", "", identity.ReadOrgans},
	{"menu.desk_governments", "/desk/governments", "", identity.ReadRequests},
	{"menu.desk_municipalities", "/municipalities", "", identity.ReadStaffDesk},
	{"menu.correspondence", "", "", identity.ReadMembers},
	{"menu.desk_circulars", "/desk/circulars", "", identity.ReadCirculars},
	{"menu.desk_letters", "/desk/letters", "", identity.ReadMembers},
	{"menu.desk_mailings", "/desk/mailings", "", identity.ReadMembers},
	{"menu.records", "", "", identity.ReadProjects},
	{"menu.desk_projects", "/desk/projects", "", identity.ReadProjects},
	{"menu.desk_imports", "/desk/imports", "", identity.ImportRecords},
	{"menu.desk_duplicates", "/desk/duplicates", "", identity.EditMembers},
	{"menu.writing", "", "", identity.EditContent},
	{"menu.desk_events", "/desk/events", "", identity.EditContent},
	{"menu.desk_bulletins", "/desk/bulletins", "", identity.EditContent},
	{"menu.desk_pages", "/desk/pages", "", identity.EditContent},
	{"menu.setup", "", "", identity.ReadRequests},
	{"menu.desk_services", "/desk/services", "", identity.ReadRequests},
	{"menu.desk_replies", "/desk/replies", "", identity.EditServices},
	{"menu.desk_forms", "/desk/forms", "", identity.EditForms},
	{"menu.desk_offices", "/desk/services/offices", "", identity.ManageUsers},
	{"menu.desk_holidays", "/desk/settings/holidays", "", identity.EditSettings},
	{"menu.desk_countries", "/desk/settings/countries", "", identity.EditSettings},
	{"menu.desk_fields", "/desk/settings/fields", "", identity.EditSettings},
	{"menu.union", "", "", identity.ReadAudit},
	{"menu.desk_users", "/desk/users", "", identity.ManageUsers},
	{"menu.desk_audit", "/desk/audit", "", identity.ReadAudit},
	{"menu.desk_erasures", "/desk/erasures", "", identity.HandleErasures},
	{"menu.desk_privacy", "/desk/privacy", "", identity.EditSettings},
}

// deskMenu is the staff's menu as far as their roles reach.
func (s Site) deskMenu(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		actor := page.Actor(r)
		shell := ui.ShellOf(ctx)
		shell.Minutes = s.Minutes
		for _, e := range deskMenuEntries {
			if !actor.Can(e.needs) {
				continue
			}
			link := ui.Link{Label: locale.T(ctx, e.key), Icon: e.icon}
			if e.path != "" {
				link.Href = ui.Path(ctx, e.path)
			}
			shell.Nav = append(shell.Nav, link)
		}
		next.ServeHTTP(w, r.WithContext(ui.WithShell(ctx, shell)))
	})
}
