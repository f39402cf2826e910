package supports

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Of a report's day, the municipality is told this long before, right after, and this long
// after it, when the union's people are told too.
const (
	ahead  = 7 // days
	behind = 14
)

// RemindArgs is the job that reminds of reports.
type RemindArgs struct{}

// Kind implements river.JobArgs.
func (RemindArgs) Kind() string { return "supports_remind" }

// RemindWorker works RemindArgs; run twice it tells nothing twice.
type RemindWorker struct {
	river.WorkerDefaults[RemindArgs]
	Supports *Service
}

// Work implements river.Worker.
func (w *RemindWorker) Work(ctx context.Context, _ *river.Job[RemindArgs]) error {
	for {
		n, err := w.Supports.Remind(ctx)
		if err != nil || n < remindBatch {
			return err
		}
	}
}

// remindBatch bounds one transaction of the job.
const remindBatch = 200

// due is a report that somebody is to be told of.
type due struct {
	id       int64
	publicID string // of the support
	title    string
	on       time.Time
	ref      subject.Ref
	told     int
}

// Remind tells of reports that come near or are late, once each, and says of how many.
func (s *Service) Remind(ctx context.Context) (n int, err error) {
	worker := identity.Worker()
	err = s.db.InTx(ctx, worker, func(tx pgx.Tx) error {
		list, err := s.owed(ctx, tx)
		n = len(list)
		for _, d := range list {
			if err == nil {
				err = s.tell(ctx, tx, worker, d)
			}
		}
		return err
	})
	return n, err
}

func (s *Service) owed(ctx context.Context, tx pgx.Tx) ([]due, error) {
	rows, _ := tx.Query(ctx, `
		select p.id, s.public_id, x.title, p.due_on, x.id, case when p.due_on < $1::date - $3::int then 3 when p.due_on < $1 then 2 else 1 end as told
		from support_reports p join supports x on x.id = p.support_id join subjects s on s.id = x.id
		where p.received_on is null and p.due_on <= $1::date + $2::int
			and p.told < case when p.due_on < $1::date - $3::int then 3 when p.due_on < $1 then 2 else 1 end
		order by p.due_on, p.id limit $4 for update of p skip locked`, s.Today(), ahead, behind, remindBatch)
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (d due, err error) {
		d.ref.Kind = subject.Support
		err = row.Scan(&d.id, &d.publicID, &d.title, &d.on, &d.ref.ID, &d.told)
		return d, err
	})
}

func (s *Service) tell(ctx context.Context, tx pgx.Tx, worker identity.Actor, d due) error {
	if _, err := tx.Exec(ctx, `update support_reports set told = $2 where id = $1`, d.id, d.told); err != nil {
		return err
	}
	name := []string{"", "supports.report_soon", "supports.report_late", "supports.report_overdue"}[d.told]
	return notify.Enqueue(ctx, tx, notify.Event{Name: name, Subject: d.ref, Actor: worker, Key: fmt.Sprintf("support_report/%d/%d", d.id, d.told),
		Args: map[string]any{"Title": d.title, "Day": d.on.Format(time.RFC3339)}})
}

// Rules say who is told of reports; the messages of the letters begin with "supports.mail.".
func (s *Service) Rules() []notify.Rule {
	city := func(on string) notify.Rule {
		return notify.Rule{On: "supports." + on, To: ofCity, Still: s.still(`mandates m on m.org_id = x.org_id`, `m.user_id`, `m.starts_at`, `m.ends_at`),
			Path: path("/m/%s/supports/%s"), Keys: "supports.mail." + on}
	}
	staff := notify.Rule{On: "supports.report_overdue", To: ofStaff, Still: s.still(`staff_roles m on true`, `m.user_id`, `m.starts_at`, `m.ends_at`),
		Path: path("/desk/supports/%[2]s"), Keys: "supports.mail.report_overdue_staff"}
	return []notify.Rule{city("report_soon"), city("report_late"), city("report_overdue"), staff}
}

// ofCity are those who write and send for the organisation.
func ofCity(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	return people(ctx, q, `
		select distinct u.id, u.name, u.email, u.lang, u.zone from supports x
		join mandates m on m.org_id = x.org_id and m.role in ('member_editor', 'member_approver') and now() >= m.starts_at and now() < m.ends_at
		join users u on u.id = m.user_id and u.active where x.id = $1`, ref.ID)
}

// ofStaff is who recorded the support, and who has its request.
func ofStaff(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	return people(ctx, q, `
		select distinct u.id, u.name, u.email, u.lang, u.zone from supports x join requests r on r.id = x.request_id
		join users u on u.active and (u.id = x.created_by or u.id = r.officer_id)
		where x.id = $1 and exists (select from staff_roles y where y.user_id = u.id and now() >= y.starts_at and now() < y.ends_at)`, ref.ID)
}

func people(ctx context.Context, q postgres.Querier, sql string, id int64) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, sql, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// still asks whether a letter that waited may still be sent: the person still has the role.
func (s *Service) still(roles, user, from, to string) func(context.Context, postgres.Querier, subject.Ref, notify.Recipient) (bool, error) {
	sql := `select exists (select from supports x join ` + roles + ` where x.id = $1 and ` + user + ` = $2 and now() >= ` + from + ` and now() < ` + to + `)`
	return func(ctx context.Context, q postgres.Querier, ref subject.Ref, person notify.Recipient) (there bool, err error) {
		err = q.QueryRow(ctx, sql, ref.ID, person.UserID).Scan(&there)
		return there, err
	}
}

// path leads to the support's page of a side.
func path(format string) func(context.Context, postgres.Querier, subject.Ref, notify.Recipient) (string, error) {
	return func(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (string, error) {
		var org, support string
		err := q.QueryRow(ctx, `
			select o.public_id, s.public_id from supports x join subjects s on s.id = x.id join subjects o on o.id = x.org_id where x.id = $1`, ref.ID).Scan(&org, &support)
		return fmt.Sprintf(format, org, support), postgres.Explain(err, "supports.not_found")
	}
}
