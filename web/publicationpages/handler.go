// Package publicationpages holds the public pages of bulletins, articles and the site
// itself, and the staff's pages where they are written.
package publicationpages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/writing"
)

// Handler answers the pages of publications.
type Handler struct {
	publications *publications.Service
	zone         *time.Location // the union's
	covers       writing.Covers
}

// New makes the handler; zone is the union's.
func New(service *publications.Service, covers writing.Covers, zone *time.Location) *Handler {
	return &Handler{publications: service, covers: covers, zone: zone}
}

// Public mounts the pages below /{lang}.
func (h *Handler) Public(r chi.Router) {
	r.Method(http.MethodGet, "/bulletins", page.Handler(h.issues))
	r.Method(http.MethodGet, "/bulletins.atom", page.Handler(h.feed))
	r.Method(http.MethodGet, "/bulletins.csv", page.Handler(h.table))
	r.Method(http.MethodGet, "/bulletins/{number}", page.Handler(h.issue))
	r.Method(http.MethodGet, "/articles/{article}", page.Handler(h.article))
	for _, code := range publications.Codes() {
		if code != "organs" { // its text introduces the organs' own page
			r.Method(http.MethodGet, "/"+code, h.sitePage(code))
		}
	}
}

// Desk mounts the staff's pages below /{lang}/desk.
func (h *Handler) Desk(r chi.Router) {
	r.Use(writers)
	r.Method(http.MethodGet, "/bulletins", page.Handler(h.deskIssues))
	r.Method(http.MethodGet, "/bulletins/new", page.Handler(h.newIssue))
	r.Method(http.MethodPost, "/bulletins", page.Handler(h.createIssue))
	r.Method(http.MethodGet, "/bulletins/{record}", page.Handler(h.deskIssue))
	r.Method(http.MethodPost, "/bulletins/{record}", page.Handler(h.saveIssue))
	r.Method(http.MethodPost, "/bulletins/{record}/articles", page.Handler(h.createArticle))
	r.Method(http.MethodGet, "/articles/{record}", page.Handler(h.deskArticle))
	r.Method(http.MethodPost, "/articles/{record}/place", page.Handler(h.moveArticle))
	r.Method(http.MethodPost, "/articles/{record}/contributors", page.Handler(h.saveContributors))
	r.Method(http.MethodGet, "/pages", page.Handler(h.deskPages))
	r.Method(http.MethodGet, "/pages/{record}", page.Handler(h.deskPage))
	h.editor(subject.Issue, "/bulletins").Routes(r, "/bulletins")
	h.editor(subject.Article, "/articles").Routes(r, "/articles")
	h.editor(subject.SitePage, "/pages").Routes(r, "/pages")
}

// writers lets those on who may write. Errors: sign_in, forbidden.
func writers(next http.Handler) http.Handler {
	return page.Handler(func(w http.ResponseWriter, r *http.Request) error {
		if err := page.Actor(r).May(identity.EditContent); err != nil {
			return err
		}
		next.ServeHTTP(w, r)
		return nil
	})
}

// editor is the shared editor for one kind of publication.
func (h *Handler) editor(kind subject.Kind, base string) writing.Desk {
	d := writing.Desk{Texts: h.publications.Texts(kind), Base: "/desk" + base, Publish: identity.PublishContent, Zone: h.zone}
	if kind != subject.SitePage {
		d.Covers = &h.covers
		d.Edit = func(ctx context.Context, actor identity.Actor, publicID string, fn writing.Change) error {
			return h.publications.Edit(ctx, actor, kind, publicID, fn)
		}
	}
	if kind == subject.Article {
		d.Preview = h.preview
	}
	return d
}

// preview draws an article's newest text as readers will see it.
func (h *Handler) preview(ctx context.Context, actor identity.Actor, w translations.Work) (templ.Component, error) {
	desk, err := h.publications.DeskArticle(ctx, actor, w.PublicID)
	if err != nil {
		return nil, err
	}
	covers, err := h.covers.OfMany(ctx, actor, []int64{desk.ID})
	if err != nil {
		return nil, err
	}
	v := articleView{ArticlePage: publications.ArticlePage{Article: desk.Article}, Cover: covers[desk.ID], Preview: true}
	shown := locale.Of(ctx).Now
	if w.Now.LiveAt != nil {
		shown = *w.Now.LiveAt
	}
	v.Text = translations.Page{Body: w.Text.Body, Live: translations.Live{Lang: w.Now.Lang, Slug: w.Now.Slug, Title: w.Text.Title,
		Summary: w.Text.Summary, ImageAlt: w.Text.ImageAlt, Words: w.Text.Words(), LiveAt: shown, UpdatedAt: w.SavedAt}}
	return articleContent(v, "/articles/"+w.Now.Slug), nil
}

func (h *Handler) issues(w http.ResponseWriter, r *http.Request) error {
	after := r.URL.Query().Get("after")
	list, err := h.publications.Issues(r.Context(), page.Actor(r), page.Lang(r), after)
	if err != nil {
		return err
	}
	v := issuesView{Page: list, First: after == ""}
	if v.Covers, err = h.covers.OfMany(r.Context(), page.Actor(r), ids(list.Rows)); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, issuesPage(v))
}

func (h *Handler) issue(w http.ResponseWriter, r *http.Request) error {
	number, err := strconv.Atoi(chi.URLParam(r, "number"))
	if err != nil || number < 1 || number > 1<<30 {
		return apperr.New(apperr.NotFound, "publications.not_found")
	}
	v := issueView{}
	if v.IssuePage, err = h.publications.Issue(r.Context(), page.Actor(r), page.Lang(r), number); err != nil {
		return err
	}
	all := []int64{v.ID}
	for _, a := range v.IssuePage.Articles {
		all = append(all, a.ID)
	}
	if v.Covers, err = h.covers.OfMany(r.Context(), page.Actor(r), all); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, issuePage(v))
}

func (h *Handler) article(w http.ResponseWriter, r *http.Request) error {
	v := articleView{}
	var err error
	v.ArticlePage, err = h.publications.Article(r.Context(), page.Actor(r), page.Lang(r), chi.URLParam(r, "article"))
	if err != nil {
		return err
	}
	if slug := chi.URLParam(r, "article"); v.Text.Lang == string(page.Lang(r)) && v.Text.Slug != slug {
		return page.Redirect(w, r, "/articles/%s", v.Text.Slug) // the address of another language
	}
	covers, err := h.covers.OfMany(r.Context(), page.Actor(r), []int64{v.ID})
	if err != nil {
		return err
	}
	v.Cover = covers[v.ID]
	return page.Show(w, r, http.StatusOK, articlePage(v))
}

// sitePage answers one of the site's own pages.
func (h *Handler) sitePage(code string) page.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		text, err := h.publications.Page(r.Context(), page.Actor(r), page.Lang(r), code)
		if err != nil {
			return err
		}
		return page.Show(w, r, http.StatusOK, sitePage(siteView{Code: code, Text: text}))
	}
}

// articlesTable is every published article, as data files name it.
var articlesTable = export.Table[publications.ArticleLine]{Name: "articles", Columns: []export.Column[publications.ArticleLine]{
	{Name: "issue", Kind: export.Number, Value: func(a publications.ArticleLine) string { return strconv.Itoa(a.IssueNumber) }},
	{Name: "issued_on", Kind: export.Day, Value: func(a publications.ArticleLine) string { return export.Date(a.IssuedOn) }},
	{Name: "title", Value: func(a publications.ArticleLine) string { return a.Text.Title }},
	{Name: "language", Value: func(a publications.ArticleLine) string { return a.Text.Lang }},
	{Name: "summary", Value: func(a publications.ArticleLine) string { return a.Text.Summary }},
	{Name: "published_at", Kind: export.Instant, Value: func(a publications.ArticleLine) string { return export.Time(a.Text.LiveAt) }},
	{Name: "slug", Value: func(a publications.ArticleLine) string { return a.Text.Slug }},
}}

func (h *Handler) table(w http.ResponseWriter, r *http.Request) error {
	return page.Download(w, r, articlesTable, export.CSV, func(each func(publications.ArticleLine) error) error {
		return h.publications.All(r.Context(), page.Actor(r), page.Lang(r), each)
	})
}
