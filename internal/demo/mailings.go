package demo

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/translations"
)

// invitation is a mailing that has gone out, call one that waits for a last look.
var (
	invitation = map[string]translations.Text{
		"tr": {Title: "Genel Kurul toplantısı: gündem ve belgeler", Body: "Sayın ilgili,\n\nGenel Kurul toplantısının gündemi ve belgeleri portalda.\n\n- Üye: {{city}}\n- Delege bildirimi için son gün: toplantıdan on gün önce\n\nSorularınız için bu mektubu yanıtlayabilirsiniz."},
		"en": {Title: "General Assembly: agenda and papers", Body: "Dear colleagues,\n\nThe agenda and the papers of the General Assembly are on the portal.\n\n- Member: {{city}}\n- Last day to name delegates: ten days before the meeting\n\nFor questions, just reply to this letter."},
		"ru": {Title: "Генеральная ассамблея: повестка и документы", Body: "Уважаемые коллеги!\n\nПовестка и документы Генеральной ассамблеи — на портале.\n\n- Член Союза: {{city}}\n- Последний день для сообщения делегатов: за десять дней до заседания\n\nС вопросами просто ответьте на это письмо."},
	}
	call = map[string]translations.Text{
		"tr": {Title: "Yeşil şehirler bülteni", Body: "Merhaba {{name}},\n\nBu ay üyelerimizden **üç park projesi** ve bir bisiklet yolu haberi var."},
		"en": {Title: "Green cities bulletin", Body: "Hello {{name}},\n\nThis month: **three parks** of our members and a new cycle path."},
	}
)

// Mailings adds one mailing that was sent, one that is a draft, and letters to Şuşa and
// Çanakkale. What is there already stays.
func Mailings(ctx context.Context, db postgres.DB, writing *mailings.Service, papers *letters.Service) error {
	done := false
	err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select exists (select from mailings)`).Scan(&done)
	})
	if err != nil || done || writing == nil {
		return err
	}
	desk, err := deskOfficer(ctx, db)
	if err != nil {
		return err
	}
	if err := sentMailing(ctx, db, writing, desk); err != nil {
		return err
	}
	if _, err := draftMailing(ctx, writing, desk, mailings.News, call); err != nil {
		return err
	}
	return cityLetters(ctx, db, papers, desk)
}

// deskOfficer is who writes in the demonstration.
func deskOfficer(ctx context.Context, db postgres.DB) (identity.Actor, error) {
	actor := identity.Actor{Side: identity.System, Roles: []identity.Role{identity.DeskOfficer}}
	err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select id, email, union_id() from users where email = 'desk@union.example'`).Scan(&actor.UserID, &actor.Email, &actor.OrgID)
	})
	return actor, err
}

func draftMailing(ctx context.Context, s *mailings.Service, desk identity.Actor, kind mailings.Kind, texts map[string]translations.Text) (string, error) {
	id, err := s.Create(ctx, desk, mailings.Input{Kind: kind, Offices: []string{"general", "mayor", "international"}, Roles: []string{"member_approver"}})
	if err != nil {
		return "", err
	}
	for _, lang := range []string{"tr", "en", "ru"} {
		text, ok := texts[lang]
		if !ok {
			continue
		}
		if _, err := s.Texts().SaveText(ctx, desk, id, translations.In{Lang: lang, Text: text, Follows: 1}); err != nil {
			return "", err
		}
	}
	return id, nil
}

// sentMailing has gone out, and left nothing in the mailbox: the demonstration begins quietly.
func sentMailing(ctx context.Context, db postgres.DB, s *mailings.Service, desk identity.Actor) error {
	id, err := draftMailing(ctx, s, desk, mailings.Official, invitation)
	if err != nil {
		return err
	}
	m, err := s.Show(ctx, desk, id)
	if err != nil {
		return err
	}
	if err := s.SendOff(ctx, desk, id, m.Version); err != nil {
		return err
	}
	return db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			with r as (
				update mailing_recipients set state = 'sent', sent_at = now(), tries = 1 where mailing_id = $1 and state = 'waiting'
			)
			update mailings set state = 'sent', finished_at = now() where id = $1`, m.ID)
		return err
	})
}

// cityLetters are what two cities find on their pages.
func cityLetters(ctx context.Context, db postgres.DB, papers *letters.Service, desk identity.Actor) error {
	for _, place := range []string{"gn:147105", "gn:749780"} {
		var record string
		err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
			return q.QueryRow(ctx, `select s.public_id from municipalities m join subjects s on s.id = m.id where m.source_id = $1`, place).Scan(&record)
		})
		if err != nil {
			return err
		}
		ids, err := papers.Issue(ctx, desk, letters.To{Record: record}, letters.Input{Kind: letters.General, Office: "secretary_general", Texts: map[locale.Lang]letters.Text{
			locale.TR: {Title: "Genel Kurul toplantısına davet", Body: "Sayın Başkan,\n\nGenel Kurul toplantısına katılımınızdan onur duyarız.\n\nGündem ve belgeler portaldadır.\n\nSaygılarımızla,"},
			locale.RU: {Title: "Приглашение на Генеральную ассамблею", Body: "Уважаемый глава!\n\nБудем рады вашему участию в Генеральной ассамблее.\n\nПовестка и документы — на портале.\n\nС уважением,"}}})
		if err != nil {
			return err
		}
		at := time.Now().Add(-time.Hour)
		if err := papers.Serve(ctx, desk, ids[0], letters.Serving{Way: "kep", Number: "KEP-2026-118844", At: at}); err != nil {
			return err
		}
	}
	return nil
}
