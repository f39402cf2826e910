package mails

import (
	"context"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
)

var frame = Frame{From: "Birlik <portal@union.example>", BaseURL: "https://portal.example", Host: "portal.example",
	Union: map[locale.Lang]string{locale.TR: "Birlik", locale.RU: "Союз", locale.EN: "Union"}}

// TestHostileNames: a name cannot break out of the letter, nor add a header.
func TestHostileNames(t *testing.T) {
	l, err := frame.FromNote(context.Background(), notify.Note{
		To:   notify.Recipient{Name: `<script>alert(1)</script>`, Email: "a@city.example", Lang: "ru", Zone: "Asia/Bishkek"},
		Keys: "mail", Args: map[string]any{"Quote": "</blockquote><b>x"}, Path: "/ru/m/x", MessageID: "1@portal.example"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(l.HTML, "<script>") || strings.Contains(l.HTML, "<b>x") {
		t.Error("a name became markup")
	}
	for _, want := range []string{"Союз", "https://portal.example/ru/m/x", `lang="ru"`} {
		if !strings.Contains(l.HTML, want) {
			t.Errorf("the letter lacks %q", want)
		}
	}
	if !strings.Contains(l.Text, "> </blockquote>") || !strings.Contains(l.Text, "https://portal.example/ru/m/x") {
		t.Errorf("plain text: %q", l.Text)
	}
}
