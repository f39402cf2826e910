package accounts_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/identity"
)

// letters lists the letters about accounts that wait for being mailed.
func (b bundle) letters(t *testing.T) (all string) {
	t.Helper()
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `
			select coalesce(string_agg(args->>'what' || '→' || (args->>'to'), ' ' order by id), '') from river_job where kind = 'accounts_letter'`).Scan(&all)
	})
	return all
}

func TestEveryChangeIsToldByLetter(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	b.enrol(t, a)
	if err := b.RemoveTOTP(ctx, b.self(a)); err != nil {
		t.Fatal(err)
	}
	err := b.ChangePassword(ctx, b.self(a), accounts.PasswordChange{Current: accountstest.Password, New: "bozkir-kervan-altay-9", From: here})
	if err != nil {
		t.Fatal(err)
	}
	a = accountstest.Account(t, b.db, b.Service, "info@city.example")
	if err := b.SaveUser(ctx, admin, a.PublicID, accounts.Edit{Name: a.Name, Email: "new@city.example", Version: a.Version}); err != nil {
		t.Fatal(err)
	}
	want := "totp_added→info@city.example totp_removed→info@city.example password_changed→info@city.example " +
		"email_changed→info@city.example email_changed→new@city.example"
	if got := b.letters(t); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestHistoryTellsWhoTried(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	other := accountstest.Insert(t, b.db, b.Service, "other@city.example")
	_ = b.try("info@city.example", "wrong", away)
	_ = b.try("nobody@city.example", "wrong", away)
	if err := b.try("info@city.example", accountstest.Password, here); err != nil {
		t.Fatal(err)
	}
	list, err := b.History(ctx, b.self(a))
	if err != nil || len(list) != 2 || list[0].Outcome != "in" || list[0].Network != "203.0.113.0/24" ||
		list[1].Outcome != "refused" || list[1].Network != "198.51.100.0/24" {
		t.Errorf("%+v %v", list, err)
	}
	if list, err := b.History(ctx, b.self(other)); err != nil || len(list) != 0 {
		t.Errorf("another's history: %+v %v", list, err)
	}
	b.clock.Pass(181 * 24 * time.Hour)
	if err := b.Tidy(ctx); err != nil {
		t.Fatal(err)
	}
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		var left int
		err := tx.QueryRow(ctx, `select count(*) from sign_ins`).Scan(&left)
		if left > 0 {
			t.Errorf("%d rows after half a year", left)
		}
		return err
	})
}
