// Package accounts knows the people of the portal: how they sign in, for whom they act,
// and who gave them which role from when to when.
package accounts

import (
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/subject"
)

// Person is a signed-in reader with everything in force now: staff roles, and seats in
// organisations. It is read anew for every request, so what ended has ended.
type Person struct {
	UserID     int64
	UnionID    int64 // the organisation that staff act for
	PublicID   string
	Name       string
	Email      string // the stored address; mail goes here and nowhere else
	Lang       string
	Zone       string
	Theme      string // system, light, dark
	SingleKeys bool   // single-key shortcuts are on
	Roles      []identity.Role
	Offices    []string // of the union
	Seats      []Seat
	ReadNotice int // newest version of the privacy notice that the person has read; 0: none
	Notice     int // the version in force
}

// Seat is one mandate in force: a role in an organisation.
type Seat struct {
	MandateID int64         `json:"mandate_id"`
	OrgID     int64         `json:"org_id"`
	OrgPublic string        `json:"org_public"` // names the organisation in URLs
	OrgName   string        `json:"org_name"`
	OrgKind   string        `json:"org_kind"`
	Role      identity.Role `json:"role"`
	Areas     []string      `json:"areas"` // empty: every area
}

// Ref points at the person's record.
func (p Person) Ref() subject.Ref { return subject.Ref{Kind: subject.User, ID: p.UserID} }

// AsSelf is the person acting for nobody but themselves: their account, their sessions.
func (p Person) AsSelf() identity.Actor {
	return identity.Actor{Side: identity.Visitor, UserID: p.UserID, Name: p.Name, Email: p.Email,
		Lang: p.Lang, Zone: p.Zone, OrgID: p.UnionID}
}

// AsStaff is the person at the union's desk, and false where no staff role is in force.
func (p Person) AsStaff() (identity.Actor, bool) {
	a := p.AsSelf()
	a.Side, a.Roles, a.Offices = identity.Staff, p.Roles, p.Offices
	return a, len(p.Roles) > 0
}

// For is the person acting for the organisation that a URL names, under the mandate that
// gives most, and false where none is in force: it cannot be told from an organisation
// that does not exist.
func (p Person) For(orgPublic string) (identity.Actor, Seat, bool) {
	a := p.AsSelf()
	a.Side, a.OrgID = identity.Member, 0
	var best Seat
	for _, seat := range p.Seats {
		if seat.OrgPublic != orgPublic {
			continue
		}
		a.Roles = append(a.Roles, seat.Role)
		if best.MandateID == 0 || seat.Role == identity.MemberApprover {
			best = seat
		}
	}
	a.OrgID, a.MandateID, a.Limits = best.OrgID, best.MandateID, p.limits(orgPublic)
	a.Outside = best.OrgKind == "government"
	return a, best, best.MandateID != 0
}

// limits are the areas that each role in an organisation reaches; a role that one mandate
// gives for all areas has no limit.
func (p Person) limits(orgPublic string) identity.Limits {
	out, whole := identity.Limits{}, map[identity.Role]bool{}
	for _, seat := range p.Seats {
		if seat.OrgPublic != orgPublic {
			continue
		}
		whole[seat.Role] = whole[seat.Role] || len(seat.Areas) == 0
		out[seat.Role] = append(out[seat.Role], seat.Areas...)
	}
	for role := range whole {
		if whole[role] {
			delete(out, role)
		}
	}
	return out
}

// Orgs lists the organisations that the person may act for, each once, in the order of
// their names.
func (p Person) Orgs() []Seat {
	var out []Seat
	seen := map[int64]bool{}
	for _, seat := range p.Seats {
		if !seen[seat.OrgID] {
			seen[seat.OrgID] = true
			out = append(out, seat)
		}
	}
	return out
}

// EmailKey is what an address is found by: only A to Z are folded, so that "İNFO@" stays
// another address than "info@".
func EmailKey(address string) string { return fold.Email(address) }

// ValidEmail reports whether mail can be sent to the address: one plain ASCII address
// without a name. Letters of other alphabets need an extension that few mail servers speak.
func ValidEmail(address string) bool { return mail.ValidAddress(address) }
