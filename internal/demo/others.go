package demo

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/subject"
)

// others are the demonstration's members that are no municipalities. None of them is real.
var others = []struct {
	name, lang, country, since, mailbox string
	kind                                membership.Kind
}{
	{"Hazar Belediyeler Birliği", "tr", "AZ", "2011-05-20", "hazar", membership.RegionalAssociation},
	{"Ассоциация городов Алатау", "ru", "KZ", "2014-10-03", "alatau", membership.NationalAssociation},
	{"Balkan Forum of Local Government", "en", "", "2017-03-15", "balkanforum", membership.InternationalOrganization},
	{"Anadolu Kent Araştırmaları Enstitüsü", "tr", "TR", "", "kentenstitusu", membership.Observer},
}

// addOthers enters them once, as a register before the portal named them.
func addOthers(ctx context.Context, tx pgx.Tx, service *membership.Service) error {
	var there bool
	err := tx.QueryRow(ctx, `select exists (select from memberships ms join organisations o on o.id = ms.org_id where o.subject_kind = 'organisation')`).Scan(&there)
	if err != nil || there || service == nil {
		return err
	}
	for _, o := range others {
		n := membership.NewOther{Name: o.name, Lang: o.lang, Kind: o.kind}
		if err := tx.QueryRow(ctx, `select coalesce((select id from countries where code = $1), 0)`, o.country).Scan(&n.CountryID); err != nil {
			return err
		}
		since, _ := time.Parse(time.DateOnly, o.since) // empty: nobody knows the day
		id, err := service.TakeOver(ctx, tx, n, since)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into contacts (public_id, org_id, office, email, lang, listed) values ($1, $2, 'general', $3, $4, true)`,
			subject.NewPublicID(), id, "office@"+o.mailbox+".example", o.lang)
		if err != nil {
			return err
		}
	}
	return nil
}
