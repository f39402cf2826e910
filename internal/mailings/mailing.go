// Package mailings writes to many members at once: a text in each language, the members of a
// filter, one letter an address.
package mailings

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Kind says whether a reader can refuse a mailing.
type Kind string

// The kinds of mailings.
const (
	Official Kind = "official" // notices of the union to its members: goes to all
	News     Kind = "news"     // whoever wants no more takes the address off at one press
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Official, News} }

// State is how far a mailing is.
type State string

// The states of a mailing.
const (
	Draft     State = "draft"
	Sending   State = "sending"
	Paused    State = "paused"
	Sent      State = "sent" // nobody waits any more
	Cancelled State = "cancelled"
)

// States lists them.
func States() []State { return []State{Draft, Sending, Paused, Sent, Cancelled} }

// Delivery is what became of the letter to one address.
type Delivery string

// The states of a delivery.
const (
	Waiting      Delivery = "waiting"
	Claimed      Delivery = "claimed" // on its way right now
	Delivered    Delivery = "sent"    // the server took it
	Refused      Delivery = "refused"
	Unsure       Delivery = "unsure" // broken off between the letter and the server's answer
	Unsubscribed Delivery = "unsubscribed"
	Unasked      Delivery = "unasked" // a person who never asked for news
	Invalid      Delivery = "invalid" // no address that mail can be sent to
	Dropped      Delivery = "cancelled"
)

// Deliveries lists them, as a page counts them.
func Deliveries() []Delivery {
	return []Delivery{Delivered, Waiting, Claimed, Refused, Unsure, Unsubscribed, Unasked, Invalid, Dropped}
}

// Letter reports whether a delivery in the state is a letter, or was to be one.
func (d Delivery) Letter() bool { return d != Unsubscribed && d != Unasked && d != Invalid }

// Filter narrows the register of members, as its list does; empty fields do not.
type Filter struct {
	Text     string `json:"text,omitempty"`
	Kind     string `json:"kind,omitempty"`
	Standing string `json:"standing,omitempty"`
	Country  string `json:"country,omitempty"`
	Size     string `json:"size,omitempty"`
	Late     bool   `json:"late,omitempty"`
}

// Offices are the mailboxes that can be written to, those of the register's contacts.
func Offices() []string {
	return []string{"general", "mayor", "international", "finance", "projects", "press", "culture", "legal"}
}

// Roles are the mandates whose holders can be written to.
func Roles() []string {
	return []string{"member_approver", "member_editor", "member_finance", "member_delegate"}
}

// Input is what staff choose about a mailing.
type Input struct {
	Kind    Kind
	Filter  Filter
	Offices []string
	Roles   []string
}

func (in Input) check() error {
	fields := map[string]string{}
	if !slices.Contains(Kinds(), in.Kind) {
		fields["kind"] = "mailings.choose_kind"
	}
	for _, office := range in.Offices {
		if !slices.Contains(Offices(), office) {
			fields["offices"] = "mailings.choose_people"
		}
	}
	for _, role := range in.Roles {
		if !slices.Contains(Roles(), role) {
			fields["offices"] = "mailings.choose_people"
		}
	}
	if len(in.Offices)+len(in.Roles) == 0 {
		fields["offices"] = "mailings.choose_people"
	}
	return apperr.Fields(fields)
}

// Mailing is one mailing with how far it is.
type Mailing struct {
	ID         int64
	PublicID   string
	Kind       Kind
	State      State
	Version    int
	Filter     Filter
	Offices    []string
	Roles      []string
	WriterName string
	SenderName string
	CreatedAt  time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
	Title      string // of the text that was written first; empty: none yet
}

// Ref points at the mailing.
func (m Mailing) Ref() subject.Ref { return subject.Ref{Kind: subject.Mailing, ID: m.ID} }

// Input is what the mailing's form shows.
func (m Mailing) Input() Input {
	return Input{Kind: m.Kind, Filter: m.Filter, Offices: m.Offices, Roles: m.Roles}
}

// Placeholders are what a text may leave open: {{city}} is the name of the recipient's
// municipality in the letter's language, {{name}} the recipient's, or the city's where a
// mailbox has none.
func Placeholders() []string { return []string{"city", "name"} }

var hole = regexp.MustCompile(`\{\{([^{}]*)\}\}`)

// checkText finds placeholders that are none, and what no letter can do without.
// Errors: invalid by field.
func checkText(t translations.Text) error {
	fields := map[string]string{}
	if strings.ContainsAny(t.Title, "\r\n\u0085\u2028\u2029") { // a head line of the mail: a break would begin another
		fields["title"] = "mailings.subject_one_line"
	}
	if strings.TrimSpace(t.Body) == "" {
		fields["body"] = "error.required"
	}
	for name, text := range map[string]string{"title": t.Title, "body": t.Body} {
		for _, found := range hole.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(Placeholders(), found[1]) {
				fields[name] = "mailings.placeholder_unknown"
			}
		}
	}
	return apperr.Fields(fields)
}

// Values fill placeholders. They are names that others wrote: hostile text.
type Values map[string]string

// fill puts each value into its place once; what a value holds is never looked at again.
func (v Values) fill(text string, fit func(string) string) string {
	return hole.ReplaceAllStringFunc(text, func(found string) string {
		value, ok := v[strings.Trim(found, "{}")]
		if !ok {
			return found
		}
		return fit(mail.Clean(value))
	})
}

// Plain fills a text that is no markup: a subject line, the plain part of a letter.
func (v Values) Plain(text string) string { return v.fill(text, func(s string) string { return s }) }

// HTML fills markup that was made safe before: the values come in as text.
func (v Values) HTML(markup string) string { return v.fill(markup, html.EscapeString) }
