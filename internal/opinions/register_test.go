package opinions_test

import (
	"testing"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
)

// TestTheRegisterIsNarrowed: by who asked, the number, where the case stands, and the subject.
func TestTheRegisterIsNarrowed(t *testing.T) {
	b, ctx := setup(t), t.Context()
	b.signed()
	b.exec(`update requests set urgent = true, privileged = true where id = $1`, b.of.ID)
	b.exec(`insert into redactions (request_id, topic, actor_id) values ($1, 'finance', $2)`, b.of.ID, b.desk.UserID)
	lawyer := b.desk
	lawyer.Offices = []string{"legal"}
	for _, f := range []opinions.RegisterFilter{{}, {Who: "member"}, {State: "sent"}, {Topic: "finance"}, {Text: "opn 2026/1"}, {Text: "OPN-2026-00001", State: "sent"}} {
		rows, _, err := b.Register(ctx, lawyer, locale.TR, f, "")
		b.must(err)
		if len(rows) != 1 || !rows[0].Privileged || !rows[0].Urgent || rows[0].Topic != "finance" {
			t.Errorf("%+v leaves %+v", f, rows)
		}
	}
	for _, f := range []opinions.RegisterFilter{{Who: "government"}, {State: "signed"}, {Topic: "staff"}, {Text: "OPN-2026-00002"}, {Text: "kimse yok"}} {
		rows, _, err := b.Register(ctx, lawyer, locale.TR, f, "")
		b.must(err)
		if len(rows) != 0 {
			t.Errorf("%+v leaves %+v", f, rows)
		}
	}
	rows, _, err := b.Register(ctx, b.desk, locale.TR, opinions.RegisterFilter{}, "")
	b.must(err)
	if len(rows) != 0 {
		t.Error("a colleague of another office reads that a privileged opinion was given")
	}
	_, _, err = b.Register(ctx, b.editor, locale.TR, opinions.RegisterFilter{}, "")
	b.refused("a member", err, apperr.Forbidden)
}
