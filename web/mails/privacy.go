package mails

import (
	"context"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/privacy"
)

// FromPrivacy makes a letter to a person about their own data. It carries no data and no
// link that does something.
func (f Frame) FromPrivacy(ctx context.Context, l privacy.Letter) (mail.Letter, error) {
	lang := known(l.Lang)
	ctx = locale.With(ctx, locale.Reader{Lang: lang, Zone: zoneOf(l.Zone)})
	key := "mail.privacy." + l.What
	paragraphs := []string{locale.Text(lang, key+".lead", "Due", locale.Date(ctx, l.Due.In(zoneOf(l.Zone))))}
	if l.Note != "" {
		paragraphs = append(paragraphs, locale.Text(lang, l.Note))
	}
	if l.Text != "" {
		paragraphs = append(paragraphs, l.Text)
	}
	if locale.Has(lang, key+".more") {
		paragraphs = append(paragraphs, locale.Text(lang, key+".more"))
	}
	return f.Write(ctx, l.Key+"@"+f.Host, l.To, Letter{
		Lang:       string(lang),
		Greeting:   locale.Text(lang, "mail.greeting", "Name", l.Name),
		Subject:    locale.Text(lang, key+".subject"),
		Paragraphs: paragraphs,
		Action:     locale.Text(lang, key+".action"),
		URL:        f.BaseURL + "/" + string(lang) + l.Path,
		Why:        locale.Text(lang, "mail.privacy.why"),
	})
}
