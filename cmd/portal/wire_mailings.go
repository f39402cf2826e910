package main

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	official "github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/web/mailingpages"
	"github.com/birlik/portal/web/memberpages"
	"github.com/birlik/portal/web/ui"
)

// asMailed is the register of members as mailings ask it.
type asMailed struct{ membership *membership.Service }

// Matching implements mailings.Members.
func (m asMailed) Matching(ctx context.Context, q postgres.Querier, actor identity.Actor, f mailings.Filter) ([]int64, error) {
	return m.membership.Matching(ctx, q, actor, string(locale.Of(ctx).Lang), membership.MemberFilter{Text: f.Text, Kind: membership.Kind(f.Kind),
		Standing: f.Standing, Country: f.Country, Size: f.Size, Late: f.Late})
}

// books are what official letters ask of the register of members and of dues.
type books struct {
	membership *membership.Service
	dues       *dues.Service
}

// Matching implements letters.Books.
func (b books) Matching(ctx context.Context, q postgres.Querier, actor identity.Actor, f official.Filter) ([]int64, error) {
	return asMailed{b.membership}.Matching(ctx, q, actor, mailings.Filter(f))
}

// Owed implements letters.Books.
func (b books) Owed(ctx context.Context, q postgres.Querier, orgs []int64, late bool) (map[int64][]official.Owed, error) {
	list, err := b.dues.Owing(ctx, q, orgs, late)
	out := map[int64][]official.Owed{}
	for org, owing := range list {
		for _, a := range owing {
			out[org] = append(out[org], official.Owed{Reference: a.Reference, Year: a.Year, DueOn: a.DueOn, Amount: a.Amount.String(), Open: a.Open.String(), Currency: a.Currency})
		}
	}
	return out, err
}

// letterLines are the letters to a member, for its record.
func (s services) letterLines(ctx context.Context, actor identity.Actor, orgID int64) ([]memberpages.Line, error) {
	list, _, err := s.papers.List(ctx, actor, official.Search{OrgID: orgID})
	list = list[:min(len(list), tiedRows)]
	out := make([]memberpages.Line, len(list))
	for i, l := range list {
		out[i] = memberpages.Line{Title: l.Reference() + " · " + l.Title, Href: ui.Path(ctx, l.DeskPath()),
			Note: locale.T(ctx, "letters.kind."+string(l.Kind)) + " · " + locale.Date(ctx, l.IssuedOn)}
	}
	return out, err
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
