package accounts

import (
	"context"
	"strings"
	"testing"
)

func TestMeasure(t *testing.T) {
	own := []string{"Aysel Yurdakul", "aysel@shusha.example"}
	for _, c := range []struct {
		password, advice string
		ok               bool
	}{
		{"", "accounts.password_short", false},
		{"kısa7", "accounts.password_short", false},
		{"password", "accounts.password_common", false},
		{"Galatasaray1905", "accounts.password_common", false},
		{"123456789012", "accounts.password_guessable", false},
		{"aaaaaaaaaaaaaa", "accounts.password_guessable", false},
		{"qwertyuiop12", "accounts.password_common", false},
		{"aysel.yurdakul", "accounts.password_own", false},
		{"yürük-göç 7 at", "accounts.password_strong", true},
		{"Xk9$wq!2Rt", "accounts.password_fair", true}, // short, and no pattern
		{"Xk9$wq!2", "accounts.password_guessable", false},
		{"дорога ведёт к морю", "accounts.password_strong", true},
		{strings.Repeat("ağaç ve deniz ", 18), "accounts.password_strong", true},
		{strings.Repeat("x", 257), "accounts.password_long", false},
	} {
		got := Measure(c.password, own...)
		if got.OK != c.ok || got.Advice != c.advice {
			t.Errorf("%q: %+v, want %s, %v", c.password, got, c.advice, c.ok)
		}
	}
}

func TestCommonListHoldsThousands(t *testing.T) {
	if n := len(common()); n < 30_000 {
		t.Errorf("%d common passwords", n)
	}
}

func TestPasswordIsTakenAsTyped(t *testing.T) {
	ctx := context.Background()
	hash, err := hashPassword(ctx, " Boşluk sonda ")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("hash %s", hash)
	}
	for typed, want := range map[string]bool{" Boşluk sonda ": true, "Boşluk sonda": false, " boşluk sonda ": false} {
		if got, err := checkPassword(ctx, typed, hash); err != nil || got != want {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
	}
	if match, err := checkPassword(ctx, "", ""); match || err != nil {
		t.Errorf("nobody signs in: %v, %v", match, err)
	}
}

func TestHashersAreBounded(t *testing.T) {
	for range cap(hashers) {
		hashers <- struct{}{}
	}
	defer func() {
		for range cap(hashers) {
			<-hashers
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := hashPassword(ctx, "bozkir"); err == nil {
		t.Error("hashed beyond the bound")
	}
}

func TestEmailKeyFoldsLatinLettersOnly(t *testing.T) {
	for typed, want := range map[string]string{
		" INFO@City.Example ": "info@city.example",
		"İNFO@city.example":   "İnfo@city.example",
		"ıNFO@city.example":   "ınfo@city.example",
	} {
		if got := EmailKey(typed); got != want {
			t.Errorf("%q: %q", typed, got)
		}
	}
}

func FuzzValidEmail(f *testing.F) {
	for _, seed := range []string{"a@b.example", "İ@b.example", "a@b", "a b@c.example", "a@b.example\r\nBcc: x@y.example", `"a@b"@c.example`, "<a@b.example>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if !ValidEmail(address) {
			return
		}
		if strings.ContainsAny(address, "\r\n\x00 <>") || len(address) > 254 || strings.Count(address, "@") == 0 {
			t.Errorf("%q passes", address)
		}
		if key := EmailKey(address); EmailKey(key) != key || len(key) != len(address) {
			t.Errorf("%q folds to %q", address, key)
		}
	})
}
