package main

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/mailingpages"
)

// asMailed is the register of members as mailings ask it.
type asMailed struct{ membership *membership.Service }

// Matching implements mailings.Members.
func (m asMailed) Matching(ctx context.Context, q postgres.Querier, actor identity.Actor, f mailings.Filter) ([]int64, error) {
	return m.membership.Matching(ctx, q, actor, string(locale.Of(ctx).Lang), membership.MemberFilter{Text: f.Text, Kind: membership.Kind(f.Kind),
		Standing: f.Standing, Country: f.Country, Size: f.Size, Late: f.Late})
}

// sendPost draws a letter of a mailing and sends it.
func (s services) sendPost(ctx context.Context, p mailings.Post) error {
	letter, err := s.letters.FromMailing(ctx, p)
	if err != nil {
		return err
	}
	return s.sender.Send(ctx, letter)
}

// registerMailings gives the queue the work of mailings.
func (a *app) registerMailings(s services) {
	river.AddWorker(a.Workers, &mailings.SendWorker{Mailings: s.mailings, Send: s.sendPost})
	river.AddWorker(a.Workers, &mailings.WakeWorker{Mailings: s.mailings, Send: s.sendPost})
	a.Periodic = append(a.Periodic, every(time.Minute, mailings.WakeArgs{}))
}

func newMailingPages(s services) *mailingpages.Handler {
	return mailingpages.New(s.mailings, s.sendPost, func(ctx context.Context, actor identity.Actor, code string) string {
		countries, err := s.membership.Countries(ctx, actor, locale.Of(ctx).Lang)
		if err != nil {
			return code
		}
		for _, c := range countries {
			if c.Code == code {
				return c.Name
			}
		}
		return code
	})
}
