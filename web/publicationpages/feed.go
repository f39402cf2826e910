package publicationpages

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/page"
)

// feedSize is how many articles the feed holds.
const feedSize = 30

// feed is the Atom feed of the latest articles in the page's language (RFC 4287).
func (h *Handler) feed(w http.ResponseWriter, r *http.Request) error {
	list, err := h.publications.Latest(r.Context(), page.Actor(r), page.Lang(r), feedSize)
	if err != nil {
		return err
	}
	out := page.NewFeed(r, locale.T(r.Context(), "publications.bulletins"), "/bulletins")
	for _, a := range list {
		out.Add(r, page.FeedItem{ID: "article:" + a.PublicID + ":" + a.Text.Lang, Lang: a.Text.Lang, Title: a.Text.Title, Summary: a.Text.Summary,
			Path: "/articles/" + a.Text.Slug, Published: a.Text.LiveAt, Updated: a.Text.UpdatedAt})
	}
	return out.Send(w)
}

// within draws a component with another context: the frame reads its languages from it.
func within(ctx context.Context, c templ.Component) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return c.Render(ctx, w) })
}

func itoa(n int) string { return strconv.Itoa(n) }
