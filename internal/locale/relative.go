package locale

import (
	"context"
	"time"
)

// Relative says how far t is from the reader's now: "2 gün sonra", "3 hours ago",
// "вчера". Days are counted on the reader's calendar, not in hours. Beyond a month it is
// the date itself.
func Relative(ctx context.Context, t time.Time) string {
	r := Of(ctx)
	if r.Now.IsZero() {
		return Date(ctx, Own(ctx, t))
	}
	distance := t.Sub(r.Now)
	days := daysBetween(Own(ctx, r.Now), Own(ctx, t))
	switch {
	case distance.Abs() < time.Minute:
		return T(ctx, "locale.now")
	case distance.Abs() < time.Hour:
		return counted(ctx, "locale.minutes.", int64(distance/time.Minute))
	case days == 0 || distance.Abs() < 6*time.Hour:
		return counted(ctx, "locale.hours.", int64(distance/time.Hour))
	case days == 1:
		return T(ctx, "locale.tomorrow")
	case days == -1:
		return T(ctx, "locale.yesterday")
	case days >= -30 && days <= 30:
		return counted(ctx, "locale.days.", days)
	}
	return Date(ctx, Own(ctx, t))
}

// Duration says how long something takes, in its greatest unit: "45 dakika", "2 days".
func Duration(ctx context.Context, d time.Duration) string {
	switch d = d.Abs(); {
	case d >= 48*time.Hour:
		return T(ctx, "locale.days", "Count", int64(d/(24*time.Hour)))
	case d >= 2*time.Hour:
		return T(ctx, "locale.hours", "Count", int64(d/time.Hour))
	}
	return T(ctx, "locale.minutes", "Count", int64(d/time.Minute))
}

// DaysLate counts the days from t to the reader's now on the reader's calendar, as Relative
// does; it is negative for what is to come.
func DaysLate(ctx context.Context, t time.Time) int64 {
	return daysBetween(Own(ctx, t), Own(ctx, Of(ctx).Now))
}

// counted is the text of a distance ahead (…ahead) or behind (…ago).
func counted(ctx context.Context, key string, n int64) string {
	if n < 0 {
		return T(ctx, key+"ago", "Count", -n)
	}
	return T(ctx, key+"ahead", "Count", n)
}

// daysBetween counts the midnights from a to b on their calendar.
func daysBetween(a, b time.Time) int64 {
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int64(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}
