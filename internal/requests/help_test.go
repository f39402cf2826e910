package requests_test

import (
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// TestFilesOfAHelpedDraft are opened by those who may help, while the city lets them; who only
// reads what was sent sees none.
func TestFilesOfAHelpedDraft(t *testing.T) {
	b, ctx := setup(t), t.Context()
	*b.now = time.Now() // a consent runs on the database's clock
	id := b.draft(t)
	r := b.open(t, b.editor, id)
	file := documents.Document{OrgID: r.OrgID, Subject: subject.Ref{Kind: subject.Request, ID: r.ID}}
	may := func(who string, actor identity.Actor, want bool) {
		t.Helper()
		if err := b.MayRead(ctx, actor, file); (err == nil) != want || err != nil && !apperr.Is(err, apperr.NotFound) {
			t.Errorf("%s: %v, want %v", who, err, want)
		}
	}
	may("the desk, not asked", b.desk, false)
	must(t, b.LetHelp(ctx, b.editor, id, b.now.AddDate(0, 0, 3)))
	may("the desk", b.desk, true)
	may("the auditor", b.audit, false)
	may("the city", b.editor, true)
	must(t, b.EndHelp(ctx, b.editor, id))
	may("the desk, no longer asked", b.desk, false)
}
