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
		{"en", "received:2026-01..2026-06 outcome:approved age:8-30d rated:<3", Filter{Received: "2026-01..2026-06", Outcome: "approved", Age: "8-30d", Rated: "<3"}, 0},
		{"tr", "geliş:2026 sonuç:redd yaş:>90d puan:5 karar:2026-11-05", Filter{Received: "2026", Outcome: "declined", Age: ">90d", Rated: "5", Decided: "2026-11-05"}, 0},
		{"ru", "поступление:2026-02 итог:одобрена возраст:<7d оценка:>3", Filter{Received: "2026-02", Outcome: "approved", Age: "<7d", Rated: ">3"}, 0},
		{"en", "received:2026-06..2026-01 age:30-8d rated:6 rated:<1 age:-3d outcome:x", Filter{Text: "received:2026-06..2026-01 age:30-8d rated:6 rated:<1 age:-3d outcome:x"}, 6},
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
		{Received: "2026-01..2026-06", Decided: "2026", Reviewed: "2026-05", Outcome: "referred", Age: "31-90d", Rated: "4"},
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
