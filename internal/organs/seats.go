package organs

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Kinds of members that seats are given to, in the order of the statute.
func Kinds() []string {
	return []string{"full", "national_association", "regional_association", "international_organization", "associate", "observer", "honorary", "partner"}
}

// Band gives a number of seats to a kind of member from a population on.
type Band struct {
	Kind  string
	From  int64 // inhabitants
	Seats int
}

// SeatRule says how many seats each member has in the assembly, from a day on.
type SeatRule struct {
	From  time.Time
	Bands []Band
}

// Seats is how many seats a member has; one whose population is not known has those of the
// smallest class.
func (r SeatRule) Seats(kind string, population *int64) int {
	seats, from := 0, int64(-1)
	for _, b := range r.Bands {
		if b.Kind == kind && b.From > from && (b.From == 0 || population != nil && b.From <= *population) {
			seats, from = b.Seats, b.From
		}
	}
	return seats
}

// Rank is what a person on the list of credentials is.
type Rank string

// The ranks; the table's CHECK lists the same.
const (
	ByOffice   Rank = "head" // the head of the municipality
	Delegate   Rank = "delegate"
	Substitute Rank = "alternate"
)

// Named is a person whom a member named, or its head.
type Named struct {
	Source  int64 // id of the row that names the person
	Rank    Rank
	Order   int // among those of a rank
	Name    string
	Expired bool // the term is over on the day of the assembly
}

// person names the row, so that an arrival survives that the list is drawn up again.
func (n Named) person() string {
	if n.Rank == ByOffice {
		return fmt.Sprintf("head:%d", n.Source)
	}
	return fmt.Sprintf("delegate:%d", n.Source)
}

// Entry is one member on the list of credentials.
type Entry struct {
	OrgID      int64
	Title      string // in the union's language, which the list is ordered by
	Names      []string
	Kind       string
	Population *int64
	Seats      int
	People     []Named
}

// Named counts the head and the delegates: those who may take a seat without anybody missing.
func (e Entry) Named() int {
	n := 0
	for _, p := range e.People {
		if p.Rank != Substitute {
			n++
		}
	}
	return n
}

// Votes is how many of the member may be in the assembly at once.
func (e Entry) Votes() int { return min(e.Seats, e.Named()) }

// give applies the rule to the members, and leaves out those without a seat.
func (r SeatRule) give(list []Entry) []Entry {
	out := list[:0]
	for _, e := range list {
		e.Seats = r.Seats(e.Kind, e.Population)
		if e.Seats == 0 {
			continue
		}
		slices.SortStableFunc(e.People, func(a, b Named) int {
			return cmp.Or(cmp.Compare(rankOrder(a.Rank), rankOrder(b.Rank)), cmp.Compare(a.Order, b.Order), cmp.Compare(a.Source, b.Source))
		})
		out = append(out, e)
	}
	return out
}

func rankOrder(r Rank) int { return slices.Index([]Rank{ByOffice, Delegate, Substitute}, r) }
