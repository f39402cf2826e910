// Package config reads the portal's settings from the environment into one struct and
// checks them at start, with messages that a person can act on.
package config

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Mode says how much the portal forgives.
type Mode string

// The modes. Demo and development have demonstration data at hand, a mail inbox at
// /dev/mail and readable logs; production has none of it and refuses weak settings.
const (
	Demo        Mode = "demo"
	Development Mode = "development"
	Production  Mode = "production"
)

// Config holds every setting; docs/deploy.md lists them.
type Config struct {
	Mode        Mode   `env:"PORTAL_MODE" envDefault:"production"`
	Addr        string `env:"PORTAL_ADDR" envDefault:"127.0.0.1:8080"`
	MetricsAddr string `env:"PORTAL_METRICS_ADDR" envDefault:"127.0.0.1:9090"` // "off": no metrics
	BaseURL     string `env:"PORTAL_BASE_URL"`                                 // no slash at the end; default http://localhost:port
	DataDir     string `env:"PORTAL_DATA_DIR" envDefault:"./var"`
	DatabaseURL string `env:"DATABASE_URL"`       // empty: a private server below DataDir
	StorageURL  string `env:"PORTAL_STORAGE_URL"` // file:///folder or s3://key:secret@host:port/bucket; default DataDir/files
	SMTPURL     string `env:"PORTAL_SMTP_URL"`    // smtp[s]://user:password@host:port; empty: the inbox at /dev/mail

	// MailInDomain is where cases are answered by e-mail: case+…@domain; empty: nowhere.
	MailInDomain string `env:"PORTAL_MAIL_IN_DOMAIN"`
	// MailInIMAP is the mailbox that the domain's mail lies in: imaps://user:password@host:port/folder; empty: none is read.
	MailInIMAP string `env:"PORTAL_MAIL_IN_IMAP"`
	// MailInVouches is the name by which the union's mail server signs Authentication-Results; empty: nobody vouches.
	MailInVouches string `env:"PORTAL_MAIL_IN_VOUCHES"`

	// DatabaseConns bounds the connections of this process; 0: three for each core.
	DatabaseConns int `env:"PORTAL_DATABASE_CONNECTIONS"`
	// PlainDatabase allows an unencrypted connection to another machine.
	PlainDatabase bool `env:"PORTAL_ALLOW_PLAIN_DATABASE"`
	// TrustedProxies are the networks whose X-Forwarded-For header counts.
	TrustedProxies []netip.Prefix `env:"PORTAL_TRUSTED_PROXIES"`
	// RatePerMinute bounds the requests of one network to one instance; 0 switches it off.
	RatePerMinute int `env:"PORTAL_RATE_PER_MINUTE" envDefault:"600"`
	// MailingPerMinute bounds the letters of mailings; other mail leaves at once.
	MailingPerMinute int    `env:"PORTAL_MAILING_PER_MINUTE" envDefault:"120"`
	UploadMB         int    `env:"PORTAL_UPLOAD_MB" envDefault:"25"`     // one file
	Clamd            string `env:"PORTAL_CLAMD"`                         // tcp://host:3310 or unix:///path of a virus scanner; empty: none
	PageCacheMB      int    `env:"PORTAL_PAGE_CACHE_MB" envDefault:"32"` // 0 switches it off
	// SecretKey seals what the portal must be able to read again, such as the secrets of
	// authenticator apps: base64 of 32 random bytes; empty: they are stored as they are.
	SecretKey string `env:"PORTAL_SECRET_KEY"`
	LogLevel  string `env:"PORTAL_LOG_LEVEL" envDefault:"info"`
	// ShutdownGrace is how long a stopping portal waits for requests and jobs.
	ShutdownGrace time.Duration `env:"PORTAL_SHUTDOWN_GRACE" envDefault:"20s"`

	Union Union
	OIDC  OIDC
}

// Load reads the environment and checks it. The error lists everything that is wrong, one
// line each.
func Load() (Config, error) { return load(environ()) }

// LoadBeside is Load for commands beside the server. Where neither PORTAL_MODE nor
// DATABASE_URL is set they mean the demonstration that make run keeps below PORTAL_DATA_DIR,
// because production has no private database.
func LoadBeside() (Config, error) { return load(beside(environ())) }

// LoadDatabase is LoadBeside for commands that only need the database: what readers and
// mail need is not asked for.
func LoadDatabase() (Config, error) {
	environment := beside(environ())
	if environment["PORTAL_MODE"] != "" && Mode(environment["PORTAL_MODE"]) != Production {
		return load(environment)
	}
	return load(map[string]string{"PORTAL_MODE": string(Development), "DATABASE_URL": environment["DATABASE_URL"],
		"PORTAL_DATABASE_CONNECTIONS": environment["PORTAL_DATABASE_CONNECTIONS"]})
}

func beside(environment map[string]string) map[string]string {
	if environment["PORTAL_MODE"] == "" && environment["DATABASE_URL"] == "" {
		environment["PORTAL_MODE"] = string(Demo)
	}
	return environment
}

func load(environment map[string]string) (Config, error) {
	var c Config
	err := env.ParseWithOptions(&c, env.Options{Environment: environment})
	problems := explain(err)
	if err == nil {
		c.complete()
		problems = c.check()
	}
	problems = append(problems, unknown(environment)...)
	if len(problems) > 0 {
		return c, errors.New("the settings need attention:\n  " + strings.Join(problems, "\n  "))
	}
	return c, nil
}

func environ() map[string]string {
	all := map[string]string{}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		all[name] = value
	}
	return all
}

// explain puts the library's faults into one line each.
func explain(err error) []string {
	var all env.AggregateError
	if !errors.As(err, &all) {
		if err != nil {
			return []string{err.Error()}
		}
		return nil
	}
	var lines []string
	for _, fault := range all.Errors {
		lines = append(lines, fault.Error())
	}
	return lines
}

// complete fills in what follows from other settings.
func (c *Config) complete() {
	if c.BaseURL == "" && c.Mode != Production {
		_, port, _ := strings.Cut(c.Addr, ":")
		c.BaseURL = "http://localhost:" + port
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	if c.StorageURL == "" {
		if folder, err := filepath.Abs(filepath.Join(c.DataDir, "files")); err == nil {
			c.StorageURL = "file://" + filepath.ToSlash(folder)
		}
	}
	if c.Mode != Production {
		c.Union.fillDemo()
	}
	if c.Mode == Demo && c.MailInDomain == "" {
		c.MailInDomain = "cases.union.example" // answers come as files then
	}
}

// Forgiving reports whether demonstration data, the mail inbox and the style guide are
// there: in demo and development.
func (c Config) Forgiving() bool { return c.Mode != Production }

// unknown finds misspelt settings: a PORTAL_ name that nothing reads.
func unknown(environment map[string]string) []string {
	known := map[string]bool{}
	params, err := env.GetFieldParams(&Config{})
	if err != nil {
		return []string{err.Error()}
	}
	for _, p := range params {
		known[p.Key] = true
	}
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		if strings.HasPrefix(name, "PORTAL_") && !strings.HasPrefix(name, "PORTAL_TEST_") && !known[name] {
			lines = append(lines, fmt.Sprintf("%s is not a setting of the portal%s.", name, closest(name, known)))
		}
	}
	return lines
}

// closest suggests the setting that differs by a slip of the fingers.
func closest(name string, known map[string]bool) string {
	for _, candidate := range slices.Sorted(maps.Keys(known)) {
		if distance(name, candidate) <= 2 {
			return "; did you mean " + candidate
		}
	}
	return ""
}

// distance counts the letters to insert, remove or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := left
			if a[i] != b[j] {
				replaced++
			}
			left = row[j+1]
			row[j+1] = min(replaced, left+1, row[j]+1)
		}
	}
	return row[len(b)]
}
