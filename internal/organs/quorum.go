package organs

// Quorum is the rule that says how many must be there for a meeting to decide.
type Quorum string

// The rules; the tables' CHECKs list the same.
const (
	MoreThanHalf Quorum = "more_than_half"
	TwoThirds    Quorum = "two_thirds"
	OneThird     Quorum = "one_third"
)

// Quorums lists them all.
func Quorums() []Quorum { return []Quorum{MoreThanHalf, TwoThirds, OneThird} }

// Needed is how many of those entitled must be there; one at least, so that nobody's
// meeting decides.
func (q Quorum) Needed(entitled int) int {
	switch q {
	case TwoThirds:
		return max(1, (2*entitled+2)/3)
	case OneThird:
		return max(1, (entitled+2)/3)
	default:
		return entitled/2 + 1
	}
}

// Count is a quorum as it was counted, or as it stands.
type Count struct {
	Rule     Quorum
	Entitled int
	Present  int
}

// Needed is how many must be there.
func (c Count) Needed() int { return c.Rule.Needed(c.Entitled) }

// Reached reports whether the meeting can decide.
func (c Count) Reached() bool { return c.Present >= c.Needed() }

// Presence is whether a member came to a meeting.
type Presence string

// The presences; the table's CHECK lists the same.
const (
	Present Presence = "present"
	Excused Presence = "excused"
	Absent  Presence = "absent"
)

// Presences lists them all.
func Presences() []Presence { return []Presence{Present, Excused, Absent} }

// Attendee is a member who may come to a meeting.
type Attendee struct {
	Seat
	Presence Presence // empty: not recorded yet
}

// countBoard counts a board's meeting: alternates do not add to those entitled, and stand
// in for members who did not come.
func countBoard(rule Quorum, list []Attendee) Count {
	c := Count{Rule: rule}
	for _, a := range list {
		if a.Office != Alternate {
			c.Entitled++
		}
		if a.Presence == Present {
			c.Present++
		}
	}
	c.Present = min(c.Present, c.Entitled)
	return c
}
