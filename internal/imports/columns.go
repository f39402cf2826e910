package imports

import (
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
)

// Match says which field each column of a header holds, by its words in any language of the
// portal and of the region: as they are written first, since "Yıl" and "İl" sound alike, then
// as they sound. A second column of the same meaning is left open, so that a person decides;
// what is known and not wanted stays empty too.
func (k Kind) Match(header []string) []string {
	written, sounding := k.byHeading(fold.Plain), k.byHeading(fold.Key)
	out := make([]string, len(header))
	taken := map[string]bool{}
	for i, heading := range header {
		f, ok := written[headingKey(heading, fold.Plain)]
		if !ok {
			f = sounding[headingKey(heading, fold.Key)]
		}
		if f.Code == "" || f.Ignored || taken[f.Code] {
			continue
		}
		taken[f.Code] = true
		out[i] = f.Code
	}
	return out
}

// byHeading lists the fields by what a column of theirs may be called.
func (k Kind) byHeading(folded func(string) string) map[string]Field {
	out := map[string]Field{}
	for _, f := range k.Fields {
		for _, word := range f.headings() {
			if key := headingKey(word, folded); out[key].Code == "" {
				out[key] = f
			}
		}
	}
	return out
}

// headings are everything that a column of the field may be called.
func (f Field) headings() []string {
	out := append([]string{f.Code}, f.Words...)
	if f.Ignored {
		return out
	}
	for _, lang := range locale.Langs() {
		out = append(out, locale.Text(lang, "imports.field."+f.Code))
	}
	return out
}

// headingKey folds a heading; what has no letter in it ("№") stays as it is.
func headingKey(s string, folded func(string) string) string {
	if key := folded(s); key != "" {
		return key
	}
	return s
}

// missing lists the required fields that neither a column nor a common value gives.
func (k Kind) missing(columns []string, common map[string]string) []string {
	have := map[string]bool{}
	for _, code := range columns {
		have[code] = true
	}
	var out []string
	for _, f := range k.Fields {
		if f.Required && !have[f.Code] && common[f.Code] == "" {
			out = append(out, f.Code)
		}
	}
	return out
}

// places says in which cell each field stands.
func places(columns []string) map[string]int {
	out := map[string]int{}
	for i, code := range columns {
		if code != "" {
			out[code] = i
		}
	}
	return out
}
