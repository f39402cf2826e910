package pgtest

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Org makes a municipality's organisation and returns its id.
func Org(t testing.TB, db postgres.DB, name string) int64 {
	t.Helper()
	return insert(t, db, `
		with n as (select nextval(pg_get_serial_sequence('subjects', 'id')) as id),
		s as (
			insert into subjects (id, kind, org_id, public_id) overriding system value
			select id, 'municipality', id, $1 from n returning id
		)
		insert into organisations (id, kind, subject_kind, name) select id, 'municipality', 'municipality', $2 from s
		returning id`, subject.NewPublicID(), name)
}

// people counts the users made, so that each gets an address of its own.
var people atomic.Int64

// User makes a person with an address at .example and returns the id.
func User(t testing.TB, db postgres.DB, name string) int64 {
	t.Helper()
	email := fmt.Sprintf("person-%d@city.example", people.Add(1))
	return insert(t, db, `
		with s as (
			insert into subjects (kind, org_id, public_id) values ('user', union_id(), $1) returning id, org_id
		)
		insert into users (id, org_id, email, email_key, name) select id, org_id, $2, $2, $3 from s
		returning id`, subject.NewPublicID(), email, name)
}

// MemberActor makes a person with a mandate in an organisation and returns the actor.
func MemberActor(t testing.TB, db postgres.DB, orgID int64, role identity.Role) identity.Actor {
	t.Helper()
	actor := person(t, db, identity.Member, orgID, role)
	actor.MandateID = insert(t, db, `insert into mandates (user_id, org_id, role) values ($1, $2, $3) returning id`,
		actor.UserID, orgID, role)
	return actor
}

// StaffActor makes a person who holds a role in the union and returns the actor.
func StaffActor(t testing.TB, db postgres.DB, role identity.Role) identity.Actor {
	t.Helper()
	union := insert(t, db, `select union_id()`)
	actor := person(t, db, identity.Staff, union, role)
	insert(t, db, `insert into staff_roles (user_id, role) values ($1, $2) returning id`, actor.UserID, role)
	return actor
}

func person(t testing.TB, db postgres.DB, side identity.Side, orgID int64, role identity.Role) identity.Actor {
	t.Helper()
	name := "Person " + strings.ReplaceAll(string(role), "_", " ")
	actor := identity.Actor{Side: side, Name: name, Lang: "tr", Zone: "Europe/Istanbul", Roles: []identity.Role{role}, OrgID: orgID}
	actor.UserID = User(t, db, name)
	err := db.InTx(context.Background(), identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(context.Background(), `select email from users where id = $1`, actor.UserID).Scan(&actor.Email)
	})
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// insert runs a statement as the owner and returns the one id that it gives back.
func insert(t testing.TB, db postgres.DB, sql string, args ...any) (id int64) {
	t.Helper()
	err := db.InTx(context.Background(), identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(context.Background(), sql, args...).Scan(&id)
	})
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return id
}
