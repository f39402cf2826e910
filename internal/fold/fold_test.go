package fold

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// TestKeyJoinsSpellings holds the spellings of one place together.
func TestKeyJoinsSpellings(t *testing.T) {
	for want, spellings := range map[string][]string{
		"susa":           {"Şuşa", "Shusha", "Шуша", "SUSA", "ŞUŞA", "susa"},
		"taskent":        {"Taşkent", "Tashkent", "Ташкент", "TAŞKENT"},
		"toskent":        {"Toshkent", "Тошкент"},
		"igdir":          {"Iğdır", "IGDIR", "igdir", "İĞDIR", "ığdır", "Ыгдыр"},
		"izmit":          {"İzmit", "i̇zmit", "IZMIT", "izmit"},
		"seki":           {"Şəki", "Şǝki", "ŞƏKİ", "Sheki", "Шеки"},
		"kizil":          {"Kızıl", "Kyzyl", "Qyzyl", "Кызыл", "Қызыл"},
		"margilon":       {"Marg'ilon", "Marg‘ilon", "Margʻilon", "Margʼilon", "Марғилон"},
		"oltinkol":       {"Oltinko‘l", "Oltinkoʻl", "Олтинкўл", "OLTINKO'L"},
		"hankendi":       {"Xankəndi", "Khankendi", "Ханкенди"},
		"kara balta":     {"Kara-Balta", "kara  balta", "Кара-Балта", "KARA_BALTA"},
		"turkmenbasi":    {"Türkmenbaşy", "Türkmenbaşı", "Түркменбашы"},
		"oktiabrski":     {"Oktyabrsky", "  oKtYaBrSkY ", "Oktyabrskiy"},
		"kahramanmaras":  {"Kahramanmaraş", "Kahramanmaraş"},
		"jalal abad":     {"Джалал-Абад", "Dzhalal-Abad", "Jalal-Abad"},
		"rek 2026 00042": {"REQ-2026-00042", "req 2026 00042"},
		"اهواز":          {"اهواز", "أهواز", "ا\u0640هواز"},
		"ანკარა":         {"ანკარა", "ᲐᲜᲙᲐᲠᲐ"},
		"μακρη":          {"Μάκρη", "ΜΑΚΡΗ"},
		"":               {"", " ", "—", "'", "\u200f"},
	} {
		for _, s := range spellings {
			if got := Key(s); got != want {
				t.Errorf("Key(%q) = %q, want %q", s, got, want)
			}
		}
	}
}

// TestKeyKeepsNamesApart shows that folding does not go too far.
func TestKeyKeepsNamesApart(t *testing.T) {
	for _, pair := range [][2]string{{"Kars", "Karşı"}, {"Van", "Ven"}, {"Bolu", "Bol"}, {"Ош", "Ос'к"}, {"Muş", "Mut"}} {
		if Key(pair[0]) == Key(pair[1]) {
			t.Errorf("%q and %q share the key %q", pair[0], pair[1], Key(pair[0]))
		}
	}
}

func TestJoin(t *testing.T) {
	for in, want := range map[string]string{"kara balta": "karabalta", "at tasi": "atasi", "susa": "susa", "": ""} {
		if got := Join(in); got != want {
			t.Errorf("Join(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestEmail shows that only ASCII letters fold: İNFO@ is not info@.
func TestEmail(t *testing.T) {
	for in, want := range map[string]string{
		" Info@Example.ORG ": "info@example.org", "İNFO@example.org": "İnfo@example.org", "ınfo@x": "ınfo@x",
	} {
		if got := Email(in); got != want {
			t.Errorf("Email(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Büyük Ağaç, Şəki":         "buyuk-agac-seki",
		"Щучинск: новый мост":      "shchuchinsk-novyy-most",
		"Oltinko‘l — 2026":         "oltinkol-2026",
		"Ҡазан":                    "kazan",
		"":                         "",
		strings.Repeat("söz ", 40): strings.TrimSuffix(strings.Repeat("soz-", 20), "-"),
	} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

// FuzzKey holds what every caller relies on: a key is text, has no case, no marks, single
// spaces, and folds to itself.
func FuzzKey(f *testing.F) {
	for _, s := range []string{"Şuşa", "kkh", "Дҙж", "ﬃ", "ǅ", "ئەھواز", "\xff\x00", "İ̇", "Ǡ", "ß", "①", "ꙋ҃", "가"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		key := Key(s)
		if !utf8.ValidString(key) || strings.Contains(key, "  ") || strings.TrimSpace(key) != key {
			t.Fatalf("Key(%q) = %q: not clean", s, key)
		}
		for _, r := range key {
			if r == 0 || unicode.IsUpper(r) && unicode.ToLower(r) != r {
				t.Fatalf("Key(%q) = %q: holds %q", s, key, r)
			}
		}
		if again := Key(key); again != key {
			t.Fatalf("Key(%q) = %q, which folds to %q", s, key, again)
		}
		if Join(Join(key)) != Join(key) {
			t.Fatalf("Join(%q) is not stable", key)
		}
	})
}

func BenchmarkKey(b *testing.B) {
	for _, s := range []string{"canakkale", "Büyükçekmece", "Усть-Каменогорск"} {
		b.Run(s, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Key(s)
			}
		})
	}
}
