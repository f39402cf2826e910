package requests

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Pick is one request that was picked in a list, with the version that its reader saw.
type Pick struct {
	PublicID string
	Version  int // 0: whatever it is now
}

// Bulk is what became of one act on many requests.
type Bulk struct {
	ID       string // undoes it
	Done     int
	To       string   // the officer's name; empty: taken from everybody
	Refused  []string // references of those that somebody else changed meanwhile
	Undone   bool     // it was taken back
	UndoTill time.Time
}

// UndoFor is how long a bulk act can be taken back.
const UndoFor = 10 * time.Minute

// MaxBulk is how many requests one act may change.
const MaxBulk = 500

// item is one request of a bulk act as it is remembered.
type item struct {
	ID      int64 `json:"id"`
	Version int   `json:"version"` // after the act
	Officer int64 `json:"officer"` // before it
}

// AssignMany gives picked requests to an officer (empty: to nobody). Those that somebody
// changed since are left alone and reported; the others are done.
// Errors: forbidden, invalid (nothing picked, too many, no such officer).
func (s *Service) AssignMany(ctx context.Context, actor identity.Actor, picks []Pick, officer string) (Bulk, error) {
	var out Bulk
	if err := actor.May(identity.HandleRequests); err != nil {
		return out, err
	}
	if len(picks) == 0 {
		return out, apperr.Fields(map[string]string{"ids": "requests.pick_some"})
	}
	if len(picks) > MaxBulk {
		return out, apperr.Fields(map[string]string{"ids": "requests.pick_fewer"})
	}
	err := s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		to, err := repository{tx}.officer(ctx, officer)
		if err != nil {
			return err
		}
		out = Bulk{ID: subject.NewPublicID(), To: to.Name, UndoTill: s.now().Add(UndoFor)}
		items, err := s.assignEach(ctx, tx, actor, picks, to, &out)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into bulk_acts (id, user_id, label, items, refused, at) values ($1, $2, $3, $4, $5, $6)`,
			out.ID, actor.UserID, to.Name, items, out.Refused, s.now())
		return err
	})
	return out, err
}

func (s *Service) assignEach(ctx context.Context, tx pgx.Tx, actor identity.Actor, picks []Pick, to Officer, out *Bulk) ([]item, error) {
	seen := map[string]int{}
	ids := make([]string, len(picks))
	for i, p := range picks {
		seen[p.PublicID], ids[i] = p.Version, p.PublicID
	}
	// One order for everybody who locks several.
	list, err := repository{tx}.many(ctx, `select `+columns+sources+`
		where s.public_id = any($1) and s.kind = 'request' and r.submitted_at is not null order by r.id for update of r`, ids)
	items := []item{}
	for _, r := range list {
		version := seen[r.PublicID]
		if version != 0 && version != r.Version || !r.Open() {
			out.Refused = append(out.Refused, r.Reference)
			continue
		}
		if r.OfficerID == to.ID {
			continue
		}
		before := r.OfficerID
		if err := s.assign(ctx, tx, actor, r, to); err != nil {
			return nil, err
		}
		if err := (repository{tx}).save(ctx, *r); err != nil {
			return nil, err
		}
		items = append(items, item{ID: r.ID, Version: r.Version + 1, Officer: before})
	}
	out.Done = len(items)
	return items, err
}

// Picks lists what a filter leaves, for an act on all of it.
func (s *Service) Picks(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter) ([]Pick, error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return nil, err
	}
	var out []Pick
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		w, err := s.where(ctx, repository{q}, actor, lang, f.normal())
		if err != nil || w.none {
			return err
		}
		rows, _ := q.Query(ctx, fmt.Sprintf(`select s.public_id, r.version from requests r join subjects s on s.id = r.id %s limit %d`,
			w.sql.String(), MaxBulk+1), w.args...)
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Pick])
		return err
	})
	return out, err
}

// BulkOf reads what became of an act of the actor's own. Errors: not found.
func (s *Service) BulkOf(ctx context.Context, actor identity.Actor, id string) (Bulk, error) {
	b := Bulk{ID: id}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var at time.Time
		err := q.QueryRow(ctx, `select jsonb_array_length(items), label, refused, undone_at is not null, at from bulk_acts where id = $1 and user_id = $2`,
			id, actor.UserID).Scan(&b.Done, &b.To, &b.Refused, &b.Undone, &at)
		b.UndoTill = at.Add(UndoFor)
		return postgres.Explain(err, "error.not_found")
	})
	return b, err
}

// Undo takes an act back, once and for a while: requests that were changed since stay as
// they are. It reports how many went back. Errors: forbidden, not found, conflict (too late).
func (s *Service) Undo(ctx context.Context, actor identity.Actor, id string) (back int, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		var items []item
		err := tx.QueryRow(ctx, `
			update bulk_acts set undone_at = $3 where id = $1 and user_id = $2 and undone_at is null and at > $4 returning items`,
			id, actor.UserID, s.now(), s.now().Add(-UndoFor)).Scan(&items)
		if err == pgx.ErrNoRows {
			return apperr.New(apperr.Conflict, "requests.undo_late")
		}
		if err != nil {
			return err
		}
		back, err = s.giveBack(ctx, tx, actor, items)
		return err
	})
	return back, err
}

func (s *Service) giveBack(ctx context.Context, tx pgx.Tx, actor identity.Actor, items []item) (back int, err error) {
	for _, it := range items { // in the order of ids, as they were locked before
		list, err := repository{tx}.many(ctx, `select `+columns+sources+` where r.id = $1 and r.version = $2 for update of r`, it.ID, it.Version)
		if err != nil {
			return back, err
		}
		for _, r := range list {
			payload := map[string]int64{"from": r.OfficerID, "to": it.Officer}
			r.OfficerID = it.Officer
			if err := s.hand(ctx, tx, *r, r.State); err != nil {
				return back, err
			}
			if err := (repository{tx}).save(ctx, *r); err != nil {
				return back, err
			}
			if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request.unassign", Subject: r.Ref(), Payload: payload}); err != nil {
				return back, err
			}
			back++
		}
	}
	return back, nil
}
