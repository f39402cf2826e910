package formpages

import (
	"context"
	"slices"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// state is how far a page is.
type state int

const (
	untouched state = iota
	begun           // looked at, and not complete
	unread          // filled in by the portal, and nobody has gone through it
	done
)

// state is how far a page of the route is on the day.
func (rec Record) state(s forms.Step, day time.Time) state {
	some, complete := rec.Submission.Definition.Answered(rec.Submission.Answers, s, day)
	seen := some || rec.Submission.Saw(s.Page.Key)
	switch {
	case rec.filled(s):
		return unread
	case seen && complete:
		return done
	case seen:
		return begun
	}
	return untouched
}

// filled reports whether the page holds answers of the portal that nobody has gone through.
func (rec Record) filled(s forms.Step) bool {
	return slices.ContainsFunc(s.Fields, func(f forms.Field) bool { return slices.Contains(rec.Submission.Filled, f.Key) })
}

// sentence is a fault in the reader's language.
func sentence(ctx context.Context, f forms.Fault) string {
	if !f.Own.Empty() {
		return f.Own.Text(locale.Of(ctx).Lang)
	}
	args := make([]any, len(f.Args))
	for i, arg := range f.Args {
		args[i] = spoken(ctx, arg)
		if i > 0 && f.Args[i-1] == "Count" {
			args[i] = arg // picks the plural, and is written as a number there
		}
	}
	return locale.T(ctx, f.Key, args...)
}

// located is a sentence that stands away from its box: it says which row of a table it means.
func located(ctx context.Context, f forms.Fault) string {
	if f.Row == 0 {
		return sentence(ctx, f)
	}
	return locale.T(ctx, "formpages.in_row", "Row", f.Row, "Column", f.Column.Text(locale.Of(ctx).Lang), "Text", sentence(ctx, f))
}

// spoken writes a limit as the reader does: a day, a number.
func spoken(ctx context.Context, arg any) any {
	switch v := arg.(type) {
	case int:
		return locale.Number(ctx, int64(v))
	case string:
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return locale.Date(ctx, day)
		}
		if number, ok := forms.ParseNumber(v, locale.EN, 2); ok && number == v {
			return forms.ShowNumber(v, locale.Of(ctx).Lang)
		}
	}
	return arg
}

// say is the sentence of a fault that may not be there.
func say(ctx context.Context, f *forms.Fault) string {
	if f == nil {
		return ""
	}
	return sentence(ctx, *f)
}

// summary lists what is to be mended on the page, in the order of asking.
func (q question) summary(ctx context.Context) ui.ErrorSummary {
	var out ui.ErrorSummary
	for _, f := range q.Fields {
		if message := q.Refused[f.Key]; message != "" {
			out.Errors = append(out.Errors, ui.FieldError{Field: f.Key, Message: message})
		}
	}
	for _, fault := range q.Faults {
		out.Errors = append(out.Errors, ui.FieldError{Field: fault.ID(), Message: located(ctx, fault)})
	}
	return out
}
