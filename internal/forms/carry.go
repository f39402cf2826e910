package forms

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Aside is an answer that the newer version has no place for, with the question that it
// answered. It can be read until the draft is sent.
type Aside struct {
	Field Field `json:"field"`
	Value Value `json:"value"`
}

// Carriage is what carrying a draft to a newer version would do.
type Carriage struct {
	To          Definition
	Differences []Difference
	Rules       bool    // answers are held to other rules
	Aside       []Aside // answers that would be put aside, in the order in which they were asked
}

// PlanCarry compares an open submission with the newest version of its form.
// Errors: not found, conflict (it is on the newest version already).
func PlanCarry(ctx context.Context, q postgres.Querier, s Submission) (Carriage, error) {
	to, err := newest(ctx, q, s.Definition.Key)
	if err != nil {
		return Carriage{}, err
	}
	if s.SubmittedAt != nil || to.Version <= s.Definition.Version {
		return Carriage{}, apperr.New(apperr.Conflict, "forms.newest_already")
	}
	_, aside := s.carried(to)
	return Carriage{To: to, Differences: Differences(s.Definition, to), Rules: RulesDiffer(s.Definition, to), Aside: aside}, nil
}

// newest is the version of a form that is in force. Errors: not found.
func newest(ctx context.Context, q postgres.Querier, form string) (Definition, error) {
	var version int
	var digest string
	err := q.QueryRow(ctx, `select version, digest from form_versions where form = $1 order by version desc limit 1`, form).Scan(&version, &digest)
	if err != nil {
		return Definition{}, postgres.Explain(err, "forms.not_found")
	}
	return definition(ctx, q, form, version, digest)
}

// Newest is the version of a form that is in force. Errors: not found.
func Newest(ctx context.Context, q postgres.Querier, form string) (Definition, error) {
	return newest(ctx, q, form)
}

// carried parts the answers: those that fit the other definition, and those to put aside.
func (s Submission) carried(to Definition) (Answers, []Aside) {
	kept, aside := Answers{}, []Aside{}
	for _, f := range s.Definition.Fields() {
		v, ok := s.Answers[f.Key]
		if !ok || v.Empty() {
			continue
		}
		now, there := to.Field(f.Key)
		fits, rest := now.fit(v)
		switch {
		case !there || now.Kind != f.Kind:
			aside = append(aside, Aside{Field: f, Value: v})
		default:
			if !fits.Empty() {
				kept[f.Key] = fits
			}
			if !rest.Empty() {
				aside = append(aside, Aside{Field: f, Value: rest})
			}
		}
	}
	return kept, aside
}

// fit parts an answer at what the question offers now: choices that are gone, and cells of
// columns that are, do not fit.
func (f Field) fit(v Value) (fits, rest Value) {
	switch f.Kind {
	case One:
		if !offers(f.Choices, v.Text) {
			return Value{}, v
		}
	case Many:
		for _, choice := range v.List {
			if offers(f.Choices, choice) {
				fits.List = append(fits.List, choice)
			} else {
				rest.List = append(rest.List, choice)
			}
		}
		return fits, rest
	case Table:
		return f.fitRows(v)
	}
	return v, Value{}
}

func (f Field) fitRows(v Value) (fits, rest Value) {
	for _, row := range v.Rows {
		in, out := Row{ID: row.ID, Cells: map[string]Value{}}, Row{ID: row.ID, Cells: map[string]Value{}}
		for key, cell := range row.Cells {
			c, ok := f.Column(key)
			if ok && (c.Kind != One || offers(c.Choices, cell.Text)) {
				in.Cells[key] = cell
			} else {
				out.Cells[key] = cell
			}
		}
		if !in.Empty() {
			fits.Rows = append(fits.Rows, in)
		}
		if !out.Empty() {
			rest.Rows = append(rest.Rows, out)
		}
	}
	return fits, rest
}

// Carry moves the open submission to the newest version of its form. What fits stays, the
// rest is put aside with its questions; pages that ask something new count as not yet seen.
// Errors: not found (nothing is open), conflict (it is on the newest version already).
func Carry(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, part string, at time.Time) error {
	s, err := lock(ctx, tx, ref, part)
	if err != nil {
		return err
	}
	plan, err := PlanCarry(ctx, tx, s)
	if err != nil {
		return err
	}
	kept, aside := s.carried(plan.To)
	if s.Aside == nil {
		s.Aside = map[string]Aside{}
	}
	for _, a := range aside {
		s.Aside[a.Field.Key] = a
	}
	s.Seen = slices.DeleteFunc(s.Seen, func(page string) bool { return plan.touches(page) })
	data, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	beside, err := json.Marshal(s.Aside)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		update submissions set form_version = $2, data = $3, aside = $4, seen = $5, version = version + 1, saved_at = $6 where id = $1`,
		s.ID, plan.To.Version, data, beside, s.Seen, at)
	return err
}

// touches reports whether a page asks anything that is new or changed.
func (c Carriage) touches(page string) bool {
	return slices.ContainsFunc(c.Differences, func(d Difference) bool {
		return d.What != Removed && c.To.pageOf(d.Field.Key) == page
	})
}
