package duespages

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/locale"
)

// allRules has a line of every kind, with everything that a line can say.
const allRules = `{"rule":"members","for":{"kinds":["full"],"standings":["active"]}}
{"rule":"band","bands":[{"below":50000,"amount":"1250.5"},{"below":1000000,"amount":"2500"},{"amount":"9000"}],"missing":"next"}
{"rule":"band_group","bands":[{"below":50000,"amounts":{"high":"600","low":"150.25"}},{"amounts":{"high":"5000","low":"1200"}}]}
{"rule":"per_head","base":"100","per_head":"0.0155"}
{"rule":"budget_share","percent":"0.05","missing":"next"}
{"rule":"flat","amount":"300"}
{"rule":"exempt","for":{"kinds":["honorary"]}}
{"rule":"minimum","amount":"75"}
{"rule":"maximum","amount":"10000"}
{"rule":"discount","percent":"25","name":{"en":"earthquake area","tr":"deprem bölgesi"},"for":{"countries":["TR","AZ"],"groups":["low"],"from":1000,"below":20000}}
{"rule":"prorata","by":"month"}
{"rule":"currency","currency":"TRY"}
{"rule":"round","to":"5"}
`

// sent is the form that a browser sends of the rows.
func sent(rows []ruleRow) url.Values {
	form := url.Values{"rows": {whole(int64(len(rows)), locale.EN)}}
	for i, row := range rows {
		for field, value := range map[string]string{"rule": row.Rule, "amount": row.Amount, "base": row.Base, "per_head": row.PerHead, "percent": row.Percent, "by": row.By,
			"currency": row.Currency, "to": row.To, "missing": row.Missing, "countries": row.Countries, "from": row.From, "below": row.Below,
			"name-tr": row.Names["tr"], "name-en": row.Names["en"]} {
			form.Set(rowName(i, field), value)
		}
		form[rowName(i, "kinds")], form[rowName(i, "standings")], form[rowName(i, "groups")] = row.Kinds, row.Standings, row.Groups
		for j, b := range row.offered() {
			form.Set(bandName(i, j, "below"), b.Below)
			form.Set(bandName(i, j, "amount"), b.Amount)
			for group, amount := range b.Amounts {
				form.Set(bandName(i, j, group), amount)
			}
		}
	}
	return form
}

// TestRulesAsFieldsAreTheSameRules: what is stored, shown in fields in any language and sent
// back, is stored as it was.
func TestRulesAsFieldsAreTheSameRules(t *testing.T) {
	lines, faults := dues.ParseLines(allRules)
	if len(faults) > 0 || len(lines) != len(rulesOffered) {
		t.Fatalf("%d lines, %v", len(lines), faults)
	}
	for _, lang := range locale.Langs() {
		rows, ok := readRows(sent(rowsOf(lines, lang)))
		if got := linesOf(rows, lang); !ok || !reflect.DeepEqual(got, lines) {
			t.Errorf("%s:\n%s\nnot\n%s", lang, dues.Rules{Lines: got}.Text(), allRules)
		}
	}
}

// TestClassesMayBeWrittenInAnyOrder: the one without an upper end comes last, an upper end
// that is no number is refused and not taken for none.
func TestClassesMayBeWrittenInAnyOrder(t *testing.T) {
	row := ruleRow{Rule: dues.RuleBand, Bands: []bandRow{{Amount: "9"}, {Below: "250.000", Amount: "5"}, {Below: "50.000", Amount: "1"}}}
	if got := (dues.Rules{Lines: linesOf([]ruleRow{row}, locale.TR)}).Text(); !strings.Contains(got, `[{"below":50000,"amount":"1"},{"below":250000,"amount":"5"},{"amount":"9"}]`) {
		t.Error(got)
	}
	row.Bands[1].Below = "çok"
	if _, faults := dues.ParseLines(dues.Rules{Lines: linesOf([]ruleRow{row}, locale.TR)}.Text()); len(faults) != 1 || faults[0].Key != "dues.fault.bands" {
		t.Error(faults)
	}
}

func TestRearrange(t *testing.T) {
	names := func(rows []ruleRow) (out string) {
		for _, row := range rows {
			out += row.Rule + " "
		}
		return out
	}
	for _, c := range []struct{ act, add, want string }{
		{"add", "round", "flat minimum round round "}, {"add", "<script>", "flat minimum round "}, {"up-1", "", "minimum flat round "}, {"up-0", "", "flat minimum round "},
		{"down-2", "", "flat minimum round "}, {"down-0", "", "minimum flat round "}, {"remove-1", "", "flat round "}, {"remove-9", "", "flat minimum round "}, {"remove--1", "", "flat minimum round "},
	} {
		if got := names(rearrange([]ruleRow{{Rule: "flat"}, {Rule: "minimum"}, {Rule: "round"}}, c.act, c.add)); got != c.want {
			t.Errorf("%s %s: %s", c.act, c.add, got)
		}
	}
}
