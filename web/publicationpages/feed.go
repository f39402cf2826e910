package publicationpages

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/gorilla/feeds"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// feedSize is how many articles the feed holds.
const feedSize = 30

// feed is the Atom feed of the latest articles in the page's language (RFC 4287).
func (h *Handler) feed(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := h.publications.Latest(ctx, page.Actor(r), page.Lang(r), feedSize)
	if err != nil {
		return err
	}
	base := ui.ShellOf(ctx).BaseURL
	out := &feed{Lang: string(page.Lang(r)), AtomFeed: feeds.AtomFeed{Xmlns: "http://www.w3.org/2005/Atom", Title: printable(locale.T(ctx, "publications.bulletins") + " · " + ui.ShellOf(ctx).Union.Name[page.Lang(r)]),
		Id: base + ui.Path(ctx, "/bulletins"), Updated: locale.Of(ctx).Now.UTC().Format("2006-01-02T15:04:05Z"),
		Link: &feeds.AtomLink{Href: base + ui.Path(ctx, "/bulletins.atom"), Rel: "self"}, Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: ui.ShellOf(ctx).Union.Name[page.Lang(r)]}}}}
	for i, a := range list {
		e := newEntry(ctx, base, a)
		if i == 0 || e.Updated > out.Updated {
			out.Updated = e.Updated
		}
		out.Entries = append(out.Entries, e)
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	return writeFeed(w, out)
}

// feed is the library's feed with the language of each text: an article that is not
// translated stands in a feed in its own language, and says so (xml:lang, RFC 4287, 2).
type feed struct {
	feeds.AtomFeed
	Lang    string   `xml:"xml:lang,attr"`
	Entries []*entry `xml:"entry"`
}

type entry struct {
	feeds.AtomEntry
	Lang string `xml:"xml:lang,attr"`
}

func writeFeed(w io.Writer, f *feed) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	return out.Encode(f)
}

// newEntry is an article in the feed. Its id names the record, not the address, so that a
// reader's program knows it again.
func newEntry(ctx context.Context, base string, a publications.ArticleLine) *entry {
	const stamp = "2006-01-02T15:04:05Z"
	href := base + ui.Path(ctx, "/articles/"+a.Text.Slug)
	return &entry{Lang: a.Text.Lang, AtomEntry: feeds.AtomEntry{Title: printable(a.Text.Title), Id: "urn:birlik:article:" + a.PublicID + ":" + a.Text.Lang,
		Updated: a.Text.UpdatedAt.UTC().Format(stamp), Published: a.Text.LiveAt.UTC().Format(stamp),
		Links: []feeds.AtomLink{{Href: href, Rel: "alternate"}}, Summary: &feeds.AtomSummary{Type: "text", Content: printable(a.Text.Summary)}}}
}

// printable leaves out what XML cannot hold.
func printable(s string) string {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		if r >= 0x20 && r != 0xFFFE && r != 0xFFFF || r == '\n' || r == '\t' {
			out = append(out, r)
		}
	}
	return string(out)
}

// within draws a component with another context: the frame reads its languages from it.
func within(ctx context.Context, c templ.Component) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error { return c.Render(ctx, w) })
}

func itoa(n int) string { return strconv.Itoa(n) }
