package main

import (
	"time"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// newAccounts makes the accounts with their settings. Demonstration accounts need no second
// factor, and they are such in the demonstration only.
func newAccounts(cfg config.Config, db postgres.DB) *accounts.Service {
	options := accounts.Options{BaseURL: cfg.BaseURL, Name: cfg.Union.ShortName, Key: cfg.Key()}
	if options.Name == "" {
		options.Name = cfg.Union.Names()[locale.Default]
	}
	if cfg.Mode == config.Demo {
		options.Exempt = demonstrationAccount
	}
	if cfg.OIDC.Issuer != "" {
		options.SignOn = accounts.SignOn{Issuer: cfg.OIDC.Issuer, ClientID: cfg.OIDC.ClientID, Secret: cfg.OIDC.ClientSecret,
			Name: cfg.OIDC.Name, Redirect: cfg.BaseURL + "/" + string(locale.Default) + "/sign-in/sso/back"}
	}
	return accounts.New(db, time.Now).With(options)
}

func demonstrationAccount(email string) bool {
	for _, a := range demo.Accounts() {
		if accounts.EmailKey(a.Email) == accounts.EmailKey(email) {
			return true
		}
	}
	return false
}
