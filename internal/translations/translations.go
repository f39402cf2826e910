// Package translations keeps the texts of a record in its languages. One language is the
// source; the others follow it. Every save is a new version, so that a draft never takes
// down what readers see, and what is missing, outdated or done is computed, not kept.
package translations

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/subject"
)

// Text is what is written of a record in one language. Body is Markdown.
type Text struct {
	Title    string
	Summary  string
	Body     string
	ImageAlt string // what the cover shows, for who cannot see it
}

// Limits of a text, in characters; the tables hold them too.
const (
	MaxTitle    = 200
	MaxSummary  = 600
	MaxBody     = 60000
	MaxImageAlt = 300
)

// Check finds what is wrong with a text. Errors: invalid, by field (title, summary, body,
// image_alt).
func (t Text) Check() error {
	fields := map[string]string{}
	if strings.TrimSpace(t.Title) == "" {
		fields["title"] = "error.required"
	}
	for name, limit := range map[string]struct {
		text string
		max  int
	}{
		"title": {t.Title, MaxTitle}, "summary": {t.Summary, MaxSummary},
		"body": {t.Body, MaxBody}, "image_alt": {t.ImageAlt, MaxImageAlt},
	} {
		if utf8.RuneCountInString(limit.text) > limit.max {
			fields[name] = "error.too_long"
		}
	}
	return apperr.Fields(fields)
}

// Words counts the words of the body, from which the reading time follows.
func (t Text) Words() int { return len(strings.Fields(t.Body)) }

// Condition says how far one language of a record is.
type Condition string

// The conditions. Outdated means that the source has changed its meaning since.
const (
	Missing   Condition = "missing"
	Draft     Condition = "draft"     // written, never published
	Scheduled Condition = "scheduled" // will be published by itself
	Outdated  Condition = "outdated"
	Changed   Condition = "changed" // published, with a newer draft beside it
	Published Condition = "published"
)

// Status is one language of a record.
type Status struct {
	Subject       int64
	Lang          string // BCP 47
	Source        bool
	Slug          string
	Version       int // of the newest text; 0: missing
	SourceVersion int // the version of the source that this text follows
	Live          int // the version that readers see; 0: none
	LiveAt        *time.Time
	PublishAt     *time.Time // when Due goes live by itself
	Due           int
	Meaning       int    // the source's last version that changed the meaning
	Title         string // of the newest text
}

// Condition is the one word that the desk shows. What readers lack comes before what they
// have: a draft before all, then a waiting schedule, then a translation left behind.
func (s Status) Condition() Condition {
	switch {
	case s.Version == 0:
		return Missing
	case s.PublishAt != nil:
		return Scheduled
	case s.Live == 0:
		return Draft
	case s.Outdated():
		return Outdated
	case s.Live < s.Version:
		return Changed
	}
	return Published
}

// Outdated reports a translation whose source has changed its meaning since.
func (s Status) Outdated() bool { return !s.Source && s.Version > 0 && s.SourceVersion < s.Meaning }

// In is one save of one language.
type In struct {
	Lang  string
	Base  int // the version that the writer saw; 0 for a new language
	Text  Text
	Small bool // a small fix of the source: translations stay up to date
	// Follows is the version of the source that a translation was made from: the one that
	// stood beside it. 0 keeps what it followed before.
	Follows int
	Slug    string // the address wished for; empty: from the title
}

// Work is what an editor of one language needs: the newest text, and the source beside it.
type Work struct {
	Ref       subject.Ref
	PublicID  string
	Statuses  []Status // of every language that the record has
	Now       Status   // of the language asked for; Version 0 where it is missing
	Text      Text     // its newest text; empty where it is missing
	SavedBy   string   // who wrote that version; empty: the system
	SavedAt   time.Time
	Source    Status
	Original  Text // the source's newest text
	OrigSince Text // what the source said when this translation was made
}

// Live is what readers see of a record in a list, in their language or the nearest that is
// published.
type Live struct {
	Subject   int64
	Lang      string // of the text: not the reader's where it is not translated
	Slug      string
	Title     string
	Summary   string
	ImageAlt  string
	Words     int
	LiveAt    time.Time // when this language was first published
	UpdatedAt time.Time // when the text that is live was written
	Behind    bool      // the source says something newer, and is published so
	Others    []Lang    // every language that is published, this one too, the source first
}

// Lang is one published language of a record.
type Lang struct{ Lang, Slug, Title string }

// Page is Live with the text itself.
type Page struct {
	Live
	Body string // Markdown
}
