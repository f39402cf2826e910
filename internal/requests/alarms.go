package requests

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
	"github.com/birlik/portal/internal/workflow"
)

// What a step's date was told of, in this order and once each.
const (
	alarmBefore = 1 // some working days ahead
	alarmDay    = 2 // on the day
	alarmLate   = 3 // after it, to the head as well
)

// warnDays is how long before the date people are reminded.
const warnDays = 2 * 24 * time.Hour

// AlarmArgs is the job that reminds of dates and closes what nobody answers.
type AlarmArgs struct{}

// Kind implements river.JobArgs.
func (AlarmArgs) Kind() string { return "requests_alarm" }

// AlarmWorker works AlarmArgs; run twice it tells nothing twice.
type AlarmWorker struct {
	river.WorkerDefaults[AlarmArgs]
	Requests *Service
}

// Work implements river.Worker.
func (w *AlarmWorker) Work(ctx context.Context, _ *river.Job[AlarmArgs]) error {
	for {
		n, err := w.Requests.Remember(ctx)
		if err != nil || n < alarmBatch {
			return err
		}
	}
}

// alarmBatch bounds one transaction of the job.
const alarmBatch = 200

// Remember tells of dates that come near, are today or have passed, closes delivered
// requests whose city says nothing, and reports how many it looked at.
func (s *Service) Remember(ctx context.Context) (n int, err error) {
	worker := identity.Worker()
	err = s.db.InTx(ctx, worker, func(tx pgx.Tx) error {
		now := s.now()
		today := s.endOfDay(s.Today())
		list, err := repository{tx}.many(ctx, `select `+columns+sources+`
			where r.open and r.alarm < 3 and r.due_at < $1 and case when r.due_at < $2 then r.alarm < 3 when r.due_at <= $3 then r.alarm < 2 else r.alarm < 1 end
			order by r.due_at, r.id limit $4 for update of r skip locked`, now.Add(warnDays), now, today, alarmBatch)
		if err != nil {
			return err
		}
		if err := flows(ctx, tx, list...); err != nil {
			return err
		}
		n = len(list)
		for _, r := range list {
			if err := s.ring(ctx, tx, worker, r, now, today); err != nil {
				return fmt.Errorf("alarm of %s: %w", r.Reference, err)
			}
		}
		return nil
	})
	return n, err
}

// ring tells what the date of one request says now.
func (s *Service) ring(ctx context.Context, tx pgx.Tx, worker identity.Actor, r *Request, now, today time.Time) error {
	late := r.DueAt.Before(now)
	if _, closes := r.flow.Move(moveClose); late && r.State == Delivered && closes {
		if err := s.move(ctx, tx, worker, r, workflow.In{Move: moveClose, Seq: r.Seq}); err != nil {
			return err
		}
		return repository{tx}.save(ctx, *r)
	}
	name := "requests.due_soon"
	switch {
	case late:
		r.Alarm, name = alarmLate, "requests.overdue"
	case !r.DueAt.After(today):
		r.Alarm, name = alarmDay, "requests.due_today"
	default:
		r.Alarm = alarmBefore
	}
	if _, err := tx.Exec(ctx, `update requests set alarm = $2 where id = $1`, r.ID, r.Alarm); err != nil {
		return err
	}
	return s.tell(ctx, tx, worker, *r, name, fmt.Sprintf("%d/%d", r.Seq, r.DueAt.Unix()),
		map[string]any{"Day": r.DueAt.Format(time.RFC3339)})
}

// alarms are the letters about dates: to whose turn it is, and to the heads when one passed.
func (s *Service) alarms() []notify.Rule {
	var out []notify.Rule
	for _, on := range []string{"due_soon", "due_today"} {
		city, staff := s.toMember("requests."+on, whoseTurn(true), on+"_city"), s.toStaff("requests."+on, whoseTurn(false), on)
		city.Urgent, staff.Urgent = true, true
		out = append(out, city, staff)
	}
	return append(out, s.toMember("requests.overdue", whoseTurn(true), "overdue_city"), s.toStaff("requests.overdue", overdueStaff, "overdue"))
}

// whoseTurn are the people who are to act in the step that a request is in: of the city, or
// of the staff.
func whoseTurn(city bool) recipients {
	return func(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
		r, err := repository{q}.byRef(ctx, ref)
		if err != nil || !r.Open() || cityClock(r.State) != city {
			return nil, err
		}
		switch {
		case city:
			return people([]identity.Role{identity.MemberEditor, identity.MemberApprover})(ctx, q, ref)
		case r.State == BoardDecision:
			return holding(identity.BoardSecretary)(ctx, q, ref)
		case r.State == CoOpinion:
			return inOffice("advisor")(ctx, q, ref)
		}
		return handler(ctx, q, ref)
	}
}

// overdueStaff are the officer, whoever's turn it is of the staff, and the heads.
func overdueStaff(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	var out []notify.Recipient
	seen := map[int64]bool{}
	for _, of := range []recipients{whoseTurn(false), handler, holding(identity.DepartmentHead)} {
		found, err := of(ctx, q, ref)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			if !seen[p.UserID] {
				seen[p.UserID] = true
				out = append(out, p)
			}
		}
	}
	return out, nil
}
