package mails

import (
	"context"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
)

func TestADigestHasALineAndAPageForEverything(t *testing.T) {
	frame := Frame{From: "Birlik <portal@union.example>", BaseURL: "https://portal.example", Host: "portal.example", Union: map[locale.Lang]string{locale.RU: "Союз"}}
	d := notify.Digest{MessageID: "a@portal.example", To: notify.Recipient{UserID: 1, Name: "<b>Айгүл</b>", Email: "a@city.example", Lang: "ru", Zone: "Asia/Baku"}}
	for _, path := range []string{"/ru/m/x/requests/1", "/ru/m/x/requests/2"} {
		d.Notes = append(d.Notes, notify.Note{To: d.To, Keys: "requests.mail.registered", Args: map[string]any{"Reference": "REQ-2026-00042", "Title": `<script>"`}, Path: path})
	}
	letter, err := frame.FromDigest(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	if letter.Subject != "Для вас 2 новости" || letter.MessageID != "a@portal.example" {
		t.Errorf("%q %q", letter.Subject, letter.MessageID)
	}
	for _, want := range []string{"https://portal.example/ru/m/x/requests/1", "https://portal.example/ru/m/x/requests/2", "https://portal.example/ru/account/letters"} {
		if !strings.Contains(letter.Text, want) || !strings.Contains(letter.HTML, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(letter.HTML, "<script>") || strings.Contains(letter.HTML, "<b>Айгүл") {
		t.Error("markup comes through")
	}
}

// Every change that accounts tell of has its words in every language.
func TestLettersAboutAccountsHaveWords(t *testing.T) {
	for _, what := range []string{"password_changed", "email_changed", "totp_added", "totp_removed", "passkey_added", "passkey_removed",
		"codes_made", "code_used", "factors_dropped", "sign_on_linked"} {
		for _, lang := range locale.Langs() {
			letter, err := Frame{BaseURL: "https://portal.example"}.FromAccount(context.Background(), accounts.Letter{Key: "k", What: what, To: "a@b.example", Lang: string(lang), Zone: "Europe/Istanbul"})
			if err != nil || !locale.Has(lang, "mail.account."+what) || strings.Contains(letter.Text, "mail.account") {
				t.Errorf("%s %s: %v\n%s", lang, what, err, letter.Text)
			}
		}
	}
}
