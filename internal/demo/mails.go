package demo

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/replies"
)

// replyTexts are the templates that the demonstration's desk writes with.
var replyTexts = []replies.Template{
	{Title: "Eksik belge", Texts: map[string]string{
		"tr": "Sayın yetkili,\n\n{number} sayılı başvurunuzu inceledik. Devam edebilmemiz için bir belge daha gerekiyor; lütfen {due} gününe kadar portaldan ya da bu mektubu yanıtlayarak gönderin.\n\nSaygılarımla\n{person}\n{office}",
		"en": "Dear colleague,\n\nWe have looked at your request {number}. One more document is needed before we can go on; please send it by {due}, in the portal or by answering this letter.\n\nKind regards\n{person}\n{office}",
		"ru": "Уважаемые коллеги!\n\nМы рассмотрели заявку {number}. Чтобы продолжить, нужен ещё один документ; пожалуйста, пришлите его до {due} через портал или ответом на это письмо.\n\nС уважением,\n{person}\n{office}"}},
	{Title: "Başvurunuzu aldık", Texts: map[string]string{
		"tr": "Sayın yetkili,\n\n{service} başvurunuzu aldık; numarası {number}. Sorularınız için bu mektubu yanıtlayabilirsiniz.\n\nSaygılarımla\n{person}",
		"ru": "Уважаемые коллеги!\n\nМы получили заявку «{service}»; её номер {number}. Если есть вопросы, ответьте на это письмо.\n\nС уважением,\n{person}"}},
	{Title: "Görüş yazısının teslimi", Office: "legal", Texts: map[string]string{
		"tr": "Sayın yetkili,\n\n{city} için hazırladığımız görüş yazısı ektedir.\n\nSaygılarımla\n{person}\n{office}"}},
}

// foundNoCase are letters that the demonstration's desk looks at: one that names no case, and
// the answer of a machine.
var foundNoCase = []string{
	"From: Kalem =?utf-8?q?M=C3=BCd=C3=BCrl=C3=BC=C4=9F=C3=BC?= <kalem@shusha.example>\nTo: portal@union.example\nSubject: Zemin etüdü\nMessage-ID: <zemin@shusha.example>\n" +
		"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nMerhaba,\n\nGeçen hafta istediğiniz zemin etüdünü haftaya göndereceğiz; ölçümler bu cuma bitiyor.\n\nİyi çalışmalar",
	"From: info@canakkale.example\nTo: portal@union.example\nSubject: Ofis dışında\nMessage-ID: <away@canakkale.example>\nAuto-Submitted: auto-replied\n" +
		"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nPazartesi günü dönüyorum.",
}

// Mails adds templates of messages, and letters that came by e-mail.
func Mails(ctx context.Context, s Services) error {
	done := false
	err := s.DB.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select exists (select from reply_templates)`).Scan(&done)
	})
	if err != nil || done {
		return err
	}
	service := replies.New(s.DB, s.Now)
	for _, t := range replyTexts {
		if _, err := service.Save(ctx, identity.Worker(), t); err != nil {
			return err
		}
	}
	if s.Documents == nil {
		return nil
	}
	letters := mailin.New(s.DB, s.Documents, nil, mailin.Records{}, mailin.Options{}, s.Now)
	for _, text := range foundNoCase {
		if _, err := letters.Deliver(ctx, identity.Worker(), []byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
			return err
		}
	}
	return nil
}
