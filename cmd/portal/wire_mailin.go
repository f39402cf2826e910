package main

import (
	"context"
	"encoding/base64"
	"net/mail"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web"
	"github.com/birlik/portal/web/mailinpages"
	"github.com/birlik/portal/web/replypages"
)

// newMailIn makes the service that takes letters in, and gives requests the addresses at
// which they are answered.
func newMailIn(cfg config.Config, db postgres.DB, s services) *mailin.Service {
	secret, err := base64.StdEncoding.DecodeString(cfg.SecretKey)
	if err != nil || len(secret) == 0 {
		secret = []byte("demonstration") // production was refused without a key
	}
	addresses := mailin.NewAddresses(cfg.MailInDomain, secret)
	if addresses != nil {
		s.requests.ReplyTo = addresses.Of
	}
	own := ""
	if from, err := mail.ParseAddress(cfg.Union.MailFrom); err == nil {
		own = strings.ToLower(from.Address)
	}
	return mailin.New(db, s.documents, addresses, s.answered(),
		mailin.Options{Own: own, Vouches: cfg.MailInVouches, Mailbox: cfg.MailInIMAP}, time.Now)
}

// answered tells letters of requests.
func (s services) answered() mailin.Records {
	return mailin.Records{
		Ref: func(ctx context.Context, actor identity.Actor, name string) (mailin.Record, error) {
			r, err := s.requests.Numbered(ctx, actor, name)
			if err != nil {
				return mailin.Record{}, err
			}
			lang, err := s.requests.Reads(ctx, r)
			return mailin.Record{Ref: r.Ref(), PublicID: r.PublicID, Org: r.OrgPublicID, Number: r.Reference,
				Title: r.Summary.Title, City: r.OrgName, Lang: string(lang)}, err
		},
		Person: s.accounts.ByMail,
		Write: func(ctx context.Context, actor identity.Actor, publicID string, w mailin.Words) error {
			return s.requests.WriteByMail(ctx, actor, publicID, mailedWords(w))
		},
		Take: func(ctx context.Context, actor identity.Actor, publicID string, w mailin.Words) error {
			return s.requests.TakeMail(ctx, actor, publicID, mailedWords(w))
		},
		Return: s.requests.ReturnMail,
	}
}

func mailedWords(w mailin.Words) requests.Mailed {
	return requests.Mailed{Mail: w.Mail, Body: w.Body, Sender: w.Sender, OfCity: w.OfCity, Uploads: w.Uploads, Claim: w.Claim}
}

// mailPages adds the pages of letters and of templates.
func (s services) mailPages(p *web.Pages) {
	p.MailIn = mailinpages.New(s.mailin)
	p.MailIn.Locators = p.Admin.Locators
	p.Replies, p.Casework.Replies = replypages.New(s.replies, s.catalogue.Offices), s.replies
}

// registerMailIn adds the jobs of letters.
func (a *app) registerMailIn(cfg config.Config, s services) {
	river.AddWorker(a.Workers, &mailin.HandleWorker{Mails: s.mailin})
	river.AddWorker(a.Workers, &mailin.PollWorker{Mails: s.mailin})
	river.AddWorker(a.Workers, &mailin.TidyWorker{Mails: s.mailin})
	a.Periodic = append(a.Periodic, every(time.Hour, mailin.TidyArgs{}))
	if cfg.MailInIMAP != "" {
		a.Periodic = append(a.Periodic, every(time.Minute, mailin.PollArgs{}))
	}
}
