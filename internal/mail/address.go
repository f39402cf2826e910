package mail

import (
	"net/mail"
	"strings"
)

// ValidAddress reports whether mail can be sent to the address: one plain ASCII address
// without a name. Letters of other alphabets need an extension that few mail servers speak.
func ValidAddress(address string) bool {
	if len(address) > 254 || strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return false
	}
	_, domain, _ := strings.Cut(address, "@")
	return strings.Contains(domain, ".") && !strings.Contains(domain, "@")
}
