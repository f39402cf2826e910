package municipalities

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Service answers what the public may know of municipalities, and lets administrators edit
// the lists of countries and fields.
type Service struct {
	db  postgres.DB
	now func() time.Time
}

// New makes the service.
func New(db postgres.DB, now func() time.Time) *Service { return &Service{db: db, now: now} }

// Listing is one page of the directory with what its filters offer.
type Listing struct {
	postgres.Page[Row]
	Count     int  // members that fit the filter
	Capped    bool // there are more than Count
	Countries []Choice
	Regions   []Choice // of the chosen country
	Fields    []Choice
}

// PageSize is how many rows a page of the directory has; MaxPoints how many places a map
// shows; maxCount how far a list is counted.
const (
	PageSize  = 30
	MaxPoints = 5000
	maxCount  = 5000
)

// Place in a list: after or before the municipality with that slug; both empty for the
// first page.
type Place struct{ After, Before string }

// Directory lists the members that fit the filter, ordered as the language orders names; a
// filter with a text lists by how well the text fits, and names reference places too, so
// that whoever looks for one learns that it is none.
func (s *Service) Directory(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, at Place) (Listing, error) {
	var out Listing
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Countries, err = r.memberCountries(ctx, lang); err != nil {
			return err
		}
		if out.Fields, err = r.fieldChoices(ctx, lang); err != nil {
			return err
		}
		if f.Country != "" {
			if out.Regions, err = r.regionsOf(ctx, f.Country); err != nil {
				return err
			}
		}
		return s.fill(ctx, r, actor, lang, f, at, &out)
	})
	return out, err
}

func (s *Service) fill(ctx context.Context, r repository, actor identity.Actor, lang locale.Lang, f Filter, at Place, out *Listing) error {
	if f.Text != "" {
		rows, err := r.ranked(ctx, actor, lang, f)
		if err != nil {
			return err
		}
		out.Count, out.Capped = len(rows), len(rows) >= maxRanked
		out.Page = cutRanked(rows, at)
		return nil
	}
	var err error
	if out.Count, err = r.count(ctx, lang, f); err != nil {
		return err
	}
	out.Count, out.Capped = min(out.Count, maxCount), out.Count > maxCount
	out.Page, err = r.list(ctx, lang, f, at)
	return err
}

// maxRanked is how many of the best matches of a text are listed.
const maxRanked = 300

// ranked finds the municipalities that fit a text, best first, and keeps those that pass
// the other filters.
func (r repository) ranked(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter) ([]Row, error) {
	hits, err := search.Find(ctx, r.db, actor, search.Query{
		Text: f.Text, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: maxRanked,
	})
	if err != nil || len(hits) == 0 {
		return nil, err
	}
	ids := make([]int64, len(hits))
	for i, h := range hits {
		ids[i] = h.Ref.ID
	}
	rows, err := r.byID(ctx, lang, f, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Row, 0, len(rows))
	for _, h := range hits {
		if row, ok := rows[h.Ref.ID]; ok {
			row.Matched = h.Name
			out = append(out, row)
		}
	}
	return out, nil
}

// cutRanked takes one page out of the matches.
func cutRanked(rows []Row, at Place) postgres.Page[Row] {
	start := 0
	for i, row := range rows {
		switch row.Slug {
		case at.After:
			start = i + 1
		case at.Before:
			start = max(0, i-PageSize)
		}
	}
	end := min(start+PageSize, len(rows))
	page := postgres.Page[Row]{Rows: rows[start:end]}
	if end < len(rows) {
		page.Next = rows[end-1].Slug
	}
	if start > 0 && start < len(rows) {
		page.Prev = rows[start].Slug
	}
	return page
}

// Point is a municipality on a map.
type Point struct {
	Slug       string
	Title      string
	Country    string
	Lat, Lon   float64
	Population *int64
}

// Points lists the members that fit the filter as places on a map, the largest first, at
// most limit of them.
func (s *Service) Points(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, limit int) ([]Point, error) {
	var out []Point
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		var ids []int64
		if f.Text != "" {
			rows, err := r.ranked(ctx, actor, lang, f)
			if err != nil {
				return err
			}
			for _, row := range rows {
				ids = append(ids, row.ID)
			}
			if len(ids) == 0 {
				return nil
			}
		}
		var err error
		out, err = r.points(ctx, lang, f, ids, limit)
		return err
	})
	return out, err
}

// Suggest lists the municipalities that a person may mean while typing, best first.
func (s *Service) Suggest(ctx context.Context, actor identity.Actor, lang locale.Lang, text string, limit int) ([]Row, error) {
	var out []Row
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = repository{q}.ranked(ctx, actor, lang, Filter{Text: text})
		return err
	})
	return out[:min(limit, len(out))], err
}

// Profile is a municipality's page. Errors: not found; a former member is found, and its
// Standing says so.
func (s *Service) Profile(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string) (Profile, error) {
	var out Profile
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		out, err = repository{q}.profile(ctx, lang, slug)
		return err
	})
	return out, err
}

// Export hands every member that fits the filter to each, in the order of the directory.
func (s *Service) Export(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, each func(ExportRow) error) error {
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if f.Text == "" {
			return r.export(ctx, lang, f, nil, each)
		}
		rows, err := r.ranked(ctx, actor, lang, f)
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]int64, len(rows))
		for i, row := range rows {
			ids[i] = row.ID
		}
		return r.export(ctx, lang, f, ids, each)
	})
}

// Locate is the subject.Locator of municipalities.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, err := repository{q}.byID(ctx, locale.Lang(lang), Filter{}, ids)
		for id, row := range rows {
			out[id] = subject.Place{Title: row.Title, Path: "/" + lang + "/municipalities/" + row.Slug}
		}
		return err
	})
	return out, err
}

// SourceIDs names municipalities by where their facts come from, for exports and commands.
func (s *Service) SourceIDs(ctx context.Context, ids []int64) (map[int64]string, error) {
	out := map[int64]string{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		out, err = repository{q}.sourceIDs(ctx, ids)
		return err
	})
	return out, err
}
