package mailings

import (
	"strings"
	"testing"

	"github.com/birlik/portal/internal/translations"
)

// TestNamesAreText: whatever a city or a person is called, it stays a name.
func TestNamesAreText(t *testing.T) {
	v := Recipient{Name: `<script>x</script>{{city}}`, City: "Şuşa\r\nBcc: thief@evil.example $1"}.Values()
	if got := v.HTML(`<p>{{name}}, {{city}}</p><a href="%7B%7Bcity%7D%7D">{{other}}</a>`); strings.Contains(got, "<script>") ||
		got != `<p>&lt;script&gt;x&lt;/script&gt;{{city}}, Şuşa Bcc: thief@evil.example $1</p><a href="%7B%7Bcity%7D%7D">{{other}}</a>` {
		t.Errorf("markup %q", got)
	}
	if got := v.Plain("{{city}}: davet"); strings.ContainsAny(got, "\r\n") || got != "Şuşa Bcc: thief@evil.example $1: davet" {
		t.Errorf("subject %q", got)
	}
	if got := (Recipient{City: "Oş"}).Values().Plain("{{name}}"); got != "Oş" {
		t.Errorf("a mailbox without a name is called %q", got)
	}
}

func TestTextsHoldOnlyKnownPlaces(t *testing.T) {
	for text, want := range map[string]bool{"{{city}} {{name}}": true, "{{ city }}": false, "{{password}}": false, "{city}": true, "": false} {
		if err := checkText(translations.Text{Title: "x", Body: text}); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestASubjectIsOneLine: a line break in it would begin another head line of the mail.
func TestASubjectIsOneLine(t *testing.T) {
	for title, want := range map[string]bool{"Davet": true, "": true, "Davet\nBcc: thief@evil.example": false, "a\rb": false, "a\u2028b": false, "a\u0085b": false} {
		if err := checkText(translations.Text{Title: title, Body: "x"}); (err == nil) != want {
			t.Errorf("%q: %v", title, err)
		}
	}
}
