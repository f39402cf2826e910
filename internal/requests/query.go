package requests

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// The words of the query language, one for each thing that a filter narrows by:
// "office:legal status:review lead:@me due:<7d city:osh".
const (
	wordStatus  = "status"
	wordService = "service"
	wordOffice  = "office"
	wordLead    = "lead"
	wordDue     = "due"
	wordCity    = "city"
	wordCountry = "country"
	wordSector  = "sector"
	wordIs      = "is"
	wordChannel = "channel"
)

// spoken are the words as people say them in their own language, folded.
var spoken = func() map[string]string {
	out := map[string]string{}
	for word, others := range map[string][]string{
		wordStatus: {"state", "durum", "статус", "состояние"}, wordService: {"hizmet", "услуга"}, wordOffice: {"birim", "отдел"},
		wordLead: {"owner", "assignee", "görevli", "исполнитель"}, wordDue: {"süre", "срок"}, wordCity: {"belediye", "kent", "город", "муниципалитет"},
		wordCountry: {"ülke", "страна"}, wordSector: {"alan", "сектор"}, wordIs: {},
		wordChannel: {"kanal", "канал"},
	} {
		for _, w := range append(others, word) {
			out[fold.Join(fold.Key(w))] = word
		}
	}
	for word, others := range figureWords {
		for _, w := range append(others, word) {
			out[fold.Join(fold.Key(w))] = word
		}
	}
	return out
}()

// Understand reads the query language in a filter's text: what it understands narrows the
// filter, what it does not is named and stays in the text, so that nothing typed is lost.
// Errors: sign_in, forbidden.
func (s *Service) Understand(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter) (out Filter, unknown []string, err error) {
	if err := actor.May(identity.ReadRequests); err != nil {
		return f, nil, err
	}
	if !strings.ContainsAny(f.Text, ":@") {
		return f, nil, nil
	}
	k := vocabulary{lang: lang}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if k.officers, err = r.officers(ctx); err != nil {
			return err
		}
		if k.offices, err = services.Offices(ctx, q); err != nil {
			return err
		}
		if k.services, err = services.Every(ctx, q); err != nil {
			return err
		}
		k.countries, err = r.countries(ctx, lang)
		return err
	})
	if err != nil {
		return f, nil, err
	}
	out, unknown = k.read(f)
	return out, unknown, nil
}

// vocabulary is what values of the language can name.
type vocabulary struct {
	lang      locale.Lang
	officers  []Officer
	offices   []services.Bureau
	services  []services.Service
	countries []Choice
}

func (k vocabulary) read(f Filter) (Filter, []string) {
	var rest, unknown []string
	for _, token := range tokens(f.Text) {
		word, value, ok := strings.Cut(token, ":")
		if token == Me {
			word, value, ok = wordLead, Me, true
		}
		name := spoken[fold.Join(fold.Key(word))]
		switch {
		case !ok || name == "" || value == "":
			rest = append(rest, token)
		case !k.set(&f, name, strings.Trim(value, `"`)):
			rest, unknown = append(rest, token), append(unknown, token)
		}
	}
	f.Text = strings.Join(rest, " ")
	return f, unknown
}

// tokens parts a query at blanks, but not within quotation marks.
func tokens(text string) []string {
	quoted := false
	return strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && r == ' '
	})
}

// set narrows a filter by one word; false where the value means nothing.
func (k vocabulary) set(f *Filter, word, value string) bool {
	switch word {
	case wordStatus:
		return named(value, StaffStates(), &f.State, func(s workflow.State) []string {
			return []string{string(s), locale.Text(k.lang, "requests.state."+string(s))}
		})
	case wordService:
		return coded(value, k.services, &f.Service, func(s services.Service) (string, []string) { return s.Code, k.called(s) })
	case wordOffice:
		return coded(value, k.offices, &f.Office, func(b services.Bureau) (string, []string) { return b.Code, []string{b.Code, b.Names.In(k.lang)} })
	case wordLead:
		if value == Me || value == Nobody {
			f.Assignee = value
			return true
		}
		return coded(value, k.officers, &f.Assignee, func(o Officer) (string, []string) { return o.PublicID, []string{o.PublicID, o.Name} })
	case wordCountry:
		return coded(value, k.countries, &f.Country, func(c Choice) (string, []string) { return c.Code, []string{c.Code, c.Title} })
	case wordSector:
		return named(value, Sectors(), &f.Sector, func(s string) []string { return []string{s, locale.Text(k.lang, "requests.sector."+s)} })
	case wordChannel:
		return named(value, AllChannels(), &f.Channel, func(c Channel) []string {
			return []string{string(c), locale.Text(k.lang, "requests.channel."+string(c))}
		})
	case wordCity:
		f.City = value
		return true
	case wordDue:
		return f.setDue(value)
	case wordIs:
		return f.setIs(value)
	}
	return k.setFigure(f, word, value)
}

// called are the names of a service; one that was never put in force has no title.
func (k vocabulary) called(s services.Service) []string {
	if s.Definition == nil {
		return []string{s.Code, s.Slug}
	}
	return []string{s.Code, s.Slug, s.Title.In(k.lang)}
}

func (f *Filter) setIs(value string) bool {
	switch value {
	case "overdue", "late":
		f.Overdue = true
	case ScopeOpen, ScopeClosed, ScopeAll:
		f.Scope = value
	default:
		return false
	}
	return true
}

// setDue reads "<7d", "7d", "today", "late" and "<2026-12-01".
func (f *Filter) setDue(value string) bool {
	switch value = strings.TrimPrefix(value, "<"); value {
	case "late", "overdue":
		f.Overdue = true
		return true
	case "today":
		value = "0d"
	}
	if _, ok := dueBound(value, time.Time{}); !ok {
		return false
	}
	f.Due = value
	return true
}

// maxDays bounds how far ahead a date is asked for.
const maxDays = 3650

// dueBound is the last day of a date's condition: "7d" counts from today.
func dueBound(text string, today time.Time) (time.Time, bool) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.Atoi(days)
		return today.AddDate(0, 0, n), err == nil && n >= 0 && n <= maxDays
	}
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil
}

// named finds the one of a closed set that a value means: its code, the beginning of one of
// its names, or a word of them, if no other one has it.
func named[T comparable](value string, set []T, into *T, names func(T) []string) bool {
	key := fold.Join(fold.Key(value))
	var found []T
	for _, x := range set {
		switch fit := fits(key, names(x)); {
		case fit == whole:
			*into = x
			return true
		case fit == piece:
			found = append(found, x)
		}
	}
	if key == "" || len(found) != 1 {
		return false
	}
	*into = found[0]
	return true
}

// coded is named for what is stored by a code.
func coded[T any](value string, set []T, into *string, names func(T) (code string, names []string)) bool {
	var codes []string
	all := map[string][]string{}
	for _, x := range set {
		code, called := names(x)
		codes, all[code] = append(codes, code), called
	}
	return named(value, codes, into, func(code string) []string { return all[code] })
}

// How a value fits names.
const (
	not = iota
	piece
	whole
)

// fits compares a folded value with names: all of one, or the beginning of one of its words.
func fits(key string, names []string) int {
	best := not
	for _, name := range names {
		folded := fold.Key(strings.ReplaceAll(name, "_", " "))
		if fold.Join(folded) == key {
			return whole
		}
		words := strings.Fields(folded)
		for i := range words {
			if strings.HasPrefix(fold.Join(strings.Join(words[i:], " ")), key) {
				best = piece
			}
		}
	}
	return best
}

// Query writes a filter in the query language, to be copied and typed again anywhere.
func (f Filter) Query() string {
	var out []string
	for _, p := range [][2]string{{wordStatus, string(f.State)}, {wordService, strings.ReplaceAll(f.Service, "_", "-")}, {wordOffice, f.Office},
		{wordLead, f.Assignee}, {wordDue, before(f.Due)}, {wordCity, f.City}, {wordCountry, f.Country}, {wordSector, f.Sector}, {wordIs, f.Scope},
		{wordChannel, string(f.Channel)},
		{wordReceived, f.Received}, {wordDecided, f.Decided}, {wordOutcome, f.Outcome}, {wordAge, f.Age}, {wordReviewed, f.Reviewed}, {wordRated, f.Rated}} {
		if p[1] == "" {
			continue
		}
		if strings.Contains(p[1], " ") {
			p[1] = `"` + strings.ReplaceAll(p[1], `"`, "") + `"`
		}
		out = append(out, p[0]+":"+p[1])
	}
	if f.Overdue {
		out = append(out, wordIs+":overdue")
	}
	return strings.Join(slices.DeleteFunc(append(out, f.Text), func(s string) bool { return s == "" }), " ")
}

func before(due string) string {
	if due == "" {
		return ""
	}
	return "<" + due
}

// maxCities is how many of the best matches of a city's name are looked at.
const maxCities = 50

// of narrows to what the municipalities of a name have asked for.
func (w *where) of(ctx context.Context, r repository, actor identity.Actor, city string) error {
	if city == "" {
		return nil
	}
	hits, err := search.Find(ctx, r.db, actor, search.Query{Text: city, Kinds: []subject.Kind{subject.Municipality, subject.Organisation}, Lang: w.lang, Limit: maxCities})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	w.none = len(ids) == 0
	w.and(`r.org_id = any(?)`, ids)
	return err
}
