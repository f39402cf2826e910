package privacy

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// TidyArgs is the job that deletes archives that have run out and tells staff of requests
// that are late, once an hour.
type TidyArgs struct{}

// Kind implements river.JobArgs.
func (TidyArgs) Kind() string { return "privacy_tidy" }

// TidyWorker works TidyArgs; running it again changes nothing.
type TidyWorker struct {
	river.WorkerDefaults[TidyArgs]
	Privacy *Service
}

// Work implements river.Worker.
func (w *TidyWorker) Work(ctx context.Context, _ *river.Job[TidyArgs]) error {
	if _, err := w.Privacy.Expire(ctx); err != nil {
		return err
	}
	_, err := w.Privacy.Warn(ctx)
	return err
}

// batch is how many rows one round of tidying takes.
const batch = 200

// Expire deletes the archives that have run out, and says how many. The file goes before
// the row says so: killed in between, it is removed once more.
func (s *Service) Expire(ctx context.Context) (int, error) {
	var due []Export
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, exports+` where state = 'ready' and expires_at <= $1 order by expires_at limit $2`, s.now(), batch)
		due, err = pgx.CollectRows(rows, pgx.RowToStructByName[Export])
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, e := range due {
		if err := s.options.Store.Remove(ctx, e.place()); err != nil {
			return 0, err
		}
		err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `update data_exports set state = 'expired' where id = $1`, e.ID)
			return err
		})
		if err != nil {
			return 0, err
		}
	}
	return len(due), nil
}

// Warn tells staff of requests whose time is over, each once a day, and says how many.
func (s *Service) Warn(ctx context.Context) (int, error) {
	n := 0
	err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		now := s.now()
		rows, _ := tx.Query(ctx, `
			update erasures set warned_at = $1 where id in (
				select id from erasures where state = 'open' and due_at < $1 and (warned_at is null or warned_at <= $1 - interval '24 hours')
				order by due_at, id limit $2 for update skip locked)
			returning id`, now, batch)
		late, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil {
			return err
		}
		n = len(late)
		for _, id := range late {
			ref := subject.Ref{Kind: subject.Erasure, ID: id}
			if err := s.tellStaff(ctx, tx, identity.Worker(), ref, "privacy.late", ref.String()+"/"+now.UTC().Format(time.RFC3339)); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// Rules say who is told of requests to be forgotten: those who may carry them out.
func (s *Service) Rules() []notify.Rule {
	rule := func(on string) notify.Rule {
		return notify.Rule{On: on, To: handlers, Still: stillOpen, Path: deskPath, Keys: "privacy.mail." + on[len("privacy."):], Urgent: true}
	}
	return []notify.Rule{rule("privacy.asked"), rule("privacy.late")}
}

// handlers are the administrators of today: the role that has HandleErasures.
func handlers(ctx context.Context, q postgres.Querier, _ subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, `
		select distinct u.id, u.name, u.email, u.lang, u.zone from staff_roles x join users u on u.id = x.user_id and u.active
		where x.role = $1 and now() >= x.starts_at and now() < x.ends_at`, identity.Administrator)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

func stillOpen(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (open bool, err error) {
	err = q.QueryRow(ctx, `select exists (select from erasures where id = $1 and state = 'open')`, ref.ID).Scan(&open)
	return open, err
}

func deskPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/desk/erasures/' || public_id from subjects where id = $1`, ref.ID).Scan(&path)
	return path, err
}

// Locate says where staff open requests to be forgotten, for lists that mix kinds.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, err := q.Query(ctx, `select e.id, s.public_id, u.name from erasures e join subjects s on s.id = e.id join users u on u.id = e.user_id where e.id = any ($1)`, ids)
		if err != nil {
			return err
		}
		var id int64
		var public, name string
		_, err = pgx.ForEachRow(rows, []any{&id, &public, &name}, func() error {
			out[id] = subject.Place{Title: name, Path: "/" + lang + "/desk/erasures/" + public}
			return nil
		})
		return err
	})
	return out, err
}

func readCursor(f Filter) (c cursor, err error) {
	if f.After == "" && f.Closed {
		return cursor{time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), math.MaxInt64}, nil
	}
	if f.After == "" {
		return c, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(f.After)
	if err == nil {
		err = json.Unmarshal(text, &c)
	}
	if err != nil {
		return c, apperr.Wrap(err, apperr.Invalid, "error.check_fields")
	}
	return c, nil
}

func writeCursor(e Erasure) string {
	at := e.DueAt
	if e.ClosedAt != nil {
		at = *e.ClosedAt
	}
	text, _ := json.Marshal(cursor{at, e.ID}) // two plain values
	return base64.RawURLEncoding.EncodeToString(text)
}
