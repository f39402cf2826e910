package mails

import (
	"context"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
)

// FromAccount makes the letter that tells people what changed in how they sign in. It
// carries no secret and no link that does something.
func (f Frame) FromAccount(ctx context.Context, l accounts.Letter) (mail.Letter, error) {
	lang := known(l.Lang)
	zone := zoneOf(l.Zone)
	ctx = locale.With(ctx, locale.Reader{Lang: lang, Zone: zone})
	at := l.At.In(zone)
	return f.Write(ctx, l.Key+"@"+f.Host, l.To, Letter{
		Lang:     string(lang),
		Greeting: locale.Text(lang, "mail.greeting", "Name", l.Name),
		Subject:  locale.Text(lang, "mail.account.subject"),
		Paragraphs: []string{locale.Text(lang, "mail.account."+l.What, "When", locale.Date(ctx, at)+" "+locale.Clock(ctx, at)),
			locale.Text(lang, "mail.account.not_you")},
		Action: locale.Text(lang, "mail.account.action"),
		URL:    f.BaseURL + "/" + string(lang) + "/account/security",
		Why:    locale.Text(lang, "mail.account.why"),
	})
}
