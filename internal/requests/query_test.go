package requests

import (
	"testing"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/services"
)

func language(lang locale.Lang) vocabulary {
	return vocabulary{lang: lang,
		officers: []Officer{{ID: 1, PublicID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Name: "Aylin Öz"}, {ID: 2, PublicID: "bbbbbbbbbbbbbbbbbbbbbbbbbb", Name: "Ayhan Kaya"}},
		offices: []services.Bureau{{Code: "legal", Names: services.Text{"tr": "Hukuk Birimi", "ru": "Юридический отдел"}},
			{Code: "urban", Names: services.Text{"tr": "Şehircilik Birimi", "ru": "Отдел городского развития"}}},
		countries: []Choice{{"KG", "Kırgızistan"}, {"KZ", "Kazakistan"}}}
}

// TestQueryLanguage: what is understood narrows, the rest stays in the text and is named.
func TestQueryLanguage(t *testing.T) {
	for _, x := range []struct {
		lang    locale.Lang
		text    string
		want    Filter
		unknown int
	}{
		{"en", "office:legal status:review lead:@me due:<7d city:osh", Filter{Office: "legal", State: InReview, Assignee: Me, Due: "7d", City: "osh"}, 0},
		{"tr", "birim:hukuk durum:inceleniyor görevli:aylin süre:<2026-12-01 su", Filter{Office: "legal", State: InReview, Assignee: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Due: "2026-12-01", Text: "su"}, 0},
		{"ru", "отдел:юридический город:\"Новый Ош\"", Filter{Office: "legal", City: "Новый Ош"}, 0},
		{"tr", "lead:ay", Filter{Text: "lead:ay"}, 1}, // two begin so
		{"tr", "status:ejderha ülke:kırgız", Filter{Text: "status:ejderha", Country: "KG"}, 1},
		{"en", "due:tomorrowish is:late", Filter{Text: "due:tomorrowish", Overdue: true}, 1},
		{"en", "due:<99999d", Filter{Text: "due:<99999d"}, 1},
		{"en", "https://example.com 10:30 status:", Filter{Text: "https://example.com 10:30 status:"}, 0},
		{"en", "@me country:kz", Filter{Assignee: Me, Country: "KZ"}, 0},
		{"en", `city:"`, Filter{City: ""}, 0},
	} {
		got, unknown := language(x.lang).read(Filter{Text: x.text})
		if got != x.want || len(unknown) != x.unknown {
			t.Errorf("%q: %+v, unknown %q", x.text, got, unknown)
		}
	}
}

// TestQueriesReadBack: a filter that was written in the language is read as the same one.
func TestQueriesReadBack(t *testing.T) {
	for _, f := range []Filter{
		{Office: "legal", State: CoOpinion, Assignee: Nobody, Due: "14d", Text: "su hattı"},
		{City: "Yeni Oş", Country: "KG", Sector: Sectors()[0], Scope: ScopeClosed, Overdue: true},
	} {
		if got, unknown := language("tr").read(Filter{Text: f.Query()}); got != f || len(unknown) > 0 {
			t.Errorf("%q read as %+v, unknown %q", f.Query(), got, unknown)
		}
	}
}

func FuzzQueryLanguage(f *testing.F) {
	f.Add(`office:legal "a b" city:"x`)
	f.Fuzz(func(t *testing.T, text string) {
		got, _ := language("tr").read(Filter{Text: text})
		again, _ := language("tr").read(got)
		if again != got {
			t.Errorf("%q is read as %+v, then as %+v", text, got, again)
		}
	})
}
