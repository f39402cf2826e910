package requests_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/subject"
)

// ended writes a request that was open for so many days and ended so many days ago.
func (b bundle) ended(t *testing.T, state string, took, ago int) {
	t.Helper()
	closed := b.now.AddDate(0, 0, -ago)
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(t.Context(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`,
			b.editor.OrgID, subject.NewPublicID()).Scan(&id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `insert into moves (subject_id, seq, to_state, move, org_id, at) values ($1, 1, $2, 'close', $3, $4)`,
			id, state, b.editor.OrgID, closed); err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
			insert into requests (id, org_id, service, service_version, state, seq, lang, reference, title, country_id, created_by, created_at, submitted_at, closed_at)
			select $2::bigint, $1, 'project_support', 1, $3, 1, 'tr', 'REQ-2020-' || $2::bigint, 'x', m.country_id, $4, $5, $5, $6 from municipalities m where m.id = $1`,
			b.editor.OrgID, id, state, b.editor.UserID, closed.AddDate(0, 0, -took), closed)
		return err
	}))
}

// TestLately measures a service by what ended within twelve months: an older case, and one
// that the city gave up, say nothing.
func TestLately(t *testing.T) {
	b := with(t, pgtest.DB(t))
	for _, days := range []int{10, 20, 90, 30} {
		b.ended(t, "closed", days, 40)
	}
	b.ended(t, "withdrawn", 1, 40)
	b.ended(t, "closed", 1, 370)
	l, err := b.Lately(t.Context(), requests.ProjectSupport)
	must(t, err)
	if l.Count != 4 || l.Known() {
		t.Errorf("four cases: %d, known %v", l.Count, l.Known())
	}
	b.ended(t, "closed", 40, 5)
	l, err = b.Lately(t.Context(), requests.ProjectSupport)
	must(t, err)
	if l.Count != 5 || !l.Known() || l.Median != 30*24*time.Hour {
		t.Errorf("five cases: %+v", l)
	}
}
