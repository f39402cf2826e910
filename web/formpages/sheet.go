package formpages

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

// Sheet is questions outside of a form that people answer: the editor of forms asks with the
// same boxes. Its rows can be put in order.
type Sheet struct {
	Fields  []forms.Field
	Answers forms.Answers
	Faults  []forms.Fault
	more    map[string]string
}

// Render implements templ.Component.
func (s Sheet) Render(ctx context.Context, w io.Writer) error { return sheet(s).Render(ctx, w) }

func (s Sheet) definition() forms.Definition {
	return forms.Definition{Sections: []forms.Section{{Pages: []forms.Page{{Key: "sheet", Fields: s.Fields}}}}}
}

func (s Sheet) question() question {
	q := question{Answers: s.Answers, Faults: s.Faults, More: s.more, Ordered: true}
	q.Submission = forms.Submission{Definition: s.definition(), Answers: s.Answers}
	q.Page.Fields, q.Fields = s.Fields, s.Fields
	return q
}

// Check finds what is wrong with what was typed.
func (s *Sheet) Check(r *http.Request) bool {
	s.Faults = s.definition().CheckPage(s.Answers, "sheet", today(r.Context()))
	return len(s.Faults) == 0
}

// Summary lists what is to be mended.
func (s Sheet) Summary(ctx context.Context) ui.ErrorSummary { return s.question().summary(ctx) }

// Read takes in what was typed. again: the pressed button only adds, moves or takes away a
// row, so that the sheet is to be shown again and nothing is stored.
func (s *Sheet) Read(r *http.Request) (again bool, err error) {
	if err := r.ParseForm(); err != nil {
		return false, err
	}
	p := posted{values: r.PostForm}
	typed := func(box string) []string { return p.values[box] }
	s.Answers = forms.Answers{}
	for _, f := range s.Fields {
		s.Answers[f.Key] = f.Read(typed, page.Lang(r), forms.Value{})
	}
	to := p.get(goBox)
	switch {
	case strings.HasPrefix(to, goDropRow):
		dropRow(p, forms.In{Answers: s.Answers, Gone: map[string][]string{}})
	case strings.HasPrefix(to, goRaiseRow):
		raiseRow(s.Answers, strings.TrimPrefix(to, goRaiseRow))
	case strings.HasPrefix(to, goAddRow):
		s.more = map[string]string{strings.TrimPrefix(to, goAddRow): subject.NewPublicID()}
	default:
		return false, nil
	}
	return true, nil
}

// raiseRow moves a row up by one place.
func raiseRow(answers forms.Answers, which string) {
	key, id, _ := strings.Cut(which, ".")
	rows := answers[key].Rows
	if at := slices.IndexFunc(rows, func(row forms.Row) bool { return row.ID == id }); at > 0 {
		rows[at-1], rows[at] = rows[at], rows[at-1]
	}
}
