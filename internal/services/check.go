package services

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/workflow"
)

// Problem is why a definition cannot be published, as a message with its words.
type Problem struct {
	Key  string
	Args []any
}

// Rules are what a definition is held to beside its own sense.
type Rules struct {
	Life    workflow.Machine // of which it is a part
	Start   workflow.State   // where every case begins
	Ends    []workflow.State // states in which a case may rest
	Aside   workflow.State   // where who asked may give up; it is no way out for the others
	Gates   []Gate
	Member  []identity.Permission
	Staff   []identity.Permission
	Columns []string // of the summary, that forms can be bound to
	Offices []string
	Forms   []string // that are published
}

// Gate is a state that cases of a service which has it must go through before another one:
// nothing is delivered past the board.
type Gate struct{ Through, To workflow.State }

var itemKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// maxDays bounds a step: more than a year of working days is a slip of the pen.
const maxDays = 260

// Check finds what hinders publishing, in the order of the definition.
func (d *Definition) Check(r Rules) []Problem {
	c := &checker{d: d, rules: r}
	c.texts()
	c.steps()
	c.moves()
	if len(c.found) == 0 { // the ways are worth following only where each part is right
		c.ways()
	}
	return c.found
}

type checker struct {
	d     *Definition
	rules Rules
	found []Problem
}

func (c *checker) refuse(key string, args ...any) {
	c.found = append(c.found, Problem{Key: key, Args: args})
}

func (c *checker) texts() {
	for _, lang := range c.d.Title.missing() {
		c.refuse("catalogue.wrong.title", "Lang", string(lang))
	}
	for _, text := range []Text{c.d.Lead, c.d.Needs, c.d.Outcome} {
		if missing := text.missing(); len(missing) > 0 && len(missing) < len(locale.Langs()) {
			c.refuse("catalogue.wrong.text", "Lang", string(missing[0]))
		}
	}
	if len(c.d.Asks) == 0 {
		c.refuse("catalogue.wrong.asks")
	}
	if !slices.Contains(c.rules.Offices, c.d.Office) {
		c.refuse("catalogue.wrong.office", "Office", c.d.Office)
	}
	if !slices.Contains(c.rules.Forms, c.d.Form) {
		c.refuse("catalogue.wrong.form", "Form", c.d.Form)
	}
	for column := range c.d.Bind {
		if !slices.Contains(c.rules.Columns, column) {
			c.refuse("catalogue.wrong.column", "Column", column)
		}
	}
}

func (c *checker) steps() {
	states, seen, keys := c.rules.Life.States(), map[workflow.State]bool{}, map[string]bool{}
	for _, s := range c.d.Steps {
		switch {
		case !slices.Contains(states, s.State):
			c.refuse("catalogue.wrong.state", "State", string(s.State))
		case seen[s.State]:
			c.refuse("catalogue.wrong.twice", "State", string(s.State))
		case s.Days < 0 || s.Days > maxDays:
			c.refuse("catalogue.wrong.days", "State", string(s.State), "Most", maxDays)
		case s.Office != "" && !slices.Contains(c.rules.Offices, s.Office):
			c.refuse("catalogue.wrong.office", "Office", s.Office)
		}
		seen[s.State] = true
		for _, item := range slices.Concat(s.Checklist, s.Papers) {
			if !itemKey.MatchString(item.Key) || keys[item.Key] || len(item.Label.missing()) > 0 {
				c.refuse("catalogue.wrong.item", "Item", item.Label.In(locale.Default), "State", string(s.State))
			}
			keys[item.Key] = true
		}
	}
	if !seen[c.rules.Start] {
		c.refuse("catalogue.wrong.start")
	}
}

func (c *checker) moves() {
	seen := map[string]bool{}
	for _, own := range c.d.Moves {
		move, err := c.rules.Life.Find(own.Name)
		if err != nil || seen[own.Name] {
			c.refuse("catalogue.wrong.move", "Move", own.Name)
			continue
		}
		seen[own.Name] = true
		for _, s := range own.From {
			if !slices.Contains(move.From, s) || !c.d.Has(s) {
				c.refuse("catalogue.wrong.from", "Move", own.Name, "State", string(s))
			}
		}
		if !c.d.Has(move.To) {
			c.refuse("catalogue.wrong.to", "Move", own.Name, "State", string(move.To))
		}
		c.rights(move, own)
	}
}

// rights holds a move to the side that it belongs to, and to what the machine asks of it.
func (c *checker) rights(move workflow.Move, own Move) {
	side := c.rules.Staff
	if slices.Contains(c.rules.Member, move.May) {
		side = c.rules.Member
	}
	if !slices.Contains(side, own.May) {
		c.refuse("catalogue.wrong.may", "Move", own.Name)
	}
	if own.Office != "" && !slices.Contains(c.rules.Offices, own.Office) {
		c.refuse("catalogue.wrong.office", "Office", own.Office)
	}
	for _, need := range move.Needs {
		if !slices.Contains(own.Needs, need) {
			c.refuse("catalogue.wrong.need", "Move", own.Name, "Need", string(need))
		}
	}
	for _, need := range own.Needs {
		if !slices.Contains(workflow.Needs(), need) {
			c.refuse("catalogue.wrong.need", "Move", own.Name, "Need", string(need))
		}
	}
	for _, audience := range own.Tell {
		if !slices.Contains(Audiences(), audience) {
			c.refuse("catalogue.wrong.audience", "Move", own.Name, "Audience", audience)
		}
	}
}

// ways finds states that no case gets to, and states that it cannot leave although it may
// not rest there.
func (c *checker) ways() {
	machine := c.d.Machine(c.rules.Life)
	from := c.spread(machine, []workflow.State{c.rules.Start}, func(m workflow.Move, s workflow.State) []workflow.State {
		if slices.Contains(m.From, s) {
			return []workflow.State{m.To}
		}
		return nil
	})
	var rests []workflow.State
	for _, s := range c.d.Steps {
		if slices.Contains(c.rules.Ends, s.State) && c.d.Ends(s.State) {
			rests = append(rests, s.State)
		}
	}
	to := c.spread(machine, rests, func(m workflow.Move, s workflow.State) []workflow.State {
		if m.To == s {
			return m.From
		}
		return nil
	})
	for _, gate := range c.rules.Gates {
		if c.d.Has(gate.Through) && c.d.Has(gate.To) && c.passes(machine, gate) {
			c.refuse("catalogue.wrong.bypass", "State", string(gate.To))
		}
	}
	for _, s := range c.d.Steps {
		if !from[s.State] {
			c.refuse("catalogue.wrong.unreachable", "State", string(s.State))
		}
		if !to[s.State] && s.State != c.rules.Aside {
			c.refuse("catalogue.wrong.stuck", "State", string(s.State))
		}
	}
}

// passes reports whether a case gets to a state without going through its gate.
func (c *checker) passes(machine workflow.Machine, gate Gate) bool {
	return c.spread(machine, []workflow.State{c.rules.Start}, func(m workflow.Move, s workflow.State) []workflow.State {
		if s != gate.Through && slices.Contains(m.From, s) {
			return []workflow.State{m.To}
		}
		return nil
	})[gate.To]
}

// spread walks from states along moves until it finds nothing new.
func (c *checker) spread(machine workflow.Machine, start []workflow.State, next func(workflow.Move, workflow.State) []workflow.State) map[workflow.State]bool {
	reached := map[workflow.State]bool{}
	queue := slices.Clone(start)
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		if reached[state] {
			continue
		}
		reached[state] = true
		for _, move := range machine.Moves {
			queue = append(queue, next(move, state)...)
		}
	}
	return reached
}

// String is for logs and tests.
func (p Problem) String() string { return p.Key + fmt.Sprint(p.Args...) }
