package main

import (
	"context"
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/supports"
	"github.com/birlik/portal/web/cards"
	"github.com/birlik/portal/web/ui"
)

// grantedOn tells supports of the requests that they are granted on.
type grantedOn struct{ requests *requests.Service }

// Origin implements supports.Requests.
func (g grantedOn) Origin(ctx context.Context, q postgres.Querier, actor identity.Actor, publicID string) (supports.Origin, error) {
	r, by, grants, err := g.requests.Granting(ctx, q, actor, publicID)
	if err != nil {
		return supports.Origin{}, err
	}
	out := supports.Origin{ID: r.ID, OrgID: r.OrgID, PublicID: r.PublicID, Reference: r.Reference, Title: r.Summary.Title, Grants: grants}
	if by != nil {
		out.DecisionID, out.DecisionNo = by.ID, by.Number
		if by.Amount != nil && by.Currency != nil {
			out.Amount, out.Currency = *by.Amount, *by.Currency
		}
	}
	return out, nil
}

// registerSupports gives the queue the reminders of reports.
func (a *app) registerSupports(s services) {
	river.AddWorker(a.Workers, &supports.RemindWorker{Supports: s.supports})
	a.Periodic = append(a.Periodic, every(6*time.Hour, supports.RemindArgs{}))
}

// supportTies are the supports that a request's page shows, for staff or for its city.
func (s services) supportTies(desk bool) func(context.Context, identity.Actor, requests.Case) (cards.Supports, error) {
	return func(ctx context.Context, actor identity.Actor, c requests.Case) (cards.Supports, error) {
		out := cards.Supports{}
		if c.Decided == "" {
			return out, nil
		}
		list, err := s.supports.OfRequest(ctx, actor, c.ID)
		for _, x := range list {
			path := "/m/" + c.OrgPublicID + "/supports/" + x.PublicID
			if desk {
				path = "/desk/supports/" + x.PublicID
			}
			about := locale.T(ctx, "supports.kind."+string(x.Kind))
			if x.Amount != "" {
				about += " · " + locale.Money(ctx, x.Amount, x.Currency)
			}
			out.Items = append(out.Items, cards.Support{Title: x.Title, About: about, Href: ui.Path(ctx, path), Late: x.LateReport(s.supports.Today())})
		}
		if desk && actor.Can(identity.EditSupports) && c.Decided == "approve" && c.Flow().Support {
			out.New = ui.Path(ctx, "/desk/requests/"+c.PublicID+"/support")
		}
		return out, err
	}
}
