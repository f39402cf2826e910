package demo

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
)

// Channels adds what came outside the portal: a letter of Çanakkale that the desk registered.
// It left nothing in the mailbox: the demonstration begins quietly.
func Channels(ctx context.Context, s Services) error {
	done := false
	err := s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select exists (select from requests where channel <> 'portal')`).Scan(&done)
	})
	if err != nil || done || s.Documents == nil {
		return err
	}
	desk, err := deskOfficer(ctx, s.DB)
	if err != nil {
		return err
	}
	var city string
	err = s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = $1`, Canakkale).Scan(&city)
	})
	if err != nil {
		return err
	}
	desk.OrgID = 0 // acts for the union
	id, err := s.Cases.Requests.TakeIn(ctx, desk, requests.Intake{Key: subject.NewPublicID(), City: city, Service: "urban_guidance", Channel: requests.OnPaper,
		CameOn: s.Now().In(s.Cases.Zone).AddDate(0, 0, -4).Truncate(24 * time.Hour), AskedBy: "Çanakkale Belediye Başkan Yardımcılığı", Lang: "tr",
		Title: "Kordon boyunda yaya alanı", Words: "Kordon boyunun yayalaştırılması için hazırladığımız taslağa bakmanızı rica ederiz. Çizimler yazımızın ekindedir."})
	if err != nil {
		return err
	}
	return s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `delete from river_job j using notify_events e, subjects s
			where j.kind = 'notify_fan_out' and (j.args ->> 'event_id')::bigint = e.id and e.subject_id = s.id and s.public_id = $1`, id)
		return err
	})
}
