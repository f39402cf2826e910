package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/opinionpages"
)

// newOpinions makes the service, and lets the cases tell it of their moves.
func newOpinions(cfg config.Config, db postgres.DB, cases *requests.Service) *opinions.Service {
	service := opinions.New(db, cfg.Union.Names(), cfg.Union.Location(), time.Now)
	cases.Opinions = asOpinions{service}
	return service
}

// asOpinions tells opinions of the moves of their cases, in their own words.
type asOpinions struct{ opinions *opinions.Service }

// Moved implements requests.Opinions.
func (o asOpinions) Moved(ctx context.Context, tx pgx.Tx, actor identity.Actor, r requests.Request, move string, signers []string) error {
	return o.opinions.Moved(ctx, tx, actor, opinions.Case{ID: r.ID, PublicID: r.PublicID, OrgID: r.OrgID, OrgName: r.OrgName, CountryID: r.CountryID,
		Reference: r.Reference, Lang: r.Lang, Title: r.Summary.Title, State: string(r.State), Urgent: r.Urgent}, move, signers)
}

// Standing implements requests.Opinions.
func (o asOpinions) Standing(ctx context.Context, q postgres.Querier, actor identity.Actor, id int64) (requests.Opinion, error) {
	x, err := o.opinions.Standing(ctx, q, actor, id)
	return requests.Opinion(x), err
}

func newOpinionPages(s services) *opinionpages.Handler { return opinionpages.New(s.opinions) }
