// Package clock words days and times on the reader's own clock, with how far they are.
package clock

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/locale"
)

// Own is a time as the reader's clock shows it.
func Own(ctx context.Context, t time.Time) time.Time { return locale.Own(ctx, t) }

// Moment is a day and a clock: "24 November 2026, 11:05".
func Moment(ctx context.Context, t time.Time) string {
	return locale.Date(ctx, Own(ctx, t)) + ", " + locale.Clock(ctx, Own(ctx, t))
}

// Day is a day: "24 November 2026".
func Day(ctx context.Context, t time.Time) string { return locale.Date(ctx, Own(ctx, t)) }

// Ago says how far a time is; nothing where it is so far that only its date could be said again.
func Ago(ctx context.Context, t time.Time) string {
	if words := locale.Relative(ctx, t); words != locale.Date(ctx, Own(ctx, t)) {
		return words
	}
	return ""
}

// When is Moment with Ago behind it.
func When(ctx context.Context, t time.Time) string { return Moment(ctx, t) + bracketed(ctx, t) }

// DayAgo is a day together with how far it is.
func DayAgo(ctx context.Context, t time.Time) string {
	return locale.Date(ctx, Own(ctx, t)) + bracketed(ctx, t)
}

func bracketed(ctx context.Context, t time.Time) string {
	if words := Ago(ctx, t); words != "" {
		return " (" + words + ")"
	}
	return ""
}

// ISO is a time for machines.
func ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Typed is a day as it stands in a field: as the reader's language writes it, so that it can
// be typed back; empty for no day.
func Typed(ctx context.Context, t time.Time) string {
	switch {
	case t.IsZero():
		return ""
	case locale.Of(ctx).Lang == locale.EN:
		return t.Format("02/01/2006")
	}
	return t.Format("02.01.2006")
}
