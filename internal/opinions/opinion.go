// Package opinions writes, signs, sends and publishes what the union answers to a question of
// law, finance or technique. The case itself is a request; here is its text, its paper, and
// what everybody may read of it.
package opinions

import (
	"fmt"
	"slices"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/subject"
)

// Series names the opinions' own row of numbers, and begins each.
const Series = "OPN"

// Number writes an opinion's number: "OPN-2026-00042".
func Number(year, n int) string { return fmt.Sprintf("%s-%d-%05d", Series, year, n) }

// Limits of what is written, in characters.
const (
	maxTitle    = 300
	maxBody     = 60_000
	maxQuestion = 2000
	maxNote     = 1000
	maxLaws     = 20
	maxLaw      = 200
)

// Case is what an opinion needs to know of its case.
type Case struct {
	ID        int64
	PublicID  string
	OrgID     int64
	OrgName   string
	OrgKind   string // "municipality", "government", …
	CountryID int64
	Reference string
	Lang      string
	Title     string
	Asker     string // who of the organisation began it
	State     string
	Urgent    bool
}

// Ref points at the case.
func (c Case) Ref() subject.Ref { return subject.Ref{Kind: subject.Request, ID: c.ID} }

// Writable reports whether the opinion's text can still be written.
func (c Case) Writable() bool {
	return slices.Contains([]string{"registered", "information_requested", "in_review", "co_opinion"}, c.State)
}

// Redactable reports whether what the public reads can still be worked on.
func (c Case) Redactable() bool { return slices.Contains([]string{"sent", "anonymised"}, c.State) }

// Text is one version of an opinion's text.
type Text struct {
	Version   int
	Lang      string
	Title     string
	Body      string
	ActorName string
	At        time.Time
}

// Draft is a new version as it is written; Base is the version that its writer saw, 0 for none.
type Draft struct {
	Base        int
	Title, Body string
}

func (d Draft) check() error {
	fields := map[string]string{}
	sentence(fields, "title", d.Title, maxTitle, "opinions.title_missing")
	sentence(fields, "body", d.Body, maxBody, "opinions.body_missing")
	return apperr.Fields(fields)
}

// sentence finds a text that is missing or too long.
func sentence(fields map[string]string, field, text string, most int, missing string) {
	switch {
	case text == "":
		fields[field] = missing
	case len([]rune(text)) > most:
		fields[field] = "error.too_long"
	}
}

// Paper is a signed opinion.
type Paper struct {
	RequestID     int64
	OrgID         int64
	Year, Number  int
	Version       int
	Lang          string
	Title, Body   string
	CaseReference string
	Sender        string
	Addressee     string
	Signers       []string
	IssuedOn      time.Time
	SentAt        *time.Time
	Precedent     string // slug of what the public reads; empty: nothing yet
	PrecedentID   string // its public identifier
}

// Reference is the paper's number as people write it.
func (p Paper) Reference() string { return Number(p.Year, p.Number) }

// File is an opinion with all that was made of it.
type File struct {
	Case
	Texts     []Text // newest first
	Paper     *Paper // nil: not signed yet
	Redaction *Redaction
}

// Last is the newest text; empty where none was written.
func (f File) Last() Text {
	if len(f.Texts) == 0 {
		return Text{}
	}
	return f.Texts[0]
}

// Standing is what a case's page says of its opinion.
type Standing struct {
	Versions  int // of the text; for staff
	Reference string
	IssuedOn  time.Time
	Sent      bool
	Redacted  bool   // work on what the public reads has begun; for staff
	Slug      string // of the precedent
}
