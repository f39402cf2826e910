package ui

import (
	"context"

	"github.com/birlik/portal/internal/locale"
)

// Link is a labelled way to somewhere.
type Link struct {
	Label   string
	Href    string
	Icon    string // name of an icon of icons.go; may be empty
	Count   int64  // shown as a badge when positive
	Capped  bool   // there are more than Count: "99+"
	Current bool
}

// Union is what the shell says of the organisation that runs the portal; settings fill it.
type Union struct {
	Name      map[locale.Lang]string
	ShortName string
	LogoURL   string // empty: the portal's own star
	Email     string
	Phone     string
	Address   string
}

// Person is the signed-in reader as the shell shows them.
type Person struct {
	Name     string
	OrgName  string // for whom they act; empty for a visitor
	Theme    string // system, light, dark
	Keys     bool   // single-key shortcuts are on
	Switch   []Link // other organisations they may act for
	SignedIn bool
}

// Shell is what every page's frame needs; middleware puts it into the context.
type Shell struct {
	Union    Union
	Demo     bool   // show "demonstration data"
	Path     string // path and query after the language prefix, for the language menu
	BaseURL  string // https://portal.example, for hreflang and sharing
	Person   Person
	Nav      []Link                 // the side's own menu: member's or staff's
	OrgPath  string                 // "/tr/m/abc…" for a member's page, else empty
	LangURLs map[locale.Lang]string // set where a translated page has its own address a language
	Dir      string                 // "rtl" turns the whole frame; empty is "ltr"
	Minutes  int                    // how long a session lasts without a request; 0: no warning
	News     News                   // told once, until the person puts it away
}

// News is a quiet line above the page, with a way to read more and a button to put it away.
type News struct {
	Text  string // empty: none
	Link  Link
	Close Link // Href takes a POST
}

type shellKey struct{}

// WithShell puts the frame's data into the context.
func WithShell(ctx context.Context, s Shell) context.Context {
	return context.WithValue(ctx, shellKey{}, s)
}

// ShellOf is the frame's data, empty where no middleware set it.
func ShellOf(ctx context.Context) Shell {
	s, _ := ctx.Value(shellKey{}).(Shell)
	return s
}

// Head is what one page says to its frame.
type Head struct {
	Title       string
	Description string
	Section     string // which entry of the menu is current: its Href after the language
	Invalid     bool   // "Error: " before the title
	Image       string // absolute URL of a sharing picture
	NoIndex     bool
	Feeds       []Link // alternate feeds: Label, Href
	JSONLD      string // structured data, already escaped JSON
}

// Path puts the reader's language before a path: Path(ctx, "/events") is "/tr/events".
func Path(ctx context.Context, path string) string {
	return "/" + string(locale.Of(ctx).Lang) + path
}
