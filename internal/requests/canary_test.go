package requests_test

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// canary is a word that nobody but the city itself may ever read.
const canary = "kanarya-7316"

// sees counts in how many rows that hold answers the canary is readable for an actor, past
// every service, by the database's own rules.
func (b bundle) sees(t *testing.T, actor identity.Actor) (n int) {
	t.Helper()
	must(t, b.db.Read(t.Context(), actor, func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), `
			select (select count(*) from submissions where data::text like '%' || $1 || '%')
				+ (select count(*) from submission_edits where to_jsonb(submission_edits)::text like '%' || $1 || '%')`, canary).Scan(&n)
	}))
	return n
}

// TestDraftsAreTheCitysOwn: what was not sent is hidden from everybody but its city by the
// database, from the staff too unless the city lets them help; what was sent is theirs to read.
func TestDraftsAreTheCitysOwn(t *testing.T) {
	b, ctx := realForm(t), t.Context()
	*b.now = time.Now() // a consent runs on the database's clock
	id := b.draft(t)
	answers := complete()
	answers["description"] = forms.Value{Text: canary}
	b.fill(ctx, t, id, answers)
	may := func(when, who string, actor identity.Actor, want bool) {
		t.Helper()
		if got := b.sees(t, actor); (got > 0) != want {
			t.Errorf("%s, %s: the canary is in %d rows, want it readable: %v", when, who, got, want)
		}
	}
	may("a draft", "its city", b.editor, true)
	may("a draft", "another city", b.stranger, false)
	may("a draft", "the desk", b.desk, false)
	may("a draft", "the auditor", b.audit, false)
	must(t, b.LetHelp(ctx, b.editor, id, b.now.AddDate(0, 0, 3)))
	may("help is asked", "the desk", b.desk, true)
	may("help is asked", "another city", b.stranger, false)
	must(t, b.EndHelp(ctx, b.editor, id))
	may("help is over", "the desk", b.desk, false)
	must(t, b.Ask(ctx, b.editor, id, 1))
	may("before the mayor", "the desk", b.desk, false)
	_, err := b.Send(ctx, b.mayor, id, 2)
	must(t, err)
	may("sent", "the desk", b.desk, true)
	may("sent", "another city", b.stranger, false)
}
