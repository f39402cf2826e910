package circulars

import (
	"strings"
	"testing"
	"time"
)

var today = time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)

// TestWhatIsWrong names each field, and lets a circular in one language pass.
func TestWhatIsWrong(t *testing.T) {
	good := Input{Kind: Legal, Texts: []Text{{Lang: "ru", Title: "О закупках", Body: "Пороги изменились."}}}
	if err := good.check(today); err != nil {
		t.Errorf("one language is enough: %v", err)
	}
	for name, in := range map[string]Input{
		"no kind":       {Texts: good.Texts},
		"no text":       {Kind: Legal},
		"half a text":   {Kind: Legal, Texts: []Text{{Lang: "tr", Title: "x"}}},
		"a long title":  {Kind: Legal, Texts: []Text{{Lang: "tr", Title: strings.Repeat("ş", 301), Body: "x"}}},
		"due yesterday": {Kind: Legal, Texts: good.Texts, Due: today.AddDate(0, 0, -1)},
	} {
		if in.check(today) == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// TestReadersGetALanguage: their own, English, or what was written first.
func TestReadersGetALanguage(t *testing.T) {
	c := Circular{Texts: []Text{{Lang: "tr", Title: "Eşikler"}, {Lang: "ru", Title: "Пороги"}}}
	for reader, want := range map[string]string{"tr": "tr", "ru": "ru", "en": "tr"} {
		if got := c.In(reader).Lang; got != want {
			t.Errorf("a reader of %s gets %s, want %s", reader, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	c := Circular{Year: 2026, Number: 14}
	if c.Reference() != "2026/14" || c.Slug() != "2026-14" || (Circular{}).Reference() != "" {
		t.Errorf("%q %q", c.Reference(), c.Slug())
	}
	if (Circular{Year: 2026, Number: 99_999}).seq() >= (Circular{Year: 2027, Number: 1}).seq() {
		t.Error("a year's last number comes after the next year's first")
	}
	for _, text := range []string{"", "x", "true.", "true.9999999999", "false.99999999999999999999999"} {
		if open, seq := readCursor(text); !open || seq != lastSeq {
			t.Errorf("cursor %q begins at %t %d", text, open, seq)
		}
	}
}

func TestSizesAndKindsOfAnAudience(t *testing.T) {
	for _, a := range []Audience{{Members: []string{"everybody"}}, {From: 10, To: 5}, {From: -1}, {Named: make([]string, 201)}} {
		if a.check() == nil {
			t.Errorf("%+v passes", a)
		}
	}
	if err := (Audience{Members: MemberKinds(), Governments: true, From: 5, To: 5}).check(); err != nil {
		t.Error(err)
	}
}

// TestWithoutTodo names the languages that lack what the others say is to be done.
func TestWithoutTodo(t *testing.T) {
	c := Circular{Texts: []Text{{Lang: "tr", Todo: "Okuyun."}, {Lang: "ru"}}}
	if got := c.WithoutTodo(); len(got) != 1 || got[0] != "ru" {
		t.Errorf("lacks %v", got)
	}
	c.Texts[0].Todo = ""
	if got := c.WithoutTodo(); got != nil {
		t.Errorf("nobody has anything to do, yet %v lack it", got)
	}
}
