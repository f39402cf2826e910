package requests_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/requests"
)

// lines tells a timeline as one text, to look for what must and must not stand in it.
func lines(list []requests.Event) string {
	var all strings.Builder
	for _, e := range list {
		fmt.Fprintf(&all, "%d %s %s\n", e.Source, e.What, e.Text)
	}
	return all.String()
}

// TestTheTimeline: both sides read one timeline, each its part of it.
func TestTheTimeline(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "urban-guidance")
	must(t, b.Say(ctx, b.desk, id, messages.Out, "Merhaba"))
	must(t, b.Say(ctx, b.desk, id, messages.Note, "canary-note"))
	must(t, b.WriteTask(ctx, b.desk, id, "canary-task", requests.OfficeOwner+"legal", time.Time{}))
	c, err := b.Case(ctx, b.desk, "tr", id)
	must(t, err)
	must(t, b.FinishTask(ctx, b.desk, id, c.Tasks[0].PublicID, true))
	desk, _, err := b.Happened(ctx, b.desk, id, "")
	must(t, err)
	for _, want := range []string{"1 submit", "1 register", "3 out Merhaba", "3 note canary-note", "6 done canary-task"} {
		if !strings.Contains(lines(desk), want) {
			t.Errorf("staff do not read %q in\n%s", want, lines(desk))
		}
	}
	if strings.Contains(lines(desk), "ask_approver") {
		t.Errorf("staff read how the city made its draft:\n%s", lines(desk))
	}
	city, _, err := b.Happened(ctx, b.editor, id, "")
	must(t, err)
	if got := lines(city); !strings.Contains(got, "1 ask_approver") || !strings.Contains(got, "3 out Merhaba") || strings.Contains(got, "canary") {
		t.Errorf("the city reads\n%s", got)
	}
	for _, e := range city {
		if e.What == "submit" && (e.For == "" || e.Role != string(identity.MemberApprover)) {
			t.Errorf("who sent it, for whom: %+v", e)
		}
	}
	_, _, err = b.Happened(ctx, b.stranger, id, "")
	refused(t, "another city reads the timeline", err, apperr.NotFound)
}

// TestTheTimelinePages: every line stands on exactly one page, in order.
func TestTheTimelinePages(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "urban-guidance")
	for i := range 100 {
		must(t, b.Say(ctx, b.desk, id, messages.Note, fmt.Sprintf("note-%03d", i)))
	}
	var found []string
	before, pages := "", 0
	for {
		list, earlier, err := b.Happened(ctx, b.desk, id, before)
		must(t, err)
		var notes []string
		for _, e := range list {
			if e.What == "note" {
				notes = append(notes, e.Text)
			}
		}
		found = append(notes, found...)
		if pages++; earlier == "" || pages > 10 {
			break
		}
		before = earlier
	}
	if len(found) != 100 || !slices.IsSorted(found) || pages < 3 {
		t.Errorf("%d notes on %d pages, sorted: %v", len(found), pages, slices.IsSorted(found))
	}
	if list, _, err := b.Happened(ctx, b.desk, id, "nonsense"); err != nil || len(list) == 0 {
		t.Errorf("a broken cursor: %v", err)
	}
}

// TestTasksInOwnWords: staff write them, the owner finishes them, the city knows nothing of them.
func TestTasksInOwnWords(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "urban-guidance")
	refused(t, "no words", b.WriteTask(ctx, b.desk, id, "", requests.OfficeOwner+"legal", time.Time{}), apperr.Invalid)
	refused(t, "nobody", b.WriteTask(ctx, b.desk, id, "x", "", time.Time{}), apperr.Invalid)
	refused(t, "an office of nowhere", b.WriteTask(ctx, b.desk, id, "x", requests.OfficeOwner+"nowhere", time.Time{}), apperr.Invalid)
	refused(t, "a day that passed", b.WriteTask(ctx, b.desk, id, "x", requests.OfficeOwner+"legal", noon.AddDate(0, 0, -2)), apperr.Invalid)
	refused(t, "the city writes", b.WriteTask(ctx, b.mayor, id, "x", requests.OfficeOwner+"legal", time.Time{}), apperr.Forbidden)
	must(t, b.WriteTask(ctx, b.desk, id, "Haritayı iste", requests.OfficeOwner+"legal", noon.AddDate(0, 0, 5)))
	c, err := b.Case(ctx, b.desk, "tr", id)
	must(t, err)
	if len(c.Tasks) != 1 || c.Tasks[0].Words != "Haritayı iste" || c.Tasks[0].Office != "legal" || c.Tasks[0].DueAt == nil {
		t.Fatalf("the duty: %+v", c.Tasks)
	}
	if own, err := b.Case(ctx, b.editor, "tr", id); err != nil || len(own.Tasks) != 0 {
		t.Errorf("the city sees the duty: %v %+v", err, own.Tasks)
	}
	must(t, b.FinishTask(ctx, b.desk, id, c.Tasks[0].PublicID, true))
	refused(t, "finishing twice", b.FinishTask(ctx, b.desk, id, c.Tasks[0].PublicID, true), apperr.Conflict)
}

// TestLinks are said once, read from both ends, and written in the log of both.
func TestLinks(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	one, two := b.reviewed(t, "urban-guidance"), b.reviewed(t, "urban-guidance")
	draft, err := b.Start(ctx, b.editor, "urban-guidance", "az")
	must(t, err)
	must(t, b.Join(ctx, b.desk, one, two))
	must(t, b.Join(ctx, b.desk, two, one))
	refused(t, "itself", b.Join(ctx, b.desk, one, one), apperr.Invalid)
	refused(t, "a city's draft", b.Join(ctx, b.desk, one, draft), apperr.NotFound)
	refused(t, "nothing", b.Join(ctx, b.desk, one, "x"), apperr.NotFound)
	refused(t, "the city links", b.Join(ctx, b.mayor, one, two), apperr.Forbidden)
	for _, id := range []string{one, two} {
		c, err := b.Case(ctx, b.desk, "tr", id)
		must(t, err)
		if len(c.Links) != 1 {
			t.Errorf("%d links", len(c.Links))
		}
	}
	c, err := b.Case(ctx, b.desk, "tr", two)
	must(t, err)
	must(t, b.Part(ctx, b.desk, two, c.Links[0].PublicID))
	must(t, b.Part(ctx, b.desk, two, c.Links[0].PublicID))
	if c, err = b.Case(ctx, b.desk, "tr", one); err != nil || len(c.Links) != 0 {
		t.Errorf("the link is still there: %v %+v", err, c.Links)
	}
}

// TestSimilar finds earlier cases by their titles' words and says why; drafts are nobody's example.
func TestSimilar(t *testing.T) {
	b, ctx := setup(t), t.Context()
	first := b.sent(t)
	second := b.sent(t)
	b.draft(t)
	c, err := b.Case(ctx, b.desk, "tr", second)
	must(t, err)
	if len(c.Similar) != 1 || c.Similar[0].PublicID != first || !c.Similar[0].SameService || !c.Similar[0].SameCountry || len(c.Similar[0].Words) == 0 {
		t.Errorf("similar: %+v", c.Similar)
	}
	if own, err := b.Case(ctx, b.editor, "tr", second); err != nil || len(own.Similar) != 0 {
		t.Errorf("the city sees others' cases: %v %+v", err, own.Similar)
	}
}
