package config

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// weak are passwords that are as good as none.
var weak = []string{"", "portal", "postgres", "password", "changeme", "secret", "admin", "birlik", "portal-secret", "minioadmin", "123456"}

// checkProduction refuses settings that are fit for a demonstration only.
func (p *problems) checkProduction(c Config) {
	base, err := url.Parse(c.BaseURL)
	if err == nil {
		p.add(base.Scheme != "https", "PORTAL_BASE_URL must begin with https:// in production: cookies and links are made for it.")
		p.add(base.Hostname() == "localhost" || strings.HasSuffix(base.Hostname(), ".example"),
			"PORTAL_BASE_URL is %s; in production it is the address that readers type.", c.BaseURL)
	}
	p.add(c.DatabaseURL == "", "DATABASE_URL is not set: the private PostgreSQL is for demonstrations; name a server that is looked after.")
	p.add(c.SMTPURL == "", "PORTAL_SMTP_URL is not set: nobody would get mail; write smtp://user:password@mail.example:587.")
	p.add(strings.Contains(c.Union.MailFrom, ".example"), "PORTAL_MAIL_FROM is %s, an address of the demonstration.", c.Union.MailFrom)
	if c.DatabaseURL != "" {
		p.checkDatabase(c)
	}
	if store, err := url.Parse(c.StorageURL); err == nil && store.Scheme == "s3" {
		secret, _ := store.User.Password()
		p.add(slices.Contains(weak, secret), "PORTAL_STORAGE_URL has a secret that anybody guesses; make a long random one.")
	}
}

func (p *problems) checkDatabase(c Config) {
	database, err := pgx.ParseConfig(c.DatabaseURL)
	if err != nil || isLocal(database.Host) {
		return
	}
	p.add(slices.Contains(weak, database.Password), "DATABASE_URL has a password that anybody guesses; make a long random one.")
	plain := database.TLSConfig == nil || slices.ContainsFunc(database.Fallbacks, func(f *pgconn.FallbackConfig) bool { return f.TLSConfig == nil })
	p.add(plain && !c.PlainDatabase,
		"DATABASE_URL reaches %s without encryption; add sslmode=verify-full, or set PORTAL_ALLOW_PLAIN_DATABASE=true on a network of your own.", database.Host)
}

// isLocal reports a Unix socket or this machine, where the operating system guards the way.
func isLocal(host string) bool {
	return strings.HasPrefix(host, "/") || host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// contrastOnWhite is the ratio of WCAG 2.2 (relative luminance) of a colour "#rrggbb".
func contrastOnWhite(hex string) float64 {
	number, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return 0
	}
	linear := func(shift uint) float64 {
		c := float64(number>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0) + 0.05)
}
