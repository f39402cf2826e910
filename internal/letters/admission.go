package letters

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Admission is what the letter to a new member rests on and says.
type Admission struct {
	OrgID      int64
	DecisionID int64
	Starts     time.Time // first day of the membership
	Lang       string    // that the application was made in
	Head       string    // who heads the member, by name; empty: not said
	More       string    // what this member's letter says beside the template
}

// Welcome issues the letter of an admission in the transaction that admits, so that no member
// begins without it and no number is lost. The caller has asked permission.
// Errors: invalid by field.
func (s *Service) Welcome(ctx context.Context, tx pgx.Tx, actor identity.Actor, a Admission) error {
	r := repository{tx}
	decision, err := r.publicOf(ctx, a.DecisionID)
	if err != nil {
		return err
	}
	in := Input{Kind: MembershipBegins, Decision: decision, Day: calendarDay(a.Starts), Office: Offices()[0], Lang: a.Lang, Greets: a.Head,
		Texts: map[locale.Lang]Text{locale.Lang(a.Lang): {Body: a.More}}}
	if err := in.check(); err != nil {
		return err
	}
	p, err := s.prepareFor(ctx, tx, []int64{a.OrgID}, in)
	if err != nil {
		return err
	}
	_, err = s.store(ctx, tx, actor, in, p)
	return err
}

// Welcomed is the letter of an admission as PDF, the newest where it was put right, with the
// file's name. The caller has asked permission. Errors: not found.
func (s *Service) Welcomed(ctx context.Context, q postgres.Querier, orgID, decisionID int64) (content []byte, name string, err error) {
	rows, _ := q.Query(ctx, columns+`where l.org_id = $1 and l.decision_id = $2 and l.kind = $3 order by l.id desc limit 1`, orgID, decisionID, MembershipBegins)
	l, err := pgx.CollectExactlyOneRow(rows, scan)
	if err != nil {
		return nil, "", postgres.Explain(err, "letters.not_found")
	}
	content, err = l.PDF()
	return content, l.FileName("pdf"), err
}

// FileName is what a letter is called as a file: by its number.
func (l Letter) FileName(kind string) string {
	return strings.ReplaceAll(l.Reference(), "/", "-") + "." + kind
}

// calendarDay is a day as dates are stored, whatever zone it was typed in.
func calendarDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func (r repository) publicOf(ctx context.Context, id int64) (publicID string, err error) {
	err = r.db.QueryRow(ctx, `select public_id from subjects where id = $1`, id).Scan(&publicID)
	return publicID, postgres.Explain(err, "decisions.choose")
}
