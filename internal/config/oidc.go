package config

import (
	"encoding/base64"
	"net/url"
	"strings"
)

// OIDC is the union's identity provider, by which its staff may sign in; without an Issuer
// there is none.
type OIDC struct {
	Issuer       string `env:"PORTAL_OIDC_ISSUER"` // https://login.union.example/realms/staff
	ClientID     string `env:"PORTAL_OIDC_CLIENT_ID"`
	ClientSecret string `env:"PORTAL_OIDC_CLIENT_SECRET"`
	Name         string `env:"PORTAL_OIDC_NAME"` // what the button on the sign-in page calls it
}

// Key is the 32 bytes of PORTAL_SECRET_KEY; nil where it is not set.
func (c Config) Key() []byte {
	key, err := base64.StdEncoding.DecodeString(c.SecretKey)
	if err != nil || len(key) == 0 {
		return nil
	}
	return key
}

func (p *problems) checkKey(value string) {
	key, err := base64.StdEncoding.DecodeString(value)
	p.add(value != "" && (err != nil || len(key) != 32),
		"PORTAL_SECRET_KEY must be 32 random bytes in base64; make one with: openssl rand -base64 32")
}

func (p *problems) checkOIDC(o OIDC, production bool) {
	if o == (OIDC{}) {
		return
	}
	p.add(o.Issuer == "" || o.ClientID == "" || o.ClientSecret == "" || strings.TrimSpace(o.Name) == "",
		"sign-on needs all of PORTAL_OIDC_ISSUER, PORTAL_OIDC_CLIENT_ID, PORTAL_OIDC_CLIENT_SECRET and PORTAL_OIDC_NAME, or none of them.")
	u, err := url.Parse(o.Issuer)
	p.add(err != nil || u.Host == "" || u.Scheme != "https" && (production || u.Scheme != "http"),
		"PORTAL_OIDC_ISSUER is %q; write the provider's address as its own settings name it, beginning with https://.", o.Issuer)
}
