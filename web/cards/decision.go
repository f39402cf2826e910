package cards

import (
	"context"
	"io"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// DecisionField chooses a decision that stands in the register; its value is the decision's
// public id, for decisions.Find. Choices are those of decisions.Recent.
type DecisionField struct {
	Name, Label, Hint, Error, Value string // Name is "decision" and Label the usual one where empty
	Choices                         []decisions.Cited
	Optional                        bool
}

// Render implements templ.Component.
func (f DecisionField) Render(ctx context.Context, w io.Writer) error {
	box := ui.Select{Name: f.Name, Label: f.Label, Hint: f.Hint, Error: f.Error, Value: f.Value, Optional: f.Optional,
		Empty: locale.T(ctx, "decisions.choose_one")}
	if box.Name == "" {
		box.Name = "decision"
	}
	if box.Label == "" {
		box.Label = locale.T(ctx, "decisions.decision")
	}
	if box.Hint == "" {
		box.Hint = locale.T(ctx, "decisions.choose_hint")
	}
	for _, d := range f.Choices {
		box.Options = append(box.Options, ui.Option{Value: d.PublicID, Label: DecisionLine(ctx, d)})
	}
	return box.Render(ctx, w)
}

// DecisionLine is a decision on one line: whose, its number, its day, how it begins.
func DecisionLine(ctx context.Context, d decisions.Cited) string {
	line := d.Names.In(locale.Of(ctx).Lang) + " · " + d.Number + " · " + locale.ShortDate(ctx, d.Date)
	if d.Text != "" {
		line += " · " + d.Text
	}
	return line
}
