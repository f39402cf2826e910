package page

import (
	"encoding/xml"
	"io"
	"net/http"
	"time"

	"github.com/gorilla/feeds"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// Feed is an Atom feed (RFC 4287) in the page's language. It is the library's with the language
// of each text: what is not translated stands in its own language, and says so (xml:lang, 2).
type Feed struct {
	feeds.AtomFeed
	Lang    string       `xml:"xml:lang,attr"`
	Entries []*feedEntry `xml:"entry"`
}

type feedEntry struct {
	feeds.AtomEntry
	Lang string `xml:"xml:lang,attr"`
}

// FeedItem is one text in a feed. ID names the record, not the address, so that a reader's
// program knows it again.
type FeedItem struct {
	ID, Lang, Title, Summary string
	Path                     string // without the language
	Published, Updated       time.Time
}

// stamp is how a feed writes an instant.
const stamp = "2006-01-02T15:04:05Z"

// NewFeed begins a feed of what stands at a path, without the language; the feed's own address
// is the same with ".atom".
func NewFeed(r *http.Request, title, path string) *Feed {
	ctx := r.Context()
	shell := ui.ShellOf(ctx)
	union, base := shell.Union.Name[Lang(r)], shell.BaseURL
	return &Feed{Lang: string(Lang(r)), AtomFeed: feeds.AtomFeed{Xmlns: "http://www.w3.org/2005/Atom", Title: printable(title + " · " + union),
		Id: base + ui.Path(ctx, path), Updated: locale.Of(ctx).Now.UTC().Format(stamp),
		Link: &feeds.AtomLink{Href: base + ui.Path(ctx, path+".atom"), Rel: "self"}, Author: &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: union}}}}
}

// Add puts a text into the feed, which is as new as the newest of them.
func (f *Feed) Add(r *http.Request, x FeedItem) {
	href := ui.ShellOf(r.Context()).BaseURL + ui.Path(r.Context(), x.Path)
	e := &feedEntry{Lang: x.Lang, AtomEntry: feeds.AtomEntry{Title: printable(x.Title), Id: "urn:birlik:" + x.ID,
		Updated: x.Updated.UTC().Format(stamp), Published: x.Published.UTC().Format(stamp),
		Links: []feeds.AtomLink{{Href: href, Rel: "alternate"}}}}
	if x.Summary != "" {
		e.Summary = &feeds.AtomSummary{Type: "text", Content: printable(x.Summary)}
	}
	if len(f.Entries) == 0 || e.Updated > f.Updated {
		f.Updated = e.Updated
	}
	f.Entries = append(f.Entries, e)
}

// Send answers with the feed.
func (f *Feed) Send(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	return out.Encode(f)
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
