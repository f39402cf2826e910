package membership

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/forms"
)

// Person is a person or an office that the applicant named.
type Person struct{ Name, Position, Email, Phone string }

// Facts are the answers as a member's record takes them.
type Facts struct {
	Kind                 Kind
	Country              string // code; "other": not in the list
	Name, Latin, English string
	Region               string
	Point                *forms.Point
	Population           int64
	PopulationYear       int
	Area                 string // square kilometres, exact; empty: not said
	Budget, Currency     string
	BudgetYear           int
	Head                 string
	HeadSince, HeadUntil time.Time // zero: not said
	Office               Person
	Approver, Editor     Person
	Resolution           string
	ResolvedOn           time.Time
	Delegates            []string
	Alternates           []string
}

// factsOf reads the answers; what the path did not reach is empty.
func factsOf(a forms.Answers) Facts {
	f := Facts{Kind: Kind(a[fieldKind].Text), Country: a[fieldCountry].Text, Name: line(a[fieldName]), Latin: line(a[fieldLatin]),
		English: line(a[fieldEnglish]), Region: line(a[fieldRegion]), Point: a[fieldPlace].Place, Population: whole(a[fieldPopulation]),
		PopulationYear: int(whole(a[fieldYear])), Area: a[fieldArea].Number, Budget: a[fieldBudget].Number, Currency: a[fieldBudget].Currency,
		BudgetYear: int(whole(a[fieldBudgetYear])), Head: line(a[fieldHead]), Office: person(a[fieldOffice]), Approver: person(a[fieldApprover]),
		Editor: person(a[fieldEditor]), Resolution: line(a[fieldNumber]), Delegates: lines(a[fieldDelegates]), Alternates: lines(a[fieldAlternates])}
	f.HeadSince, _ = a[fieldSince].Day()
	f.HeadUntil, _ = a[fieldUntil].Day()
	f.ResolvedOn, _ = a[fieldDate].Day()
	return f
}

// seat is the address at the place that the applicant gave, as the register holds a town
// hall's; empty: none was given.
func (f Facts) seat() string {
	if f.Point == nil {
		return ""
	}
	return cut(strings.Join(strings.Fields(f.Point.Address), " "), 300)
}

func line(v forms.Value) string { return strings.TrimSpace(v.Text) }

func whole(v forms.Value) int64 {
	n, _ := strconv.ParseInt(v.Number, 10, 64) // was checked to be whole
	return n
}

// lines are the names of a list, one a line.
func lines(v forms.Value) []string {
	var out []string
	for name := range strings.Lines(v.Text) {
		if name = cut(strings.TrimSpace(strings.TrimLeft(name, "-–•* \t0123456789.)")), 200); name != "" {
			out = append(out, name)
		}
	}
	return out
}

func person(v forms.Value) Person {
	if v.Person == nil {
		return Person{}
	}
	return Person{Name: v.Person.Name, Position: v.Person.Position, Email: strings.TrimSpace(v.Person.Email), Phone: v.Person.Phone}
}

// listed copies what lists and letters need of the answers.
func (a *Application) listed(f Facts) {
	a.Name, a.Population = cut(cmp.Or(f.Name, f.English), 200), f.Population
	if f.Kind != "" {
		a.Kind = f.Kind
	}
}

func cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
