package profiles

import "time"

// Item is one thing that a complete profile has.
type Item struct {
	Key  string // message keys: "profiles.item.<Key>" what it is, "profiles.lacks.<Key>" why it counts as missing
	Done bool
	Path string // below the municipality's profile, where it is filled in
}

// Score says how complete a profile is, and why.
type Score struct{ Items []Item }

// Total is how many things are asked for, Done how many are there.
func (s Score) Total() int { return len(s.Items) }

// Done counts what is there.
func (s Score) Done() int { return len(s.Items) - len(s.Missing()) }

// Missing lists what is not there, in the order of the page.
func (s Score) Missing() []Item {
	var out []Item
	for _, item := range s.Items {
		if !item.Done {
			out = append(out, item)
		}
	}
	return out
}

// What ages: a count of inhabitants, a self-assessment, and the word that all is right.
const (
	freshPopulation = 3 // years
	freshMaturity   = 2
	ConfirmEvery    = 1
)

// minTexts is in how many languages a municipality describes itself at least.
const minTexts = 2

// Completeness is the pure rule: what a profile has on a day, and what it lacks. Sister
// cities are not asked for: a municipality without one is complete.
func Completeness(p Profile, today time.Time) Score {
	f := p.Facts
	return Score{Items: []Item{
		{"names", f.known(NativeName) && f.known(LatinName) && f.known(EnglishName), "/facts"},
		{"population", freshCount(f[Population]["population_year"], today), "/facts"},
		{"area", f.known(Area), "/facts"},
		{"head", f.known(HeadOfCity) && !before(f[HeadOfCity]["head_until"], today), "/facts"},
		{"seat", f.known(Seat), "/facts"},
		{"texts", len(p.Texts) >= minTexts, ""},
		{"coat", p.Coat != nil, "/coat"},
		{"strengths", p.has(func(s Sector) bool { return s.Strength }), "/sectors"},
		{"needs", p.has(func(s Sector) bool { return s.Need }), "/sectors"},
		{"website", p.Website != "", "/website"},
		{"contacts", p.Listed > 0, "/../contacts"},
		{"maturity", p.MaturityAt != nil && p.MaturityAt.AddDate(freshMaturity, 0, 0).After(today) && p.Maturity.Check() == nil, "/maturity"},
		{"confirmed", p.Confirmed(today), "/confirm"},
	}}
}

func freshCount(year string, today time.Time) bool {
	t, err := time.Parse("2006", year)
	return err == nil && t.Year() >= today.Year()-freshPopulation
}

// before reports an ISO day that has passed; a day that nobody knows has not.
func before(isoDay string, today time.Time) bool {
	return isoDay != "" && isoDay < today.Format(time.DateOnly)
}
