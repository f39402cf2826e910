package config

import (
	"maps"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/locale"
)

// sound is a production's environment with nothing to complain about.
func sound() map[string]string {
	return map[string]string{
		"PORTAL_BASE_URL":      "https://portal.birlik.org",
		"DATABASE_URL":         "postgres://portal:Zt4-long-and-random@db.internal:5432/portal?sslmode=verify-full",
		"PORTAL_SMTP_URL":      "smtp://portal:word@mail.birlik.org:587",
		"PORTAL_MAIL_FROM":     "Birlik <portal@birlik.org>",
		"PORTAL_UNION_NAME_EN": "Union of Cities",
	}
}

func TestASoundProductionStarts(t *testing.T) {
	c, err := load(sound())
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Union.Names()[locale.RU]; got != "Union of Cities" {
		t.Errorf("name in Russian %q, want the one there is", got)
	}
	if !strings.HasPrefix(c.StorageURL, "file:///") || !strings.HasSuffix(c.StorageURL, "/var/files") {
		t.Errorf("storage %q", c.StorageURL)
	}
}

func TestTheDemoNeedsNothing(t *testing.T) {
	c, err := load(map[string]string{"PORTAL_MODE": "demo", "PORTAL_ADDR": "127.0.0.1:8101"})
	if err != nil {
		t.Fatal(err)
	}
	if c.BaseURL != "http://localhost:8101" || !c.Forgiving() {
		t.Errorf("base %q, forgiving %v", c.BaseURL, c.Forgiving())
	}
}

func TestFaultsNameTheSettingAndTheWayOut(t *testing.T) {
	for name, fault := range map[string]struct{ setting, value, says string }{
		"mode":           {"PORTAL_MODE", "prod", "demo, development or production"},
		"address":        {"PORTAL_ADDR", "8080", "127.0.0.1:8080"},
		"plain http":     {"PORTAL_BASE_URL", "http://portal.birlik.org", "https://"},
		"path":           {"PORTAL_BASE_URL", "https://birlik.org/portal", "PORTAL_BASE_URL"},
		"no database":    {"DATABASE_URL", "", "DATABASE_URL is not set"},
		"weak password":  {"DATABASE_URL", "postgres://portal:portal@db.internal/portal?sslmode=verify-full", "guesses"},
		"no encryption":  {"DATABASE_URL", "postgres://portal:Zt4-long@db.internal/portal?sslmode=prefer", "sslmode=verify-full"},
		"no mail":        {"PORTAL_SMTP_URL", "", "PORTAL_SMTP_URL is not set"},
		"demo sender":    {"PORTAL_MAIL_FROM", "x@union.example", "demonstration"},
		"storage":        {"PORTAL_STORAGE_URL", "s3://store.example/bucket", "key, secret, host and bucket"},
		"zone":           {"PORTAL_ZONE", "Istanbul", "Europe/Istanbul"},
		"pale accent":    {"PORTAL_UNION_ACCENT", "#ffe08a", "too pale"},
		"language":       {"PORTAL_LANGUAGES", "tr,de", "speaks tr, en and ru"},
		"reference":      {"PORTAL_REFERENCE_FORMAT", "{prefix}/{number}", "{year}"},
		"slip":           {"PORTAL_STORAGE_ULR", "file:///x", "did you mean PORTAL_STORAGE_URL"},
		"no number":      {"PORTAL_UPLOAD_MB", "many", "UploadMB"},
		"few connection": {"PORTAL_DATABASE_CONNECTIONS", "4", "at least 14"},
		"answers' key":   {"PORTAL_MAIL_IN_DOMAIN", "cases.birlik.org", "needs PORTAL_SECRET_KEY"},
		"answers' name":  {"PORTAL_MAIL_IN_DOMAIN", "case@birlik", "write a domain"},
		"mailbox alone":  {"PORTAL_MAIL_IN_IMAP", "imaps://a:b@mail.birlik.org", "needs PORTAL_MAIL_IN_DOMAIN"},
		"mailbox plain":  {"PORTAL_MAIL_IN_IMAP", "imap://a:b@mail.birlik.org", "imaps://"},
		"voucher":        {"PORTAL_MAIL_IN_VOUCHES", "our server", "Authentication-Results"},
		"proxies":        {"PORTAL_TRUSTED_PROXIES", "10.0.0.1", "TrustedProxies"},
	} {
		t.Run(name, func(t *testing.T) {
			environment := maps.Clone(sound())
			environment[fault.setting] = fault.value
			_, err := load(environment)
			if err == nil || !strings.Contains(err.Error(), fault.says) {
				t.Errorf("got %v, want a line with %q", err, fault.says)
			}
		})
	}
}

func TestSecretsStayOutOfMessages(t *testing.T) {
	environment := sound()
	environment["DATABASE_URL"] = "postgres://portal:top%zzsecret@db/portal"
	_, err := load(environment)
	if err == nil || strings.Contains(err.Error(), "zzsecret") {
		t.Errorf("got %v, want a message without the password", err)
	}
}

func TestReference(t *testing.T) {
	u := Union{ReferenceFormat: "{prefix}-{year}-{number}"}
	if got := u.Reference("REQ", 2026, 42); got != "REQ-2026-00042" {
		t.Errorf("got %q", got)
	}
}

func TestCommandsBesideTheServer(t *testing.T) {
	for name, c := range map[string]struct {
		mode, database string
		beside         Mode // "" where it is refused
	}{
		"after make run":        {"", "", Demo},
		"a server, no mode":     {"", "postgres://portal@localhost/portal", ""},
		"production said":       {"production", "", ""},
		"a server, development": {"development", "postgres://portal@localhost/portal", Development},
	} {
		t.Setenv("PORTAL_MODE", c.mode)
		t.Setenv("DATABASE_URL", c.database)
		cfg, err := LoadBeside()
		if c.beside == "" && err == nil || c.beside != "" && (err != nil || cfg.Mode != c.beside) {
			t.Errorf("%s: %s, %v", name, cfg.Mode, err)
		}
		if cfg, err := LoadDatabase(); err != nil || cfg.DatabaseURL != c.database {
			t.Errorf("%s, the database alone: %q, %v", name, cfg.DatabaseURL, err)
		}
	}
}
