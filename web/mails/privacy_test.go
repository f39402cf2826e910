package mails

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/privacy"
)

// TestLettersOfPrivacy writes every letter to a person about their data in every language.
func TestLettersOfPrivacy(t *testing.T) {
	for _, what := range []string{"export_ready", "erasure_asked", "erasure_refused", "erasure_done"} {
		for _, lang := range locale.Langs() {
			args := privacy.LetterArgs{What: what, To: "editor@city.example", Name: "Proje Birimi", Lang: string(lang), Zone: "Asia/Bishkek",
				Path: "/account/data", Due: time.Date(2026, 12, 26, 12, 0, 0, 0, time.UTC)}
			if what == "erasure_refused" {
				args.Text, args.Note = "Dava sürüyor.", "privacy.ground.claims"
			}
			l, err := frame.FromPrivacy(context.Background(), privacy.Letter{Key: "privacy.1", LetterArgs: args})
			if err != nil {
				t.Fatal(err)
			}
			whole := l.Subject + l.Text
			for _, bad := range []string{"{{", "<no value>", "mail.privacy", "privacy.ground"} {
				if strings.Contains(whole, bad) {
					t.Errorf("%s in %s says %q: %s", what, lang, bad, whole)
				}
			}
			if what == "erasure_asked" && !strings.Contains(whole, "2026") || what == "erasure_refused" && !strings.Contains(whole, "Dava sürüyor.") {
				t.Errorf("%s in %s: %s", what, lang, whole)
			}
		}
	}
}
