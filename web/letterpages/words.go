package letterpages

import (
	"context"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

// open reports whether the text of a language shows: what the reader's language is, what is
// written, and what is wrong.
func open(ctx context.Context, v newView, code string) bool {
	text := v.Form.text(locale.Lang(code))
	return code == string(locale.Of(ctx).Lang) || text.Title+text.Body != "" || v.Faults["title_"+code]+v.Faults["body_"+code] != ""
}

// rows say how many letters there will be, and in which languages.
func (v lookView) rows(ctx context.Context) []ui.SummaryRow {
	var langs []string
	for _, lang := range locale.Langs() {
		if n := v.ByLang[string(lang)]; n > 0 {
			langs = append(langs, locale.LanguageName(ctx, string(lang))+": "+strconv.Itoa(n))
		}
	}
	return []ui.SummaryRow{{Label: locale.T(ctx, "letters.first"), Value: v.First.OrgName}, {Label: locale.T(ctx, "letters.languages"), Value: strings.Join(langs, ", ")}}
}

// maxLeft is how many of those who get no letter a page names.
const maxLeft = 30

func (v lookView) leftNames() string {
	names := strings.Join(v.Left[:min(len(v.Left), maxLeft)], ", ")
	if len(v.Left) > maxLeft {
		names += ", …"
	}
	return names
}

// signature is who signs, in the letter's language.
func signature(l letters.Letter) string {
	sign := locale.Text(locale.Lang(l.Lang), "letters.office."+l.Office) + "\n" + l.Sender
	if l.Signatory != "" {
		return l.Signatory + "\n" + sign
	}
	return sign
}

func columns(head []string) []ui.Column {
	out := make([]ui.Column, len(head))
	for i, name := range head {
		out[i] = ui.Column{Label: name, Number: i > 2}
	}
	return out
}
