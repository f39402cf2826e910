package accounts_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// mailed asks for a link to sign in by and returns its token, "" where no mail went out.
func (b bundle) mailed(t *testing.T, email string) string {
	t.Helper()
	worker := accounts.ResetWorker{Accounts: b.Service}
	if err := b.RequestSignIn(ctx, email, here); err != nil {
		t.Fatal(err)
	}
	before := b.lastLink(t)
	job := &river.Job[accounts.ResetArgs]{Args: accounts.ResetArgs{EmailKey: accounts.EmailKey(email), Purpose: accounts.SignInLink}}
	if err := worker.Work(ctx, job); err != nil {
		t.Fatal(err)
	}
	id := b.lastLink(t)
	if id == before {
		return ""
	}
	var path string
	link := accounts.LinkWorker{Accounts: b.Service, Send: func(_ context.Context, m accounts.LinkMail) error {
		path = m.Path
		return nil
	}}
	if err := link.Work(ctx, &river.Job[accounts.LinkArgs]{Args: accounts.LinkArgs{LinkID: id}}); err != nil {
		t.Fatal(err)
	}
	token, ok := strings.CutPrefix(path, "/tr/sign-in/link/")
	if !ok {
		t.Fatalf("the mail leads to %q", path)
	}
	return token
}

func TestALinkSignsInOnceAndOpeningItUsesNothing(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	token := b.mailed(t, "INFO@city.example")
	for range 3 { // mail scanners open links
		if link, err := b.OpenLink(ctx, accounts.SignInLink, token); err != nil || link.UserID != a.ID {
			t.Fatal(err)
		}
	}
	for _, other := range []accounts.Purpose{accounts.Reset, accounts.Invitation} {
		if _, err := b.OpenLink(ctx, other, token); code(err) != apperr.NotFound {
			t.Errorf("it opens as %s: %v", other, err)
		}
	}
	known, err := b.SignInByLink(ctx, token, accounts.Attempt{From: here})
	if err != nil || known.UserID != a.ID || known.Method != accounts.ByLink || known.Second {
		t.Fatalf("%+v %v", known, err)
	}
	if _, err := b.SignInByLink(ctx, token, accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("again: %v", err)
	}
	if token = b.mailed(t, "nobody@city.example"); token != "" {
		t.Error("a link for nobody")
	}
	token = b.mailed(t, "info@city.example")
	b.clock.Pass(10*time.Minute + time.Second)
	if _, err := b.SignInByLink(ctx, token, accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("after ten minutes: %v", err)
	}
	token = b.mailed(t, "info@city.example")
	err = b.ChangePassword(ctx, b.self(a), accounts.PasswordChange{Current: accountstest.Password, New: "bozkir-kervan-altay-9", From: here})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.SignInByLink(ctx, token, accounts.Attempt{From: here}); code(err) != apperr.NotFound {
		t.Errorf("after the password changed: %v", err)
	}
}

func TestALinkPassesNoSecondFactor(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	b.enrol(t, a)
	known, err := b.SignInByLink(ctx, b.mailed(t, "info@city.example"), accounts.Attempt{From: here})
	if err != nil || !known.Second || known.Factor {
		t.Errorf("%+v %v", known, err)
	}
}

func TestRacingPostsSignInOnce(t *testing.T) {
	b := with(pgtest.Clone(t))
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	token := b.mailed(t, "info@city.example")
	var mu sync.Mutex
	var group sync.WaitGroup
	in := 0
	for range 8 {
		group.Go(func() {
			if _, err := b.SignInByLink(ctx, token, accounts.Attempt{From: here}); err == nil {
				mu.Lock()
				in++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if in != 1 {
		t.Errorf("%d of 8 signed in", in)
	}
}

func (b bundle) lastLink(t *testing.T) (id int64) {
	t.Helper()
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select coalesce(max(id), 0) from access_links`).Scan(&id)
	})
	return id
}
