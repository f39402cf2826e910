// Package services holds what can be asked of the union as data: each service with its
// offices, its steps and the moves between them. A version never changes; a request is
// handled to its end by the version that it began under.
package services

import (
	"slices"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/workflow"
)

// Definition is one version of a service.
type Definition struct {
	Title   Text `json:"title"`
	Lead    Text `json:"lead,omitempty"`    // what it is, in a sentence or two
	Needs   Text `json:"needs,omitempty"`   // what to have at hand, one thing a line
	Outcome Text `json:"outcome,omitempty"` // what comes of it

	// Asks are who may ask: kinds of members, and Governments.
	Asks   []string `json:"asks"`
	Office string   `json:"office"` // in charge, where a step names no other
	Form   string   `json:"form"`   // key of the form that is answered

	// Support says that what is approved is granted: it stands in the register of supports,
	// with its instalments and the reports that are owed.
	Support bool `json:"support,omitempty"`

	// Bind says which field of the form fills which column of the summary; a column that is
	// not bound stays empty.
	Bind map[string]string `json:"bind"`

	Steps []Step `json:"steps"`
	Moves []Move `json:"moves"`
}

// Governments may ask where a definition's Asks has this word.
const Governments = "government"

// Step is a state that the service goes through.
type Step struct {
	State     workflow.State `json:"state"`
	Name      Text           `json:"name,omitempty"` // in the service's own words; empty: the state's
	Days      int            `json:"days,omitempty"` // working days; 0: no date
	Office    string         `json:"office,omitempty"`
	Checklist []Item         `json:"checklist,omitempty"`
	Papers    []Item         `json:"papers,omitempty"` // documents that the step must leave behind
}

// Item is one thing of a checklist, or one paper. Keys are the service's own and never
// change, because what was ticked off names them.
type Item struct {
	Key   string `json:"key"`
	Label Text   `json:"label"`
}

// Move is a move of the machine that the service knows, narrowed to its own rules.
type Move struct {
	Name   string              `json:"name"`
	From   []workflow.State    `json:"from,omitempty"`
	May    identity.Permission `json:"may"`
	Office string              `json:"office,omitempty"` // only its people
	Needs  []workflow.Need     `json:"needs,omitempty"`
	Tell   []string            `json:"tell,omitempty"` // who is told; see Audiences
}

// Audiences are who can be told of a move.
const (
	City     = "city"     // all of the organisation that asked
	Editor   = "editor"   // those of it who write
	Approver = "approver" // those of it who send
	Officer  = "officer"  // who has the case; its office where nobody has
	Office   = "office"   // the office in charge
	Advisor  = "advisor"  // the office that is asked for its opinion
	Board    = "board"    // the board's secretary
	Head     = "head"     // heads of departments
)

// Audiences lists who can be told.
func Audiences() []string {
	return []string{City, Editor, Approver, Officer, Office, Advisor, Board, Head}
}

// Step is the step of a state, and false where the service does not know it.
func (d *Definition) Step(state workflow.State) (Step, bool) {
	for _, s := range d.Steps {
		if s.State == state {
			return s, true
		}
	}
	return Step{State: state}, false
}

// Has reports whether the service goes through a state.
func (d *Definition) Has(state workflow.State) bool {
	_, ok := d.Step(state)
	return ok
}

// Days is how many working days a step has; 0: no date.
func (d *Definition) Days(state workflow.State) int {
	s, _ := d.Step(state)
	return s.Days
}

// OfficeOf is the office in charge of a step.
func (d *Definition) OfficeOf(state workflow.State) string {
	if s, _ := d.Step(state); s.Office != "" {
		return s.Office
	}
	return d.Office
}

// Move is a move by its name, and false where the service does not know it.
func (d *Definition) Move(name string) (Move, bool) {
	for _, m := range d.Moves {
		if m.Name == name {
			return m, true
		}
	}
	return Move{}, false
}

// Ends reports whether nothing leads on from a state.
func (d *Definition) Ends(state workflow.State) bool {
	return !slices.ContainsFunc(d.Moves, func(m Move) bool { return slices.Contains(m.From, state) })
}

// Machine is the part of a machine that the service uses, by the service's own rules.
func (d *Definition) Machine(life workflow.Machine) workflow.Machine {
	out := workflow.Machine{Kind: life.Kind}
	for _, move := range life.Moves {
		own, ok := d.Move(move.Name)
		if !ok {
			continue
		}
		move.From, move.May, move.Needs, move.Office = own.From, own.May, own.Needs, own.Office
		out.Moves = append(out.Moves, move)
	}
	return out
}

// Tells reports whether one of the moves with an event tells an audience of it.
func (d *Definition) Tells(life workflow.Machine, event, audience string) bool {
	for _, move := range life.Moves {
		if move.Tell != event {
			continue
		}
		if own, ok := d.Move(move.Name); ok && slices.Contains(own.Tell, audience) {
			return true
		}
	}
	return false
}

// Item finds an item of a checklist, with the step that it belongs to.
func (d *Definition) Item(key string) (Item, workflow.State, bool) {
	for _, s := range d.Steps {
		for _, item := range s.Checklist {
			if item.Key == key {
				return item, s.State, true
			}
		}
	}
	return Item{}, "", false
}

// May reports whether an organisation of a kind may ask.
func (d *Definition) May(kind string) bool { return slices.Contains(d.Asks, kind) }
