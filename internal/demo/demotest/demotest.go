// Package demotest gives tests the services that the demonstration is filled in through.
package demotest

import (
	"time"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/events"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/projects"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/requests"
)

// Services are all of them on one database, with the real clock.
func Services(db postgres.DB) demo.Services {
	return demo.Services{DB: db, Accounts: accounts.New(db, time.Now), Publications: publications.New(db, time.Now),
		Events: events.New(db, time.Now), Organs: organs.New(db, time.UTC, time.Now), Now: time.Now,
		Cases: demo.Cases{Zone: time.UTC, Now: time.Now(), Requests: requests.New(db, nil, nil, time.UTC, time.Now), Projects: projects.New(db, time.Now)}}
}
