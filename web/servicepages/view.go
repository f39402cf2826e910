package servicepages

import (
	"context"
	"slices"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/ui"
)

// fieldOf is the field of activity whose clause each shipped service serves. The closing
// clause knows all kinds of activities; its service and what staff have added stand apart.
var fieldOf = map[string]string{
	"urban_guidance": "city", "project_support": "services", "business_corporation": "services", "funding_guidance": "services",
	"e_municipality": "services", "city_information_center": "services", "counselling": "culture", "institution_founding": "culture",
	"opinion": "training",
}

// field is a field of activity with its services.
type field struct {
	Code, Title string
	Ways        []ui.Way
}

// group sorts services into the fields, in the fields' order; a field without one is left
// out. What belongs to no listed field, or to the closing clause, comes last.
func group(ctx context.Context, offered []services.Service, all []municipalities.Activity) []field {
	groups := make([]field, 0, len(all)+1)
	for _, a := range all {
		groups = append(groups, field{Code: a.Code, Title: a.Title})
	}
	others := field{Code: "others", Title: locale.T(ctx, "services.others")}
	for _, s := range offered {
		in := &others
		if i := slices.IndexFunc(groups, func(g field) bool { return g.Code == fieldOf[s.Code] }); i >= 0 {
			in = &groups[i]
		}
		in.Ways = append(in.Ways, Way(ctx, s))
	}
	return slices.DeleteFunc(append(groups, others), func(g field) bool { return len(g.Ways) == 0 })
}

// Way is a service as a door to its page.
func Way(ctx context.Context, s services.Service) ui.Way {
	lang := locale.Of(ctx).Lang
	text := s.Lead.In(lang)
	if s.State == services.Closed {
		text = closed(ctx, s)
	}
	return ui.Way{Icon: cards.ServiceIcon(s.Code), Title: s.Title.In(lang), Text: text, Href: ui.Path(ctx, "/services/"+s.Slug)}
}

// closed says until when nobody can ask, where that is known.
func closed(ctx context.Context, s services.Service) string {
	if s.Until == nil {
		return locale.T(ctx, "services.closed")
	}
	return locale.T(ctx, "services.closed_until", "Date", locale.Date(ctx, *s.Until))
}

// showView is one service.
type showView struct {
	services.Service
	form   forms.Definition
	lately requests.Lately
}

func (v showView) open() bool { return v.State == services.Published }

// askers are who can ask, in the reader's words.
func (v showView) askers(ctx context.Context) []string {
	var out []string
	for _, kind := range v.Asks {
		if kind == services.Governments {
			out = append(out, locale.T(ctx, "services.governments"))
		} else {
			out = append(out, locale.T(ctx, "membership.kind."+kind))
		}
	}
	return out
}

// stages are the way of a request through the union, in the service's own words.
func (v showView) stages(ctx context.Context) []requests.Stage {
	return requests.Way(v.Definition, locale.Of(ctx).Lang)
}

// papers are the documents to have ready: what the form has a place for.
func (v showView) papers(lang locale.Lang) []string {
	var out []string
	for _, s := range v.form.Sections {
		for _, p := range s.Pages {
			if slices.ContainsFunc(p.Fields, func(f forms.Field) bool { return f.Kind == forms.File }) {
				out = append(out, p.Title.Text(lang))
			}
		}
	}
	return out
}

// minutes is roughly how long the questions take, to the next five.
func (v showView) minutes() int64 {
	var sum time.Duration
	for _, f := range v.form.Fields() {
		each := effort[f.Kind]
		if len(f.ShownIf) > 0 { // half of the readers are asked
			each /= 2
		}
		sum += each
	}
	const five = 5 * time.Minute
	return int64((sum + five - 1) / five * 5)
}

var effort = map[forms.Kind]time.Duration{forms.Text: time.Minute, forms.LongText: 3 * time.Minute, forms.Number: 30 * time.Second,
	forms.Money: time.Minute, forms.Date: 30 * time.Second, forms.One: 20 * time.Second, forms.Many: 30 * time.Second, forms.Table: 4 * time.Minute,
	forms.Place: time.Minute, forms.Municipality: time.Minute, forms.Person: time.Minute, forms.File: time.Minute, forms.Declaration: 20 * time.Second}

// howLong says for how many cases the median was computed, and when.
func (v showView) howLong(ctx context.Context) string {
	return locale.T(ctx, "services.measured", "Count", v.lately.Count, "Date", locale.Date(ctx, locale.Of(ctx).Now))
}
