package mails

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
)

// TestLettersOfDues writes every letter in every language: whole sentences with the sums, the
// day as people read it, and a way to the page.
func TestLettersOfDues(t *testing.T) {
	for _, rule := range dues.New(nil, time.UTC, time.Now).LetterRules() {
		for _, lang := range locale.Langs() {
			for _, count := range []float64{1, 2, 5} { // as JSON gives it
				l, err := frame.FromNote(context.Background(), notify.Note{
					To: notify.Recipient{Name: "Mali Hizmetler", Email: "finance@city.example", Lang: string(lang), Zone: "Asia/Bishkek"}, Keys: rule.Keys,
					Args: map[string]any{"City": "Şuşa", "Money": "250.00 EUR", "Count": count, "Day": "2026-06-30T00:00:00Z", "Year": "2026",
						"Reference": "DUE-2026-00042", "Receipt": "RCP-2026-00007", "Quote": "DUE-2026-00042 · 2026 · 250.00 EUR"},
					Path: "/" + string(lang) + "/m/x/dues", MessageID: "1@portal.example"})
				if err != nil {
					t.Fatal(err)
				}
				whole := l.Subject + l.Text
				if strings.Contains(whole, "{{") || strings.Contains(whole, "<no value>") || strings.Contains(whole, rule.Keys) || strings.Contains(whole, "T00:00") ||
					!strings.Contains(whole, "250.00 EUR") {
					t.Errorf("%s in %s: %s", rule.Keys, lang, whole)
				}
			}
		}
	}
}
