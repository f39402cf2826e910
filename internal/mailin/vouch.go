package mailin

import (
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// vouched reports whether our own mail server vouches that the letter comes from the domain
// of its sender: DMARC passed; or, where the domain has no such rule, a signature or the way
// of the letter speaks for that very domain. server is the name that our mail server writes
// into Authentication-Results; of several lines with its name the topmost is its own, because
// each server writes above what it got.
func (l Letter) vouched(server string) bool {
	_, domain, ok := strings.Cut(l.FromAddress, "@")
	if server == "" || !ok {
		return false
	}
	for _, value := range l.values("Authentication-Results") {
		name, results, err := authres.Parse(plainly(value))
		if !strings.EqualFold(name, server) {
			continue
		}
		return err == nil && passes(results, domain)
	}
	return false
}

// plainly is a field without its comments and quoted words: what a sender may choose, such
// as the name before an address, must not read like a result.
func plainly(value string) string {
	var out strings.Builder
	depth, quoted, escaped := 0, false, false
	for _, r := range value {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case depth == 0:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// passes weighs the results: what DMARC says counts, where it says something, and each time.
func passes(results []authres.Result, domain string) bool {
	aligned, ruled := false, false
	for _, result := range results {
		switch r := result.(type) {
		case *authres.DMARCResult:
			if r.Value == authres.ResultNone {
				continue
			}
			if ruled = true; r.Value != authres.ResultPass || r.From != "" && !same(r.From, domain) {
				return false
			}
		case *authres.DKIMResult:
			aligned = aligned || r.Value == authres.ResultPass && same(r.Domain, domain)
		case *authres.SPFResult:
			aligned = aligned || r.Value == authres.ResultPass && same(r.From[strings.LastIndexByte(r.From, '@')+1:], domain)
		}
	}
	return aligned || ruled
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSuffix(a, "."), b) }
