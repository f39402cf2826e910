package mails

import (
	"context"
	"fmt"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
)

// FromSeat makes the letter that tells somebody with an account for whom they may act now.
func (f Frame) FromSeat(ctx context.Context, m accounts.SeatMail) (mail.Letter, error) {
	lang := known(m.Lang)
	role := locale.Text(lang, "accounts.role."+string(m.Role))
	return f.Write(ctx, fmt.Sprintf("seat.%d@%s", m.JobID, f.Host), m.To, Letter{
		Lang:       string(lang),
		Greeting:   locale.Text(lang, "mail.greeting", "Name", m.Name),
		Subject:    locale.Text(lang, "mail.seat.subject", "City", m.OrgName),
		Paragraphs: []string{locale.Text(lang, "mail.seat.lead", "City", m.OrgName, "Role", role, "By", m.By)},
		Action:     locale.Text(lang, "mail.seat.action"),
		URL:        f.BaseURL + m.Path,
		Why:        locale.Text(lang, "mail.seat.why"),
	})
}
