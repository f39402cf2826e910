package ui

import "testing"

// TestASiteIsReadableAndLinkedAsItIs: letters for people, ASCII for the net, nothing else.
func TestASiteIsReadableAndLinkedAsItIs(t *testing.T) {
	for address, want := range map[string][2]string{
		"https://xn--80a1bob.example/%D1%82": {"https://шуша.example/т", "https://xn--80a1bob.example/%D1%82"},
		"https://шуша.example:8443/a?b=c":    {"https://шуша.example:8443/a?b=c", "https://xn--80a1bob.example:8443/a?b=c"},
		"https://x.example/a%20b%E2%80%AE":   {"https://x.example/a%20b%E2%80%AE", "https://x.example/a%20b%E2%80%AE"},
		"javascript:alert(1)":                {"javascript:alert(1)", ""},
	} {
		if name, href := SiteName(address), siteHref(address); name != want[0] || href != want[1] {
			t.Errorf("%s reads %q and leads to %q", address, name, href)
		}
	}
}
