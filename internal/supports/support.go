// Package supports is the register of what the union has granted on requests: money, know-how,
// help with administration; the instalments that are paid and the reports that are owed.
package supports

import (
	"time"

	"github.com/birlik/portal/internal/subject"
)

// Kind is what is granted; its names are the messages "supports.kind.…".
type Kind string

// The kinds. Money is granted by a board's decision only.
const (
	Financial      Kind = "financial"
	Technical      Kind = "technical"
	Administrative Kind = "administrative"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Financial, Technical, Administrative} }

// Support is one support that was granted.
type Support struct {
	ID          int64
	PublicID    string
	OrgID       int64
	OrgPublicID string
	OrgName     string
	RequestID   int64
	Request     string // public id of the request that it was granted on
	Reference   string // of that request
	Service     string // code of the service that was asked for
	Kind        Kind
	Title       string
	Amount      string // exact decimal; empty: no money
	Currency    string // ISO 4217; empty with Amount
	DecisionID  int64  // 0: none
	Decision    string // public id of the decision
	DecisionNo  string
	GrantedOn   time.Time
	Note        string // the union's own; the municipality does not read it
	Version     int

	Paid       string     // sum of what was paid, in Currency
	NextPay    *time.Time // day of the next instalment that is not paid; nil: none
	NextReport *time.Time // day of the next report that is owed; nil: none
}

// Ref points at the support.
func (s Support) Ref() subject.Ref { return subject.Ref{Kind: subject.Support, ID: s.ID} }

// LateReport reports whether a report is owed whose day has passed.
func (s Support) LateReport(today time.Time) bool {
	return s.NextReport != nil && s.NextReport.Before(today)
}

// LatePayment reports whether an instalment should have been paid by now.
func (s Support) LatePayment(today time.Time) bool {
	return s.NextPay != nil && s.NextPay.Before(today)
}

// Instalment is one payment, planned or made, in the support's currency.
type Instalment struct {
	PublicID string
	DueOn    time.Time
	Amount   string
	PaidOn   *time.Time // nil: not yet
}

// Report is one report that the municipality owes.
type Report struct {
	PublicID   string
	DueOn      time.Time
	ReceivedOn *time.Time // nil: not yet
}

// File is a support with its instalments and reports.
type File struct {
	Support
	Instalments []Instalment
	Reports     []Report
	Left        string // of the amount, that no instalment is planned for
}

// Sum is money of one currency: what was granted and what of it was paid.
type Sum struct{ Currency, Granted, Paid string }

// Input is what staff write about a support.
type Input struct {
	Kind      Kind
	Title     string
	Amount    string // exact decimal; empty: no money
	Currency  string
	GrantedOn time.Time
	Note      string
}

// Filter narrows the register.
type Filter struct {
	Kind  Kind
	Due   string // DueReport, DuePayment; empty: all
	Org   string // public id of an organisation
	After string // cursor
}

// What a support may be looked for by: something whose day has passed.
const (
	DueReport  = "report"
	DuePayment = "payment"
)
