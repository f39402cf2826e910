package mails

import (
	"context"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/mailings"
)

// TestMailingLetters: in every language a whole letter; names stay text in the subject, the
// markup and the plain part; only news say how to leave.
func TestMailingLetters(t *testing.T) {
	for _, lang := range locale.Langs() {
		p := mailings.Post{Kind: mailings.News, Title: "Davet: {{city}}", Body: "**{{name}}**, <script>alert(1)</script> [page](javascript:alert(1))\n\n{{city}}", Key: "abc", Token: "tok",
			To: mailings.Recipient{Email: "a@city.example", Name: `"><img src=x onerror=alert(1)>`, City: "Şuşa\r\nBcc: thief@evil.example", Lang: string(lang)}}
		l, err := frame.FromMailing(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(l.Subject, "\r\n") || l.Subject != "Davet: Şuşa Bcc: thief@evil.example" {
			t.Errorf("subject %q", l.Subject)
		}
		for _, bad := range []string{"<img", "<script", "javascript:", "{{", "mailings.mail"} {
			if strings.Contains(l.HTML, bad) {
				t.Errorf("%s: the letter holds %q: %s", lang, bad, l.HTML)
			}
		}
		link := "https://portal.example/" + string(lang) + "/unsubscribe/tok"
		if l.Unsubscribe != link || !strings.Contains(l.HTML, link) || !strings.Contains(l.Text, link) || l.MessageID != "abc@portal.example" {
			t.Errorf("%s: no way to leave: %+v", lang, l)
		}
		p.Kind, p.Token = mailings.Official, ""
		if l, err := frame.FromMailing(context.Background(), p); err != nil || l.Unsubscribe != "" || strings.Contains(l.Text, "unsubscribe") {
			t.Errorf("%s: an official notice can be left: %v", lang, err)
		}
	}
}
