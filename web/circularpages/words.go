package circularpages

import (
	"context"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// editLink leads to the form, while the text can change.
func editLink(ctx context.Context, v showView) ui.Link {
	if !v.May || v.State.Out() {
		return ui.Link{}
	}
	return ui.Link{Label: locale.T(ctx, "circulars.edit"), Href: below(ctx, v.PublicID, "/edit")}
}

// audienceRows say whom a circular goes to.
func (v showView) audienceRows(ctx context.Context) []ui.SummaryRow {
	a := v.Audience
	var rows []ui.SummaryRow
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, key), Value: value})
		}
	}
	var kinds []string
	for _, kind := range a.Members {
		kinds = append(kinds, reachedKind(ctx, kind))
	}
	add("circulars.members", strings.Join(kinds, ", "))
	if a.Governments {
		add("circulars.besides", locale.T(ctx, "circulars.governments"))
	}
	var countries []string
	for _, code := range a.Countries {
		countries = append(countries, locale.CountryName(ctx, code))
	}
	slices.Sort(countries)
	add("circulars.countries", strings.Join(countries, ", "))
	if a.From > 0 {
		add("circulars.from", locale.Number(ctx, a.From))
	}
	if a.To > 0 {
		add("circulars.to", locale.Number(ctx, a.To))
	}
	if len(a.Named) > 0 {
		add("circulars.named", locale.Number(ctx, int64(len(a.Named))))
	}
	return rows
}

// reachedKind is a kind of recipient in words: of membership, or a government.
func reachedKind(ctx context.Context, kind string) string {
	if kind == "government" || kind == "" {
		return locale.T(ctx, "circulars.government")
	}
	return locale.T(ctx, "membership.kind."+kind)
}

// found are the organisations that a search found, without those that are chosen.
func (v audienceView) found() []ui.Choice {
	var out []ui.Choice
	for _, c := range v.Found {
		if !slices.ContainsFunc(v.Named, func(n circulars.Choice) bool { return n.Code == c.Code }) {
			out = append(out, ui.Choice{Value: c.Code, Label: c.Name})
		}
	}
	return out
}
