package demo

import (
	"context"
	_ "embed" // the events
	"fmt"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

//go:embed data/events.toml
var eventsTOML string

//go:embed data/programmes.toml
var programmesTOML string

// plannedEvent is one event of events.toml.
type plannedEvent struct {
	Slug, Kind, City, Venue, Mode, Zone, URL string
	Week, Day, Days                          int
	At                                       string
	Hours                                    float64
	Spoken                                   []string
	TR, EN, RU                               []string // title, summary
	End                                      string   // propose, approve, cancel, move; empty: published, and held once over
	Reason                                   string
}

// eventPlan is the whole of both files.
type eventPlan struct {
	Event      []plannedEvent
	programmes map[string]map[string]string // kind → language → Markdown
}

func readEvents() (eventPlan, error) {
	var plan eventPlan
	if _, err := toml.Decode(eventsTOML, &plan); err != nil {
		return plan, fmt.Errorf("events.toml: %w", err)
	}
	if _, err := toml.Decode(programmesTOML, &plan.programmes); err != nil {
		return plan, fmt.Errorf("programmes.toml: %w", err)
	}
	return plan, nil
}

// addEvents makes the events that are missing, around the week of now. The municipalities
// must be there.
func addEvents(ctx context.Context, db postgres.DB, service *events.Service, now time.Time) error {
	plan, err := readEvents()
	if err != nil {
		return err
	}
	there, err := slugsOf(ctx, db)
	if err != nil {
		return err
	}
	for _, e := range plan.Event {
		if there[e.Slug] {
			continue
		}
		if err := plan.add(ctx, service, e, now); err != nil {
			return fmt.Errorf("event %s: %w", e.Slug, err)
		}
	}
	return nil
}

func slugsOf(ctx context.Context, db postgres.DB) (map[string]bool, error) {
	out := map[string]bool{}
	err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		var all []string
		err := q.QueryRow(ctx, `select coalesce(array_agg(slug), '{}') from translations where kind = 'event' and source`).Scan(&all)
		for _, slug := range all {
			out[slug] = true
		}
		return err
	})
	return out, err
}

// add writes an event as staff would: facts, texts, approval, publication.
func (p eventPlan) add(ctx context.Context, service *events.Service, e plannedEvent, now time.Time) error {
	actor := identity.Worker()
	facts, err := e.facts(now)
	if err != nil {
		return err
	}
	texts := e.texts()
	id, err := service.Create(ctx, actor, facts, texts[0].lang, texts[0].title)
	if err != nil {
		return err
	}
	for i, t := range texts {
		if err := p.write(ctx, service, id, e, t, i == 0); err != nil {
			return err
		}
	}
	return e.lead(ctx, service, id, facts, now)
}

// planText is the title and summary of one language.
type planText struct{ lang, title, summary string }

// texts are the event's languages, the one that it was written in first.
func (e plannedEvent) texts() []planText {
	var out []planText
	for _, t := range []struct {
		lang string
		text []string
	}{{"tr", e.TR}, {"ru", e.RU}, {"en", e.EN}} {
		if len(t.text) == 2 {
			out = append(out, planText{t.lang, t.text[0], t.text[1]})
		}
	}
	return out
}

func (p eventPlan) write(ctx context.Context, service *events.Service, id string, e plannedEvent, t planText, source bool) error {
	actor := identity.Worker()
	in := translations.In{Lang: t.lang, Text: translations.Text{Title: t.title, Summary: t.summary, Body: p.programmes[e.Kind][t.lang]}}
	if source {
		in.Base, in.Slug = 1, e.Slug
	}
	status, err := service.SaveText(ctx, actor, id, in)
	if err != nil || e.End == "propose" || e.End == "approve" {
		return err
	}
	return service.PublishText(ctx, actor, id, t.lang, status.Version)
}

// facts are the event's facts in the weeks around now.
func (e plannedEvent) facts(now time.Time) (events.Facts, error) {
	monday := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	monday = monday.AddDate(0, 0, -((int(monday.Weekday()) + 6) % 7))
	f := events.Facts{Kind: e.Kind, Mode: events.Mode(e.Mode), City: e.City, Venue: e.Venue, OnlineURL: e.URL, Zone: e.Zone, Spoken: e.Spoken}
	if f.Mode == "" {
		f.Mode = events.InPerson
	}
	if f.Mode == events.Online && f.Zone == "" {
		f.Zone = "Europe/Istanbul"
	}
	f.Starts = monday.AddDate(0, 0, 7*e.Week+e.Day-1)
	if e.Days > 0 {
		f.AllDay, f.Ends = true, f.Starts.AddDate(0, 0, e.Days-1)
		return f, nil
	}
	at, err := time.Parse("15:04", e.At)
	f.Starts = f.Starts.Add(time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute)
	f.Ends = f.Starts.Add(time.Duration(e.Hours * float64(time.Hour)))
	return f, err
}

// lead makes the moves up to where the event shall stand.
func (e plannedEvent) lead(ctx context.Context, service *events.Service, id string, f events.Facts, now time.Time) error {
	moves := []string{"approve", "publish"}
	switch {
	case e.End == "propose":
		moves = nil
	case e.End == "approve":
		moves = moves[:1]
	case e.End == "cancel":
		moves = append(moves, "cancel")
	case f.Ends.Before(now.AddDate(0, 0, -14)):
		moves = append(moves, "hold")
	}
	for i, move := range moves {
		in := workflow.In{Move: move, Seq: i + 1}
		if move == "cancel" {
			in.Reason = e.Reason
		}
		if err := service.Move(ctx, identity.Worker(), id, in); err != nil {
			return err
		}
	}
	if e.End != "move" {
		return nil
	}
	f.Version = 1 + len(moves)
	f.Starts, f.Ends = f.Starts.AddDate(0, 0, 14), f.Ends.AddDate(0, 0, 14)
	return service.SaveFacts(ctx, identity.Worker(), id, f)
}
