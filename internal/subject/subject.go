// Package subject names any record of the portal, so that capabilities can point at it
// without knowing what it is.
package subject

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"
)

// Kind is the kind of a record: "request", "project", "event".
type Kind string

// The kinds of records. A kind is named once, here, so that two areas cannot claim one word.
const (
	Organisation Kind = "organisation"
	Municipality Kind = "municipality"
	User         Kind = "user"
	Request      Kind = "request"
	Project      Kind = "project"
	Event        Kind = "event"
	Issue        Kind = "issue"
	Article      Kind = "article"
	SitePage     Kind = "page"
	Decision     Kind = "decision"
	Country      Kind = "country"
	Field        Kind = "field"
	SavedView    Kind = "saved_view"
	Application  Kind = "application"
	Meeting      Kind = "meeting"
	Assessment   Kind = "assessment"
	Import       Kind = "import"
	Mailing      Kind = "mailing"
	Letter       Kind = "letter"
	Erasure      Kind = "erasure"
	Organ        Kind = "organ"
	DuesRules    Kind = "dues_rules"
	BankFile     Kind = "bank_file"
	FactProposal Kind = "fact_proposal"
	Service      Kind = "service"
	Office       Kind = "office"
	Precedent    Kind = "precedent"
	Support      Kind = "support"
	Circular     Kind = "circular"
	CircularCopy Kind = "circular_copy" // as one organisation got it
	ReceivedMail Kind = "received_mail"
	ReplyText    Kind = "reply_template"
)

// Ref points at one record.
type Ref struct {
	Kind Kind
	ID   int64
}

// String reads "request/42", for logs and keys; it is never shown to a person.
func (r Ref) String() string { return fmt.Sprintf("%s/%d", r.Kind, r.ID) }

// Zero reports whether the ref points nowhere.
func (r Ref) Zero() bool { return r.ID == 0 }

// NewPublicID makes the random identifier of a private record's URL: 26 letters and
// digits, 128 bits.
func NewPublicID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:]))
}

// Place is where a record can be opened and what it is called, for lists that mix kinds
// (tasks, audit, search, mail).
type Place struct {
	Title string
	Path  string // with a leading slash and the language: "/tr/m/…"
}

// Locator finds the Place of records of one kind for a reader's language; each area
// registers one in wire.go.
type Locator func(ctx context.Context, lang string, ids []int64) (map[int64]Place, error)
