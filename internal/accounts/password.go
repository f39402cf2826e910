package accounts

import (
	"context"
	_ "embed"
	"runtime"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"
	"github.com/trustelem/zxcvbn/frequency"

	"github.com/birlik/portal/internal/fold"
)

// What a password must be. A long one is good when it is no pattern; a shorter one must be
// hard to guess. There is no rule about kinds of characters, and none ever expires.
const (
	shortest   = 8   // characters
	longEnough = 12  // characters, from which on a fair score suffices
	longest    = 256 // characters
	measured   = 100 // characters that the strength is computed from: its cost is quadratic
)

// hashing costs about 40 ms and 19 MiB a password (OWASP's second profile for argon2id).
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashers bounds how many passwords are hashed at once, and so their memory.
var hashers = make(chan struct{}, max(2, runtime.GOMAXPROCS(0)))

// Strength is what the meter says of a password: 0 to 4, the key of an advice, and whether
// it may be used.
type Strength struct {
	Score  int
	Advice string // message key
	OK     bool
}

// Measure tells how good a password is for the person whose own words (name, address,
// organisation) these are.
func Measure(password string, own ...string) Strength {
	length := utf8.RuneCountInString(password)
	switch {
	case length == 0:
		return Strength{Advice: "accounts.password_short"}
	case length > longest:
		return Strength{Advice: "accounts.password_long"}
	case length < shortest:
		return Strength{Advice: "accounts.password_short"}
	case common()[strings.ToLower(password)]:
		return Strength{Advice: "accounts.password_common"}
	}
	if mostlyOwn(password, own) {
		return Strength{Score: 1, Advice: "accounts.password_own"}
	}
	score := zxcvbn.PasswordStrength(cutRunes(password, measured), cheap(own)).Score
	switch {
	case score < 2, score < 3 && length < longEnough:
		return Strength{Score: score, Advice: "accounts.password_guessable"}
	case score < 4:
		return Strength{Score: score, Advice: "accounts.password_fair", OK: true}
	}
	return Strength{Score: score, Advice: "accounts.password_strong", OK: true}
}

//go:embed passwords.txt
var regional string

// common holds passwords that are tried first: 30,000 from leaks (the list of zxcvbn) and
// those of our own languages, which that list does not know.
var common = sync.OnceValue(func() map[string]bool {
	leaked := frequency.FrequencyLists["passwords"]
	set := make(map[string]bool, len(leaked)+200)
	for _, word := range leaked {
		set[word] = true
	}
	for _, word := range strings.Fields(regional) {
		set[word] = true
		set[word+"1"], set[word+"123"], set[word+"1234"] = true, true, true
	}
	return set
})

// cheap are the words that a guess begins with: the person's own, the portal's, and those
// of our languages.
func cheap(own []string) []string {
	return append(ownWords(own), strings.Fields(regional)...)
}

func ownWords(own []string) []string {
	out := []string{"birlik", "belediye", "municipality"}
	for _, text := range own {
		out = append(out, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
			return strings.ContainsRune(" @.-_,'", r)
		})...)
	}
	return out
}

// mostlyOwn reports whether little is left of a password without the person's own words, in
// whatever spelling.
func mostlyOwn(password string, own []string) bool {
	typed := fold.Plain(password)
	rest := typed
	for _, word := range ownWords(own) {
		if word = fold.Plain(word); len(word) >= 4 {
			rest = strings.ReplaceAll(rest, word, "")
		}
	}
	return rest != typed && utf8.RuneCountInString(strings.ReplaceAll(rest, " ", "")) <= shortest/2
}

// hashPassword waits for a free hasher; it gives up when ctx ends.
func hashPassword(ctx context.Context, password string) (hash string, err error) {
	err = withHasher(ctx, func() error {
		hash, err = argon2id.CreateHash(password, hashing)
		return err
	})
	return hash, err
}

// checkPassword compares in the same time whatever hash is: an empty one (nobody, or no
// password yet) is compared with a hash of nothing that anyone can type.
func checkPassword(ctx context.Context, password, hash string) (match bool, err error) {
	known := hash != ""
	if !known {
		hash = nobody()
	}
	err = withHasher(ctx, func() error {
		match, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return match && known, err
}

var nobody = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash(newToken(), hashing)
	if err != nil {
		panic(err) // the system has no randomness
	}
	return hash
})

func withHasher(ctx context.Context, fn func() error) error {
	select {
	case hashers <- struct{}{}:
		defer func() { <-hashers }()
		return fn()
	case <-ctx.Done():
		return ctx.Err()
	}
}
