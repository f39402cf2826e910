// Package search finds any record by any spelling of its name. An area puts a record's
// documents in the transaction that changes it; what a reader may find is part of the query.
package search

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// Scope says who may find a document.
type Scope string

// The scopes that are not one organisation's.
const (
	Public Scope = "public"
	Staff  Scope = "staff"
)

// Org is the scope of what only one organisation may find.
func Org(id int64) Scope { return Scope(fmt.Sprintf("org:%d", id)) }

// Document is how a record is found and shown in one interface language and scope. A record
// has one for each interface language, filled from its source language where it is not
// translated; what all of them hold is searched together.
type Document struct {
	Lang      locale.Lang
	Scope     Scope
	OrgID     int64    // the organisation that the record belongs to; the union's id for its own
	Title     string   // what the list shows
	Names     []string // other names: spellings, scripts, former names
	Body      string   // searched by its words; the list shows its beginning
	Reference string   // the number that people know it by: REQ-2026-00042
	Path      string   // with the language: "/tr/municipalities/susa"
	Weight    int64    // what of equal matches comes first: population, day of an event
}

// Entry is a record with its documents, for filling the index in bulk.
type Entry struct {
	Ref       subject.Ref
	Documents []Document
}

// Limits of what is stored of one record.
const (
	maxExcerpt = 240  // characters
	maxWords   = 1500 // of a body
	maxWord    = 80   // bytes; the rest of a longer word is never typed
)

// The classes of words; smaller ranks higher.
const (
	wholeTitle = iota
	wholeName
	titleWord
	nameWord
	bodyWord
)

// word is one row of search_words.
type word struct {
	scope    Scope
	word     string
	class    int16
	standing int32
}

// wordsOf lists each word by which the documents are found, once a scope, in its best class.
func wordsOf(docs []Document) []word {
	type key struct {
		scope Scope
		word  string
	}
	best := map[key]word{}
	for _, d := range docs {
		add := func(text string, class int16) {
			text = cut(text, maxWord)
			k := key{d.Scope, text}
			if known, ok := best[k]; text != "" && (!ok || class < known.class) {
				best[k] = word{d.Scope, text, class, standing(d.Weight)}
			}
		}
		d.eachWord(add)
	}
	out := make([]word, 0, len(best))
	for _, w := range best {
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b word) int {
		return cmp.Or(cmp.Compare(a.scope, b.scope), cmp.Compare(a.word, b.word))
	})
	return out
}

func (d Document) eachWord(add func(text string, class int16)) {
	addName(d.Title, wholeTitle, titleWord, add)
	for _, name := range d.Names {
		addName(name, wholeName, nameWord, add)
	}
	if d.Reference != "" {
		add(fold.Join(fold.Key(d.Reference)), wholeTitle)
	}
	words := strings.Fields(fold.Key(d.Body))
	for _, w := range words[:min(len(words), maxWords)] {
		add(w, bodyWord)
	}
}

func addName(name string, whole, part int16, add func(string, int16)) {
	key := fold.Key(name)
	add(fold.Join(key), whole)
	if strings.Contains(key, " ") {
		for w := range strings.FieldsSeq(key) {
			add(w, part)
		}
	}
}

// standing turns a weight into what the index orders by: the heavier, the smaller.
func standing(weight int64) int32 {
	return int32(-min(max(weight, 0), math.MaxInt32))
}

// cut shortens s to at most n bytes, at a character.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// excerpt is the beginning of a body on one line, cut at a word.
func excerpt(body string) string {
	text := strings.Join(strings.Fields(body), " ")
	runes := []rune(text)
	if len(runes) <= maxExcerpt {
		return text
	}
	text = string(runes[:maxExcerpt])
	if at := strings.LastIndexByte(text, ' '); at > 0 {
		text = text[:at]
	}
	return text + "…"
}

// clean drops what PostgreSQL cannot store as text.
func clean(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "�")
}
