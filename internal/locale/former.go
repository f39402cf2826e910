package locale

import (
	"context"
	"regexp"
)

// former is how the row of a person whose data were erased is named: records point at it
// and go on to read, in English where nobody translates it.
var former = regexp.MustCompile(`^former user ([2-9A-HJ-NP-Z]{4})$`)

// Former is the stored name of an erased person with a code.
func Former(code string) string { return "former user " + code }

// IsFormer reports whether a name is one that Former makes; living people cannot take one.
func IsFormer(name string) bool { return former.MatchString(name) }

// Person is a person's name as a page shows it: an erased person is named in the reader's
// language.
func Person(ctx context.Context, name string) string {
	if m := former.FindStringSubmatch(name); m != nil {
		return T(ctx, "person.former", "Code", m[1])
	}
	return name
}
