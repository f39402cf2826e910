package locale

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

var months = map[Lang][12]string{
	TR: {"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"},
	EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	RU: {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
}

// aloneMonths are the months without a day before them, where they differ.
var aloneMonths = [12]string{"Январь", "Февраль", "Март", "Апрель", "Май", "Июнь", "Июль", "Август", "Сентябрь", "Октябрь", "Ноябрь", "Декабрь"}

var shortMonths = map[Lang][12]string{
	TR: {"Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"},
	EN: {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	RU: {"янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек."},
}

var weekdays = map[Lang][7]string{ // Sunday first, as time.Weekday counts
	TR: {"Pazar", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi"},
	EN: {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	RU: {"воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"},
}

var shortWeekdays = map[Lang][7]string{
	TR: {"Paz", "Pzt", "Sal", "Çar", "Per", "Cum", "Cmt"},
	EN: {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"},
	RU: {"вс", "пн", "вт", "ср", "чт", "пт", "сб"},
}

// Date is "24 Kasım 2026", "24 November 2026", "24 ноября 2026", in the time's own zone.
func Date(ctx context.Context, t time.Time) string {
	return DayMonth(ctx, t) + " " + strconv.Itoa(t.Year())
}

// DayMonth is Date without the year.
func DayMonth(ctx context.Context, t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + months[Of(ctx).Lang][t.Month()-1]
}

// ShortDate is "24 Kas 2026", "24 Nov 2026", "24 нояб. 2026".
func ShortDate(ctx context.Context, t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + shortMonths[Of(ctx).Lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Month is a month and its year alone: "Kasım 2026", "Ноябрь 2026".
func Month(ctx context.Context, t time.Time) string {
	lang := Of(ctx).Lang
	name := months[lang][t.Month()-1]
	if lang == RU {
		name = aloneMonths[t.Month()-1]
	}
	return name + " " + strconv.Itoa(t.Year())
}

// ShortMonth is "Kas", "Nov", "нояб.", for the block of a date.
func ShortMonth(ctx context.Context, m time.Month) string { return shortMonths[Of(ctx).Lang][m-1] }

// Weekday is the day's whole name, ShortWeekday its two or three letters.
func Weekday(ctx context.Context, d time.Weekday) string { return weekdays[Of(ctx).Lang][d] }

// ShortWeekday heads a column of a calendar.
func ShortWeekday(ctx context.Context, d time.Weekday) string { return shortWeekdays[Of(ctx).Lang][d] }

// Clock is "14.32" in Turkish and "14:32" elsewhere, in the time's own zone.
func Clock(ctx context.Context, t time.Time) string {
	if Of(ctx).Lang == TR {
		return t.Format("15.04")
	}
	return t.Format("15:04")
}

// DateTime is the day and the time in the time's own zone, which is named:
// "24 Kasım 2026, 14.32 (UTC+3)". Move t into the zone that shall be shown first.
func DateTime(ctx context.Context, t time.Time) string {
	return Date(ctx, t) + ", " + ClockZone(ctx, t)
}

// ClockZone is the time of day with its zone: "14.32 (UTC+3)".
func ClockZone(ctx context.Context, t time.Time) string {
	return Clock(ctx, t) + " (" + Offset(t) + ")"
}

// Own is t as the reader's own clock shows it.
func Own(ctx context.Context, t time.Time) time.Time {
	if zone := Of(ctx).Zone; zone != nil {
		return t.In(zone)
	}
	return t
}

// Offset names the zone of t by its distance from UTC: "UTC", "UTC+3", "UTC−3:30".
func Offset(t time.Time) string {
	_, seconds := t.Zone()
	sign := "+"
	if seconds < 0 {
		sign, seconds = "−", -seconds
	}
	minutes := seconds / 60
	switch {
	case minutes == 0:
		return "UTC"
	case minutes%60 == 0:
		return fmt.Sprintf("UTC%s%d", sign, minutes/60)
	}
	return fmt.Sprintf("UTC%s%d:%02d", sign, minutes/60, minutes%60)
}

// ZoneName is an IANA zone as people read it, with its distance at that time:
// "Asia/Ashgabat" is "Asia/Ashgabat (UTC+5)" without the underscores.
func ZoneName(name string, at time.Time) string {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return name
	}
	return strings.ReplaceAll(name, "_", " ") + " (" + Offset(at.In(zone)) + ")"
}

// ZoneCity is the city by which people know an IANA zone: "İstanbul" for Europe/Istanbul.
// One that has no name in the catalogue is called by its own.
func ZoneCity(ctx context.Context, zone string) string {
	city := zone[strings.LastIndexByte(zone, '/')+1:]
	if key := "zone." + city; Has(Of(ctx).Lang, key) {
		return T(ctx, key)
	}
	return strings.ReplaceAll(city, "_", " ")
}
