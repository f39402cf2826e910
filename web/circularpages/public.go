package circularpages

import (
	"context"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// publicView is a page of the circulars that everybody reads.
type publicView struct {
	Rows   []circulars.Row
	Next   string
	Years  []int
	Filter circulars.Filter
}

func (h *Handler) published(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	v := publicView{Filter: circulars.Filter{Kind: readKind(q.Get("kind")), Year: readYear(q.Get("year")), After: q.Get("after")}}
	var err error
	if v.Rows, v.Next, err = h.circulars.Published(r.Context(), string(page.Lang(r)), v.Filter); err != nil {
		return err
	}
	if v.Years, err = h.circulars.PublicYears(r.Context()); err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, publicPage(v))
}

// feedSize is how many circulars the feed holds.
const feedSize = 30

// feed is the newest public circulars for a reader's program.
func (h *Handler) feed(w http.ResponseWriter, r *http.Request) error {
	list, _, err := h.circulars.Published(r.Context(), string(page.Lang(r)), circulars.Filter{})
	if err != nil {
		return err
	}
	out := page.NewFeed(r, locale.T(r.Context(), "circulars.title"), publicPath)
	for _, x := range list[:min(len(list), feedSize)] {
		if x.State == circulars.Issued {
			out.Add(r, page.FeedItem{ID: "circular:" + x.Slug() + ":" + x.Title.Lang, Lang: x.Title.Lang, Title: x.Reference() + " · " + x.Title.Title,
				Summary: kindName(r.Context(), x.Kind), Path: x.PublicPath(), Published: *x.IssuedAt, Updated: *x.IssuedAt})
		}
	}
	return out.Send(w)
}

// feedLinks is where the feed is.
func feedLinks(ctx context.Context) []ui.Link {
	return []ui.Link{{Label: locale.T(ctx, "circulars.title"), Href: ui.Path(ctx, publicPath+".atom")}}
}

func (v publicView) zero() bool { return v.Filter == circulars.Filter{} }

// leafView is one public circular.
type leafView struct {
	circulars.Leaf
	In string
}

func (h *Handler) leaf(w http.ResponseWriter, r *http.Request) error {
	leaf, err := h.circulars.Leaf(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, leafPage(leafView{leaf, leaf.Circular.In(string(page.Lang(r))).Lang}))
}

func (h *Handler) leafPDF(w http.ResponseWriter, r *http.Request) error {
	leaf, err := h.circulars.Leaf(r.Context(), chi.URLParam(r, "slug"))
	if err != nil {
		return err
	}
	return paper(w, r, leaf.Circular)
}
