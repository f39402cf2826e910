package locale

import "slices"

// Nearest is the language that somebody is written to in, of those that a letter is written
// in: the own one, else English, else the first that it was written in; empty where nothing
// is written.
func Nearest(own string, written []string) string {
	for _, lang := range []string{own, string(EN)} {
		if slices.Contains(written, lang) {
			return lang
		}
	}
	if len(written) == 0 {
		return ""
	}
	return written[0]
}
