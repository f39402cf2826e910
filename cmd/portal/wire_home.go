package main

import (
	"context"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/fieldpages"
	"github.com/birlik/portal/web/homepages"
	"github.com/birlik/portal/web/municipalitypages"
	"github.com/birlik/portal/web/publicationpages"
	"github.com/birlik/portal/web/ui"
)

// composeHome gathers what the home page shows of every area.
func composeHome(s services) func(context.Context) (homepages.View, error) {
	return func(ctx context.Context) (homepages.View, error) {
		var v homepages.View
		for _, part := range []func(context.Context, *homepages.View) error{s.homeFigures, s.homeMap, s.homeFields, s.homeServices, s.homeEvents, s.homeNews} {
			if err := part(ctx, &v); err != nil {
				return v, err
			}
		}
		return v, nil
	}
}

func (s services) homeFigures(ctx context.Context, v *homepages.View) error {
	f, err := s.municipalities.Figures(ctx, identity.Anyone())
	if err != nil || f.Members == 0 {
		return err
	}
	states, err := s.projects.CountByState(ctx, identity.Anyone())
	if err != nil {
		return err
	}
	v.Members, v.Countries, v.FiguresDate = int64(f.Members), int64(f.Countries), locale.Date(ctx, locale.Own(ctx, time.Now()))
	v.Figures = []ui.Figure{
		{Value: locale.Number(ctx, v.Members), Label: locale.T(ctx, "home.figure_members"), Href: ui.Path(ctx, "/municipalities")},
		{Value: locale.Number(ctx, v.Countries), Label: locale.T(ctx, "home.figure_countries")},
	}
	if f.Counted > 0 {
		v.Figures = append(v.Figures, ui.Figure{Value: people(ctx, f.Population), Label: locale.T(ctx, "home.figure_population"), Note: years(f)})
	}
	v.Figures = append(v.Figures, projectFigures(ctx, states)...)
	return nil
}

// people is a number of inhabitants that fits a phone: millions where there are any.
func people(ctx context.Context, n int64) string {
	if n < 1_000_000 {
		return locale.Number(ctx, n)
	}
	return locale.T(ctx, "home.millions", "Number", locale.Decimal(ctx, float64(n)/1e6, 1))
}

// years are the years that the populations are of.
func years(f municipalities.Figures) string {
	if f.From == f.Till {
		return strconv.Itoa(f.Till)
	}
	return strconv.Itoa(f.From) + "–" + strconv.Itoa(f.Till)
}

// projectFigures are the projects that are begun and those that are done.
func projectFigures(ctx context.Context, states map[workflow.State]int) []ui.Figure {
	under := states[projects.Approved] + states[projects.Procurement] + states[projects.Implementation] + states[projects.Suspended]
	done := states[projects.Handover] + states[projects.Closed]
	var out []ui.Figure
	if under > 0 {
		out = append(out, ui.Figure{Value: locale.Number(ctx, int64(under)), Label: locale.T(ctx, "home.figure_under_way"), Href: ui.Path(ctx, "/projects")})
	}
	if done > 0 {
		out = append(out, ui.Figure{Value: locale.Number(ctx, int64(done)), Label: locale.T(ctx, "home.figure_done"), Href: ui.Path(ctx, "/projects")})
	}
	return out
}

// How many of the greatest cities of a country, and of all, are stars with a name.
const (
	namedOfCountry = 2
	namedOfAll     = 26
)

func (s services) homeMap(ctx context.Context, v *homepages.View) (err error) {
	v.Points, err = s.membersMap(ctx)
	return err
}

// membersMap is every member with its place, names on the greatest.
func (s services) membersMap(ctx context.Context) (out []ui.Point, err error) {
	points, err := s.municipalities.Points(ctx, identity.Anyone(), locale.Of(ctx).Lang, municipalities.Filter{}, municipalities.MaxPoints)
	if err != nil {
		return nil, err
	}
	named := map[string]int{}
	total := 0
	for _, p := range points { // the greatest first
		point := ui.Point{Lon: p.Lon, Lat: p.Lat}
		if named[p.Country] < namedOfCountry && total < namedOfAll {
			point.Label = p.Title
			named[p.Country]++
			total++
		}
		out = append(out, point)
	}
	return out, nil
}

func (s services) homeFields(ctx context.Context, v *homepages.View) error {
	all, err := s.municipalities.Activities(ctx, identity.Anyone(), locale.Of(ctx).Lang)
	for _, a := range all {
		if a.Interest {
			v.Fields = append(v.Fields, fieldpages.Way(a, ui.Path(ctx, "/fields/")))
		}
	}
	return err
}

// shownEvents is how many events the home page shows.
const shownEvents = 3

func (s services) homeEvents(ctx context.Context, v *homepages.View) error {
	list, err := s.events.Upcoming(ctx, locale.Of(ctx).Lang, shownEvents)
	if err != nil {
		return err
	}
	for _, line := range list {
		row := cards.EventRow(ctx, line)
		row.Level = 3
		v.Events = append(v.Events, row)
	}
	n, err := s.events.CountUpcoming(ctx)
	v.UpcomingEvents = int64(n)
	return err
}

// shownNews is how many articles the home page shows.
const shownNews = 4

func (s services) homeNews(ctx context.Context, v *homepages.View) error {
	list, err := s.publications.Latest(ctx, identity.Anyone(), locale.Of(ctx).Lang, shownNews)
	for _, a := range list {
		v.News = append(v.News, publicationpages.Card(ctx, a, ""))
	}
	return err
}

// newFields makes the pages of fields with what other areas know of them.
func newFields(s services) *fieldpages.Handler {
	h := fieldpages.New(s.municipalities)
	h.Ties.Projects = s.fieldProjects
	h.Ties.Events = s.fieldEvents
	return h
}

// sectorsOf are the sectors of projects that belong to a field of activity.
var sectorsOf = map[string][]string{
	"city":     {"transport", "parks", "buildings", "safety"},
	"services": {"water", "waste", "roads", "energy", "digital"},
	"culture":  {"heritage", "social", "health"},
	"training": {"education"},
}

// shownTies is how many projects or events a field's page shows.
const shownTies = 4

// kindsOf are the kinds of events that belong to a field of activity.
var kindsOf = map[string][]string{
	"city":      {"forum"},
	"culture":   {"festival", "sports", "exhibition"},
	"training":  {"training", "seminar", "webinar"},
	"relations": {"study-visit", "assembly"},
}

func (s services) fieldEvents(ctx context.Context, field string) ([]fieldpages.Door, error) {
	var out []fieldpages.Door
	for _, kind := range kindsOf[field] {
		lines, err := s.events.All(ctx, identity.Anyone(), locale.Of(ctx).Lang, events.Filter{Kind: kind}, 0, shownTies)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if len(out) < shownTies {
				out = append(out, fieldpages.Door{Title: l.Text.Title, Lang: l.Text.Lang, Path: "/events/" + l.Text.Slug, Note: l.Kind.Title + " · " + cards.FullWhen(ctx, l.Event)})
			}
		}
	}
	return out, nil
}

// sisterTies are the sister cities that a municipality's page shows.
func sisterTies(service *municipalities.Service) func(context.Context, int64) ([]municipalitypages.Tie, error) {
	return func(ctx context.Context, municipality int64) ([]municipalitypages.Tie, error) {
		list, err := service.Sisters(ctx, identity.Anyone(), locale.Of(ctx).Lang, municipality)
		var out []municipalitypages.Tie
		for _, s := range list {
			tie := municipalitypages.Tie{Title: s.Title, Path: "/municipalities/" + s.Slug, Note: s.Country}
			if s.Since != nil {
				tie.Note = locale.T(ctx, "site.sister_since", "Country", s.Country, "Year", strconv.Itoa(*s.Since))
			}
			out = append(out, tie)
		}
		return out, err
	}
}

func (s services) fieldProjects(ctx context.Context, field string) ([]fieldpages.Door, error) {
	var out []fieldpages.Door
	for _, sector := range sectorsOf[field] {
		lines, err := s.projects.All(ctx, identity.Anyone(), locale.Of(ctx).Lang, projects.Filter{Sector: sector}, shownTies)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if len(out) < shownTies {
				out = append(out, fieldpages.Door{Title: l.Text.Title, Lang: l.Text.Lang, Path: "/projects/" + l.Text.Slug, Note: l.OrgName})
			}
		}
	}
	return out, nil
}
