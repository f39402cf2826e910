package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/privacy"
)

// leavers are offices that were given up and ask to be forgotten: one in time, one late.
var leavers = []struct {
	email, name, lang, city, reason string
	ago                             int // days since they asked
}{
	{"tourism@shusha.example", "Şuşa Turizm Şöbəsi", "tr", Shusha, "Şöbə ləğv olundu, hesaba ehtiyac qalmadı.", 9},
	{"press@canakkale.example", "Çanakkale Basın Bürosu", "tr", Canakkale, "", 33},
}

// addPrivacy gives the demonstration consents, an archive that has run out and requests to
// be forgotten; everybody has read the notices.
func addPrivacy(ctx context.Context, s Services, tx pgx.Tx) error {
	var done bool
	if err := tx.QueryRow(ctx, `select exists (select from erasures)`).Scan(&done); err != nil || done || s.Privacy == nil {
		return err
	}
	for _, l := range leavers {
		if err := addLeaver(ctx, s, l.email, l.name, l.lang, l.city, l.reason); err != nil {
			return fmt.Errorf("%s: %w", l.email, err)
		}
	}
	editor, err := selfOf(ctx, s, "editor@shusha.example")
	if err != nil {
		return err
	}
	for _, c := range []struct {
		purpose privacy.Purpose
		given   bool
	}{{privacy.News, true}, {privacy.News, false}, {privacy.News, true}} {
		if err := s.Privacy.Choose(ctx, editor, c.purpose, c.given); err != nil {
			return err
		}
	}
	return s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return agePrivacy(ctx, tx, s.Now()) })
}

func addLeaver(ctx context.Context, s Services, email, name, lang, city, reason string) error {
	grants, err := Account{Role: identity.MemberEditor, cities: []string{city}}.grants(ctx, s.DB)
	if err != nil {
		return err
	}
	_, err = s.Accounts.Create(ctx, identity.Worker(), accounts.NewAccount{Email: email, Name: name, Lang: lang, Zone: "Europe/Istanbul", Password: Password, Grants: grants})
	if err != nil {
		return err
	}
	actor, err := selfOf(ctx, s, email)
	if err != nil {
		return err
	}
	return s.Privacy.Ask(ctx, actor, reason)
}

// selfOf is the person of an address acting for themselves.
func selfOf(ctx context.Context, s Services, email string) (identity.Actor, error) {
	a := identity.Actor{Side: identity.Visitor, Email: email, Proved: s.Now()}
	err := s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select id, name, lang, zone from users where email_key = $1`, accounts.EmailKey(email)).Scan(&a.UserID, &a.Name, &a.Lang, &a.Zone)
	})
	return a, err
}

// agePrivacy moves the requests into the past, and adds what has run out already.
func agePrivacy(ctx context.Context, tx pgx.Tx, now time.Time) error {
	for _, l := range leavers {
		_, err := tx.Exec(ctx, `
			update erasures e set asked_at = e.asked_at - make_interval(days => $2), due_at = e.due_at - make_interval(days => $2), warned_at = $3
			from users u where u.id = e.user_id and u.email_key = $1`, accounts.EmailKey(l.email), l.ago, now)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `
		insert into data_exports (public_id, user_id, state, total, done, size, asked_at, ready_at, expires_at)
		select 'demonstrationarchivegone22', id, 'expired', 30, 30, 48211, $1::timestamptz - interval '20 days', $1::timestamptz - interval '20 days',
			$1::timestamptz - interval '13 days'
		from users where email_key = 'desk@union.example'`, now)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into privacy_readings (user_id, notice, read_at) select u.id, n.number, $1 from users u cross join privacy_notices n on conflict do nothing`, now)
	return err
}
