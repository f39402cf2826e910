package forms_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

var (
	osh      = forms.City{ID: 1, Key: "osh", Name: "Oş"}
	oshField = forms.City{ID: 2, Key: "osh-2", Name: "Oş"}
	ozgon    = forms.City{ID: 3, Key: "ozgon", Name: "Özgön"}
)

func TestWhichMunicipalityIsMeant(t *testing.T) {
	for _, c := range []struct {
		why    string
		wanted forms.Wanted
		found  []forms.City
		guess  bool
		key    string
	}{
		{"chosen from the list", forms.Wanted{Name: "Oş", Key: "osh-2"}, []forms.City{osh, oshField}, true, "osh-2"},
		{"typed over what was chosen", forms.Wanted{Name: "Özgön", Key: "osh"}, []forms.City{ozgon}, true, "ozgon"},
		{"one fits", forms.Wanted{Name: "ozg"}, []forms.City{ozgon}, true, "ozgon"},
		{"one has the very name", forms.Wanted{Name: "Oş"}, []forms.City{ozgon, osh}, true, "osh"},
		{"two have the name", forms.Wanted{Name: "Oş"}, []forms.City{osh, oshField}, true, ""},
		{"picked of two", forms.Wanted{Name: "o", Key: "osh-2", Picked: true}, []forms.City{osh, oshField}, true, "osh-2"},
		{"still being typed", forms.Wanted{Name: "ozg"}, []forms.City{ozgon}, false, ""},
		{"none", forms.Wanted{Name: "x", Key: "osh"}, nil, true, ""},
	} {
		got := c.wanted.Among(c.found, c.guess)
		if c.key == "" != (got == nil) || got != nil && got.Key != c.key {
			t.Errorf("%s: %+v", c.why, got)
		}
	}
}

func TestMunicipalityIsAReference(t *testing.T) {
	d := setup(t, pgtest.DB(t))
	named := forms.Answers{"title": {Text: "Su"}, "city": {Raw: map[string]string{"": "Oş"}}}
	if faults := sample().CheckPage(named, "texts", noon); len(faults) != 1 || faults[0].Key != "forms.unknown_municipality" {
		t.Errorf("a name alone: %+v", faults)
	}
	city := forms.City{ID: d.ref.ID, Key: "susa", Name: "Şuşa"}
	d.save(d.ayse, "texts", 0, forms.Answers{"city": {City: &city}})
	if got := d.load(d.bo).Answers["city"].City; got == nil || *got != city {
		t.Fatalf("read again: %+v", got)
	}
	d.as(d.ayse, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(t.Context(), `select subject_id from submission_refs where field = 'city'`).Scan(&id)
		if id != city.ID {
			t.Errorf("the reference points at %d", id)
		}
		return err
	})
}

func TestRuleOverTwoPagesIsToldOnBoth(t *testing.T) {
	number := func(key string) forms.Field { return forms.Field{Key: key, Kind: forms.Number, Label: words(key)} }
	d := forms.Definition{Key: "two", Sections: []forms.Section{{Pages: []forms.Page{
		{Key: "own", Fields: []forms.Field{number("own")}}, {Key: "between", Fields: []forms.Field{number("between")}}, {Key: "all", Fields: []forms.Field{number("all")}},
	}}}, Rules: []forms.Rule{{Key: "share", Left: forms.Of("own"), Is: forms.AtMost, Right: forms.Of("all"), Words: words("Payınız toplamı geçemez.")}}}
	answers := forms.Answers{"own": {Number: "5"}, "all": {Number: "3"}}
	first, last := d.Clashes(answers, "own", noon), d.Clashes(answers, "all", noon)
	if len(first) != 1 || first[0].Here || !slices.Equal(first[0].Others, []string{"all"}) {
		t.Errorf("the first page: %+v", first)
	}
	if len(last) != 1 || !last[0].Here || !slices.Equal(last[0].Others, []string{"own"}) {
		t.Errorf("the page that mends it: %+v", last)
	}
	if told := d.Clashes(answers, "between", noon); len(told) != 0 {
		t.Errorf("a page between: %+v", told)
	}
	answers["own"] = forms.Value{Number: "3"}
	if told := d.Clashes(answers, "own", noon); len(told) != 0 {
		t.Errorf("mended: %+v", told)
	}
}
