package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/web/figurepages"
)

// newFigurePages makes the pages of the casework in numbers.
func newFigurePages(cfg config.Config, s services) *figurepages.Handler {
	return figurepages.New(s.requests, cfg.Union.Location(), time.Now)
}

// registerFigures gives the queue the worker that folds the figures' counters.
func (a *app) registerFigures(s services) {
	river.AddWorker(a.Workers, &requests.FoldWorker{Requests: s.requests})
	a.Periodic = append(a.Periodic, every(5*time.Minute, requests.FoldArgs{}))
}

// keepZone tells the counters in whose days they count.
func keepZone(ctx context.Context, cfg config.Config, db postgres.DB) error {
	return db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return requests.KeepZone(ctx, tx, cfg.Union.Location()) })
}
