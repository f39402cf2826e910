package ui

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/birlik/portal/internal/locale"
)

// t is the message of a key of the ui catalogue in the reader's language.
func t(ctx context.Context, key string, args ...any) string {
	return locale.T(ctx, "ui."+key, args...)
}

// join makes the value of aria-describedby from the ids that exist.
func join(parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}

// when is s where the condition holds, else nothing.
func when(condition bool, s string) string {
	if condition {
		return s
	}
	return ""
}

// or is the first string that says something.
func or(choices ...string) string {
	for _, c := range choices {
		if c != "" {
			return c
		}
	}
	return ""
}

// initials are the first letters of the first and the last word of a name.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	out := firstLetter(words[0])
	if len(words) > 1 {
		out += firstLetter(words[len(words)-1])
	}
	return out
}

func firstLetter(word string) string {
	r, size := utf8.DecodeRuneInString(word)
	switch {
	case size == 0:
		return ""
	case r == 'i':
		return "İ" // names of the region: the dot stays
	}
	return string(unicode.ToUpper(r))
}

// tone spreads names over the avatar's four tints, the same name always on the same one.
func tone(name string) string {
	sum := 0
	for _, r := range name {
		sum += int(r)
	}
	return string(rune('0' + sum%4))
}
