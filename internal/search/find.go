package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Query asks for records by what a person typed.
type Query struct {
	Text  string
	Kinds []subject.Kind // all of Kinds() where empty
	Lang  locale.Lang    // the language that hits are shown in
	Limit int            // of each kind; 10 where zero, 1,000 at most
}

// Hit is one record that was found.
type Hit struct {
	Ref       subject.Ref
	Title     string
	Name      string // the other name that matched, where the title does not show why
	Excerpt   string
	Reference string
	Path      string
	Lang      string // of the texts
	Near      bool   // found by guessing at a typing error
	tier      int
	standing  int32
}

// Kinds lists what a search without kinds looks for, in the order of its page.
func Kinds() []subject.Kind {
	return []subject.Kind{subject.Municipality, subject.Organisation, subject.Request, subject.Project, subject.Event,
		subject.Article, subject.Issue, subject.SitePage, subject.Decision, subject.Meeting, subject.Service, subject.CircularCopy, subject.Circular}
}

// Limits of one look into the index: they bound the time that the commonest word takes.
const (
	defaultLimit = 10
	maxLimit     = 1000
	maxTyped     = 200 // characters; what is typed beyond them is not looked at
	maxQueryLen  = 8   // words
)

// Find lists what the actor may see and the text fits, best first: whole titles, whole other
// names, beginnings, all words in any order; and, where nothing fits, names within a typing
// error. It answers nothing for a text without a letter.
func Find(ctx context.Context, q postgres.Querier, actor identity.Actor, query Query) ([]Hit, error) {
	f := newFinder(q, actor, query)
	if f.joined == "" {
		return nil, nil
	}
	steps := []func(context.Context) error{f.wholeNames}
	if len(f.words) > 1 {
		steps = append(steps, f.allWords)
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	if len(f.found) == 0 {
		if err := f.nearNames(ctx); err != nil {
			return nil, err
		}
	}
	return f.show(ctx)
}

// finder is one search on its way.
type finder struct {
	db     postgres.Querier
	query  Query
	scopes []string
	kinds  []string
	joined string   // the whole text as one word
	words  []string // the text's words
	found  map[subject.Ref]Hit
}

func newFinder(q postgres.Querier, actor identity.Actor, query Query) *finder {
	query.Limit = min(cmp.Or(max(query.Limit, 0), defaultLimit), maxLimit)
	if len(query.Kinds) == 0 {
		query.Kinds = Kinds()
	}
	if runes := []rune(query.Text); len(runes) > maxTyped {
		query.Text = string(runes[:maxTyped])
	}
	key := fold.Key(query.Text)
	words := strings.Fields(key)
	f := &finder{db: q, query: query, scopes: scopesOf(actor), found: map[subject.Ref]Hit{}}
	f.joined = cut(fold.Join(key), maxWord)
	f.words = words[:min(len(words), maxQueryLen)]
	for _, k := range query.Kinds {
		f.kinds = append(f.kinds, string(k))
	}
	return f
}

// scopesOf lists what an actor may find; row-level security is the second wall.
func scopesOf(a identity.Actor) []string {
	switch a.Side {
	case identity.Member:
		return []string{string(Public), string(Org(a.OrgID))}
	case identity.Staff, identity.System:
		return []string{string(Public), string(Staff)}
	}
	return []string{string(Public)}
}

// after is the first word that no longer begins with prefix, in byte order.
func after(prefix string) string { return prefix + "\U0010FFFF" }

// keep remembers a match where it is better than what is known of its subject.
func (f *finder) keep(h Hit) {
	if known, ok := f.found[h.Ref]; !ok || h.tier < known.tier {
		f.found[h.Ref] = h
	}
}

// best lists the matches in order, at most Limit of each kind.
func (f *finder) best() []Hit {
	all := make([]Hit, 0, len(f.found))
	for _, h := range f.found {
		all = append(all, h)
	}
	slices.SortFunc(all, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(a.standing, b.standing), cmp.Compare(a.Ref.ID, b.Ref.ID))
	})
	count := map[subject.Kind]int{}
	return slices.DeleteFunc(all, func(h Hit) bool {
		count[h.Ref.Kind]++
		return count[h.Ref.Kind] > f.query.Limit
	})
}
