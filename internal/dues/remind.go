package dues

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// RemindEvery is how long a member is left in peace after a reminder.
const RemindEvery = 14 * 24 * time.Hour

// RemindArgs is the job that reminds many members.
type RemindArgs struct {
	OrgIDs  []int64 `json:"org_ids"`
	ActorID int64   `json:"actor_id"`
}

// Kind implements river.JobArgs.
func (RemindArgs) Kind() string { return "dues_remind" }

// RemindWorker reminds members, one transaction each: run again, it leaves out whom it
// reminded before.
type RemindWorker struct {
	river.WorkerDefaults[RemindArgs]
	Dues *Service
}

// Work reminds one member after the other.
func (w *RemindWorker) Work(ctx context.Context, job *river.Job[RemindArgs]) error {
	actor := identity.Actor{Side: identity.System, UserID: job.Args.ActorID}
	for _, org := range job.Args.OrgIDs {
		err := w.Dues.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
			_, err := w.Dues.remind(ctx, tx, actor, org)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Remind writes to one member about all that is late. Errors: forbidden, not found, conflict
// (reminded lately, nothing late, nobody to write to).
func (s *Service) Remind(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.EditDues); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		a, err := repository{tx}.lock(ctx, publicID)
		if err != nil {
			return err
		}
		why, err := s.remind(ctx, tx, actor, a.OrgID)
		if why != "" {
			return apperr.New(apperr.Conflict, why)
		}
		return err
	})
}

// Reminding is what a reminder to all that a filter leaves will do.
type Reminding struct {
	Orgs     []int64
	Lately   int      // reminded already, left in peace
	Unknown  []string // names of members that nobody can be written to, the first of them
	Unknowns int
}

// ToRemind looks whom a reminder to all late members of a filter would reach.
// Errors: sign_in, forbidden.
func (s *Service) ToRemind(ctx context.Context, actor identity.Actor, f Filter) (out Reminding, err error) {
	if err := actor.May(identity.EditDues); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		w, err := s.where(ctx, q, actor, "tr", f)
		if err != nil || w.none {
			return err
		}
		w.and(`a.open > 0 and a.due_on < ?`, s.today())
		args := append(w.args, s.now().Add(-RemindEvery))
		rows, _ := q.Query(ctx, fmt.Sprintf(`
			select x.org_id, o.name, exists (select from dues_reminders d where d.org_id = x.org_id and d.sent_at > $%d),
				exists (select from contacts c where c.org_id = x.org_id and c.office in ('finance', 'general'))
				or exists (select from mandates m join users u on u.id = m.user_id and u.active
					where m.org_id = x.org_id and m.role in ('member_finance', 'member_approver') and now() >= m.starts_at and now() < m.ends_at)
			from (select distinct a.org_id, $1::text as lang from dues_assessments a %s) x join organisations o on o.id = x.org_id order by o.name`, len(args), w.sql.String()), args...)
		var id int64
		var name string
		var lately, reached bool
		_, err = pgx.ForEachRow(rows, []any{&id, &name, &lately, &reached}, func() error {
			out.add(id, name, lately, reached)
			return nil
		})
		return err
	})
	return out, err
}

const maxNamed = 20

func (r *Reminding) add(id int64, name string, lately, reached bool) {
	switch {
	case lately:
		r.Lately++
	case !reached:
		r.Unknowns++
		if len(r.Unknown) < maxNamed {
			r.Unknown = append(r.Unknown, name)
		}
	default:
		r.Orgs = append(r.Orgs, id)
	}
}

// remindBatch is how many members one job reminds.
const remindBatch = 100

// RemindAll writes to every late member of a filter that was not reminded lately, by jobs,
// and says how many they are. Errors: forbidden, conflict (nobody).
func (s *Service) RemindAll(ctx context.Context, actor identity.Actor, f Filter) (int, error) {
	to, err := s.ToRemind(ctx, actor, f)
	if err != nil {
		return 0, err
	}
	if len(to.Orgs) == 0 {
		return 0, apperr.New(apperr.Conflict, "dues.remind_nobody")
	}
	return len(to.Orgs), s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		for batch := range slices.Chunk(to.Orgs, remindBatch) {
			if err := jobs.Insert(ctx, tx, RemindArgs{OrgIDs: batch, ActorID: actor.UserID}); err != nil {
				return err
			}
		}
		return s.recordUnion(ctx, tx, actor, "dues.remind_all", map[string]any{"members": len(to.Orgs), "age": f.Age, "year": f.Year})
	})
}

// remind writes to a member about all that is late, in the caller's transaction. It says why
// it did not, as a message key.
func (s *Service) remind(ctx context.Context, tx pgx.Tx, actor identity.Actor, orgID int64) (why string, err error) {
	r := repository{tx}
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtextextended('dues_remind', $1))`, orgID); err != nil {
		return "", err
	}
	var lately bool
	if err := tx.QueryRow(ctx, `select exists (select from dues_reminders where org_id = $1 and sent_at > $2)`, orgID, s.now().Add(-RemindEvery)).Scan(&lately); err != nil {
		return "", err
	}
	if lately {
		return "dues.reminded_lately", nil
	}
	late, err := r.late(ctx, orgID, s.today())
	if err != nil {
		return "", err
	}
	if len(late) == 0 {
		return "dues.nothing_late", nil
	}
	people, err := s.recipients(ctx, tx, orgID)
	if err != nil {
		return "", err
	}
	if len(people) == 0 {
		return "dues.nobody_to_write", nil
	}
	return "", s.sendReminder(ctx, tx, actor, orgID, late)
}

// late lists what an organisation owes since before a day, the oldest first.
func (r repository) late(ctx context.Context, orgID int64, today time.Time) ([]Assessment, error) {
	rows, _ := r.db.Query(ctx, assessmentColumns+`where a.org_id = $2 and a.open > 0 and a.due_on < $3 order by a.due_on, a.id`, "tr", orgID, today)
	return pgx.CollectRows(rows, scanAssessment)
}

func (s *Service) sendReminder(ctx context.Context, tx pgx.Tx, actor identity.Actor, orgID int64, late []Assessment) error {
	var id int64
	err := tx.QueryRow(ctx, `insert into dues_reminders (org_id, actor_id, sent_at) values ($1, nullif($2::bigint, 0), $3) returning id`,
		orgID, actor.UserID, s.now()).Scan(&id)
	if err != nil {
		return err
	}
	var sums []Sum
	var lines []string
	for _, a := range late {
		sums = plus(sums, a.Currency, a.Open)
		lines = append(lines, fmt.Sprintf("%s · %d · %s %s", a.Reference, a.Year, a.Open, a.Currency))
		if err := s.record(ctx, tx, actor, a.Ref(), "assessment.remind", map[string]string{"open": a.Open.String() + " " + a.Currency}); err != nil {
			return err
		}
	}
	var money []string
	for _, sum := range sums {
		money = append(money, sum.Amount.String()+" "+sum.Currency)
	}
	return notify.Enqueue(ctx, tx, notify.Event{Name: "dues.reminder", Subject: late[0].Ref(), Key: fmt.Sprint(id), Actor: actor,
		Args: map[string]any{"City": late[0].OrgTitle, "Money": strings.Join(money, " + "), "Count": len(late),
			"Day": late[0].DueOn.Format(time.RFC3339), "Quote": strings.Join(lines, "\n")}})
}

// recipients are whom letters about dues go to: the mailboxes of the finance office, else
// the general ones, else the people who pay or sign for the member.
func (s *Service) recipients(ctx context.Context, q postgres.Querier, orgID int64) ([]notify.Recipient, error) {
	for _, office := range []string{"finance", "general"} {
		list, err := collect(ctx, q, `
			select 0::bigint, case when c.name <> '' then c.name else coalesce(t.title, o.name) end, c.email, c.lang, o.zone from contacts c
			join organisations o on o.id = c.org_id left join municipality_titles t on t.municipality_id = c.org_id and t.lang = c.lang
			where c.org_id = $1 and c.office = $2 order by c.id`, orgID, office)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	for _, role := range []identity.Role{identity.MemberFinance, identity.MemberApprover} {
		list, err := collect(ctx, q, `
			select distinct u.id, u.name, u.email, u.lang, u.zone from mandates m join users u on u.id = m.user_id and u.active
			where m.org_id = $1 and m.role = $2 and now() >= m.starts_at and now() < m.ends_at`, orgID, role)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return nil, nil
}

func collect(ctx context.Context, q postgres.Querier, sql string, args ...any) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// LetterRules say who is told of what about dues; the messages of their letters begin with
// "dues.mail.".
func (s *Service) LetterRules() []notify.Rule {
	to := func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
		var org int64
		if err := q.QueryRow(ctx, `select org_id from dues_assessments where id = $1`, ref.ID).Scan(&org); err != nil {
			return nil, postgres.Explain(err, "dues.not_found")
		}
		return s.recipients(ctx, q, org)
	}
	return []notify.Rule{
		{On: "dues.issued", To: to, Still: stillStands, Path: memberPath, Keys: "dues.mail.issued", Urgent: true},
		{On: "dues.cancelled", To: to, Path: memberPath, Keys: "dues.mail.cancelled"},
		{On: "dues.paid", To: to, Path: memberPath, Keys: "dues.mail.paid"},
		{On: "dues.reminder", To: to, Still: s.stillLate, Path: memberPath, Keys: "dues.mail.reminder", Urgent: true},
	}
}

// stillLate drops a reminder when the member has paid meanwhile.
func (s *Service) stillLate(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (late bool, err error) {
	err = q.QueryRow(ctx, `
		select exists (select from dues_assessments a join dues_assessments b on b.org_id = a.org_id
			where a.id = $1 and b.open > 0 and b.due_on < $2)`, ref.ID, s.today()).Scan(&late)
	return late, err
}

func memberPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/m/' || s.public_id || '/dues' from dues_assessments a join subjects s on s.id = a.org_id where a.id = $1`, ref.ID).Scan(&path)
	return path, postgres.Explain(err, "dues.not_found")
}
