package dues

import (
	"testing"
	"time"
)

func day2(y, m, d int) time.Time { return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC) }

func rulesOf(t *testing.T, text string) Rules {
	t.Helper()
	lines, faults := ParseLines(text)
	if len(faults) > 0 {
		t.Fatalf("faults %+v in\n%s", faults, text)
	}
	return Rules{Year: 2026, Currency: "EUR", Lines: lines, RatesOn: day2(2026, 1, 2)}
}

func ratesFor(t *testing.T) Rates {
	t.Helper()
	out := Rates{}
	for _, r := range [][3]string{{"EUR", "TRY", "50.4321"}, {"USD", "EUR", "0.8512"}} {
		rate, ok := NewRate(r[0], r[1], r[2], day2(2026, 1, 2), "test")
		if !ok {
			t.Fatal(r)
		}
		out[[2]string{r[0], r[1]}] = rate
	}
	return out
}

const bands = `{"rule":"band","bands":[{"below":50000,"amount":"250"},{"below":100000,"amount":"400.50"},{"amount":"900"}]}`

// TestWhatIsOwed walks every kind of rule, on the edges of its classes.
func TestWhatIsOwed(t *testing.T) {
	joined := func(y, m, d int) Member { return Member{Population: 60000, JoinedOn: day2(y, m, d)} }
	for name, c := range map[string]struct {
		rules  string
		member Member
		want   string
	}{
		"flat":                      {`{"rule":"flat","amount":"300"}`, Member{}, "300.00 EUR"},
		"below a band's edge":       {bands, Member{Population: 49999}, "250.00 EUR"},
		"on a band's edge":          {bands, Member{Population: 50000}, "400.50 EUR"},
		"the last band":             {bands, Member{Population: 16000000}, "900.00 EUR"},
		"no population":             {bands, Member{}, FaultPopulation},
		"no population, then flat":  {`{"rule":"band","missing":"next","bands":[{"amount":"1"}]}` + "\n" + `{"rule":"flat","amount":"70"}`, Member{}, "70.00 EUR"},
		"per head, halves up":       {`{"rule":"per_head","base":"100","per_head":"0.015"}`, Member{Population: 4651}, "169.77 EUR"}, // 169.765
		"per head without base":     {`{"rule":"per_head","per_head":"0.01"}`, Member{Population: 1}, "0.01 EUR"},
		"band and group":            {`{"rule":"band_group","bands":[{"below":100000,"amounts":{"low":"50","high":"200"}},{"amounts":{"low":"80","high":"500"}}]}`, Member{Population: 99999, Group: "low"}, "50.00 EUR"},
		"a group without amount":    {`{"rule":"band_group","bands":[{"amounts":{"low":"50"}}]}`, Member{Population: 5, Group: "high"}, FaultGroup},
		"share of budget":           {`{"rule":"budget_share","percent":"0.05"}`, Member{Budget: "1234567.89", BudgetCurrency: "EUR"}, "617.28 EUR"},
		"share of budget abroad":    {`{"rule":"budget_share","percent":"0.05"}`, Member{Budget: "1000000.00", BudgetCurrency: "USD"}, "425.60 EUR"},
		"no budget":                 {`{"rule":"budget_share","percent":"0.05"}`, Member{}, FaultBudget},
		"no rate":                   {`{"rule":"budget_share","percent":"0.05"}`, Member{Budget: "1", BudgetCurrency: "KZT"}, FaultRate},
		"joined in July":            {bands + "\n" + `{"rule":"prorata","by":"month"}`, joined(2026, 7, 31), "200.25 EUR"},
		"joined in December":        {bands + "\n" + `{"rule":"prorata","by":"month"}`, joined(2026, 12, 31), "33.38 EUR"}, // 33.375
		"joined in the 3rd quarter": {bands + "\n" + `{"rule":"prorata","by":"quarter"}`, joined(2026, 9, 30), "200.25 EUR"},
		"joined by days":            {`{"rule":"flat","amount":"365"}` + "\n" + `{"rule":"prorata","by":"day"}`, joined(2026, 12, 31), "1.00 EUR"},
		"joined on 1 January":       {bands + "\n" + `{"rule":"prorata","by":"day"}`, joined(2026, 1, 1), "400.50 EUR"},
		"joined long ago":           {bands + "\n" + `{"rule":"prorata","by":"day"}`, joined(2019, 5, 1), "400.50 EUR"},
		"discount":                  {bands + "\n" + `{"rule":"discount","percent":"12.5"}`, joined(2019, 5, 1), "350.44 EUR"}, // 350.4375
		"discount for others":       {bands + "\n" + `{"rule":"discount","percent":"50","for":{"countries":["KG"]}}`, joined(2019, 5, 1), "400.50 EUR"},
		"minimum":                   {`{"rule":"per_head","per_head":"0.001"}` + "\n" + `{"rule":"minimum","amount":"75"}`, Member{Population: 900}, "75.00 EUR"},
		"maximum":                   {`{"rule":"per_head","per_head":"1"}` + "\n" + `{"rule":"maximum","amount":"5000"}`, Member{Population: 90000}, "5000.00 EUR"},
		"exempt":                    {`{"rule":"exempt","for":{"kinds":["honorary"]}}` + "\n" + bands + "\n" + `{"rule":"minimum","amount":"75"}`, Member{Kind: "honorary"}, "0.00 EUR"},
		"another currency":          {`{"rule":"flat","amount":"300"}` + "\n" + `{"rule":"currency","currency":"TRY","for":{"countries":["TR"]}}`, Member{Country: "TR"}, "15129.63 TRY"},
		"rounded in it":             {`{"rule":"flat","amount":"300"}` + "\n" + `{"rule":"currency","currency":"TRY"}` + "\n" + `{"rule":"round","to":"50"}`, Member{}, "15150.00 TRY"},
		"the other way round":       {`{"rule":"flat","amount":"100"}` + "\n" + `{"rule":"currency","currency":"USD"}`, Member{}, "117.48 USD"},
		"nobody's":                  {`{"rule":"flat","amount":"1","for":{"kinds":["partner"]}}`, Member{Kind: "full"}, FaultRule},
		"too large":                 {`{"rule":"per_head","per_head":"9999999999"}`, Member{Population: 1e15}, FaultTooLarge},
	} {
		result := rulesOf(t, c.rules).Assess(c.member, ratesFor(t))
		got := result.Fault
		if got == "" {
			got = result.Amount.String() + " " + result.Currency
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s (%+v)", name, got, c.want, result.Parts)
		}
	}
}

// TestWhoIsAssessed: active members by default, nobody who joins later.
func TestWhoIsAssessed(t *testing.T) {
	plain := rulesOf(t, bands)
	if !plain.Assesses(Member{Standing: "active"}) || plain.Assesses(Member{Standing: "suspended"}) {
		t.Error("active members alone")
	}
	if plain.Assesses(Member{Standing: "active", JoinedOn: day2(2027, 1, 1)}) || !plain.Assesses(Member{Standing: "active", JoinedOn: day2(2026, 12, 31)}) {
		t.Error("who joins after the year owes nothing for it")
	}
	chosen := rulesOf(t, `{"rule":"members","for":{"kinds":["full"],"standings":["active","suspended"]}}`+"\n"+bands)
	if !chosen.Assesses(Member{Kind: "full", Standing: "suspended"}) || chosen.Assesses(Member{Kind: "observer", Standing: "active"}) {
		t.Error("the rules say whom they speak of")
	}
}

// TestRefusedRules: what cannot be meant is refused, with its line.
func TestRefusedRules(t *testing.T) {
	for text, want := range map[string]LineFault{
		"":                                                   {Line: 0, Key: "dues.fault.lines"},
		"\n# words\n{\"rule\":\"flat\"}":                     {Line: 3, Key: "dues.fault.amount"},
		`{"rule":"flat","amount":"1.005"}`:                   {Line: 1, Key: "dues.fault.amount"},
		`{"rule":"flat","amount":"-1"}`:                      {Line: 1, Key: "dues.fault.amount"},
		`{"rule":"flat","amount":"1e3"}`:                     {Line: 1, Key: "dues.fault.amount"},
		`{"rule":"flat","amount":12}`:                        {Line: 1, Key: "dues.fault.json"},
		`{"rule":"flat","ammount":"12"}`:                     {Line: 1, Key: "dues.fault.unknown"},
		`{"rule":"flat","amount":"1"} {}`:                    {Line: 1, Key: "dues.fault.json"},
		`{"rule":"fat","amount":"1"}`:                        {Line: 1, Key: "dues.fault.rule"},
		`{"rule":"band","bands":[{"below":5,"amount":"1"}]}`: {Line: 1, Key: "dues.fault.bands"},
		`{"rule":"band","bands":[{"below":5,"amount":"1"},{"below":5,"amount":"1"},{"amount":"2"}]}`:     {Line: 1, Key: "dues.fault.bands"},
		`{"rule":"band_group","bands":[{"amounts":{"rich":"1"}}]}`:                                       {Line: 1, Key: "dues.fault.groups"},
		`{"rule":"budget_share","percent":"101"}`:                                                        {Line: 1, Key: "dues.fault.percent"},
		`{"rule":"discount","percent":"10"}`:                                                             {Line: 0, Key: "dues.fault.no_charge"},
		bands + "\n" + `{"rule":"currency","currency":"try"}`:                                            {Line: 2, Key: "dues.fault.currency"},
		bands + "\n" + `{"rule":"currency","currency":"TRY"}` + "\n" + `{"rule":"minimum","amount":"1"}`: {Line: 0, Key: "dues.fault.currency_last"},
	} {
		_, faults := ParseLines(text)
		if len(faults) == 0 || faults[0].Line != want.Line || faults[0].Key != want.Key {
			t.Errorf("%s: %+v, want %+v", text, faults, want)
		}
	}
}

// TestRulesReadBack: rules as people edit them are the rules.
func TestRulesReadBack(t *testing.T) {
	rules := rulesOf(t, bands+"\n"+`{"rule":"discount","percent":"5","name":{"tr":"Erken ödeme"},"for":{"countries":["KG"],"below":20000}}`)
	again := rulesOf(t, rules.Text())
	if again.Text() != rules.Text() || len(again.Lines) != 2 || again.Lines[1].Name["tr"] != "Erken ödeme" {
		t.Errorf("%s\n%s", rules.Text(), again.Text())
	}
}

func TestAmounts(t *testing.T) {
	for text, want := range map[string]string{"0": "0.00", "12": "12.00", "12.5": "12.50", "12.05": "12.05", "-3.10": "-3.10", "9999999999999": "",
		"1000000000000": "1000000000000.00", "1.234": "", "1,5": "", "": "", ".5": "", "٣": ""} {
		a, ok := ParseAmount(text)
		if got := a.String(); ok != (want != "") || ok && got != want {
			t.Errorf("%q: %s %v, want %q", text, got, ok, want)
		}
	}
}

// TestReferencesInWhatBanksWrite finds the reference among other words, and none where there is none.
func TestReferencesInWhatBanksWrite(t *testing.T) {
	for text, want := range map[string]string{
		"DUE-2026-00042": "DUE-2026-00042", "aidat due 2026/42 Bursa": "DUE-2026-00042", "DUE202600042": "DUE-2026-00042",
		"EFT:12345 DUE_2026_42;": "DUE-2026-00042", "ref DUЕ-2026-00042": "DUE-2026-00042", // a Cyrillic Е
		"RESIDUE-2026-00042": "", "2026-00042": "", "DUE-2026": "", "DUE-2026-00000": "", "due to 2026 42": "",
	} {
		got, ok := FindReference(text)
		if ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
}
