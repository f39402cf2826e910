package publicationpages

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/web/page"
)

// deskListView is the staff's list of issues.
type deskListView struct {
	Page postgres.Page[publications.DeskIssue]
}

// factsForm is an issue's number and day as they are typed.
type factsForm struct {
	Number   string `form:"number"`
	IssuedOn string `form:"issued_on"`
	Title    string `form:"title"`
	Lang     string `form:"lang"`
	Version  int    `form:"version"`
	Once     string `form:"once"`
}

// facts reads what was typed; what cannot be read is refused by the service.
func (f factsForm) facts() publications.IssueFacts {
	number, _ := strconv.Atoi(f.Number) // 0 is refused
	out := publications.IssueFacts{Number: number, Version: f.Version}
	if iso, ok := forms.ParseDate(f.IssuedOn); ok {
		out.IssuedOn, _ = time.Parse(time.DateOnly, iso) // it was just written so
	}
	return out
}

// newIssueView is the form of a new issue.
type newIssueView struct {
	Form   factsForm
	Faults page.Faults
	Once   string
}

// deskIssueView is an issue as staff work on it.
type deskIssueView struct {
	publications.DeskIssue
	Form     factsForm
	Faults   page.Faults
	Conflict bool
	Article  factsForm // title and language of a new article
	Once     string
}

func (h *Handler) deskIssues(w http.ResponseWriter, r *http.Request) error {
	list, err := h.publications.DeskIssues(r.Context(), page.Actor(r), r.URL.Query().Get("after"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, deskListPage(deskListView{Page: list}))
}

func (h *Handler) newIssue(w http.ResponseWriter, r *http.Request) error {
	return page.Show(w, r, http.StatusOK, newIssuePage(newIssueView{Form: factsForm{Lang: string(page.Lang(r))}, Once: page.OnceKey()}))
}

func (h *Handler) createIssue(w http.ResponseWriter, r *http.Request) error {
	var form factsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	id, err := h.publications.NewIssue(r.Context(), page.Actor(r), form.facts(), writtenIn(form.Lang), form.Title)
	if faults, ok := page.FaultsOf(r, err); ok {
		return page.Show(w, r, http.StatusUnprocessableEntity, newIssuePage(newIssueView{Form: form, Faults: faults, Once: page.OnceKey()}))
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/bulletins/%s", id)
}

// writtenIn is the language of a new text; the default one where none of ours is named.
func writtenIn(lang string) string {
	if locale.Known(lang) {
		return lang
	}
	return string(locale.Default)
}

func (h *Handler) deskIssue(w http.ResponseWriter, r *http.Request) error {
	return h.showIssue(w, r, http.StatusOK, deskIssueView{})
}

// showIssue fills in the issue around what a post has to say.
func (h *Handler) showIssue(w http.ResponseWriter, r *http.Request, status int, v deskIssueView) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	if v.DeskIssue, err = h.publications.DeskIssue(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	if v.Form.Number == "" {
		v.Form = factsForm{Number: strconv.Itoa(v.Number), IssuedOn: locale.ShortDate(r.Context(), v.IssuedOn)}
	}
	v.Form.Version = v.Version
	if v.Article.Lang == "" {
		v.Article.Lang = string(page.Lang(r))
	}
	v.Once = page.OnceKey()
	return page.Show(w, r, status, deskIssuePage(v))
}

func (h *Handler) saveIssue(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	var form factsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	err = h.publications.SaveIssue(r.Context(), page.Actor(r), id, form.facts())
	if faults, ok := page.FaultsOf(r, err); ok {
		return h.showIssue(w, r, http.StatusUnprocessableEntity, deskIssueView{Form: form, Faults: faults})
	}
	if apperr.Is(err, apperr.Conflict) {
		return h.showIssue(w, r, http.StatusConflict, deskIssueView{Form: form, Conflict: true})
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/bulletins/%s", id)
}

func (h *Handler) createArticle(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	var form factsForm
	if err := page.Decode(r, &form); err != nil {
		return err
	}
	lang := writtenIn(form.Lang)
	article, err := h.publications.NewArticle(r.Context(), page.Actor(r), id, lang, form.Title)
	if faults, ok := page.FaultsOf(r, err); ok {
		return h.showIssue(w, r, http.StatusUnprocessableEntity, deskIssueView{Article: form, Faults: faults})
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/articles/%s/texts/%s", article, lang)
}

// deskArticleView is an article as staff work on it.
type deskArticleView struct {
	publications.DeskArticle
	Contributors string // as typed
	Faults       page.Faults
	Conflict     bool
}

func (h *Handler) deskArticle(w http.ResponseWriter, r *http.Request) error {
	return h.showArticle(w, r, http.StatusOK, deskArticleView{})
}

func (h *Handler) showArticle(w http.ResponseWriter, r *http.Request, status int, v deskArticleView) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	if v.DeskArticle, err = h.publications.DeskArticle(r.Context(), page.Actor(r), id); err != nil {
		return err
	}
	if status == http.StatusOK {
		v.Contributors = contributorLines(r, v.Article.Contributors)
	}
	return page.Show(w, r, status, deskArticlePage(v))
}

func (h *Handler) moveArticle(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	if err := h.publications.MoveArticle(r.Context(), page.Actor(r), id, r.PostFormValue("to") == "up"); err != nil {
		return err
	}
	article, err := h.publications.DeskArticle(r.Context(), page.Actor(r), id)
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/bulletins/%s#articles", article.IssuePublic)
}

func (h *Handler) saveContributors(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	version, err := page.Version(r)
	if err != nil {
		return err
	}
	typed := page.Tidy(r.PostFormValue("contributors"))
	err = h.publications.SaveContributors(r.Context(), page.Actor(r), id, version, readContributors(r, typed))
	if faults, ok := page.FaultsOf(r, err); ok {
		return h.showArticle(w, r, http.StatusUnprocessableEntity, deskArticleView{Contributors: typed, Faults: faults})
	}
	if apperr.Is(err, apperr.Conflict) {
		return h.showArticle(w, r, http.StatusConflict, deskArticleView{Contributors: typed, Conflict: true})
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, "/desk/articles/%s", id)
}

// readContributors reads one person a line: "Text: Name". The part before the colon is the
// role in the reader's language or its code; without one it is the text.
func readContributors(r *http.Request, typed string) []publications.Contributor {
	var out []publications.Contributor
	for line := range strings.Lines(typed) {
		role, name, found := strings.Cut(strings.TrimSpace(line), ":")
		if !found {
			role, name = "", role
		}
		if strings.TrimSpace(role+name) == "" {
			continue
		}
		out = append(out, publications.Contributor{Role: roleOf(r, strings.TrimSpace(role)), Name: strings.TrimSpace(name)})
	}
	return out
}

// roleOf is the code of a role that is written in words; what is no role is refused later.
func roleOf(r *http.Request, words string) string {
	if words == "" {
		return publications.ContributorRoles()[0]
	}
	lang := string(page.Lang(r))
	for _, role := range publications.ContributorRoles() {
		if locale.Lower(lang, words) == locale.Lower(lang, roleName(r.Context(), role)) {
			return role
		}
	}
	return words
}

func contributorLines(r *http.Request, list []publications.Contributor) string {
	var lines []string
	for _, c := range list {
		lines = append(lines, roleName(r.Context(), c.Role)+": "+c.Name)
	}
	return strings.Join(lines, "\n")
}

func (h *Handler) deskPages(w http.ResponseWriter, r *http.Request) error {
	list, err := h.publications.DeskPages(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, deskPagesPage(list))
}

// deskPage is a page's record.
func (h *Handler) deskPage(w http.ResponseWriter, r *http.Request) error {
	id, err := page.PublicID(r, "record")
	if err != nil {
		return err
	}
	list, err := h.publications.DeskPages(r.Context(), page.Actor(r))
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.PublicID == id {
			return page.Show(w, r, http.StatusOK, deskPagePage(p))
		}
	}
	return apperr.New(apperr.NotFound, "publications.not_found")
}
