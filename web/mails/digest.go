package mails

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mail"
	"github.com/birlik/portal/internal/notify"
)

// FromDigest makes the letter that gathers what somebody is told: one line each, with its
// page.
func (f Frame) FromDigest(ctx context.Context, d notify.Digest) (mail.Letter, error) {
	lang := known(d.To.Lang)
	ctx = locale.With(ctx, locale.Reader{Lang: lang, Zone: zoneOf(d.To.Zone)})
	letter := Letter{
		Lang:       string(lang),
		Greeting:   locale.Text(lang, "mail.greeting", "Name", d.To.Name),
		Subject:    locale.Text(lang, "mail.digest.subject", "Count", len(d.Notes)),
		Paragraphs: []string{locale.Text(lang, "mail.digest.lead")},
		Action:     locale.Text(lang, "mail.digest.action"),
		URL:        f.BaseURL + "/" + string(lang) + "/account/letters",
	}
	for _, n := range d.Notes {
		letter.Items = append(letter.Items, Item{Title: locale.Text(lang, n.Keys+".subject", pairs(ctx, n.Args)...), URL: f.BaseURL + n.Path})
	}
	return f.Write(ctx, d.MessageID, d.To.Email, letter)
}

// zoneOf is a time zone by name; UTC where there is none of that name.
func zoneOf(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}
