package locale

import (
	"context"
	"fmt"
	"strings"
	"time"
)

var months = map[Lang][12]string{
	TR: {"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"},
	EN: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
	RU: {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
}

// Date is "24 Kasım 2026", "24 November 2026", "24 ноября 2026".
func Date(ctx context.Context, t time.Time) string {
	return fmt.Sprintf("%d %s %d", t.Day(), months[Of(ctx).Lang][t.Month()-1], t.Year())
}

// Clock is "14.32" in Turkish and "14:32" elsewhere.
func Clock(ctx context.Context, t time.Time) string {
	if Of(ctx).Lang == TR {
		return t.Format("15.04")
	}
	return t.Format("15:04")
}

// Number groups thousands as the language does: 1.214 / 1,214 / 1 214.
func Number(ctx context.Context, n int64) string {
	separator := map[Lang]string{TR: ".", EN: ",", RU: "\u00a0"}[Of(ctx).Lang]
	digits := fmt.Sprintf("%d", n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	var parts []string
	for len(digits) > 3 {
		parts = append([]string{digits[len(digits)-3:]}, parts...)
		digits = digits[:len(digits)-3]
	}
	return sign + strings.Join(append([]string{digits}, parts...), separator)
}
