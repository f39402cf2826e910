// Package identity says who acts, for whom, and what that person may do.
package identity

import (
	"slices"
	"time"

	"github.com/birlik/portal/internal/apperr"
)

// Role is what a person is trusted with. Staff hold roles in the union; members hold one
// by a mandate of their organisation.
type Role string

// The roles.
const (
	MemberEditor   Role = "member_editor"     // prepares for a municipality
	MemberApprover Role = "member_approver"   // mayor or delegate: sends in its name
	MemberFinance  Role = "member_finance"    // pays the dues
	MemberDelegate Role = "member_delegate"   // speaks for it in the General Assembly
	Consultant     Role = "member_consultant" // from outside, for named areas
	Applicant      Role = "applicant"         // holds the link of an application
	DeskOfficer    Role = "desk_officer"
	DepartmentHead Role = "department_head"
	Finance        Role = "finance"
	BoardSecretary Role = "board_secretary"
	Administrator  Role = "administrator"
	Auditor        Role = "auditor" // reads everything, changes nothing
)

// Roles lists every role, members' first.
func Roles() []Role {
	return append(MemberRoles(), StaffRoles()...)
}

// MemberRoles lists the roles a mandate can give.
func MemberRoles() []Role {
	return []Role{MemberEditor, MemberApprover, MemberFinance, MemberDelegate, Consultant}
}

// StaffRoles lists the roles the union gives its staff.
func StaffRoles() []Role {
	return []Role{DeskOfficer, DepartmentHead, Finance, BoardSecretary, Administrator, Auditor}
}

// Side is the wall that an actor stands behind: it picks the database role.
type Side string

// The sides.
const (
	Visitor Side = "visitor"
	Member  Side = "member"
	Staff   Side = "staff"
	System  Side = "system" // workers, commands, seeds: the owner of the database
)

// Actor is who does something, and for whom.
type Actor struct {
	Side      Side
	UserID    int64  // 0 for a visitor and the system
	Name      string // full name as the person wrote it
	Email     string
	Lang      string    // the person's language, for mail: "tr"
	Zone      string    // IANA zone, e.g. "Europe/Istanbul"
	Roles     []Role    // staff roles; for a member the one role of the mandate
	Offices   []string  // of the union that a staff member belongs to today
	Limits    Limits    // of a member's roles
	OrgID     int64     // the organisation acted for; the union's id for staff
	MandateID int64     // the mandate acted under; 0 for staff
	Outside   bool      // acts for a government: no member of the union
	SessionID string    // public handle of the session, for the list of sessions
	Proved    time.Time // when the person last proved who they are; zero: never
}

// Limits are the areas that a mandate narrows a role to; a role without an entry has none.
type Limits map[Role][]string

// let reports whether a role reaches a permission. What belongs to no area that a mandate
// can be narrowed to goes with every role.
func (l Limits) let(r Role, p Permission) bool {
	areas := l[r]
	if len(areas) == 0 {
		return true
	}
	area, ok := areaOf[p]
	return !ok || slices.Contains(areas, area)
}

// Anyone is the visitor without a name.
func Anyone() Actor { return Actor{Side: Visitor} }

// Worker is the system acting by itself.
func Worker() Actor { return Actor{Side: System, Name: "system"} }

// SignedIn reports whether a person is behind the actor.
func (a Actor) SignedIn() bool { return a.UserID != 0 }

// Has reports whether the actor holds a role.
func (a Actor) Has(role Role) bool { return slices.Contains(a.Roles, role) }

// Of reports whether the actor works for an office of the union. Heads and administrators
// stand in for every office.
func (a Actor) Of(office string) bool {
	return a.Side == System || a.Has(DepartmentHead) || a.Has(Administrator) || slices.Contains(a.Offices, office)
}

// Can reports whether the actor's roles give the permission; pages use it to show or
// leave out a control. The system can do everything.
func (a Actor) Can(p Permission) bool {
	if a.Side == System {
		return true
	}
	if a.Outside && !slices.Contains(outside, p) {
		return false
	}
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return slices.Contains(grants[r], p) && a.Limits.let(r, p) })
}

// May returns nil when the actor's roles give the permission.
// Errors: sign_in (nobody is signed in), forbidden.
func (a Actor) May(p Permission) error {
	switch {
	case a.Can(p):
		return nil
	case !a.SignedIn():
		return apperr.New(apperr.SignIn, "error.sign_in")
	}
	return apperr.New(apperr.Forbidden, "error.forbidden")
}

// MayFor is May for a record of one organisation: a foreign record is not found, so that
// nothing tells whether it exists. Staff act on every organisation's records.
// Errors: sign_in, forbidden, not found.
func (a Actor) MayFor(p Permission, orgID int64) error {
	if err := a.May(p); err != nil {
		return err
	}
	if a.Side == Member && a.OrgID != orgID {
		return apperr.New(apperr.NotFound, "error.not_found")
	}
	return nil
}
