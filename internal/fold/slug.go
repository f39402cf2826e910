package fold

import (
	"strings"

	"github.com/gosimple/slug"
)

// maxSlug is the most characters of a slug; it is cut at a word.
const maxSlug = 80

// Slug makes the readable part of a URL: "Büyük Ağaç, Şəki" → "buyuk-agac-seki". It is
// empty where no letter is left to spell it with.
func Slug(s string) string {
	out := slug.MakeLang(readable(s), "en")
	if len(out) <= maxSlug {
		return out
	}
	if cut := strings.LastIndexByte(out[:maxSlug+1], '-'); cut > 0 {
		return out[:cut]
	}
	return out[:maxSlug]
}

// readable spells the letters that gosimple/slug drops or misreads (ə, ҡ, і); the scripts
// that letters leaves alone are slug's own to transcribe.
func readable(s string) string {
	var b strings.Builder
	for _, word := range strings.Fields(Plain(s)) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String()
}
