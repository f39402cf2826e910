package requests_test

import (
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/messages"
)

// TestWhatIsReadIsSaid: staff see when the city opened a message in the portal, the first time.
func TestWhatIsReadIsSaid(t *testing.T) {
	b, ctx := setup(t), t.Context()
	id := b.sent(t)
	must(t, b.Say(ctx, b.desk, id, messages.Out, "Dosyanızı aldık."))
	must(t, b.Say(ctx, b.desk, id, messages.Note, "İçeride kalır."))
	c, err := b.Case(ctx, b.editor, "tr", id)
	must(t, err)
	if !c.Unread() || len(c.Messages) != 1 || len(c.Letters) != 0 {
		t.Errorf("before: unread %v, %d messages, letters %v", c.Unread(), len(c.Messages), c.Letters)
	}
	refused(t, "another city reads it", b.Seen(ctx, b.stranger, id), apperr.NotFound)
	refused(t, "staff read it for the city", b.Seen(ctx, b.desk, id), apperr.Forbidden)
	must(t, b.Seen(ctx, b.editor, id))
	c, err = b.Case(ctx, b.desk, "tr", id)
	must(t, err)
	for _, m := range c.Messages {
		if (m.ReadAt != nil) != (m.Side == messages.Out) {
			t.Errorf("%s read at %v", m.Side, m.ReadAt)
		}
	}
}
