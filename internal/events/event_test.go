package events

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
)

func local(s string) time.Time {
	t, err := time.Parse(clockLayout, s)
	if err != nil {
		panic(err)
	}
	return t
}

func good() Facts {
	return Facts{Kind: "forum", Mode: InPerson, Country: "TR", CityName: "Bursa", Zone: "Europe/Istanbul",
		Starts: local("2026-12-03 10:00"), Ends: local("2026-12-04 17:00"), Spoken: []string{"tr", "uz-Latn"}}
}

func fieldsOf(err error) map[string]string {
	var e *apperr.Error
	if errors.As(err, &e) {
		return e.Fields
	}
	return nil
}

func TestFactsAreChecked(t *testing.T) {
	if err := good().check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*Facts)
		field  string
	}{
		"no kind":             {func(f *Facts) { f.Kind = "" }, "kind"},
		"no city":             {func(f *Facts) { f.CityName = "" }, "city"},
		"a city of nowhere":   {func(f *Facts) { f.Country = "" }, "country"},
		"a city too long":     {func(f *Facts) { f.CityName = strings.Repeat("ş", 121) }, "city_name"},
		"a venue too long":    {func(f *Facts) { f.Venue = strings.Repeat("ş", 201) }, "venue"},
		"a script as link":    {func(f *Facts) { f.OnlineURL = "javascript:alert(1)" }, "online_url"},
		"a link with a quote": {func(f *Facts) { f.OnlineURL = `https://a"b` }, "online_url"},
		"the server's zone":   {func(f *Facts) { f.Zone = "Local" }, "zone"},
		"no such zone":        {func(f *Facts) { f.Zone = "Asia/Atlantis" }, "zone"},
		"no such language":    {func(f *Facts) { f.Spoken = []string{"türkçe"} }, "spoken"},
		"no day":              {func(f *Facts) { f.Starts = time.Time{} }, "starts"},
		"the past millennium": {func(f *Facts) { f.Starts = local("1999-01-01 10:00") }, "starts"},
		"an end before":       {func(f *Facts) { f.Ends = local("2026-12-03 09:59") }, "ends"},
		"no length":           {func(f *Facts) { f.Ends = f.Starts }, "ends"},
		"two years":           {func(f *Facts) { f.Ends = local("2028-12-03 10:00") }, "ends"},
	} {
		f := good()
		c.change(&f)
		if got := fieldsOf(f.check()); got[c.field] == "" {
			t.Errorf("%s: %v, want a message at %s", name, got, c.field)
		}
	}
	f := good()
	f.AllDay, f.Ends = true, f.Starts
	if err := f.check(); err != nil {
		t.Errorf("one whole day: %v", err)
	}
}

// TestClocksThatSkip: in spring an hour never comes, in autumn one comes twice.
func TestClocksThatSkip(t *testing.T) {
	berlin, istanbul := location("Europe/Berlin"), location("Europe/Istanbul")
	for _, c := range []struct {
		clock string
		zone  *time.Location
		want  bool
	}{
		{"2026-03-29 02:30", berlin, true},
		{"2026-03-29 03:00", berlin, false},
		{"2026-10-25 02:30", berlin, false},
		{"2026-03-29 03:30", istanbul, false}, // Türkiye has kept its clocks since 2016
		{"2016-03-27 03:30", istanbul, true},
	} {
		if got := skipped(local(c.clock), c.zone); got != c.want {
			t.Errorf("%s in %s: skipped %v", c.clock, c.zone, got)
		}
	}
	f := good()
	f.Starts, f.Ends, f.AllDay = local("2026-03-29 02:30"), local("2026-03-29 02:45"), false
	if got := fieldsOf(f.checkClock(berlin)); len(got) != 2 {
		t.Errorf("both times are skipped: %v", got)
	}
}

func TestWholeDaysEndAtMidnightAfter(t *testing.T) {
	f := good()
	f.AllDay = true
	starts, ends := f.span()
	e := Event{AllDay: true, StartsLocal: starts, EndsLocal: ends}
	if !ends.Equal(local("2026-12-05 00:00")) || e.LastDay().Day() != 4 || e.OneDay() {
		t.Errorf("%v to %v, last day %v", starts, ends, e.LastDay())
	}
	if back := FactsOf(&e); back.Starts.Day() != 3 || back.Ends.Day() != 4 {
		t.Errorf("a form shows %v to %v", back.Starts, back.Ends)
	}
	evening := Event{StartsLocal: local("2026-12-03 19:00"), EndsLocal: local("2026-12-04 00:00")}
	if !evening.OneDay() {
		t.Error("an evening until midnight takes two days")
	}
}

func TestCursor(t *testing.T) {
	e := Event{ID: 42, StartsAt: time.Date(2026, 12, 3, 7, 0, 0, 123000, time.UTC)}
	at, id, ok := readCursor(e.cursor())
	if !ok || id != 42 || !at.Equal(e.StartsAt) {
		t.Errorf("%v %d %v", at, id, ok)
	}
	for _, bad := range []string{"", ".", "a", "zzzzzzzzzzzzz.1", "1.", "'.1", "-zzzzzzzzzzzz.1"} {
		if _, _, ok := readCursor(bad); ok {
			t.Errorf("%q is taken for a place", bad)
		}
	}
}
