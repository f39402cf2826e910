package events

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// Filter narrows a list; empty fields do not.
type Filter struct {
	Text    string
	Kind    string // code
	Country string // code
	City    string // slug of a municipality
	Past    bool   // what is over, instead of what is to come
}

// Narrow reports whether the list is less than all that is to come, or all that is over.
func (f Filter) Narrow() bool { return f != Filter{Past: f.Past} }

// Place in a list: after or before an event's cursor; both empty for the first page.
type Place struct{ After, Before string }

// PageSize is how many rows a page has; maxCount how far a list is counted; MaxMonth how
// many events a month shows; maxMatches how many of a text's best matches are looked at.
const (
	PageSize   = 20
	MaxMonth   = 400
	maxCount   = 1000
	maxMatches = 500
)

// Line is an event in a list, with the text that readers of the language see.
type Line struct {
	*Event
	Text translations.Live
}

// Listing is one page of a list, with how many the filter leaves and what it offers.
type Listing struct {
	postgres.Page[Line]
	Count     int
	Capped    bool // there are more than Count
	Kinds     []Choice
	Countries []Choice
	City      string // name of the filter's city
}

// List is one page of the events that the public sees: what is on or to come, the nearest
// first; or what is over, the latest first.
func (s *Service) List(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, at Place) (Listing, error) {
	var out Listing
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if err := out.offer(ctx, r, lang, f); err != nil {
			return err
		}
		sel, err := filtered(ctx, q, actor, lang, f)
		if err != nil {
			return err
		}
		s.when(sel, f.Past)
		if out.Count, err = r.count(ctx, sel); err != nil {
			return err
		}
		out.Count, out.Capped = min(out.Count, maxCount), out.Count > maxCount
		page, err := r.page(ctx, sel, at)
		if err != nil {
			return err
		}
		out.Next, out.Prev = page.Next, page.Prev
		out.Rows, err = lines(ctx, q, lang, page.Rows)
		return err
	})
	return out, err
}

// offer reads what the filters of a list offer.
func (l *Listing) offer(ctx context.Context, r repository, lang locale.Lang, f Filter) (err error) {
	if l.Kinds, err = r.kinds(ctx, lang, false); err != nil {
		return err
	}
	if l.Countries, err = r.countries(ctx, lang); err != nil || f.City == "" {
		return err
	}
	l.City, err = r.cityTitle(ctx, lang, f.City)
	return err
}

func (s *Service) when(sel *selection, past bool) {
	if past {
		sel.past(s.now())
		return
	}
	sel.upcoming(s.now())
}

// All lists the events that the filter leaves, at most limit, for files. What is to come
// reaches back by a time, so that a calendar that is read seldom still learns what changed.
func (s *Service) All(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, back time.Duration, limit int) ([]Line, error) {
	return s.pick(ctx, actor, lang, f, limit, func(sel *selection) {
		if f.Past {
			sel.past(s.now())
			return
		}
		sel.upcoming(s.now().Add(-back))
	})
}

// Month lists what touches a span of time, first to last, at most MaxMonth; with what the
// filters offer. Whether it is over does not matter.
func (s *Service) Month(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, from, to time.Time) (Listing, error) {
	var out Listing
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error { return out.offer(ctx, repository{q}, lang, f) })
	if err != nil {
		return out, err
	}
	out.Rows, err = s.pick(ctx, actor, lang, f, MaxMonth+1, func(sel *selection) { sel.during(from, to) })
	if len(out.Rows) > MaxMonth {
		out.Rows, out.Capped = out.Rows[:MaxMonth], true
	}
	out.Count = len(out.Rows)
	return out, err
}

// Upcoming lists the next events that are not called off, for the home page.
func (s *Service) Upcoming(ctx context.Context, lang locale.Lang, n int) ([]Line, error) {
	return s.pick(ctx, identity.Anyone(), lang, Filter{}, n, func(sel *selection) {
		sel.both.WriteString(" and e.state <> 'cancelled'")
		sel.upcoming(s.now())
	})
}

// CountUpcoming counts what is on or to come and not called off, up to a thousand and one.
func (s *Service) CountUpcoming(ctx context.Context) (n int, err error) {
	err = s.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) (err error) {
		sel := public(locale.Default)
		sel.both.WriteString(" and e.state <> 'cancelled'")
		sel.upcoming(s.now())
		n, err = repository{q}.count(ctx, sel)
		return err
	})
	return min(n, maxCount+1), err
}

func (s *Service) pick(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, limit int, when func(*selection)) ([]Line, error) {
	var out []Line
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		sel, err := filtered(ctx, q, actor, lang, f)
		if err != nil {
			return err
		}
		when(sel)
		list, err := repository{q}.all(ctx, sel, limit)
		if err != nil {
			return err
		}
		out, err = lines(ctx, q, lang, list)
		return err
	})
	return out, err
}

// lines puts the texts beside the events; one without a text to show is left out.
func lines(ctx context.Context, q postgres.Querier, lang locale.Lang, list []*Event) ([]Line, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(list))
	for i, e := range list {
		ids[i] = e.ID
	}
	texts, err := translations.LiveOf(ctx, q, string(lang), ids...)
	out := make([]Line, 0, len(list))
	for _, e := range list {
		if text, ok := texts[e.ID]; ok {
			out = append(out, Line{Event: e, Text: text})
		}
	}
	return out, err
}

// public is every event that the public sees.
func public(lang locale.Lang) *selection {
	sel := &selection{args: []any{string(lang)}}
	sel.both.WriteString(" and e.published_at < 'infinity'")
	return sel
}

func filtered(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, f Filter) (*selection, error) {
	sel := public(lang)
	if f.Kind != "" {
		sel.and(`e.kind_id = (select id from event_kinds where code = ?)`, f.Kind)
	}
	if f.Country != "" {
		sel.and(`e.country_id = (select id from countries where code = ?)`, f.Country)
	}
	if f.City != "" {
		sel.and(`e.city_id = (select id from municipalities where slug = ?)`, f.City)
	}
	if f.Text == "" {
		return sel, nil
	}
	return sel, sel.matching(ctx, q, actor, lang, f.Text)
}

// matching keeps what a text finds.
func (s *selection) matching(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, text string) error {
	hits, err := search.Find(ctx, q, actor, search.Query{Text: text, Kinds: []subject.Kind{subject.Event}, Lang: lang, Limit: maxMatches})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	s.none = len(ids) == 0
	s.and(`e.id = any(?)`, ids)
	return err
}

// FindCity is the slug of the municipality that a typed name means most likely; a name that
// nothing fits is returned as it is, and then no event is there.
func (s *Service) FindCity(ctx context.Context, actor identity.Actor, lang locale.Lang, name string) (string, error) {
	slug := name
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		hits, err := search.Find(ctx, q, actor, search.Query{Text: name, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: 1})
		if err != nil || len(hits) == 0 {
			return err
		}
		return q.QueryRow(ctx, `select slug from municipalities where id = $1`, hits[0].Ref.ID).Scan(&slug)
	})
	return slug, err
}
