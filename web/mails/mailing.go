package mails

import (
	"context"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/web/writing"
)

// FromMailing makes one letter of a mailing. The text is what staff wrote; names come into
// it as text, after the text was made safe.
func (f Frame) FromMailing(ctx context.Context, p mailings.Post) (mail.Letter, error) {
	lang := known(p.To.Lang)
	values := p.To.Values()
	l := Letter{
		Lang:     string(lang),
		Subject:  mail.Clean(values.Plain(p.Title)),
		HTMLBody: values.HTML(string(writing.HTML(p.Body))),
		TextBody: values.Plain(writing.Plain(p.Body)),
		Why:      locale.Text(lang, "mailings.mail.why."+string(p.Kind), "City", mail.Clean(p.To.City)),
	}
	if p.Token != "" {
		l.Leave = f.BaseURL + "/" + string(lang) + "/unsubscribe/" + p.Token
		l.LeaveWords = locale.Text(lang, "mailings.mail.leave")
	}
	return f.Write(ctx, p.Key+"@"+f.Host, p.To.Email, l)
}
