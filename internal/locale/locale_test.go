package locale

import (
	"context"
	"testing"
	"time"
)

func reader(lang Lang) context.Context {
	istanbul := time.FixedZone("TRT", 3*3600)
	return With(context.Background(), Reader{Lang: lang, Zone: istanbul, Now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)})
}

type want map[Lang]string

func hold(t *testing.T, name string, f func(ctx context.Context) string, want want) {
	t.Helper()
	for lang, text := range want {
		if got := f(reader(lang)); got != text {
			t.Errorf("%s in %s is %q, want %q", name, lang, got, text)
		}
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]Lang{
		"": TR, "de": TR, "ru-RU,ru;q=0.9,en;q=0.8": RU, "fr;q=0.9, en-GB;q=0.5": EN, "az, tr;q=0.1": TR, ";;;": TR, "en;q=0": TR,
	} {
		if got := Negotiate(header); got != want {
			t.Errorf("Negotiate(%q) = %s, want %s", header, got, want)
		}
	}
}

// TestPlurals holds the forms of Russian, where the last two digits decide.
func TestPlurals(t *testing.T) {
	for n, text := range map[int]string{
		1: "1 день", 2: "2 дня", 4: "4 дня", 5: "5 дней", 11: "11 дней", 12: "12 дней", 21: "21 день", 22: "22 дня",
		100: "100 дней", 101: "101 день", 111: "111 дней", 1_000_001: "1\u00a0000\u00a0001 день", 0: "0 дней",
	} {
		if got := Text(RU, "locale.days", "Count", n); got != text {
			t.Errorf("%d: %q, want %q", n, got, text)
		}
	}
	if got := Text(EN, "locale.days", "Count", int64(1)); got != "1 day" {
		t.Errorf("1 in English: %q", got)
	}
	if got := Text(TR, "locale.days", "Count", 1393); got != "1.393 gün" {
		t.Errorf("1393 in Turkish: %q", got)
	}
}

// TestMissing shows that an unknown key, language or value breaks nothing.
func TestMissing(t *testing.T) {
	for _, got := range []string{Text(EN, "no.such_key"), Text("xx", "no.such_key")} {
		if got != "no.such_key" {
			t.Errorf("an unknown key reads %q", got)
		}
	}
	if got := Text("xx", "locale.now"); got != "şimdi" {
		t.Errorf("an unknown language reads %q", got)
	}
	if got := Text(EN, "locale.days"); got != " days" {
		t.Errorf("a missing value reads %q", got)
	}
}

func TestNumbers(t *testing.T) {
	hold(t, "1214", func(c context.Context) string { return Number(c, 1214) }, want{TR: "1.214", EN: "1,214", RU: "1\u00a0214"})
	hold(t, "-1234567", func(c context.Context) string { return Number(c, -1234567) }, want{EN: "-1,234,567"})
	hold(t, "-123", func(c context.Context) string { return Number(c, -123) }, want{EN: "-123"})
	hold(t, "1234.50", func(c context.Context) string { return Decimal(c, 1234.5, 2) }, want{TR: "1.234,5", EN: "1,234.5", RU: "1\u00a0234,5"})
	hold(t, "45.3 %", func(c context.Context) string { return Percent(c, 0.453, 1) }, want{TR: "%45,3", EN: "45.3%", RU: "45,3\u00a0%"})
	hold(t, "1.2 MB", func(c context.Context) string { return Size(c, 1_234_567) }, want{TR: "1,2\u00a0MB", EN: "1.2\u00a0MB", RU: "1,2\u00a0МБ"})
	hold(t, "999950 B", func(c context.Context) string { return Size(c, 999_950) }, want{EN: "1\u00a0MB"})
	hold(t, "12 B", func(c context.Context) string { return Size(c, 12) }, want{EN: "12\u00a0B"})
}

func TestMoney(t *testing.T) {
	hold(t, "1250000", func(c context.Context) string { return Money(c, "1250000.00", "TRY") },
		want{TR: "TRY\u00a01.250.000", EN: "TRY\u00a01,250,000", RU: "1\u00a0250\u00a0000\u00a0TRY"})
	hold(t, "12500.5", func(c context.Context) string { return Money(c, "12500.50", "KZT") },
		want{TR: "KZT\u00a012.500,50", EN: "KZT\u00a012,500.50", RU: "12\u00a0500,50\u00a0KZT"})
	hold(t, "no amount", func(c context.Context) string { return Money(c, "many", "KZT") }, want{EN: "many KZT"})
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 24, 14, 32, 0, 0, time.FixedZone("", 5*3600+1800))
	hold(t, "date", func(c context.Context) string { return Date(c, at) },
		want{TR: "24 Kasım 2026", EN: "24 November 2026", RU: "24 ноября 2026"})
	hold(t, "date and time", func(c context.Context) string { return DateTime(c, at) },
		want{TR: "24 Kasım 2026, 14.32 (UTC+5:30)", EN: "24 November 2026, 14:32 (UTC+5:30)", RU: "24 ноября 2026, 14:32 (UTC+5:30)"})
	hold(t, "own clock", func(c context.Context) string { return ClockZone(c, Own(c, at)) }, want{EN: "12:02 (UTC+3)"})
	hold(t, "month", func(c context.Context) string { return Month(c, at) }, want{TR: "Kasım 2026", EN: "November 2026", RU: "Ноябрь 2026"})
	hold(t, "short date", func(c context.Context) string { return ShortDate(c, at) }, want{TR: "24 Kas 2026", EN: "24 Nov 2026", RU: "24 нояб. 2026"})
	hold(t, "weekday", func(c context.Context) string { return Weekday(c, at.Weekday()) + ShortWeekday(c, at.Weekday()) },
		want{TR: "SalıSal", EN: "TuesdayTue", RU: "вторниквт"})
	if got := ZoneName("America/St_Johns", at); got != "America/St Johns (UTC−3:30)" {
		t.Errorf("zone: %q", got)
	}
}

// TestRelative counts days on the reader's calendar: at 12:00 in İstanbul, 23:30 of the day
// before is yesterday though it is less than a day ago.
func TestRelative(t *testing.T) {
	now := Of(reader(EN)).Now
	for after, text := range map[time.Duration]want{
		10 * time.Second:               {EN: "now", TR: "şimdi", RU: "сейчас"},
		-5 * time.Minute:               {EN: "5 minutes ago", TR: "5 dakika önce", RU: "5 минут назад"},
		3 * time.Hour:                  {EN: "in 3 hours", TR: "3 saat sonra", RU: "через 3 часа"},
		-12*time.Hour - 30*time.Minute: {EN: "yesterday", TR: "dün", RU: "вчера"},
		13 * time.Hour:                 {EN: "tomorrow", TR: "yarın", RU: "завтра"},
		48 * time.Hour:                 {EN: "in 2 days", TR: "2 gün sonra", RU: "через 2 дня"},
		-21 * 24 * time.Hour:           {EN: "21 days ago", RU: "21 день назад"},
		90 * 24 * time.Hour:            {EN: "22 February 2027"},
	} {
		hold(t, after.String(), func(c context.Context) string { return Relative(c, now.Add(after)) }, text)
	}
}

func TestNames(t *testing.T) {
	hold(t, "Russian", func(c context.Context) string { return LanguageName(c, "ru") }, want{TR: "Rusça", EN: "Russian", RU: "русский"})
	hold(t, "Kazakhstan", func(c context.Context) string { return CountryName(c, "KZ") }, want{TR: "Kazakistan", EN: "Kazakhstan", RU: "Казахстан"})
	hold(t, "Cyrillic", func(c context.Context) string { return ScriptName(c, "Cyrl") }, want{TR: "Kiril yazısı", EN: "Cyrillic", RU: "кириллица"})
	for in, out := range map[string]string{Upper("tr", "iğdır"): "İĞDIR", Upper("en", "iris"): "IRIS", Lower("az", "IRAQ"): "ıraq", Title("tr", "istanbul"): "İstanbul"} {
		if in != out {
			t.Errorf("case: %q, want %q", in, out)
		}
	}
	if Collation(TR) != "tr-x-icu" || Collation(`x"; drop`) != "tr-x-icu" {
		t.Error("a collation's name must be one of ours")
	}
}

func BenchmarkT(b *testing.B) {
	ctx := reader(RU)
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			T(ctx, "locale.now")
		}
	})
	b.Run("plural", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			T(ctx, "locale.days", "Count", 1393)
		}
	})
}
func TestDaysLateAreThoseOfTheCalendar(t *testing.T) {
	zone := time.FixedZone("", 3*3600)
	ctx := With(context.Background(), Reader{Lang: TR, Zone: zone, Now: time.Date(2026, 11, 25, 9, 0, 0, 0, zone)})
	for day, want := range map[int]int64{11: 14, 24: 1, 25: 0, 26: -1} {
		if got := DaysLate(ctx, time.Date(2026, 11, day, 23, 59, 0, 0, zone)); got != want {
			t.Errorf("%d November: %d", day, got)
		}
	}
}
