package mailin

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"regexp"
	"strings"
)

// Addresses are the addresses at which records are answered: case+TOKEN@domain. A token is
// the record's public id and a seal over it, so that knowing a record's address in the portal
// is not enough to write to it. Nothing is stored; a record that is gone has no address.
type Addresses struct {
	domain string
	key    []byte
	shape  *regexp.Regexp
}

// NewAddresses makes the addresses of a domain; nil where there is none. secret keeps others
// from making tokens; a new one makes all earlier addresses worthless.
func NewAddresses(domain string, secret []byte) *Addresses {
	if domain == "" {
		return nil
	}
	seal := hmac.New(sha256.New, secret)
	seal.Write([]byte("mail-in addresses"))
	return &Addresses{domain: strings.ToLower(domain), key: seal.Sum(nil),
		shape: regexp.MustCompile(`(?i)\bcase\+([a-z2-7]{26})([a-z2-7]{26})@` + regexp.QuoteMeta(domain) + `(?:[^a-z0-9.-]|$)`)}
}

// Of is the address of a record.
func (a *Addresses) Of(publicID string) string {
	return "case+" + publicID + a.seal(publicID) + "@" + a.domain
}

// seal is 130 bits over a public id, in the letters of one.
func (a *Addresses) seal(publicID string) string {
	seal := hmac.New(sha256.New, a.key)
	seal.Write([]byte(publicID))
	return strings.ToLower(base32.StdEncoding.EncodeToString(seal.Sum(nil)))[:26]
}

// Named reads whom the lines of a letter's recipients name: the record of the first token
// that is ours. asked says that a token was there at all, ours or not.
func (a *Addresses) Named(lines []string) (publicID string, asked bool) {
	if a == nil {
		return "", false
	}
	for _, line := range lines {
		for _, found := range a.shape.FindAllStringSubmatch(line, 20) {
			asked = true
			id, seal := strings.ToLower(found[1]), strings.ToLower(found[2])
			if hmac.Equal([]byte(seal), []byte(a.seal(id))) {
				return id, true
			}
		}
	}
	return "", asked
}

// Ours reports an address below the domain: what comes from one is a loop.
func (a *Addresses) Ours(address string) bool {
	return a != nil && strings.HasPrefix(address, "case+") && strings.HasSuffix(address, "@"+a.domain)
}
