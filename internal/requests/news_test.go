package requests_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/requests"
)

// told are the pieces of news as "move" or "side:text", newest first.
func told(l requests.Recent) string {
	var out []string
	for _, n := range l.News {
		if n.Move != "" {
			out = append(out, n.Move)
		} else {
			out = append(out, string(n.Side)+":"+n.Text)
		}
	}
	return strings.Join(out, "|")
}

// TestRecent tells an officer what others did with the own cases, and nothing of the city's
// draft, of the officer's own doing, or of colleagues' cases. It begins with the last
// working day, which on a Monday is Friday.
func TestRecent(t *testing.T) {
	b, ctx := setup(t), t.Context()
	*b.now = time.Now() // moves and messages carry the database's clock
	mine, theirs := b.sent(t), b.sent(t)
	must(t, b.Register(ctx, b.desk, mine, 3))
	must(t, b.Register(ctx, b.head, theirs, 3))
	must(t, b.Write(ctx, b.editor, mine, "Ek belge <b>gönderdik</b>", nil))
	must(t, b.Say(ctx, b.head, mine, messages.Note, "Önce hukuka sorun"))
	must(t, b.Say(ctx, b.desk, mine, messages.Out, "Aldık"))
	must(t, b.Write(ctx, b.editor, theirs, "Başkasının işi", nil))
	got, err := b.Recent(ctx, b.desk)
	must(t, err)
	// All of it happened in one transaction, at one instant: the order within is by number.
	for _, want := range []string{"in:Ek belge <b>gönderdik</b>", "note:Önce hukuka sorun", "submit"} {
		if !strings.Contains(told(got), want) {
			t.Errorf("%q is not told: %s", want, told(got))
		}
	}
	for _, never := range []string{"out:", "register", "ask_approver", "start", "Başkasının"} {
		if strings.Contains(told(got), never) {
			t.Errorf("%q is told: %s", never, told(got))
		}
	}
	*b.now = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC) // a Monday
	if got, err = b.Recent(ctx, b.desk); err != nil || got.Since.Format(time.DateOnly) != "2026-11-20" {
		t.Errorf("on a Monday since %s: %v", got.Since, err)
	}
	_, err = b.Recent(ctx, b.editor)
	refused(t, "a member reads the desk's news", err, apperr.Forbidden)
}
