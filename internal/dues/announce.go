package dues

import (
	"context"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
)

// AnnounceArgs is the job that tells members what they owe for a year.
type AnnounceArgs struct {
	Year    int   `json:"year"`
	ActorID int64 `json:"actor_id"`
}

// Kind implements river.JobArgs.
func (AnnounceArgs) Kind() string { return "dues_announce" }

// AnnounceWorker tells members, batch after batch; killed anywhere, it goes on with those
// that were not told.
type AnnounceWorker struct {
	river.WorkerDefaults[AnnounceArgs]
	Dues *Service
}

// Timeout is longer than any union's list of members needs.
func (*AnnounceWorker) Timeout(*river.Job[AnnounceArgs]) time.Duration { return 30 * time.Minute }

// Work tells until nobody is left.
func (w *AnnounceWorker) Work(ctx context.Context, job *river.Job[AnnounceArgs]) error {
	for {
		n, err := w.Dues.announceSome(ctx, job.Args)
		if err != nil || n == 0 {
			return err
		}
	}
}

// untold are a year's assessments that members were not written to about; nobody is asked
// for what is paid already.
const untold = ` from dues_assessments a where a.year = $1 and a.told_at is null and a.open > 0`

// Untold counts a year's assessments that their members were not told of.
// Errors: sign_in, forbidden.
func (s *Service) Untold(ctx context.Context, actor identity.Actor, year int) (n int, err error) {
	if err := actor.May(identity.ReadDues); err != nil {
		return 0, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `select count(*)`+untold, year).Scan(&n)
	})
	return n, err
}

// Announce begins to write to every member that was not told of its assessment of a year,
// and says how many they are. Errors: forbidden, conflict (nobody; issuing is under way).
func (s *Service) Announce(ctx context.Context, actor identity.Actor, year int) (n int, err error) {
	if err := actor.May(identity.EditDues); err != nil {
		return 0, err
	}
	return n, s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		var running bool
		err := tx.QueryRow(ctx, `
			select (select count(*)`+untold+`), exists (select from dues_runs r join dues_years y on y.id = r.year_id where y.year = $1 and r.state = 'running')`,
			year).Scan(&n, &running)
		switch {
		case err != nil:
			return err
		case running:
			return apperr.New(apperr.Conflict, "dues.run_under_way")
		case n == 0:
			return apperr.New(apperr.Conflict, "dues.announce_nobody")
		}
		if err := jobs.Insert(ctx, tx, AnnounceArgs{Year: year, ActorID: actor.UserID}); err != nil {
			return err
		}
		return s.recordUnion(ctx, tx, actor, "dues.announce", map[string]any{"year": year, "members": n})
	})
}

// announceBatch is how many members one transaction tells.
const announceBatch = 100

// announceSome tells the next members, and says how many they were. Two jobs that run at
// once never tell one member twice.
func (s *Service) announceSome(ctx context.Context, args AnnounceArgs) (n int, err error) {
	actor := identity.Actor{Side: identity.System, UserID: args.ActorID}
	err = s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `
			update dues_assessments set told_at = $2 where id in (select a.id`+untold+` order by a.id limit $3 for update skip locked)
			returning id`, args.Year, s.now(), announceBatch)
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if n = len(ids); err != nil || n == 0 {
			return err
		}
		rows, _ = tx.Query(ctx, assessmentColumns+`where a.id = any ($2) order by a.id`, "tr", ids)
		list, err := pgx.CollectRows(rows, scanAssessment)
		if err != nil {
			return err
		}
		return s.announce(ctx, tx, actor, list)
	})
	return n, err
}

func (s *Service) announce(ctx context.Context, tx pgx.Tx, actor identity.Actor, list []Assessment) error {
	entries, letters := make([]audit.Entry, len(list)), make([]notify.Event, len(list))
	for i, a := range list {
		entries[i] = audit.Entry{Actor: actor, Action: "assessment.announce", Subject: a.Ref()}
		letters[i] = notify.Event{Name: "dues.issued", Subject: a.Ref(), Key: a.PublicID, Actor: actor,
			Args: map[string]any{"City": a.OrgTitle, "Reference": a.Reference, "Money": a.Open.String() + " " + a.Currency,
				"Year": strconv.Itoa(a.Year), "Day": a.DueOn.Format(time.RFC3339)}}
	}
	if err := notify.EnqueueMany(ctx, tx, letters); err != nil {
		return err
	}
	return audit.RecordMany(ctx, tx, entries)
}
