package caseworkpages

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/tasks"
	"github.com/birlik/portal/web/ui"
)

// TestACalendarIsNotSteered writes titles that a city chose to do harm, and reads the
// calendar as a programme does: one entry each, nothing but the title within.
func TestACalendarIsNotSteered(t *testing.T) {
	due := time.Date(2026, 12, 1, 20, 59, 0, 0, time.UTC)
	hostile := map[string]string{
		"a\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:b":   "a END:VEVENT BEGIN:VEVENT SUMMARY:b",
		"fatura\u202egnp.exe\x00\x07":                    "faturagnp.exe",
		"virgül, noktalı; ters\\n bölü\nsatır":           `virgül, noktalı; ters\n bölü satır`,
		strings.Repeat("Şuşa’nın çok uzun başlığı ", 12): strings.TrimSpace(strings.Repeat("Şuşa’nın çok uzun başlığı ", 12)),
	}
	var list []tasks.Task
	places, want, id := map[int64]subject.Place{}, map[string]bool{}, int64(0)
	for title, clean := range hostile {
		id++
		list = append(list, tasks.Task{PublicID: subject.NewPublicID(), Key: "own", Words: "gizli", DueAt: &due, Subject: subject.Ref{Kind: subject.Request, ID: id}})
		places[id] = subject.Place{Title: title, Path: "/tr/desk/requests/x"}
		want[clean] = true
	}
	h := &Handler{zone: time.UTC, now: func() time.Time { return due }}
	ctx := ui.WithShell(t.Context(), ui.Shell{BaseURL: "https://birlik.example"})
	w := httptest.NewRecorder()
	h.sendCalendar(w, ctx, list, places)
	body := w.Body.String()
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00\x07") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	calendar, err := ics.ParseCalendar(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got := len(calendar.Events()); got != len(hostile) {
		t.Fatalf("%d entries of %d\n%s", got, len(hostile), body)
	}
	for _, event := range calendar.Events() {
		title, _, _ := strings.Cut(event.GetProperty(ics.ComponentPropertySummary).Value, ": "+locale.Text(locale.TR, "workbench.own_duty"))
		if !want[title] {
			t.Errorf("an entry says %q", title)
		}
	}
}
