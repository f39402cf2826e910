// Package accountstest makes people and sign-ins for tests.
package accountstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Password is good enough for every account that a test makes.
const Password = "kervan-bozkir-simurg-7"

// Clock is a clock that a test moves.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock begins at the database's own time, to the second.
func NewClock() *Clock { return &Clock{at: time.Now().UTC().Truncate(time.Second)} }

// Now is the time that the test has come to.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// Insert makes a person with the Password, and the roles that the grants give, and returns
// them as an administrator would see them.
func Insert(t testing.TB, db postgres.DB, s *accounts.Service, email string, grants ...accounts.GrantInput) accounts.Account {
	t.Helper()
	ctx := context.Background()
	for i := range grants {
		if grants[i].Starts.IsZero() {
			grants[i].Starts = time.Unix(0, 0).UTC()
		}
	}
	created, err := s.Create(ctx, identity.Worker(), accounts.NewAccount{
		Email: email, Name: "Aysel Yurdakul", Lang: "tr", Zone: "Europe/Istanbul", Password: Password, Grants: grants})
	if err != nil || !created {
		t.Fatalf("account %s: created %v, %v", email, created, err)
	}
	return Account(t, db, s, email)
}

// Account reads the account with an address.
func Account(t testing.TB, db postgres.DB, s *accounts.Service, email string) accounts.Account {
	t.Helper()
	var publicID string
	Query(t, db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select s.public_id from users u join subjects s on s.id = u.id where u.email_key = $1`, accounts.EmailKey(email)).Scan(&publicID)
	})
	a, err := s.User(context.Background(), identity.Worker(), publicID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Staff makes a person with a role in the union and the actor that they are.
func Staff(t testing.TB, db postgres.DB, s *accounts.Service, email string, role identity.Role) (accounts.Account, identity.Actor) {
	t.Helper()
	a := Insert(t, db, s, email, accounts.GrantInput{Role: role})
	return a, identity.Actor{Side: identity.Staff, UserID: a.ID, Name: a.Name, Email: a.Email, Lang: a.Lang, Zone: a.Zone,
		Roles: []identity.Role{role}, Proved: time.Now().AddDate(1, 0, 0)} // fresh for the whole test
}

// Query runs fn as the owner of the database.
func Query(t testing.TB, db postgres.DB, fn func(ctx context.Context, tx pgx.Tx) error) {
	t.Helper()
	ctx := context.Background()
	if err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return fn(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

// OrgPublic is the identifier that names an organisation in URLs.
func OrgPublic(t testing.TB, db postgres.DB, orgID int64) (publicID string) {
	t.Helper()
	Query(t, db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select public_id from subjects where id = $1`, orgID).Scan(&publicID)
	})
	return publicID
}
