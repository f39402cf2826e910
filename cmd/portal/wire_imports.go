package main

import (
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
)

// newImports names the kinds of records that tables may bring.
func newImports(db postgres.DB, people *accounts.Service, cases *requests.Service) *imports.Service {
	return imports.New(db, time.Now, municipalities.ImportKind(), municipalities.ContactKind(),
		people.MandateKind(municipalities.FindPlaces), decisions.ImportKind(municipalities.FindPlaces),
		dues.BalanceKind(municipalities.FindPlaces), cases.TakeoverKind(municipalities.FindPlaces), cases.HistoryKind())
}

// registerImports gives the queue the workers of imports.
func (a *app) registerImports(s services) {
	river.AddWorker(a.Workers, &imports.Worker{Imports: s.imports})
	river.AddWorker(a.Workers, &imports.TidyWorker{Imports: s.imports})
	river.AddWorker(a.Workers, &municipalities.DuplicatesWorker{Municipalities: s.municipalities})
	a.Periodic = append(a.Periodic, every(24*time.Hour, imports.TidyArgs{}), every(24*time.Hour, municipalities.DuplicatesArgs{}))
}
