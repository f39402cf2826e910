package mailings_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/privacy"
)

// TestNewsToPeopleNeedTheirConsent: who has an account gets no news before they agree; the
// letter's link and the account's page change the same choice; official letters ask nobody.
func TestNewsToPeopleNeedTheirConsent(t *testing.T) {
	b := setup(t, 10)
	user := pgtest.MemberActor(t, b.pools, b.city(t, "Şuşa", "tr"), identity.MemberApprover).UserID
	total := func(kind mailings.Kind) int {
		a, err := b.s.Audience(t.Context(), b.desk, b.draft(t, kind, "tr"))
		if err != nil {
			t.Fatal(err)
		}
		return a.Total
	}
	if news, official := total(mailings.News), total(mailings.Official); news != 0 || official != 1 {
		t.Errorf("before consent: %d news, %d official", news, official)
	}
	if a, err := b.s.Audience(t.Context(), b.desk, b.draft(t, mailings.News, "tr")); err != nil || a.Unasked != 1 || a.Unsubscribed != 0 {
		t.Errorf("who never asked for news: %+v, %v", a, err)
	}
	own := privacy.New(b.pools, b.clock, privacy.Options{})
	b.s.Agree = func(ctx context.Context, tx pgx.Tx, userID int64, wants bool) error {
		return own.ChooseByLink(ctx, tx, userID, privacy.News, wants)
	}
	person := identity.Actor{Side: identity.Visitor, UserID: user}
	if err := own.Choose(t.Context(), person, privacy.News, true); err != nil {
		t.Fatal(err)
	}
	m := b.sendOff(t, b.draft(t, mailings.News, "tr"))
	b.work(t, m, b.post)
	var token string
	for _, letters := range b.got {
		token = letters[0].Token
	}
	if s, err := b.s.Subscription(t.Context(), token); err != nil || s.Off {
		t.Fatalf("%+v %v", s, err)
	}
	if _, err := b.s.Unsubscribe(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	if given, err := own.Consented(t.Context(), user, privacy.News); err != nil || given || total(mailings.News) != 0 {
		t.Errorf("the link left the consent as it was: %v", err)
	}
	if a, err := b.s.Audience(t.Context(), b.desk, b.draft(t, mailings.News, "tr")); err != nil || a.Unasked != 0 || a.Unsubscribed != 1 {
		t.Errorf("who left the news: %+v, %v", a, err)
	}
	if err := own.Choose(t.Context(), person, privacy.News, true); err != nil || total(mailings.News) != 1 {
		t.Errorf("the account's page does not let news come again: %v", err)
	}
}
