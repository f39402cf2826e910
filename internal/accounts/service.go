package accounts

import (
	"time"

	"github.com/birlik/portal/internal/postgres"
)

// Timeouts of a session: both end it, whichever comes first.
const (
	IdleTimeout = 2 * time.Hour  // without a request
	Lifetime    = 12 * time.Hour // since signing in
)

// Service is everything that can be done with accounts.
type Service struct {
	db  postgres.DB
	now func() time.Time
}

// New makes the service. now is the clock.
func New(db postgres.DB, now func() time.Time) *Service {
	return &Service{db: db, now: now}
}
