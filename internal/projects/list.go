package projects

import (
	"context"
	"slices"
	"time"

	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
	"github.com/birlik/portal/internal/workflow"
)

// Filter narrows a list; empty fields do not.
type Filter struct {
	Text    string
	Country string // code
	Sector  string
	Kind    string
	State   workflow.State
}

// Zero reports whether nothing is filtered.
func (f Filter) Zero() bool { return f == Filter{} }

// Place in a list: after or before a project's cursor; both empty for the first page.
type Place struct{ After, Before string }

// PageSize is how many rows a page has; MaxPoints how many places a map shows; MaxExport how
// many rows a file has; maxCount how far a list is counted; maxMatches how many of a text's best matches are looked at.
const (
	PageSize   = 24
	MaxPoints  = 2000
	MaxExport  = 50_000
	maxCount   = 1000
	maxMatches = 300
)

// Choice is something to filter by.
type Choice struct{ Code, Title string }

// Line is a project in a list, with the text that readers of the language see.
type Line struct {
	*Project
	Text translations.Live
}

// Listing is one page of a list, with how many the filter leaves and what it offers.
type Listing struct {
	postgres.Page[Line]
	Count     int
	Capped    bool
	Countries []Choice
}

// List is one page of the published projects, newest decisions first; staff see the hidden
// ones too.
func (s *Service) List(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, at Place) (Listing, error) {
	var out Listing
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		w, err := filtered(ctx, q, actor, lang, f)
		if err != nil {
			return err
		}
		if out.Countries, err = r.countries(ctx, lang); err != nil {
			return err
		}
		if out.Count, err = r.count(ctx, w); err != nil {
			return err
		}
		out.Count, out.Capped = min(out.Count, maxCount), out.Count > maxCount
		page, err := r.page(ctx, w, at)
		if err != nil {
			return err
		}
		out.Next, out.Prev = page.Next, page.Prev
		out.Rows, err = lines(ctx, q, lang, page.Rows)
		return err
	})
	return out, err
}

// All lists every project that the filter leaves, at most limit, for maps and files.
func (s *Service) All(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, limit int) ([]Line, error) {
	var out []Line
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		w, err := filtered(ctx, q, actor, lang, f)
		if err != nil {
			return err
		}
		list, err := (repository{q}).all(ctx, w, limit)
		if err != nil {
			return err
		}
		out, err = lines(ctx, q, lang, list)
		return err
	})
	return out, err
}

// OfMunicipality lists the published projects that a municipality leads, newest first.
func (s *Service) OfMunicipality(ctx context.Context, actor identity.Actor, lang locale.Lang, orgID int64) ([]Line, error) {
	var out []Line
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		w := &where{args: []any{string(lang)}}
		w.sql.WriteString(" and p.published")
		w.and(`p.org_id = ?`, orgID)
		list, err := (repository{q}).all(ctx, w, PageSize)
		if err != nil {
			return err
		}
		out, err = lines(ctx, q, lang, list)
		return err
	})
	return out, err
}

// lines puts the texts beside the projects; one without a text to show is left out.
func lines(ctx context.Context, q postgres.Querier, lang locale.Lang, list []*Project) ([]Line, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	texts, err := translations.LiveOf(ctx, q, string(lang), ids...)
	out := make([]Line, 0, len(list))
	for _, p := range list {
		if text, ok := texts[p.ID]; ok {
			out = append(out, Line{Project: p, Text: text})
		}
	}
	return out, err
}

func filtered(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang, f Filter) (*where, error) {
	w := &where{args: []any{string(lang)}}
	if actor.Side != identity.Staff || !actor.Can(identity.ReadProjects) {
		w.sql.WriteString(" and p.published")
	}
	if f.Country != "" {
		w.and(`p.country_id = (select id from countries where code = ?)`, f.Country)
	}
	if f.Sector != "" {
		w.and(`p.sector = ?`, f.Sector)
	}
	if f.Kind != "" {
		w.and(`p.kind = ?`, f.Kind)
	}
	if slices.Contains(States(), f.State) {
		w.and(`p.state = ?`, string(f.State))
	}
	if f.Text == "" {
		return w, nil
	}
	hits, err := search.Find(ctx, q, actor, search.Query{Text: f.Text, Kinds: []subject.Kind{subject.Project}, Lang: lang, Limit: maxMatches})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	w.none = len(ids) == 0
	w.and(`p.id = any(?)`, ids)
	return w, err
}

// Page is a project's public page.
type Page struct {
	*Project
	Text   translations.Page
	States []Reached // first to last
	Photos []documents.Document
}

// Reached is a state that a project came to, as everybody may know.
type Reached struct {
	State workflow.State
	On    time.Time
}

// Page reads a published project at its address. Errors: not found.
func (s *Service) Page(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string) (Page, error) {
	var out Page
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		id, err := translations.Find(ctx, q, subject.Project, slug, string(lang))
		if err != nil {
			return err
		}
		if out.Project, err = (repository{q}).byID(ctx, lang, id, true); err != nil {
			return err
		}
		if out.Text, err = translations.Read(ctx, q, id, string(lang)); err != nil {
			return err
		}
		out.Photos, err = documents.Of(ctx, q, out.Ref(), SortPhoto)
		return err
	})
	if err != nil {
		return out, err
	}
	// Moves are not everybody's to read, because they name who made them; states and days are.
	err = s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		steps, err := workflow.History(ctx, q, out.Ref())
		for _, step := range steps {
			out.States = append(out.States, Reached{State: step.To, On: step.At})
		}
		return err
	})
	return out, err
}

// SortPhoto is the sort of a project's public pictures.
const SortPhoto = "photo"
