package requests_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
)

// TestPrivilegedIsSeenByItsOwnOnly: of the staff only its office, its officer, heads and an
// office that was asked see a privileged case; the search knows it for its city alone.
func TestPrivilegedIsSeenByItsOwnOnly(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	id := b.reviewed(t, "opinion")
	lawyer, other := pgtest.StaffActor(t, b.db, identity.DeskOfficer), pgtest.StaffActor(t, b.db, identity.DeskOfficer)
	lawyer.Offices, other.Offices = []string{"legal"}, []string{"urban"}
	edit := requests.EditOf(*b.open(t, b.head, id))
	edit.Privileged = true
	refused(t, "who would lose sight of it", b.Correct(ctx, other, id, edit), apperr.Conflict)
	must(t, b.Correct(ctx, b.head, id, edit))
	for who, actor := range map[string]identity.Actor{"its office": lawyer, "a head": b.head, "its officer": b.desk, "its city": b.editor} {
		if r := b.open(t, actor, id); !r.Privileged {
			t.Errorf("%s: %+v", who, r)
		}
	}
	for who, actor := range map[string]identity.Actor{"another office": other, "an auditor": b.audit, "the board": b.board} {
		_, err := b.Open(ctx, actor, id)
		refused(t, who, err, apperr.NotFound)
	}
	must(t, b.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		var scopes []string
		rows, _ := q.Query(ctx, `select distinct d.scope from search_documents d join subjects s on s.id = d.subject_id where s.public_id = $1`, id)
		scopes, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if len(scopes) != 1 || scopes[0] == "staff" {
			t.Errorf("found by %q", scopes)
		}
		return err
	}))
	must(t, b.Consult(ctx, b.desk, id, 5, "urban", "Ne dersiniz?", noon.AddDate(0, 0, 3)))
	b.open(t, other, id)
	must(t, b.Advise(ctx, other, id, 6, "Uygundur."))
}

// TestWhoAsksSaysHowUrgentItIsAndWhoMayRead: what the form says becomes the marks of the case
// when it is sent; a service that gives no opinion leaves both to staff.
func TestWhoAsksSaysHowUrgentItIsAndWhoMayRead(t *testing.T) {
	b, ctx := shipped(t), t.Context()
	for _, c := range []struct {
		service, urgency, privilege string
		urgent, privileged          bool
	}{{"opinion", "urgent", "closed", true, true}, {"opinion", "soon", "unnamed", false, false}, {"urban_guidance", "urgent", "closed", false, false}} {
		b.paper.answers = forms.Answers{"urgency": {Text: c.urgency}, "privilege": {Text: c.privilege}}
		id, err := b.Start(ctx, b.editor, c.service, "az")
		must(t, err)
		must(t, b.Ask(ctx, b.editor, id, 1))
		_, err = b.Send(ctx, b.mayor, id, 2)
		must(t, err)
		if r := b.open(t, b.head, id); r.Urgent != c.urgent || r.Privileged != c.privileged {
			t.Errorf("%+v became urgent %v, privileged %v", c, r.Urgent, r.Privileged)
		}
	}
}
