package accounts_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

var (
	ctx  = context.Background()
	here = netip.MustParseAddr("203.0.113.7")
	away = netip.MustParseAddr("198.51.100.9")
)

// bundle is what a test of accounts works with.
type bundle struct {
	db    postgres.DB
	clock *accountstest.Clock
	*accounts.Service
}

func setup(t *testing.T) bundle { return with(pgtest.DB(t)) }

func with(db postgres.DB) bundle {
	clock := accountstest.NewClock()
	return bundle{db, clock, accounts.New(db, clock.Now)}
}

func (b bundle) try(email, password string, from netip.Addr) error {
	_, err := b.SignIn(ctx, accounts.Attempt{Email: email, Password: password, From: from})
	return err
}

func code(err error) apperr.Code {
	c, _ := apperr.CodeOf(err)
	return c
}

func TestSignInAnswersTheSameForEveryFailure(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.Service, "Info@City.example")
	off := accountstest.Insert(t, b.db, b.Service, "off@city.example")
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `update users set active = false where id = $1`, off.ID)
		return err
	})
	if _, err := b.Create(ctx, identity.Worker(), accounts.NewAccount{Email: "invited@city.example", Name: "Henüz Yok", Lang: "tr"}); err != nil {
		t.Fatal(err)
	}
	if err := b.try(" INFO@city.example", accountstest.Password, here); err != nil {
		t.Errorf("right password: %v", err)
	}
	for name, email := range map[string]string{"wrong password": "info@city.example", "unknown": "nobody@city.example",
		"another alphabet": "İNFO@city.example", "invited": "invited@city.example", "off": "off@city.example"} {
		password := accountstest.Password
		if name == "wrong password" {
			password += "x"
		}
		err := b.try(email, password, here)
		var e *apperr.Error
		if !errors.As(err, &e) || e.Code != apperr.Invalid || e.Key != "accounts.wrong_sign_in" || len(e.Fields) > 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A guesser is slowed down; the owner, elsewhere, is not.
func TestThrottleNeverLocksTheOwnerOut(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	for i := range 8 {
		if err := b.try("info@city.example", "wrong", here); code(err) != apperr.Invalid {
			t.Fatalf("attempt %d: %v", i+1, err)
		}
	}
	if err := b.try("info@city.example", accountstest.Password, here); code(err) != apperr.TooMany {
		t.Errorf("ninth attempt: %v", err)
	}
	if err := b.try("info@city.example", accountstest.Password, away); err != nil {
		t.Errorf("the owner elsewhere: %v", err)
	}
	if err := b.try("unknown@city.example", "wrong", here); code(err) != apperr.Invalid {
		t.Errorf("another account from the same address: %v", err)
	}
	b.clock.Pass(46 * time.Second)
	if err := b.try("info@city.example", accountstest.Password, here); err != nil {
		t.Errorf("after a while: %v", err)
	}
	for i := range 8 { // the right password emptied the bucket
		if err := b.try("info@city.example", "wrong", here); code(err) != apperr.Invalid {
			t.Fatalf("attempt %d after signing in: %v", i+1, err)
		}
	}
}

func TestThrottleCountsByNetwork(t *testing.T) {
	b := setup(t)
	refused := 0
	for i := range 64 {
		address := netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 15: byte(i)}) // one /64
		if err := b.try("nobody"+string(rune('a'+i%26))+"@city.example", "wrong", address); code(err) == apperr.TooMany {
			refused++
		}
	}
	if refused != 4 {
		t.Errorf("%d of 64 refused, want 4", refused)
	}
}

func TestThrottleCountsRacingAttempts(t *testing.T) {
	b := with(pgtest.Clone(t))
	var mu sync.Mutex
	var group sync.WaitGroup
	passed := 0
	for range 20 {
		group.Go(func() {
			if err := b.try("nobody@city.example", "wrong", here); code(err) == apperr.Invalid {
				mu.Lock()
				passed++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if passed != 8 {
		t.Errorf("%d of 20 passed, want 8", passed)
	}
}
