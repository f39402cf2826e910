package caseworkpages

import (
	"context"
	"slices"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/ui"
)

// bulkWords say what became of an act on many.
func (v listView) bulkWords(ctx context.Context) string {
	b := *v.Bulk
	if b.Undone {
		return locale.T(ctx, "workbench.undone", "Count", b.Back())
	}
	switch b.Kind {
	case requests.ActOffice:
		return locale.T(ctx, "workbench.bulk_office", "Count", b.Done, "Office", labelOf(officeOptions(ctx, v.Offices), b.To))
	case requests.ActUrgent:
		return locale.T(ctx, map[bool]string{true: "workbench.bulk_urgent", false: "workbench.bulk_calm"}[b.To == "1"], "Count", b.Done)
	case requests.ActDue:
		day, err := time.Parse(time.DateOnly, b.To)
		if err != nil {
			return ""
		}
		return locale.T(ctx, "workbench.bulk_due", "Count", b.Done, "Day", locale.Date(ctx, day))
	}
	if b.To == "" {
		return locale.T(ctx, "casework.bulk_freed", "Count", b.Done)
	}
	return locale.T(ctx, "casework.bulk_given", "Count", b.Done, "Name", locale.Person(ctx, b.To))
}

// actGroup is one kind of acts in the bulk bar's choice.
type actGroup struct {
	Label   string
	Options []ui.Option
}

// acts are what can be done with picked rows, by kind; the values are readAct's.
func (v listView) acts(ctx context.Context) []actGroup {
	give := actGroup{Label: locale.T(ctx, "casework.give_to")}
	for _, o := range v.Officers {
		name := o.Name
		if o.ID == v.Actor.UserID {
			name = locale.T(ctx, "casework.me")
			give.Options = append([]ui.Option{{Value: "assign:" + o.PublicID, Label: name}}, give.Options...)
			continue
		}
		give.Options = append(give.Options, ui.Option{Value: "assign:" + o.PublicID, Label: name})
	}
	give.Options = append(give.Options, ui.Option{Value: "assign:" + nobody, Label: locale.T(ctx, "casework.give_nobody")})
	move := actGroup{Label: locale.T(ctx, "workbench.to_office")}
	for _, o := range officeOptions(ctx, v.Offices) {
		move.Options = append(move.Options, ui.Option{Value: "office:" + o.Value, Label: o.Label})
	}
	mark := actGroup{Label: locale.T(ctx, "workbench.mark"), Options: []ui.Option{
		{Value: "urgent:1", Label: locale.T(ctx, "casework.urgent")}, {Value: "urgent:0", Label: locale.T(ctx, "workbench.not_urgent")}}}
	return []actGroup{give, move, mark, v.dates(ctx)}
}

// dates are the days that a date is most often moved to, in the union's zone; what falls on
// a weekend is offered as the Monday after it.
func (v listView) dates(ctx context.Context) actGroup {
	out := actGroup{Label: locale.T(ctx, "casework.due")}
	today := v.Now.In(v.Zone)
	for _, days := range []int{0, 1, 3, 7, 14, 30} {
		day := today.AddDate(0, 0, days)
		for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
			day = day.AddDate(0, 0, 1)
		}
		if slices.ContainsFunc(out.Options, func(o ui.Option) bool { return o.Value == "due:"+day.Format(time.DateOnly) }) {
			continue
		}
		out.Options = append(out.Options, ui.Option{Value: "due:" + day.Format(time.DateOnly),
			Label: locale.Date(ctx, day) + ", " + locale.Weekday(ctx, day.Weekday())})
	}
	return out
}

// audiences are who may see a view that the reader keeps.
func (v listView) audiences(ctx context.Context) []ui.Choice {
	out := []ui.Choice{{Value: requests.ForMe, Label: locale.T(ctx, "workbench.for_me")}}
	for _, o := range officeOptions(ctx, v.Offices) {
		for _, own := range v.Actor.Offices {
			if own == o.Value {
				out = append(out, ui.Choice{Value: own, Label: locale.T(ctx, "workbench.office", "Office", o.Label)})
			}
		}
	}
	if v.May {
		out = append(out, ui.Choice{Value: requests.ForAll, Label: locale.T(ctx, "casework.view_shared")})
	}
	return out
}
