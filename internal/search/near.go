package search

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
)

// Bounds of guessing: shorter texts are one slip away from everything, longer ones are no
// names.
const (
	minGuessed    = 4 // letters
	maxGuessed    = 40
	minTwoSlips   = 7 // letters that forgive two slips
	maxGuesses    = 50
	latinAlphabet = "abcdefghijklmnopqrstuvwxyz"
)

// guesses lists words of the dictionary that are one slip from the text: a letter too many,
// too few, wrong, or two swapped, in the spelling that was typed or in the folded one. Where
// there are none, words that share trigrams and are two slips away.
func (f *finder) guesses(ctx context.Context) ([]string, error) {
	letters := utf8.RuneCountInString(f.joined)
	if letters < minGuessed || letters > maxGuessed {
		return nil, nil
	}
	rows, _ := f.db.Query(ctx, `select word from search_dictionary where word = any ($1) limit $2`, slips(f.query.Text, f.joined), maxGuesses)
	words, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(words) > 0 || letters < minTwoSlips {
		return words, err
	}
	return f.alike(ctx)
}

// alike is the second guess, by trigrams: the inner limit keeps a common beginning from
// being ranked in full.
func (f *finder) alike(ctx context.Context) ([]string, error) {
	rows, _ := f.db.Query(ctx, `
		select a.word from (select d.word from search_dictionary d where d.word % $1 limit 1000) a
		order by similarity(a.word, $1) desc limit 100`, f.joined)
	words, err := pgx.CollectRows(rows, pgx.RowTo[string])
	near := words[:0]
	for _, w := range words {
		if fold.Distance(w, f.joined) <= 2 {
			near = append(near, w)
		}
	}
	return near, err
}

// slips lists the keys of every text that is one slip from what was typed. The slips are
// made before the digraphs are folded too: "Kosksetau" hides a "ksh".
func slips(typed, joined string) []string {
	seen := map[string]bool{joined: true}
	var out []string
	add := func(s string) {
		if key := fold.Join(fold.Key(s)); key != "" && !seen[key] {
			seen[key] = true
			out = append(out, key)
		}
	}
	plain := strings.Join(strings.Fields(fold.Plain(typed)), "")
	eachSlip(joined, add)
	if plain != joined && utf8.RuneCountInString(plain) <= maxGuessed {
		eachSlip(plain, add)
	}
	return out
}

// eachSlip calls add with every text one slip from s. Letters are taken from the alphabet
// of s: Latin, or the letters that s itself holds.
func eachSlip(s string, add func(string)) {
	r := []rune(s)
	alphabet := []rune(latinAlphabet)
	if r[0] > 'z' {
		alphabet = r
	}
	for i := range len(r) + 1 {
		head, tail := string(r[:i]), string(r[i:])
		for _, c := range alphabet {
			add(head + string(c) + tail)
		}
		if i == len(r) {
			return
		}
		rest := string(r[i+1:])
		add(head + rest)
		for _, c := range alphabet {
			add(head + string(c) + rest)
		}
		if i+1 < len(r) {
			add(head + string(r[i+1]) + string(r[i]) + string(r[i+2:]))
		}
	}
}

// matchedName is the other name that explains a hit whose title does not begin like the
// text; empty where the title explains itself.
func (f *finder) matchedName(title string, names []string) string {
	if strings.HasPrefix(fold.Join(fold.Key(title)), f.joined) {
		return ""
	}
	begins := ""
	for _, name := range names {
		key := fold.Join(fold.Key(name))
		if key == f.joined {
			return name
		}
		if begins == "" && strings.HasPrefix(key, f.joined) {
			begins = name
		}
	}
	return begins
}
