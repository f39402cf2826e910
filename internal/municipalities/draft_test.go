package municipalities

import (
	"slices"
	"testing"

	"github.com/birlik/portal/internal/tables"
)

func TestHeadingsOfTheRegionAreKnown(t *testing.T) {
	for _, c := range []struct {
		header []string
		want   []Column
	}{
		{[]string{"Sıra", "Belediye Adı", "İl", "Nüfus", "Enlem", "Boylam", "Kayıt Tarihi"},
			[]Column{ColumnIgnored, ColumnName, ColumnRegion, ColumnPopulation, ColumnLat, ColumnLon, ""}},
		{[]string{"№", "Город", "Страна", "Население", "Широта", "Долгота"},
			[]Column{ColumnIgnored, ColumnName, ColumnCountry, ColumnPopulation, ColumnLat, ColumnLon}},
		{[]string{"NAME", "Official name", "Country code", "population_year"}, []Column{ColumnName, "", ColumnCountry, ColumnYear}},
	} {
		if got := MatchColumns(c.header); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q", c.header, got)
		}
	}
}

func TestCellsAreReadAsOfficesWriteThem(t *testing.T) {
	for text, want := range map[string]int64{"1.248.988": 1248988, "1 248 988": 1248988, "31916": 31916, "1,248,988": 1248988, "11857.0": 11857} {
		if got, ok := wholeNumber(text); !ok || got != want {
			t.Errorf("%q: %d", text, got)
		}
	}
	for _, text := range []string{"", "yok", "1.24.8", "12,5", "1e9", "-"} {
		if got, ok := wholeNumber(text); ok {
			t.Errorf("%q: %d", text, got)
		}
	}
	for text, want := range map[string]float64{"36,98615": 36.98615, "39.94319": 39.94319, "-7": -7} {
		if got, ok := degrees(text); !ok || got != want {
			t.Errorf("%q: %f", text, got)
		}
	}
}

func TestFaultsNameTheirRowAndColumn(t *testing.T) {
	table, err := tables.Read([]byte("Belediye;Nüfus;Enlem;Boylam\nŞuşa;18.662;39,76;46,75\n;5;1;2\nBakı;çok;40;49\nGəncə;1;99;46\nŞəki;2;41;\n"))
	if err != nil {
		t.Fatal(err)
	}
	drafts, faults := ReadDrafts(table, MatchColumns(table.Header))
	if len(drafts) != 1 || drafts[0].Name != "Şuşa" || *drafts[0].Population != 18662 || *drafts[0].Lat != 39.76 {
		t.Errorf("%+v", drafts)
	}
	want := []RowFault{{3, ColumnName, "imports.no_name", ""}, {4, ColumnPopulation, "imports.no_number", "çok"},
		{5, ColumnLat, "imports.out_of_range", "99"}, {6, ColumnLat, "imports.half_place", ""}}
	if !slices.Equal(faults, want) {
		t.Errorf("%+v", faults)
	}
}
