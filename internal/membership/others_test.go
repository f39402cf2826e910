package membership_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
)

// TestAnAssociationStandsInPublicWhileItIsAMember: listed, opened and found by everybody;
// once it left, by staff alone.
func TestAnAssociationStandsInPublicWhileItIsAMember(t *testing.T) {
	b, ctx := setup(t), context.Background()
	var id int64
	err := b.pools.InTx(ctx, identity.Worker(), func(tx pgx.Tx) (err error) {
		n := membership.NewOther{Name: "Hazar Birliği <b>", Lang: "tr", Kind: membership.RegionalAssociation}
		if err := tx.QueryRow(ctx, `select id from countries where code = 'KG'`).Scan(&n.CountryID); err != nil {
			return err
		}
		id, err = b.s.TakeOver(ctx, tx, n, day("2011-05-20"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := b.s.Others(ctx, locale.EN)
	if err != nil || len(list) != 1 || list[0].Country != "KG" || list[0].Joined.Year() != 2011 {
		t.Fatalf("%+v, %v", list, err)
	}
	b.exec(t, `insert into contacts (public_id, org_id, office, email, listed, name) values
		($1, $3, 'general', 'office@hazar.example', true, ''), ($2, $3, 'finance', 'canary@hazar.example', false, 'Kanarya')`, pgtestID("KG"), pgtestID("TR"), id)
	o, err := b.s.Other(ctx, locale.EN, list[0].PublicID)
	if err != nil || len(o.Contacts) != 1 || o.Contacts[0].Email != "office@hazar.example" {
		t.Errorf("%+v, %v", o, err)
	}
	found := func(actor identity.Actor) (path string) {
		err := b.pools.Read(ctx, actor, func(q postgres.Querier) error {
			hits, err := search.Find(ctx, q, actor, search.Query{Text: "hazar", Lang: locale.EN})
			if len(hits) > 0 {
				path = hits[0].Path
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	if path := found(identity.Anyone()); path != "/en/members/"+o.PublicID {
		t.Errorf("found at %q", path)
	}
	if err := b.s.RecordFact(ctx, b.board, o.PublicID, ruled(membership.FactExpelled, "2026-11-21", "9")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.s.Other(ctx, locale.EN, o.PublicID); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("it left and still has a page: %v", err)
	}
	if public, staff := found(identity.Anyone()), found(b.board); public != "" || staff != "/en/desk/members/"+o.PublicID {
		t.Errorf("found by everybody at %q, by staff at %q", public, staff)
	}
}
