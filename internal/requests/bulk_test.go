package requests_test

import (
	"slices"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/requests"
)

func (b bundle) officer(t *testing.T, userID int64) string {
	t.Helper()
	for _, o := range b.list(t, requests.Filter{}, requests.Place{}).Officers {
		if o.ID == userID {
			return o.PublicID
		}
	}
	t.Fatalf("%d is no officer", userID)
	return ""
}

// TestUndoSparesColleagues gives sixty requests to somebody, a colleague ends three of them
// and hands a fourth on, and taking the sixty back leaves those four as the colleague left
// them, and names them.
func TestUndoSparesColleagues(t *testing.T) {
	b, ctx := setup(t), t.Context()
	var ids []string
	for range 60 {
		id := b.sent(t)
		must(t, b.Register(ctx, b.desk, id, 3))
		ids = append(ids, id)
	}
	picks, err := b.Picks(ctx, b.desk, "tr", requests.Filter{})
	must(t, err)
	done, err := b.DoMany(ctx, b.desk, picks, requests.Act{Kind: requests.ActAssign, Officer: b.officer(t, b.head.UserID)})
	must(t, err)
	if done.Done != 60 || len(done.Refused) != 0 {
		t.Fatalf("of sixty: %d done, refused %v", done.Done, done.Refused)
	}
	var ended []string
	for _, id := range []string{ids[4], ids[30], ids[59]} { // the city withdraws what the colleague advised against
		must(t, b.Withdraw(ctx, b.editor, id, 4, ""))
		ended = append(ended, b.open(t, b.head, id).Reference)
	}
	on := b.open(t, b.head, ids[10])
	must(t, b.Assign(ctx, b.head, ids[10], on.Version, ""))
	must(t, b.Say(ctx, b.head, ids[11], messages.Note, "Bir not, görevi değiştirmez"))

	must(t, b.Undo(ctx, b.desk, done.ID))
	after, err := b.BulkOf(ctx, b.desk, done.ID)
	must(t, err)
	want := append(slices.Clone(ended), on.Reference)
	slices.Sort(want)
	slices.Sort(after.Spared)
	if after.Back() != 56 || !slices.Equal(after.Spared, want) || !after.Undone {
		t.Errorf("%d went back, spared %v, want %v", after.Back(), after.Spared, want)
	}
	for i, id := range ids {
		r := b.open(t, b.desk, id)
		switch {
		case slices.Contains(ended, r.Reference):
			if r.State != requests.Withdrawn || r.OfficerID != b.head.UserID {
				t.Errorf("%s was ended and is %s with %d", r.Reference, r.State, r.OfficerID)
			}
		case i == 10:
			if r.OfficerID != 0 {
				t.Errorf("%s was handed on and is with %d", r.Reference, r.OfficerID)
			}
		case r.OfficerID != b.desk.UserID:
			t.Errorf("%s did not go back: with %d", r.Reference, r.OfficerID)
		}
	}
}

// TestManyActs moves to another office, marks and dates many at once, and takes each back.
func TestManyActs(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.sent(t)
	was := b.open(t, b.desk, id)
	day := noon.AddDate(0, 0, 9)
	for _, act := range []requests.Act{{Kind: requests.ActOffice, Office: "legal"}, {Kind: requests.ActUrgent, Urgent: true}, {Kind: requests.ActDue, Due: day}} {
		done, err := b.DoMany(ctx, b.desk, []requests.Pick{{PublicID: id}}, act)
		must(t, err)
		again, err := b.DoMany(ctx, b.desk, []requests.Pick{{PublicID: id}}, act)
		must(t, err)
		now := b.open(t, b.desk, id)
		if done.Done != 1 || again.Done != 0 || now.Office == was.Office && now.Urgent == was.Urgent && now.DueAt.Equal(*was.DueAt) {
			t.Errorf("%s: done %d, again %d: %+v", act.Kind, done.Done, again.Done, now)
		}
		must(t, b.Undo(ctx, b.desk, done.ID))
		if now = b.open(t, b.desk, id); now.Office != was.Office || now.Urgent != was.Urgent || !now.DueAt.Equal(*was.DueAt) {
			t.Errorf("%s was not taken back: %+v", act.Kind, now)
		}
	}
	for what, act := range map[string]requests.Act{"no such office": {Kind: requests.ActOffice, Office: "dragons"}, "a day that has passed": {Kind: requests.ActDue, Due: noon.AddDate(0, 0, -1)},
		"no such act": {Kind: "burn"}, "no such officer": {Kind: requests.ActAssign, Officer: "aaaaaaaaaaaaaaaaaaaaaaaaaa"}} {
		_, err := b.DoMany(ctx, b.desk, []requests.Pick{{PublicID: id}}, act)
		refused(t, what, err, apperr.Invalid)
	}
	must(t, b.KeepColumns(ctx, b.desk, []string{"due", "office", "dragon"}))
	if got := b.list(t, requests.Filter{Sort: requests.SortChanged}, requests.Place{}); !slices.Equal(got.Columns, []string{"office", "due"}) || len(got.Rows) != 1 {
		t.Errorf("columns %v, %d rows", got.Columns, len(got.Rows))
	}
	sizes, err := b.Sizes(ctx, b.desk, "tr", []requests.Filter{{}, {Text: "x"}, {Sector: "parks"}, {Country: "AZ", Due: "60d", Assignee: requests.Nobody}})
	must(t, err)
	if !slices.Equal(sizes, []int{1, requests.Unsized, 0, 1}) {
		t.Errorf("sizes %v", sizes)
	}
	if time.Since(b.list(t, requests.Filter{}, requests.Place{}).Rows[0].ChangedAt) > time.Hour {
		t.Error("it does not say when it was changed")
	}
}
