package main

import (
	"time"

	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
)

// newImports names the kinds of records that tables may bring.
func newImports(_ config.Config, db postgres.DB) *imports.Service {
	return imports.New(db, time.Now, municipalities.ImportKind())
}

// registerImports gives the queue the workers of imports.
func (a *app) registerImports(s services) {
	river.AddWorker(a.Workers, &imports.Worker{Imports: s.imports})
	river.AddWorker(a.Workers, &imports.TidyWorker{Imports: s.imports})
	a.Periodic = append(a.Periodic, every(24*time.Hour, imports.TidyArgs{}))
}
