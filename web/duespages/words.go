package duespages

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/web/ui"
)

func money(ctx context.Context, a dues.Amount, currency string) string {
	return locale.Money(ctx, a.String(), currency)
}

// sums are amounts of several currencies on one line.
func sums(ctx context.Context, list []dues.Sum) string {
	if len(list) == 0 {
		return "–"
	}
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = money(ctx, s.Amount, s.Currency)
	}
	return strings.Join(out, " + ")
}

func iso(t time.Time) string { return t.Format(time.DateOnly) }

// readDay reads a typed day; zero where it is none.
func readDay(text string) time.Time {
	parsed, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}
	}
	day, _ := time.Parse(time.DateOnly, parsed) // ParseDate gives this form
	return day
}

// readNumber reads a typed amount as an exact decimal; what is none stays as it was typed,
// so that the service refuses it.
func readNumber(text string, lang locale.Lang, decimals int) string {
	if digits, ok := forms.ParseNumber(text, lang, decimals); ok {
		return digits
	}
	return text
}

// chip says how an assessment stands.
func chip(ctx context.Context, a dues.Assessment, today time.Time) ui.StatusChip {
	tone, key := state(a, today)
	return ui.StatusChip{Tone: tone, Label: locale.T(ctx, "dues.state."+key)}
}

func state(a dues.Assessment, today time.Time) (tone ui.Tone, key string) {
	switch {
	case a.CancelledAt != nil:
		return ui.StatusStop, "cancelled"
	case a.Open == 0 && a.Paid == 0:
		return ui.StatusDone, "waived"
	case a.Open == 0:
		return ui.StatusDone, "paid"
	case a.DaysLate(today) > 0:
		return ui.StatusLate, "late"
	case a.Paid > 0:
		return ui.StatusWork, "part"
	}
	return ui.StatusWait, "open"
}

// dueWords say how far the day of payment is.
func dueWords(ctx context.Context, a dues.Assessment, today time.Time) string {
	if days := a.DaysLate(today); days > 0 {
		return locale.T(ctx, "dues.days_late", "Count", days)
	}
	return ""
}

func ageName(ctx context.Context, age dues.Age) string { return locale.T(ctx, "dues.age."+string(age)) }

func methodName(ctx context.Context, method string) string {
	return locale.T(ctx, "dues.method."+method)
}

// tabs are the rooms of dues, for staff.
func tabs(ctx context.Context, current string) ui.Tabs {
	t := ui.Tabs{Label: locale.T(ctx, "dues.rooms")}
	for _, room := range [][2]string{{"dues.assessments", deskPath}, {"dues.bank.title", bankPath}, {"dues.rules", yearsPath}, {"dues.rates", ratesPath}} {
		t.Items = append(t.Items, ui.Link{Label: locale.T(ctx, room[0]), Href: ui.Path(ctx, room[1]), Current: room[1] == current})
	}
	return t
}

func yearText(year int) string { return strconv.Itoa(year) }

// inputRows are the facts that an assessment was counted by.
func inputRows(ctx context.Context, m dues.Member) []ui.SummaryRow {
	var rows []ui.SummaryRow
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, key), Value: value})
		}
	}
	add("dues.input.kind", dues.KindName(ctx, m.Kind))
	if m.Population > 0 {
		add("dues.input.population", locale.Number(ctx, m.Population)+ofYear(m.PopulationYear))
	}
	if m.Group != "" {
		add("dues.input.group", dues.GroupName(ctx, m.Group))
	}
	if m.Budget != "" {
		add("dues.input.budget", locale.Money(ctx, m.Budget, m.BudgetCurrency)+ofYear(m.BudgetYear))
	}
	if !m.JoinedOn.IsZero() {
		add("dues.input.joined", locale.Date(ctx, m.JoinedOn))
	}
	return rows
}

func ofYear(year int) string {
	if year == 0 {
		return ""
	}
	return " (" + strconv.Itoa(year) + ")"
}

// currencies are those that dues are usually paid in, the first ones first.
func currencies(first ...string) []ui.Option {
	var out []ui.Option
	seen := map[string]bool{}
	for _, code := range append(first, "EUR", "TRY", "USD", "AZN", "KZT", "KGS", "UZS", "TMT", "RUB") {
		if code != "" && !seen[code] {
			seen[code] = true
			out = append(out, ui.Option{Value: code, Label: code})
		}
	}
	return out
}

// matches reports whether a typed text is a part of a member's name, in any spelling.
func matches(c dues.Computed, text string) bool {
	key := fold.Key(text)
	return strings.Contains(fold.Key(c.Title), key) || strings.Contains(fold.Key(c.Name), key)
}

func queryOf(name, value string) string { return url.Values{name: {value}}.Encode() }
