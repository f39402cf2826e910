// Package rootpages answers what machines ask for at the root: robots.txt, the sitemap, the icon.
package rootpages

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/static"
)

// Handler answers at the root.
type Handler struct {
	db   postgres.DB
	base string // https://portal.example
}

// New makes the handler.
func New(db postgres.DB, baseURL string) *Handler { return &Handler{db: db, base: baseURL} }

// Root mounts the files.
func (h *Handler) Root(r chi.Router) {
	r.Get("/robots.txt", h.robots)
	r.Get("/favicon.ico", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, static.URL("icon.svg"), http.StatusFound)
	})
	r.Method(http.MethodGet, "/sitemap.xml", page.Handler(h.index))
	r.Method(http.MethodGet, "/sitemap/{after}", page.Handler(h.sitemap))
}

// robots keeps machines off what is nobody's to read or without end.
func (h *Handler) robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	fmt.Fprintf(w, "User-agent: *\nDisallow: /*/desk\nDisallow: /*/m/\nDisallow: /*/search\nDisallow: /*/sign-in\nDisallow: /*/choose\nSitemap: %s/sitemap.xml\n", h.base)
}

// perFile is how many records a file of the sitemap tells of.
const perFile = 5000

// pages are the pages that are no record's.
var pages = []string{"", "/municipalities", "/municipalities/map", "/fields", "/services",
	"/projects", "/events", "/bulletins", "/circulars"}

type link struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

type place struct {
	Loc   string `xml:"loc"`
	Links []link `xml:"xhtml:link"`
}

type urlSet struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	XHTML   string   `xml:"xmlns:xhtml,attr"`
	URLs    []place  `xml:"url"`
}

type sitemapIndex struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Files   []place  `xml:"sitemap"`
}

func (h *Handler) index(w http.ResponseWriter, r *http.Request) error {
	var marks []int64
	err := h.db.Read(r.Context(), identity.Anyone(), func(q postgres.Querier) (err error) {
		marks, err = search.Marks(r.Context(), q, perFile)
		return err
	})
	if err != nil {
		return err
	}
	var out sitemapIndex
	for _, mark := range marks {
		out.Files = append(out.Files, place{Loc: fmt.Sprintf("%s/sitemap/%d.xml", h.base, mark)})
	}
	return send(w, out)
}

func (h *Handler) sitemap(w http.ResponseWriter, r *http.Request) error {
	after, err := strconv.ParseInt(strings.TrimSuffix(chi.URLParam(r, "after"), ".xml"), 10, 64)
	if err != nil || after < 0 {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	out := urlSet{XHTML: "http://www.w3.org/1999/xhtml"}
	if after == 0 {
		for _, path := range pages {
			out.add(h.base, inAll(path))
		}
	}
	err = h.db.Read(r.Context(), identity.Anyone(), func(q postgres.Querier) error {
		list, err := search.Addresses(r.Context(), q, after, perFile)
		for _, a := range list {
			out.add(h.base, a.Paths)
		}
		return err
	})
	if err != nil {
		return err
	}
	return send(w, out)
}

func inAll(path string) []string {
	var out []string
	for _, lang := range locale.Langs() {
		out = append(out, "/"+string(lang)+path)
	}
	return out
}

// add tells of one page in its languages: each address names all of them.
func (s *urlSet) add(base string, paths []string) {
	var links []link
	for _, path := range paths {
		lang, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		links = append(links, link{"alternate", lang, base + path})
	}
	for _, path := range paths {
		s.URLs = append(s.URLs, place{Loc: base + path, Links: links})
	}
}

func send(w http.ResponseWriter, v any) error {
	body, err := xml.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/xml; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(append([]byte(xml.Header), body...)) // the reader may have gone; nobody is left to tell
	return nil
}
