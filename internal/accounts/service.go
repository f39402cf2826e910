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

// Fresh is how long a proof of who one is lasts for what needs one: changing how one signs
// in, and what administrators do with other people's accounts.
const Fresh = 10 * time.Minute

// Options are the settings of accounts. The zero value is a portal without them: secrets
// are stored as they are, nobody is exempt, there is no sign-on.
type Options struct {
	BaseURL string                  // passkeys belong to its host
	Name    string                  // what apps and devices call the portal
	Key     []byte                  // 32 bytes that seal secrets; none: they are not sealed
	Exempt  func(email string) bool // staff who need no second factor: demonstration accounts
	SignOn  SignOn                  // the union's identity provider
}

// Service is everything that can be done with accounts.
type Service struct {
	db      postgres.DB
	now     func() time.Time
	options Options
	signOn  *provider // nil: no identity provider
}

// New makes the service. now is the clock.
func New(db postgres.DB, now func() time.Time) *Service {
	return &Service{db: db, now: now}
}

// With gives the service its settings.
func (s *Service) With(o Options) *Service {
	s.options = o
	s.signOn = newProvider(o.SignOn)
	return s
}

// exempt reports whether a member of staff may work without a second factor.
func (s *Service) exempt(email string) bool {
	return s.options.Exempt != nil && s.options.Exempt(email)
}
