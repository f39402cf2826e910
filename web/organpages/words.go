package organpages

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/organs"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/page"
	"github.com/birlik/portal/web/ui"
)

func officeName(ctx context.Context, o organs.Office) string {
	return locale.T(ctx, "organs.office."+string(o))
}

// Term is from when to when somebody sits.
func Term(ctx context.Context, s organs.Seat) string {
	from := locale.Date(ctx, s.From)
	if s.Until == nil {
		return locale.T(ctx, "organs.since", "Day", from)
	}
	return from + " – " + locale.Date(ctx, *s.Until)
}

// about is a decision's line below its title: whose, number, day.
func about(ctx context.Context, d organs.Line, whose bool) string {
	parts := []string{locale.T(ctx, "organs.number_of", "Number", d.Number), locale.Date(ctx, d.Date)}
	if whose {
		parts = append([]string{d.OrganName}, parts...)
	}
	return strings.Join(parts, " · ")
}

// decisionFacts are what is known of a decision beside its text; base leads to others.
func decisionFacts(ctx context.Context, d organs.Ruling, base string) []ui.SummaryRow {
	rows := []ui.SummaryRow{
		{Label: locale.T(ctx, "organs.organ"), Value: d.OrganName},
		{Label: locale.T(ctx, "organs.number"), Value: d.Number},
		{Label: locale.T(ctx, "organs.date"), Value: locale.Date(ctx, d.Date)},
	}
	if d.Meeting != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "organs.meeting"),
			Value: d.Meeting.Label() + ", " + locale.T(ctx, "organs.session."+string(d.Meeting.Session))})
	}
	if d.Votes != nil {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "organs.votes"), Value: locale.T(ctx, "organs.votes_line",
			"For", locale.Number(ctx, int64(d.Votes.For)), "Against", locale.Number(ctx, int64(d.Votes.Against)),
			"Abstained", locale.Number(ctx, int64(d.Votes.Abstained)))})
	}
	if d.Replaces.PublicID != "" {
		rows = append(rows, ui.SummaryRow{Label: locale.T(ctx, "organs.replaces"), Content: ui.Button{Label: d.Replaces.Label,
			Href: ui.Path(ctx, base+d.Replaces.PublicID), Kind: ui.Quiet, Small: true}})
	}
	return rows
}

// citation is a decision as other texts cite it.
func citation(ctx context.Context, d organs.Ruling) string {
	shell := ui.ShellOf(ctx)
	return shell.Union.Name[locale.Of(ctx).Lang] + ", " + d.OrganName + ", " + locale.T(ctx, "organs.number_of", "Number", d.Number) + ", " +
		locale.Date(ctx, d.Date) + ". " + shell.BaseURL + ui.Path(ctx, "/decisions/"+d.PublicID)
}

// quorumLine says how a quorum stands, with its rule.
func quorumLine(ctx context.Context, c organs.Count) string {
	return locale.T(ctx, "organs.quorum_line", "Rule", locale.T(ctx, "organs.quorum."+string(c.Rule)),
		"Entitled", locale.Number(ctx, int64(c.Entitled)), "Needed", locale.Number(ctx, int64(c.Needed())), "Present", locale.Number(ctx, int64(c.Present)))
}

func quorumWord(ctx context.Context, c organs.Count) string {
	if c.Reached() {
		return locale.T(ctx, "organs.quorum_reached")
	}
	return locale.T(ctx, "organs.quorum_missing")
}

// meetingName is a meeting as a heading.
func meetingName(m organs.Meeting) string { return m.OrganName + " " + m.Label() }

// when is the clock at the meeting's place, and the reader's own where it differs.
func when(ctx context.Context, m organs.Meeting) string {
	there := m.StartsAt.In(m.Location())
	out := locale.Date(ctx, there) + ", " + locale.ClockZone(ctx, there)
	if own := locale.Own(ctx, m.StartsAt); own.Format("2006-01-02 15:04") != there.Format("2006-01-02 15:04") {
		out += " (" + locale.T(ctx, "organs.your_time", "Time", locale.DateTime(ctx, own)) + ")"
	}
	return out
}

func where(ctx context.Context, m organs.Meeting) string {
	if m.Mode == organs.Online {
		return locale.T(ctx, "organs.mode.online")
	}
	if m.Mode == organs.Hybrid {
		return m.Place + " · " + locale.T(ctx, "organs.mode.hybrid")
	}
	return m.Place
}

var stateTones = map[workflow.State]ui.Tone{organs.Planned: ui.StatusWait, organs.Held: ui.StatusDone, organs.Cancelled: ui.StatusStop}

func moments(ctx context.Context, steps []workflow.Step) []ui.Moment {
	out := make([]ui.Moment, len(steps))
	for i, s := range steps {
		out[len(steps)-1-i] = ui.Moment{Who: s.ActorName, What: locale.T(ctx, "organs.state."+string(s.To)), Text: s.Reason,
			At: locale.DateTime(ctx, locale.Own(ctx, s.At)), Ago: locale.Relative(ctx, s.At), Bad: s.To == organs.Cancelled}
	}
	return out
}

// deskTabs are the rooms of the desk's organs.
func deskTabs(ctx context.Context, at string) ui.Tabs {
	out := ui.Tabs{Label: locale.T(ctx, "organs.title")}
	for _, room := range []struct{ path, key string }{
		{"/desk/organs", "organs.title"}, {"/desk/meetings", "organs.meetings"}, {"/desk/decisions", "organs.decisions"}, {"/desk/organs/seats", "organs.seat_rule"},
	} {
		out.Items = append(out.Items, ui.Link{Label: locale.T(ctx, room.key), Href: ui.Path(ctx, room.path), Current: at == room.path})
	}
	return out
}

// dones are what a page says after an act.
var dones = []string{"saved", "added", "planned", "recorded", "published", "hidden", "drawn", "arrived", "left", "minutes"}

func done(r *http.Request) string {
	if what := r.URL.Query().Get("done"); slices.Contains(dones, what) {
		return locale.T(r.Context(), "organs.done."+what)
	}
	return ""
}

// readDay reads a day as people write it; ok is false for what is no day, and true for none.
func readDay(text string) (day time.Time, ok bool) {
	iso, ok := forms.ParseDate(text)
	if !ok {
		return time.Time{}, text == ""
	}
	day, err := time.Parse(time.DateOnly, iso)
	return day, err == nil
}

// readMoment reads a day and a clock as people type them: "3 Aralık 2026" and "10.00".
func readMoment(day, clock string) (time.Time, bool) {
	iso, ok := forms.ParseDate(day)
	if !ok {
		return time.Time{}, false
	}
	clock = strings.NewReplacer(".", ":", " ", "").Replace(clock)
	if !strings.Contains(clock, ":") && clock != "" {
		clock += ":00"
	}
	out, err := time.Parse("2006-01-02 15:04", iso+" "+clock)
	return out, err == nil
}

// readCount reads a whole number as people type it; nil for none.
func readCount(r *http.Request, text string) (n *int, ok bool) {
	if text == "" {
		return nil, true
	}
	digits, ok := forms.ParseNumber(text, page.Lang(r), 0)
	if !ok {
		return nil, false
	}
	value, err := strconv.Atoi(digits)
	return &value, err == nil
}

func say(r *http.Request, key string) string { return locale.T(r.Context(), key) }
