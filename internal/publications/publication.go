// Package publications holds what the union writes for everybody: bulletins with their
// articles, and the site's own pages. Their texts stand in the translations engine.
package publications

import (
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// The tags of public pages that show publications.
const (
	TagBulletins freshness.Tag = "bulletins"
	TagPages     freshness.Tag = "pages"
)

// Codes are the site's own pages, by their addresses. Privacy is not among them: its notice
// has versions that never change (internal/privacy).
func Codes() []string {
	return []string{"about", "statute", "organs", "contact", "press", "accessibility"}
}

// Issue is one bulletin.
type Issue struct {
	ID       int64
	PublicID string
	Number   int
	IssuedOn time.Time // the day that it carries
	Version  int
	Articles int // published ones
}

// Ref points at the issue.
func (i Issue) Ref() subject.Ref { return subject.Ref{Kind: subject.Issue, ID: i.ID} }

// Article is one article of an issue.
type Article struct {
	ID           int64
	PublicID     string
	IssueID      int64
	IssuePublic  string // the issue's public identifier
	IssueNumber  int
	IssuedOn     time.Time
	IssueShown   bool // the issue has a public page
	Position     int  // within the issue
	PublishedAt  *time.Time
	Version      int
	Contributors []Contributor
}

// Ref points at the article.
func (a Article) Ref() subject.Ref { return subject.Ref{Kind: subject.Article, ID: a.ID} }

// Contributor is who made something of an article.
type Contributor struct {
	Role string // one of ContributorRoles
	Name string
}

// ContributorRoles are what people do for an article; their names are the messages
// "publications.role.…".
func ContributorRoles() []string { return []string{"text", "photo", "translation", "editing"} }

// IssueLine is an issue in a list, with the text that readers of the language see.
type IssueLine struct {
	*Issue
	Text translations.Live
}

// ArticleLine is an article in a list.
type ArticleLine struct {
	*Article
	Text translations.Live
}

// IssueFacts are what staff edit of an issue beside its texts.
type IssueFacts struct {
	Number   int
	IssuedOn time.Time
	Version  int
}

// maxNumber bounds an issue's number: a slip of the finger is not a number.
const maxNumber = 100_000

func (f IssueFacts) check() error {
	fields := map[string]string{}
	if f.Number < 1 || f.Number > maxNumber {
		fields["number"] = "publications.number_wrong"
	}
	if f.IssuedOn.IsZero() || f.IssuedOn.Year() < 1990 || f.IssuedOn.Year() > 2200 {
		fields["issued_on"] = "publications.day_wrong"
	}
	return apperr.Fields(fields)
}

// checkContributors finds what is wrong with who made an article. Errors: invalid.
func checkContributors(list []Contributor) error {
	for _, c := range list {
		if !slices.Contains(ContributorRoles(), c.Role) || strings.TrimSpace(c.Name) == "" || len([]rune(c.Name)) > 200 {
			return apperr.Fields(map[string]string{"contributors": "publications.contributor_wrong"})
		}
	}
	return nil
}

// maxContributors is how many people an article names.
const maxContributors = 20
