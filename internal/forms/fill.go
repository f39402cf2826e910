package forms

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Earlier begins a source that is another form's answer, the newest that the organisation
// has sent: "earlier:contact".
const Earlier = "earlier:"

// Lookup finds what the portal knows of an organisation, by the names of sources
// ("profile.population"); what it does not know is left out.
type Lookup func(ctx context.Context, q postgres.Querier, ref subject.Ref, names []string) (map[string]Value, error)

// Source is one thing that the portal knows, and the kind of question that it answers.
type Source struct {
	Name string
	Kind Kind
}

// Sources lists what the form's fields are filled in from, each once.
func (d Definition) Sources() []string {
	var out []string
	for _, f := range d.Fields() {
		if f.From != "" && !slices.Contains(out, f.From) {
			out = append(out, f.From)
		}
	}
	return out
}

// Fill answers the questions of an open submission that the portal can answer itself. It
// never replaces an answer; what it filled in is marked until somebody goes through its page.
// Errors: not found (nothing is open).
func Fill(ctx context.Context, tx pgx.Tx, ref subject.Ref, part string, lookup Lookup) error {
	s, err := lock(ctx, tx, ref, part)
	if err != nil {
		return err
	}
	names := s.Definition.Sources()
	if len(names) == 0 {
		return nil
	}
	known, err := s.known(ctx, tx, names, lookup)
	if err != nil {
		return err
	}
	filled := s.fill(known)
	if len(filled) == 0 {
		return nil
	}
	data, err := json.Marshal(s.Answers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update submissions set data = $2, filled = $3 where id = $1`, s.ID, data, append(s.Filled, filled...))
	return err
}

// known asks every source once.
func (s Submission) known(ctx context.Context, q postgres.Querier, names []string, lookup Lookup) (map[string]Value, error) {
	known := map[string]Value{}
	if lookup != nil {
		found, err := lookup(ctx, q, s.Subject, names)
		if err != nil {
			return nil, err
		}
		for name, v := range found {
			known[name] = v
		}
	}
	var fields []string
	for _, name := range names {
		if key, ok := strings.CutPrefix(name, Earlier); ok {
			fields = append(fields, key)
		}
	}
	if len(fields) == 0 {
		return known, nil
	}
	earlier, err := s.earlier(ctx, q, fields)
	for key, v := range earlier {
		known[Earlier+key] = v
	}
	return known, err
}

// recent is how many of the submissions sent last are asked for earlier answers.
const recent = 20

// earlier are the newest answers that the organisation has sent to questions of these keys.
func (s Submission) earlier(ctx context.Context, q postgres.Querier, fields []string) (map[string]Value, error) {
	rows, _ := q.Query(ctx, `
		select k.field, x.data -> k.field from (
			select data, submitted_at from submissions
			where org_id = (select org_id from subjects where id = $1) and submitted_at is not null
			order by submitted_at desc limit $3) x
		cross join unnest($2::text[]) k (field) where x.data ? k.field order by x.submitted_at`, s.Subject.ID, fields, recent)
	out := map[string]Value{}
	var key string
	var v Value
	_, err := pgx.ForEachRow(rows, []any{&key, &v}, func() error {
		out[key] = v // the newest comes last
		v = Value{}
		return nil
	})
	return out, err
}

// fill puts what is known into empty answers of the fitting kind, and lists their fields.
func (s *Submission) fill(known map[string]Value) []string {
	var filled []string
	if s.Answers == nil {
		s.Answers = Answers{}
	}
	for _, f := range s.Definition.Fields() {
		v, ok := known[f.From]
		if f.From == "" || !ok || f.Kind == File || f.Kind == Municipality || f.Kind == Declaration {
			continue // nobody agrees for somebody else, and files belong to one record
		}
		fits, _ := f.fit(v)
		if now := s.Answers[f.Key]; !now.Empty() || fits.Empty() || !f.holds(fits) {
			continue
		}
		s.Answers[f.Key] = fits
		filled = append(filled, f.Key)
	}
	return filled
}

// holds reports whether a value is of the field's kind.
func (f Field) holds(v Value) bool {
	switch f.Kind {
	case Number:
		return v.Number != ""
	case Money:
		return v.Number != "" && v.Currency != ""
	case Date:
		return v.Date != ""
	case Place:
		return v.Place != nil
	case Person:
		return v.Person != nil
	case Table:
		return len(v.Rows) > 0
	case Many:
		return len(v.List) > 0
	}
	return v.Text != ""
}
