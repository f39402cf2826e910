package membership

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// What is what a fact says of a membership.
type What string

// The facts. Standing and kind follow from them, and are never typed.
const (
	FactAdmitted    What = "admitted"
	FactReadmitted  What = "readmitted"
	FactKindChanged What = "kind_changed"
	FactSuspended   What = "suspended"
	FactResumed     What = "resumed"
	FactResigned    What = "resigned"
	FactExpelled    What = "expelled"
)

// Fact is one dated fact.
type Fact struct {
	OrgID      int64
	What       What
	Kind       Kind      // of admissions and changes of kind
	On         time.Time // from which day it holds
	NoticeOn   time.Time // of a resignation: when the notice reached the union
	Reason     string
	DecisionID int64
}

// follows are the standings on which a fact can follow; the empty one is that of who was never a member.
var follows = map[What][]string{
	FactAdmitted: {""}, FactReadmitted: {"resigned", "expelled"}, FactKindChanged: {"active", "suspended"}, FactSuspended: {"active"},
	FactResumed: {"suspended"}, FactResigned: {"active", "suspended"}, FactExpelled: {"active", "suspended"},
}

// Possible lists the facts that can follow on a standing, for staff.
func Possible(standing string) []What {
	var out []What
	for _, w := range []What{FactSuspended, FactResumed, FactKindChanged, FactResigned, FactExpelled, FactReadmitted, FactAdmitted} {
		if slices.Contains(follows[w], standing) {
			out = append(out, w)
		}
	}
	return out
}

// state stores a fact and computes the membership from all of them. A fact never goes before
// one that is recorded already; who was a member once is readmitted.
// Errors: conflict (it cannot follow), invalid (its day).
func (s *Service) state(ctx context.Context, tx pgx.Tx, actor identity.Actor, f Fact) error {
	standing, latest, err := repository{tx}.standing(ctx, f.OrgID)
	if err != nil {
		return err
	}
	if f.What == FactAdmitted && (standing == "resigned" || standing == "expelled") {
		f.What = FactReadmitted
	}
	if !slices.Contains(follows[f.What], standing) {
		return apperr.New(apperr.Conflict, "membership.cannot_follow")
	}
	if !latest.IsZero() && f.On.Format(time.DateOnly) < latest.Format(time.DateOnly) {
		return apperr.Fields(map[string]string{"on": "membership.before_latest"})
	}
	_, err = tx.Exec(ctx, `
		insert into membership_facts (org_id, fact, kind, effective_on, notice_on, reason, decision_id, actor_id, recorded_at)
		values ($1, $2, nullif($3, ''), $4, $5, $6, nullif($7, 0), nullif($8, 0), $9)`, f.OrgID, f.What, f.Kind, f.On, day(f.NoticeOn), f.Reason, f.DecisionID, actor.UserID, s.now())
	if err != nil {
		return postgres.Explain(err, "membership.not_found")
	}
	return s.count(ctx, tx, f.OrgID)
}

func day(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// standing is what the facts say last, those of days to come too, with the day of the latest.
func (r repository) standing(ctx context.Context, orgID int64) (standing string, latest time.Time, err error) {
	if _, err := r.db.Exec(ctx, `select from organisations where id = $1 for update`, orgID); err != nil {
		return "", latest, err
	}
	var on *time.Time
	err = r.db.QueryRow(ctx, `
		select coalesce((select case fact when 'suspended' then 'suspended' when 'resigned' then 'resigned' when 'expelled' then 'expelled' else 'active' end
			from membership_facts where org_id = $1 and fact <> 'kind_changed' order by effective_on desc, id desc limit 1), ''),
			(select nullif(max(effective_on), '-infinity') from membership_facts where org_id = $1)`, orgID).Scan(&standing, &on)
	if on != nil {
		latest = *on
	}
	return standing, latest, err
}

// Record is a fact as staff record it, with the decision that it rests on. A resignation
// rests on the member's own notice.
type Record struct {
	What   What
	Kind   Kind
	On     time.Time
	Notice time.Time
	Reason string
	Organ  decisions.Organ
	Number string
	Date   time.Time
	Votes  *decisions.Votes
}

// RecordFact records what an organ decided about a member, or a member's resignation.
// Errors: sign_in, forbidden, not found, invalid by field, conflict (it cannot follow).
func (s *Service) RecordFact(ctx context.Context, actor identity.Actor, member string, in Record) error {
	if err := actor.May(identity.DecideMembers); err != nil {
		return err
	}
	if err := s.checkRecord(in); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		ref, err := repository{tx}.member(ctx, member)
		if err != nil {
			return err
		}
		f := Fact{OrgID: ref.ID, What: in.What, Kind: in.Kind, On: in.On, NoticeOn: in.Notice, Reason: in.Reason}
		if in.Number != "" {
			f.DecisionID, err = decisions.Enter(ctx, tx, actor, decisions.Decision{Organ: in.Organ, Number: in.Number, Date: in.Date, Votes: in.Votes,
				Items: []decisions.Item{{Subject: ref, Outcome: decisions.Approve, Reason: in.Reason}}})
			if err != nil {
				return err
			}
		}
		if err := s.state(ctx, tx, actor, f); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality." + string(in.What), Subject: ref, Payload: in})
	})
}

// member finds an organisation that is a member, or was one. Errors: not found.
func (r repository) member(ctx context.Context, publicID string) (ref subject.Ref, err error) {
	err = r.db.QueryRow(ctx, `
		select s.kind, s.id from subjects s join memberships m on m.org_id = s.id where s.public_id = $1`, publicID).Scan(&ref.Kind, &ref.ID)
	return ref, postgres.Explain(err, "membership.not_found")
}

func (s *Service) checkRecord(in Record) error {
	fields := map[string]string{}
	if in.Kind != "" && !slices.Contains(Kinds(), in.Kind) || (in.What == FactKindChanged || in.What == FactReadmitted || in.What == FactAdmitted) && in.Kind == "" {
		fields["kind"] = "requests.choose"
	}
	if follows[in.What] == nil || in.What == FactAdmitted {
		fields["what"] = "requests.choose"
	}
	if in.On.IsZero() || in.On.Year() < 1990 || in.On.After(s.Today().AddDate(2, 0, 0)) {
		fields["on"] = "requests.date_wrong"
	}
	if len([]rune(in.Reason)) > maxWord {
		fields["reason"] = "error.too_long"
	}
	if in.What == FactResigned && in.Number == "" {
		if in.Notice.IsZero() || in.Notice.After(in.On) || in.Notice.After(s.Today()) {
			fields["notice"] = "membership.notice_wrong"
		}
		return apperr.Fields(fields)
	}
	s.checkDecision(in, fields)
	return apperr.Fields(fields)
}

func (s *Service) checkDecision(in Record, fields map[string]string) {
	if !slices.Contains(decisions.Organs(), in.Organ) {
		fields["organ"] = "requests.choose"
	}
	if in.Number == "" || len([]rune(in.Number)) > 40 {
		fields["number"] = "requests.number_wrong"
	}
	if in.Date.IsZero() || in.Date.After(s.Today()) || in.Date.Year() < 1990 {
		fields["date"] = "requests.date_wrong"
	}
	if in.Reason == "" && (in.What == FactSuspended || in.What == FactExpelled) {
		fields["reason"] = "decisions.reason_needed"
	}
}
