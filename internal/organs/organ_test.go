package organs

import (
	"testing"
	"time"
)

func TestQuorums(t *testing.T) {
	for _, c := range []struct {
		rule           Quorum
		entitled, want int
	}{
		{MoreThanHalf, 0, 1}, {MoreThanHalf, 1, 1}, {MoreThanHalf, 10, 6}, {MoreThanHalf, 11, 6},
		{TwoThirds, 0, 1}, {TwoThirds, 9, 6}, {TwoThirds, 10, 7}, {TwoThirds, 11, 8},
		{OneThird, 0, 1}, {OneThird, 9, 3}, {OneThird, 10, 4},
	} {
		if got := c.rule.Needed(c.entitled); got != c.want {
			t.Errorf("%s of %d: %d, want %d", c.rule, c.entitled, got, c.want)
		}
	}
}

// TestAlternatesStandIn: they add nobody to those entitled, and count for who is away.
func TestAlternatesStandIn(t *testing.T) {
	seat := func(office Office, presence Presence) Attendee {
		return Attendee{Seat: Seat{Office: office}, Presence: presence}
	}
	c := countBoard(MoreThanHalf, []Attendee{seat(Chair, Present), seat(Member, Excused), seat(Member, ""), seat(Alternate, Present), seat(Alternate, Absent)})
	if c.Entitled != 3 || c.Present != 2 || !c.Reached() {
		t.Errorf("%+v", c)
	}
	c = countBoard(MoreThanHalf, []Attendee{seat(Chair, Present), seat(Alternate, Present), seat(Alternate, Present)})
	if c.Present != 1 {
		t.Errorf("more are there than are entitled: %+v", c)
	}
}

func TestSeatsByClass(t *testing.T) {
	rule := SeatRule{Bands: []Band{{"full", 0, 1}, {"full", 20_000, 2}, {"full", 100_000, 3}, {"observer", 0, 0}}}
	n := func(x int64) *int64 { return &x }
	for _, c := range []struct {
		kind       string
		population *int64
		want       int
	}{
		{"full", nil, 1}, {"full", n(1), 1}, {"full", n(19_999), 1}, {"full", n(20_000), 2}, {"full", n(9_000_000), 3},
		{"observer", n(9_000_000), 0}, {"partner", n(5), 0},
	} {
		if got := rule.Seats(c.kind, c.population); got != c.want {
			t.Errorf("%s of %v: %d seats, want %d", c.kind, c.population, got, c.want)
		}
	}
	list := rule.give([]Entry{
		{OrgID: 1, Kind: "full", Population: n(30_000), People: []Named{{2, Substitute, 1, "C", false}, {1, Delegate, 2, "B", false}, {9, ByOffice, 1, "A", false}}},
		{OrgID: 2, Kind: "observer"}, {OrgID: 3, Kind: "full"},
	})
	if len(list) != 2 || list[0].Seats != 2 || list[0].Named() != 2 || list[0].Votes() != 2 || list[0].People[0].Rank != ByOffice || list[0].People[2].Rank != Substitute {
		t.Errorf("%+v", list)
	}
	if list[1].Votes() != 0 || list[1].Seats != 1 {
		t.Errorf("nobody was named: %+v", list[1])
	}
}

func TestPlansAreChecked(t *testing.T) {
	good := Plan{Number: "3", Session: Ordinary, Mode: Hybrid, Place: "İstanbul", Zone: "Europe/Istanbul", Starts: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	if p := good; p.check() != nil {
		t.Fatal(p.check())
	}
	for name, change := range map[string]func(*Plan){
		"no number": func(p *Plan) { p.Number = "" }, "no place": func(p *Plan) { p.Place = "" }, "no zone": func(p *Plan) { p.Zone = "Local" },
		"a script": func(p *Plan) { p.OnlineURL = "javascript:alert(1)" }, "no day": func(p *Plan) { p.Starts = time.Time{} },
		"an hour that never comes": func(p *Plan) { p.Zone, p.Starts = "Europe/Berlin", time.Date(2026, 3, 29, 2, 30, 0, 0, time.UTC) },
	} {
		p := good
		if change(&p); p.check() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
