package profiles

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
)

// AskArgs is the job that asks municipalities once a year whether all is still right.
type AskArgs struct{}

// Kind implements river.JobArgs.
func (AskArgs) Kind() string { return "profiles_ask" }

// AskWorker works AskArgs; running it twice asks nobody twice.
type AskWorker struct {
	river.WorkerDefaults[AskArgs]
	Profiles *Service
}

// Work implements river.Worker.
func (w *AskWorker) Work(ctx context.Context, _ *river.Job[AskArgs]) error {
	_, err := w.Profiles.Ask(ctx)
	return err
}

// askedAtOnce bounds one run: the letters of a first year go out over some days, and a
// transaction stays short.
const askedAtOnce = 200

// Ask asks the approvers of members that did not say for a year that all is right, once a
// year each, and says how many municipalities it asked. Who joined less than a year ago, and
// whom nobody may act for, is left in peace.
func (s *Service) Ask(ctx context.Context) (int, error) {
	n := 0
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		now := s.now()
		due, err := s.due(ctx, tx, now.AddDate(-ConfirmEvery, 0, 0), now)
		if err != nil {
			return err
		}
		for _, c := range due {
			if _, err := tx.Exec(ctx, `insert into profiles (org_id, asked_at) values ($1, $2)
				on conflict (org_id) do update set asked_at = excluded.asked_at`, c.ID, now); err != nil {
				return err
			}
			err := notify.Enqueue(ctx, tx, notify.Event{Name: "membership.profile_asked", Subject: cityRef(c.ID), Actor: identity.Worker(),
				Args: map[string]any{"City": c.Name}, Key: fmt.Sprintf("%d/%s", c.ID, now.UTC().Format(time.DateOnly))})
			if err != nil {
				return err
			}
		}
		n = len(due)
		return nil
	})
	return n, err
}

// due lists whom to ask, holding their memberships so that a second run beside this one
// finds nobody of them.
func (s *Service) due(ctx context.Context, tx pgx.Tx, before, now time.Time) ([]City, error) {
	rows, _ := tx.Query(ctx, `
		select m.id, '' as public_id, m.slug, m.name, m.country_id, m.version
		from memberships ms join municipalities m on m.id = ms.org_id left join profiles p on p.org_id = ms.org_id
		where ms.standing in ('active', 'suspended') and ms.joined_on <= $1::date
			and coalesce(p.confirmed_at, '-infinity') <= $1 and coalesce(p.asked_at, '-infinity') <= $1
			and exists (select from mandates x join users u on u.id = x.user_id and u.active
				where x.org_id = ms.org_id and x.role = 'member_approver' and $2 >= x.starts_at and $2 < x.ends_at)
		order by ms.org_id limit $3 for update of ms skip locked`, before, now, askedAtOnce)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[City])
}
