package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
)

// check lists what is wrong, each with what to do about it.
func (c Config) check() []string {
	var p problems
	p.add(!slices.Contains([]Mode{Demo, Development, Production}, c.Mode),
		"PORTAL_MODE is %q; it is demo, development or production.", c.Mode)
	p.address("PORTAL_ADDR", c.Addr)
	if c.MetricsAddr != "off" {
		p.address("PORTAL_METRICS_ADDR", c.MetricsAddr)
	}
	p.checkBaseURL(c.BaseURL)
	p.checkStorage(c.StorageURL)
	p.checkSMTP(c.SMTPURL)
	p.checkMailIn(c)
	p.add(c.DatabaseConns < 0 || c.DatabaseConns > 0 && c.DatabaseConns < 14,
		"PORTAL_DATABASE_CONNECTIONS is %d; the four pools need at least 14.", c.DatabaseConns)
	p.add(c.MailingPerMinute < 1 || c.MailingPerMinute > 100_000, "PORTAL_MAILING_PER_MINUTE is %d; choose 1 to 100000.", c.MailingPerMinute)
	p.add(c.UploadMB < 1 || c.UploadMB > 1000, "PORTAL_UPLOAD_MB is %d; choose 1 to 1000.", c.UploadMB)
	p.checkClamd(c.Clamd)
	p.add(c.PageCacheMB < 0, "PORTAL_PAGE_CACHE_MB is %d; choose 0 (off) or more.", c.PageCacheMB)
	p.add(c.RatePerMinute < 0, "PORTAL_RATE_PER_MINUTE is %d; choose 0 (off) or more.", c.RatePerMinute)
	var level slog.Level
	p.add(level.UnmarshalText([]byte(c.LogLevel)) != nil, "PORTAL_LOG_LEVEL is %q; it is debug, info, warn or error.", c.LogLevel)
	if _, err := pgx.ParseConfig(c.DatabaseURL); err != nil {
		p.add(true, "DATABASE_URL cannot be read; write postgres://user:password@host:5432/database?sslmode=verify-full.")
	}
	p.checkKey(c.SecretKey)
	p.checkOIDC(c.OIDC, c.Mode == Production)
	p.checkUnion(c.Union)
	if c.Mode == Production {
		p.checkProduction(c)
	}
	return p
}

type problems []string

func (p *problems) add(wrong bool, format string, args ...any) {
	if wrong {
		*p = append(*p, fmt.Sprintf(format, args...))
	}
}

func (p *problems) address(name, value string) {
	_, port, err := net.SplitHostPort(value)
	number, notNumber := strconv.Atoi(port)
	p.add(err != nil || notNumber != nil || number < 0 || number > 65535,
		"%s is %q; write an address and a port such as 127.0.0.1:8080.", name, value)
}

func (p *problems) checkBaseURL(value string) {
	u, err := url.Parse(value)
	p.add(err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" || u.RawQuery != "" || u.User != nil,
		"PORTAL_BASE_URL is %q; write the address that readers type, such as https://portal.example.", value)
}

func (p *problems) checkStorage(value string) {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "file" && u.Scheme != "s3":
		p.add(true, "PORTAL_STORAGE_URL must begin with file:// or s3://, such as s3://key:secret@store.example/bucket.")
	case u.Scheme == "file":
		p.add(u.Host != "" || u.Path == "", "PORTAL_STORAGE_URL names no folder; write file:///srv/portal/files, with three slashes.")
	default:
		secret, _ := u.User.Password()
		p.add(u.Host == "" || strings.Trim(u.Path, "/") == "" || u.User.Username() == "" || secret == "",
			"PORTAL_STORAGE_URL needs key, secret, host and bucket: s3://key:secret@store.example/bucket.")
	}
}

func (p *problems) checkClamd(value string) {
	u, err := url.Parse(value)
	p.add(value != "" && (err != nil || !(u.Scheme == "tcp" && u.Port() != "" || u.Scheme == "unix" && u.Path != "")),
		"PORTAL_CLAMD cannot be read; write tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl.")
}

func (p *problems) checkSMTP(value string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	p.add(err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "",
		"PORTAL_SMTP_URL cannot be read; write smtp://user:password@mail.example:587 or smtps://…:465.")
}

// domain is a host name of at least two parts.
var domain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$`)

func (p *problems) checkMailIn(c Config) {
	p.add(c.MailInDomain != "" && !domain.MatchString(c.MailInDomain), "PORTAL_MAIL_IN_DOMAIN is %q; write a domain in small letters such as cases.union.example.", c.MailInDomain)
	p.add(c.MailInDomain != "" && c.SecretKey == "" && c.Mode == Production,
		"PORTAL_MAIL_IN_DOMAIN needs PORTAL_SECRET_KEY: it keeps others from making addresses of cases.")
	p.add(c.MailInVouches != "" && !domain.MatchString(strings.ToLower(c.MailInVouches)), "PORTAL_MAIL_IN_VOUCHES is %q; write the name that your mail server puts into Authentication-Results.", c.MailInVouches)
	if c.MailInIMAP == "" {
		return
	}
	p.add(c.MailInDomain == "", "PORTAL_MAIL_IN_IMAP needs PORTAL_MAIL_IN_DOMAIN: without it no letter names a case.")
	u, err := url.Parse(c.MailInIMAP)
	if err != nil || u.Scheme != "imaps" && u.Scheme != "imap" || u.Hostname() == "" || u.User.Username() == "" {
		p.add(true, "PORTAL_MAIL_IN_IMAP cannot be read; write imaps://user:password@mail.example:993/INBOX, signs in the user's name as %%40.")
		return
	}
	p.add(u.Scheme == "imap" && !isLocal(u.Hostname()), "PORTAL_MAIL_IN_IMAP must begin with imaps://: the password would travel in the open.")
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

func (p *problems) checkUnion(u Union) {
	_, err := time.LoadLocation(u.Zone)
	p.add(err != nil || u.Zone == "" || u.Zone == "Local", "PORTAL_ZONE is %q; write a zone such as Europe/Istanbul.", u.Zone)
	p.add(u.Accent != "" && !colour.MatchString(u.Accent), "PORTAL_UNION_ACCENT is %q; write a colour such as #1c5a64.", u.Accent)
	if colour.MatchString(u.Accent) {
		p.add(contrastOnWhite(u.Accent) < 4.5,
			"PORTAL_UNION_ACCENT %s is too pale for text on white (contrast %.1f, needs 4.5); choose a darker one.", u.Accent, contrastOnWhite(u.Accent))
	}
	if u.Logo != "" {
		_, err := os.Stat(u.Logo)
		p.add(err != nil || !strings.HasSuffix(u.Logo, ".svg") && !strings.HasSuffix(u.Logo, ".png"),
			"PORTAL_UNION_LOGO is %q; name an SVG or PNG file that the portal may read.", u.Logo)
	}
	p.add(len(u.Languages) == 0, "PORTAL_LANGUAGES is empty; write tr,en,ru or some of them.")
	for _, lang := range u.Languages {
		p.add(!locale.Known(string(lang)), "PORTAL_LANGUAGES names %q; the portal speaks tr, en and ru.", lang)
	}
	p.add(u.Names()[locale.EN] == "", "The union has no name: set PORTAL_UNION_NAME_TR, _EN or _RU.")
	if _, err := mail.ParseAddress(u.MailFrom); err != nil {
		p.add(true, "PORTAL_MAIL_FROM is %q; write the sender of mail, such as Union <portal@union.example>.", u.MailFrom)
	}
	p.add(!strings.Contains(u.ReferenceFormat, "{prefix}") || !strings.Contains(u.ReferenceFormat, "{year}") || !strings.Contains(u.ReferenceFormat, "{number}"),
		"PORTAL_REFERENCE_FORMAT is %q; it must hold {prefix}, {year} and {number}.", u.ReferenceFormat)
}
