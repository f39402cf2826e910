package mails

import (
	"context"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/requests"
)

// TestLettersOfRequests writes every letter in every language: whole sentences, with the day
// as people read it and a way to the page.
func TestLettersOfRequests(t *testing.T) {
	for _, rule := range (&requests.Service{}).Rules() {
		for _, lang := range locale.Langs() {
			l, err := frame.FromNote(context.Background(), notify.Note{
				To: notify.Recipient{Name: "Layihə Şöbəsi", Email: "a@city.example", Lang: string(lang), Zone: "Asia/Bishkek"}, Keys: rule.Keys,
				Args: map[string]any{"Title": "Qala divarları", "City": "Şuşa", "Reference": "REQ-2026-00042", "By": "Şuşa Layihə Şöbəsi",
					"Number": "2026/14", "Day": "2026-12-08T23:59:59+03:00", "Quote": "Tapu belgesi"},
				Path: "/" + string(lang) + "/m/x", MessageID: "1@portal.example"})
			if err != nil {
				t.Fatal(err)
			}
			whole := l.Subject + l.Text
			if strings.Contains(whole, "{{") || strings.Contains(whole, "<no value>") || strings.Contains(whole, rule.Keys) || strings.Contains(whole, "T23:59") {
				t.Errorf("%s in %s: %s", rule.Keys, lang, whole)
			}
			if !strings.Contains(l.Text, "https://portal.example/"+string(lang)+"/m/x") {
				t.Errorf("%s in %s leads nowhere", rule.Keys, lang)
			}
		}
	}
}
