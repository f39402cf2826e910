package requests

import (
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// Limits of what a list says, in characters.
const (
	maxEarlierNumber = 100
	maxEarlierWords  = 10_000
	maxQuoted        = 60  // of what a fault quotes
	maxShown         = 200 // of a long text in a preview
)

// firstYear is the earliest that a list can speak of.
const firstYear = 1990

// earlierCase is a case as the first row of its number says.
type earlierCase struct {
	row            int
	number         string
	city           imports.Found
	service        services.Service
	title, askedBy string
	words, lang    string
	asked          time.Time // day
	state          workflow.State
	office         string // code; empty: the one in charge of the step
	officer        int64  // 0: nobody
	due            time.Time
	lines          map[string]bool // that stand, or that an earlier row brings; see key
	id             int64           // 0 until it is stored
}

// readCase reads a row that begins a case.
func (t *takeover) readCase(row imports.Row, at imports.Found, number string, r *imports.Result) *earlierCase {
	c := &earlierCase{row: row.Number, number: number, city: at, lines: map[string]bool{}}
	switch {
	case at.Fault.Key != "":
		r.Faults = append(r.Faults, at.Fault)
	case at.ID == 0:
		r.Fault(imports.PlaceName, "imports.no_name", "")
	}
	var ok bool
	if c.service, ok = t.service(row.Get(earlierService)); !ok {
		r.Fault(earlierService, "imports.no_service", row.Get(earlierService))
	}
	if c.title, ok = imports.Text(row.Get(earlierTitle), maxTitle); !ok {
		r.Fault(earlierTitle, "imports.too_long", shorten(c.title, maxQuoted))
	} else if c.title == "" {
		r.Fault(earlierTitle, "imports.no_title", "")
	}
	if c.askedBy, ok = imports.Text(row.Get(earlierAskedBy), maxAskedBy); !ok {
		r.Fault(earlierAskedBy, "imports.too_long", shorten(c.askedBy, maxQuoted))
	}
	if c.words = strings.TrimSpace(row.Get(earlierWords)); tooLong(c.words, maxEarlierWords) {
		r.Fault(earlierWords, "imports.too_long", shorten(c.words, maxQuoted))
	}
	t.readDays(c, row, r)
	t.readPlace(c, row, r)
	if cell := row.Get(earlierLang); cell != "" {
		if c.lang, ok = writtenIn.Choose(cell); !ok {
			r.Fault(earlierLang, "imports.no_choice", cell)
		}
	}
	return c
}

// readDays reads when it was asked and by when it is due.
func (t *takeover) readDays(c *earlierCase, row imports.Row, r *imports.Result) {
	var ok bool
	if c.asked, ok = t.past(row.Get(earlierAsked)); !ok {
		r.Fault(earlierAsked, "imports.no_day", row.Get(earlierAsked))
	}
	cell := row.Get(earlierDue)
	if cell == "" {
		return
	}
	if c.due, ok = imports.Day(cell); !ok || c.due.Before(c.asked) || c.due.Year() > t.w.Now.Year()+5 {
		r.Fault(earlierDue, "imports.no_day", cell)
	}
}

// past reads a day that is over or today.
func (t *takeover) past(cell string) (time.Time, bool) {
	day, ok := imports.Day(cell)
	return day, ok && day.Year() >= firstYear && day.Format(time.DateOnly) <= t.w.Now.In(t.s.zone).Format(time.DateOnly)
}

// readPlace reads where the case stands, and with whom.
func (t *takeover) readPlace(c *earlierCase, row imports.Row, r *imports.Result) {
	t.readState(c, row.Get(earlierState), r)
	if cell := row.Get(earlierOffice); cell != "" {
		var ok bool
		if c.office, ok = t.office(cell); !ok {
			r.Fault(earlierOffice, "imports.no_office", cell)
		}
	}
	cell := row.Get(earlierOfficer)
	if cell == "" {
		return
	}
	if address, err := mail.ParseAddress(cell); err == nil {
		c.officer = t.officers[strings.ToLower(address.Address)]
	}
	if c.officer == 0 {
		r.Fault(earlierOfficer, "imports.no_officer", cell)
	}
}

// readState reads the state. A list without one holds cases that are being worked on.
func (t *takeover) readState(c *earlierCase, cell string, r *imports.Result) {
	if cell == "" {
		cell = string(InReview)
	}
	if c.service.Definition == nil {
		return // that fault is told already
	}
	state, ok := stateOf(cell, c.service.Definition)
	_, ended := earlierEnds.Choose(cell)
	switch c.state = state; {
	case ended || Over(state):
		r.Fault(earlierState, "imports.case_over", cell)
	case !ok:
		r.Fault(earlierState, "imports.no_state", cell)
	case !slices.Contains(stateCodes(), string(state)):
		r.Fault(earlierState, "imports.state_needs_more", cell)
	case !c.service.Has(state):
		r.Fault(earlierState, "imports.state_of_other", cell)
	}
}
