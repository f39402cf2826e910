package mails

import (
	"context"
	"fmt"
	"time"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
)

// FromLink makes the letter that carries a single-use link: a reset or an invitation.
func (f Frame) FromLink(ctx context.Context, m accounts.LinkMail) (mail.Letter, error) {
	lang := known(m.Lang)
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		zone = time.UTC
	}
	ctx = locale.With(ctx, locale.Reader{Lang: lang, Zone: zone})
	keys := "mail." + string(m.Purpose)
	expires := m.Expires.In(zone)
	when := locale.Date(ctx, expires) + " " + locale.Clock(ctx, expires)
	// The same Message-ID would make mail programs hide the second try, whose token is another.
	id := fmt.Sprintf("link.%d.%d@%s", m.LinkID, time.Now().UnixNano(), f.Host)
	return f.Write(ctx, id, m.To, Letter{
		Lang:       string(lang),
		Greeting:   locale.Text(lang, "mail.greeting", "Name", m.Name),
		Subject:    locale.Text(lang, keys+".subject"),
		Paragraphs: []string{locale.Text(lang, keys+".lead", "By", m.By), locale.Text(lang, "mail.link_until", "When", when)},
		Action:     locale.Text(lang, keys+".action"),
		URL:        f.BaseURL + m.Path,
		Why:        locale.Text(lang, keys+".why"),
	})
}
