package publicationpages

import (
	"context"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/web/ui"
)

// issuesView is one page of the bulletins.
type issuesView struct {
	Page   postgres.Page[publications.IssueLine]
	Covers map[int64]string
	First  bool // the newest stands large
}

func ids(list []publications.IssueLine) []int64 {
	out := make([]int64, len(list))
	for i, line := range list {
		out[i] = line.ID
	}
	return out
}

// issueView is one bulletin.
type issueView struct {
	publications.IssuePage
	Covers map[int64]string
}

// articleView is one article.
type articleView struct {
	publications.ArticlePage
	Cover   string
	Preview bool // a draft before its writer
}

// issueHref is the issue's page; the list of issues where it has none yet.
func (v articleView) issueHref(ctx context.Context) string {
	if !v.IssueShown {
		return ui.Path(ctx, "/bulletins")
	}
	return issueHref(ctx, v.IssueNumber)
}

// siteView is one of the site's own pages.
type siteView struct {
	Code string
	Text translations.Page
}

// wordsPerMinute is how fast people read a text in their language (Brysbaert 2019: 238 in
// English); the long words of Turkish and Russian are fewer a minute.
const wordsPerMinute = 180

// minutes is the reading time of a text, at least one.
func minutes(words int) int { return max(1, (words+wordsPerMinute/2)/wordsPerMinute) }

// issueName is "Bulletin 48".
func issueName(ctx context.Context, number int) string {
	return locale.T(ctx, "publications.issue_name", "Number", strconv.Itoa(number))
}

func issueHref(ctx context.Context, number int) string {
	return ui.Path(ctx, "/bulletins/"+strconv.Itoa(number))
}

// Card is an article as lists of other pages show it, too.
func Card(ctx context.Context, a publications.ArticleLine, cover string) ui.ArticleCard {
	card := ui.ArticleCard{Title: a.Text.Title, Href: ui.Path(ctx, "/articles/"+a.Text.Slug), Summary: a.Text.Summary, Seed: int(a.ID),
		Meta: issueName(ctx, a.IssueNumber) + " · " + locale.T(ctx, "publications.minutes", "Count", minutes(a.Text.Words)), Langs: others(ctx, a.Text, "/articles/")}
	if cover != "" {
		card.ImageURL, card.ImageAlt = ui.Path(ctx, cover), a.Text.ImageAlt
	}
	return card
}

func issueCard(ctx context.Context, i publications.IssueLine, cover string) ui.ArticleCard {
	card := ui.ArticleCard{Title: i.Text.Title, Href: issueHref(ctx, i.Number), Summary: i.Text.Summary, Seed: i.Number,
		Meta: issueName(ctx, i.Number) + " · " + locale.Month(ctx, i.IssuedOn) + " · " + locale.T(ctx, "publications.articles", "Count", i.Articles)}
	if cover != "" {
		card.ImageURL, card.ImageAlt = ui.Path(ctx, cover), i.Text.ImageAlt
	}
	return card
}

// others are the other languages that a text can be read in.
func others(ctx context.Context, text translations.Live, base string) []ui.Link {
	var out []ui.Link
	for _, l := range text.Others {
		if l.Lang != text.Lang && locale.Known(l.Lang) {
			out = append(out, ui.Link{Label: locale.OwnName(l.Lang), Href: "/" + l.Lang + base + l.Slug, Icon: l.Lang})
		}
	}
	return out
}

// missing reports that a text is not in the reader's language.
func missing(ctx context.Context, text translations.Live) bool {
	return text.Lang != string(locale.Of(ctx).Lang)
}

// inLangs tells the frame where the other languages of an article stand.
func inLangs(ctx context.Context, text translations.Live, base string) context.Context {
	shell := ui.ShellOf(ctx)
	shell.LangURLs = map[locale.Lang]string{}
	for _, l := range text.Others {
		if locale.Known(l.Lang) {
			shell.LangURLs[locale.Lang(l.Lang)] = "/" + l.Lang + base + l.Slug
		}
	}
	return ui.WithShell(ctx, shell)
}

// cite is how to cite a page: what it is, its address, the day.
func cite(ctx context.Context, title, path string, day time.Time) ui.Cite {
	return ui.Cite{Date: locale.T(ctx, "publications.updated", "Date", locale.Date(ctx, day)),
		Text: locale.T(ctx, "publications.citation", "Title", title, "Address", ui.ShellOf(ctx).BaseURL+ui.Path(ctx, path), "Date", locale.Date(ctx, locale.Of(ctx).Now))}
}

func roleName(ctx context.Context, role string) string {
	return locale.T(ctx, "publications.role."+role)
}
