package requests

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Pick is one request that was picked in a list, with the version that its reader saw.
type Pick struct {
	PublicID string
	Version  int // 0: whatever it is now
}

// What can be done with many requests at once.
const (
	ActAssign = "assign"
	ActOffice = "office"
	ActUrgent = "urgent"
	ActDue    = "due"
)

// Act is one act on many requests; of the fields, those of its kind count.
type Act struct {
	Kind    string
	Officer string    // public identifier; empty: nobody
	Office  string    // code
	Urgent  bool      // or no longer
	Due     time.Time // day
	Note    string    // for the colleague who gets them, written into each case; empty: none
}

// Bulk is what became of one act on many requests.
type Bulk struct {
	ID       string // undoes it
	Kind     string
	Done     int
	To       string   // the officer's name (empty: nobody's), the office's code, "1" or "0" of urgent, the ISO day
	Refused  []string // references of those that somebody else changed meanwhile
	Undone   bool     // it was taken back
	Spared   []string // references of those that taking back left alone: somebody had changed them since
	UndoTill time.Time
}

// Back is how many requests went back.
func (b Bulk) Back() int { return b.Done - len(b.Spared) }

// UndoFor is how long a bulk act can be taken back.
const UndoFor = 10 * time.Minute

// MaxBulk is how many requests one act may change.
const MaxBulk = 500

// item is one request of a bulk act as it is remembered: its version after the act, and
// what it said before it.
type item struct {
	ID      int64      `json:"id"`
	Version int        `json:"version"`
	Officer int64      `json:"officer"`
	Office  string     `json:"office,omitempty"`
	Urgent  bool       `json:"urgent,omitempty"`
	Due     *time.Time `json:"due,omitempty"`
	Alarm   int        `json:"alarm,omitempty"`
}

// DoMany does one act to picked requests. Those that somebody changed since, or that ended,
// are left alone and reported; the others are done.
// Errors: forbidden, invalid (nothing picked, too many, no such officer, office or day).
func (s *Service) DoMany(ctx context.Context, actor identity.Actor, picks []Pick, act Act) (Bulk, error) {
	var out Bulk
	if err := actor.May(identity.HandleRequests); err != nil {
		return out, err
	}
	if err := s.checkAct(picks, act); err != nil {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		to, err := repository{tx}.officer(ctx, act.Officer)
		if err != nil {
			return err
		}
		if err := (repository{tx}).isOffice(ctx, act); err != nil {
			return err
		}
		out = Bulk{ID: subject.NewPublicID(), Kind: act.Kind, To: act.label(to), UndoTill: s.now().Add(UndoFor)}
		items, err := s.doEach(ctx, tx, actor, picks, act, to, &out)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `insert into bulk_acts (id, user_id, act, label, items, refused, at) values ($1, $2, $3, $4, $5, $6, $7)`,
			out.ID, actor.UserID, act.Kind, out.To, items, out.Refused, s.now())
		return err
	})
	return out, err
}

func (s *Service) checkAct(picks []Pick, act Act) error {
	switch {
	case len(picks) == 0:
		return apperr.Fields(map[string]string{"ids": "requests.pick_some"})
	case len(picks) > MaxBulk:
		return apperr.Fields(map[string]string{"ids": "requests.pick_fewer"})
	case !known([]string{ActAssign, ActOffice, ActUrgent, ActDue}, act.Kind):
		return apperr.Fields(map[string]string{"act": "requests.choose"})
	case act.Kind == ActDue && s.endOfDay(act.Due).Before(s.now()):
		return apperr.Fields(map[string]string{"act": "requests.until_wrong"})
	case tooLong(act.Note, maxWord):
		return apperr.Fields(map[string]string{"note": "error.too_long"})
	}
	return nil
}

// label is what the act remembers of itself, for its words.
func (a Act) label(to Officer) string {
	switch a.Kind {
	case ActOffice:
		return a.Office
	case ActUrgent:
		return map[bool]string{true: "1", false: "0"}[a.Urgent]
	case ActDue:
		return a.Due.Format(time.DateOnly)
	}
	return to.Name
}

func (r repository) isOffice(ctx context.Context, act Act) error {
	var there bool
	if act.Kind != ActOffice {
		return nil
	}
	err := r.db.QueryRow(ctx, `select exists (select from offices where code = $1)`, act.Office).Scan(&there)
	if err == nil && !there {
		err = apperr.Fields(map[string]string{"act": "requests.no_such_office"})
	}
	return err
}

func (s *Service) doEach(ctx context.Context, tx pgx.Tx, actor identity.Actor, picks []Pick, act Act, to Officer, out *Bulk) ([]item, error) {
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
		was := item{ID: r.ID, Version: r.Version + 1, Officer: r.OfficerID, Office: r.Office, Urgent: r.Urgent, Due: r.DueAt, Alarm: r.Alarm}
		changed, err := s.do(ctx, tx, actor, r, act, to)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", act.Kind, r.Reference, err)
		}
		if changed {
			items = append(items, was)
		}
	}
	out.Done = len(items)
	return items, err
}

// do does the act to one locked request and stores it, unless it is so already.
func (s *Service) do(ctx context.Context, tx pgx.Tx, actor identity.Actor, r *Request, act Act, to Officer) (changed bool, err error) {
	before := *r
	switch act.Kind {
	case ActAssign:
		if err := s.assign(ctx, tx, actor, r, to); err != nil {
			return false, err
		}
	case ActOffice:
		r.Office = act.Office
	case ActUrgent:
		r.Urgent = act.Urgent
	case ActDue:
		due := s.endOfDay(act.Due)
		r.DueAt, r.Alarm = &due, 0
	}
	if r.OfficerID == before.OfficerID && r.Office == before.Office && r.Urgent == before.Urgent && sameTime(r.DueAt, before.DueAt) {
		*r = before
		return false, nil
	}
	if act.Kind != ActAssign {
		if err := s.hand(ctx, tx, *r, r.State); err != nil {
			return false, err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "request." + act.Kind, Subject: r.Ref(), Payload: map[string]any{"to": act.label(to)}}); err != nil {
			return false, err
		}
	}
	if act.Note != "" {
		if _, err := messages.Send(ctx, tx, actor, r.Ref(), r.OrgID, messages.Note, act.Note); err != nil {
			return false, err
		}
	}
	return true, repository{tx}.save(ctx, *r)
}

func sameTime(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
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
		err := q.QueryRow(ctx, `
			select act, jsonb_array_length(items), label, refused, undone_at is not null, spared, at from bulk_acts where id = $1 and user_id = $2`,
			id, actor.UserID).Scan(&b.Kind, &b.Done, &b.To, &b.Refused, &b.Undone, &b.Spared, &at)
		b.UndoTill = at.Add(UndoFor)
		return postgres.Explain(err, "error.not_found")
	})
	return b, err
}

// Undo takes an act back, once and for a while: requests that somebody changed since stay as
// they are, and BulkOf names them. Errors: forbidden, not found, conflict (too late).
func (s *Service) Undo(ctx context.Context, actor identity.Actor, id string) error {
	if err := actor.May(identity.HandleRequests); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		var items []item
		var kind string
		err := tx.QueryRow(ctx, `
			update bulk_acts set undone_at = $3 where id = $1 and user_id = $2 and undone_at is null and at > $4 returning items, act`,
			id, actor.UserID, s.now(), s.now().Add(-UndoFor)).Scan(&items, &kind)
		if err == pgx.ErrNoRows {
			return apperr.New(apperr.Conflict, "requests.undo_late")
		}
		if err != nil {
			return err
		}
		spared, err := s.giveBack(ctx, tx, actor, kind, items)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update bulk_acts set spared = $2 where id = $1`, id, spared)
		return err
	})
}

// giveBack restores what an act of a kind changed, and names the requests that somebody
// changed since.
func (s *Service) giveBack(ctx context.Context, tx pgx.Tx, actor identity.Actor, kind string, items []item) (spared []string, err error) {
	ids := make([]int64, len(items))
	for i, it := range items {
		ids[i] = it.ID
	}
	list, err := repository{tx}.many(ctx, `select `+columns+sources+` where r.id = any($1) order by r.id for update of r`, ids)
	for _, r := range list {
		was := items[slices.IndexFunc(items, func(it item) bool { return it.ID == r.ID })]
		if r.Version != was.Version {
			spared = append(spared, r.Reference)
			continue
		}
		if err := s.restore(ctx, tx, actor, kind, r, was); err != nil {
			return nil, err
		}
	}
	return spared, err
}

func (s *Service) restore(ctx context.Context, tx pgx.Tx, actor identity.Actor, kind string, r *Request, was item) error {
	action, payload := "request.undo_"+kind, map[string]any{"kind": kind}
	switch kind {
	case ActAssign:
		action, payload = "request.unassign", map[string]any{"from": r.OfficerID, "to": was.Officer}
		r.OfficerID = was.Officer
	case ActOffice:
		r.Office = was.Office
	case ActUrgent:
		r.Urgent = was.Urgent
	case ActDue:
		r.DueAt, r.Alarm = was.Due, was.Alarm
	}
	if err := s.hand(ctx, tx, *r, r.State); err != nil {
		return err
	}
	if err := (repository{tx}).save(ctx, *r); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: r.Ref(), Payload: payload})
}
