package circulars

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// The events of circulars. Each is about one organisation's copy.
const (
	arrived   = "circulars.issued"
	reminded  = "circulars.reminder"
	withdrawn = "circulars.withdrawn"
	byDay     = "_by" // ends the name of one that names a day
)

// TellArgs is the job that tells every organisation of an issued circular.
type TellArgs struct {
	CircularID int64 `json:"circular_id"`
}

// Kind implements river.JobArgs.
func (TellArgs) Kind() string { return "circular_tell" }

// TellWorker tells them.
type TellWorker struct {
	river.WorkerDefaults[TellArgs]
	Circulars *Service
}

// Work goes through the copies that nobody was told of; killed anywhere, it goes on there.
func (w *TellWorker) Work(ctx context.Context, job *river.Job[TellArgs]) error {
	return w.Circulars.Tell(ctx, job.Args.CircularID)
}

// Timeout is enough for a hundred thousand copies.
func (*TellWorker) Timeout(*river.Job[TellArgs]) time.Duration { return 30 * time.Minute }

// batch is how many copies one transaction tells of.
const batch = 200

// copyOf is what telling needs to know of one copy.
type copyOf struct {
	ID                  int64
	OrgID               int64
	PublicID, OrgPublic string
	Name                string
}

// Tell tells the organisations of an issued circular, and lets their people find it; of one
// that was withdrawn meanwhile it tells that, and why. It may be called again at any time.
func (s *Service) Tell(ctx context.Context, circularID int64) error {
	return s.inBatches(ctx, func(tx pgx.Tx) (int, error) {
		c, err := repository{tx}.one(ctx, `where c.id = $1`, circularID)
		if err != nil {
			return 0, err
		}
		copies, err := repository{tx}.some(ctx, `told_at is null and x.circular_id = $1`, batch, circularID)
		if err != nil || len(copies) == 0 {
			return 0, err
		}
		if err := search.Load(ctx, tx, entries(c, copies)); err != nil {
			return 0, err
		}
		if events := news(c, copies); len(events) > 0 {
			if err := notify.EnqueueMany(ctx, tx, events); err != nil {
				return 0, err
			}
		}
		_, err = tx.Exec(ctx, `update circular_copies set told_at = $2 where id = any($1)`, idsOf(copies), s.now())
		return len(copies), err
	})
}

// news is what the organisations have to know of a circular now: nothing of one that was
// replaced, since the newer one tells of itself.
func news(c Circular, copies []copyOf) []notify.Event {
	switch {
	case c.State == Withdrawn:
		return told(withdrawn, identity.Worker(), c, copies, "")
	case c.Holds():
		return told(arrived, identity.Worker(), c, copies, "")
	}
	return nil
}

// inBatches lets fn do some, each time in a transaction of its own, until there is nothing left.
func (s *Service) inBatches(ctx context.Context, fn func(tx pgx.Tx) (int, error)) error {
	for {
		done := 0
		err := s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) (err error) {
			done, err = fn(tx)
			return err
		})
		if err != nil || done == 0 {
			return err
		}
	}
}

// some locks the next copies that a condition leaves; who works beside it gets others.
func (r repository) some(ctx context.Context, where string, limit int, args ...any) ([]copyOf, error) {
	rows, _ := r.db.Query(ctx, fmt.Sprintf(`
		select x.id, x.org_id, s.public_id, os.public_id, x.name from circular_copies x join subjects s on s.id = x.id join subjects os on os.id = x.org_id
		where %s order by x.id limit %d for update of x skip locked`, where, limit), args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[copyOf])
}

func idsOf(copies []copyOf) []int64 {
	out := make([]int64, len(copies))
	for i, c := range copies {
		out[i] = c.ID
	}
	return out
}

// ownFirst is more than any circular's place in its own right.
const ownFirst = 1 << 30

// entries are what the copies are found by, each by its own organisation: the number and the
// title; a text that stands a thousand times in the index would crowd it. An organisation's own
// copy comes before what everybody reads, where it is found at all.
func entries(c Circular, copies []copyOf) []search.Entry {
	out := make([]search.Entry, len(copies))
	for i, x := range copies {
		e := search.Entry{Ref: subject.Ref{Kind: subject.CircularCopy, ID: x.ID}}
		for _, lang := range locale.Langs() {
			e.Documents = append(e.Documents, search.Document{Lang: lang, Scope: search.Org(x.OrgID), OrgID: x.OrgID, Title: c.In(string(lang)).Title, Reference: c.Reference(),
				Path: "/" + string(lang) + "/m/" + x.OrgPublic + "/circulars/" + x.PublicID, Weight: ownFirst + c.seq()})
		}
		out[i] = e
	}
	return out
}

// told are the events of some copies. The title is in every language: a mail is in its reader's.
func told(name string, actor identity.Actor, c Circular, copies []copyOf, round string) []notify.Event {
	if c.Due != nil && name != withdrawn {
		name += byDay
	}
	titles := map[string]string{}
	for _, lang := range locale.Langs() {
		titles[string(lang)] = c.In(string(lang)).Title
	}
	out := make([]notify.Event, len(copies))
	for i, x := range copies {
		args := map[string]any{"City": x.Name, "Number": c.Reference(), "Title": titles}
		if c.Due != nil {
			args["Day"] = c.Due.Format(time.RFC3339)
		}
		if c.State == Withdrawn {
			args["Why"] = locale.Line(c.Why)
		}
		out[i] = notify.Event{Name: name, Subject: subject.Ref{Kind: subject.CircularCopy, ID: x.ID}, Key: x.PublicID + round, Actor: actor, Args: args}
	}
	return out
}

// Rules say who is told of a circular: who signs or edits for the organisation today, and its
// general mailbox where nobody does. The messages of the mails begin with "circulars.mail.". A
// reminder asks for something and a withdrawal takes something back: they wait for no digest.
func (s *Service) Rules() []notify.Rule {
	return []notify.Rule{
		{On: arrived, To: readers, Still: holds, Path: copyPath, Keys: "circulars.mail.issued"},
		{On: arrived + byDay, To: readers, Still: holds, Path: copyPath, Keys: "circulars.mail.issued_by"},
		{On: reminded, To: readers, Still: waits, Path: copyPath, Keys: "circulars.mail.reminder", Urgent: true},
		{On: reminded + byDay, To: readers, Still: waits, Path: copyPath, Keys: "circulars.mail.reminder_by", Urgent: true},
		{On: withdrawn, To: readers, Path: copyPath, Keys: "circulars.mail.withdrawn", Urgent: true},
	}
}

func readers(ctx context.Context, q postgres.Querier, ref subject.Ref) ([]notify.Recipient, error) {
	rows, _ := q.Query(ctx, `
		select distinct u.id, u.name, u.email, u.lang, u.zone from circular_copies x
		join mandates d on d.org_id = x.org_id and d.role in ('member_approver', 'member_editor') and now() >= d.starts_at and now() < d.ends_at
		join users u on u.id = d.user_id and u.active where x.id = $1`, ref.ID)
	people, err := pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
	if err != nil || len(people) > 0 {
		return people, err
	}
	rows, _ = q.Query(ctx, `
		select 0::bigint, coalesce(nullif(c.name, ''), o.name), c.email, c.lang, o.zone from circular_copies x
		join contacts c on c.org_id = x.org_id and c.office = 'general' join organisations o on o.id = x.org_id where x.id = $1 order by c.id`, ref.ID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[notify.Recipient])
}

// holds asks whether the circular is still in force.
func holds(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (is bool, err error) {
	return is, q.QueryRow(ctx, `
		select exists (select from circular_copies x join circulars c on c.id = x.circular_id and c.state = 'issued' and c.replaced_id is null where x.id = $1)`, ref.ID).Scan(&is)
}

// waits asks whether nobody has confirmed it meanwhile.
func waits(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (is bool, err error) {
	return is, q.QueryRow(ctx, `select exists (select from circular_copies where id = $1 and open)`, ref.ID).Scan(&is)
}

// copyPath is where an organisation reads its copy.
func copyPath(ctx context.Context, q postgres.Querier, ref subject.Ref, _ notify.Recipient) (path string, err error) {
	err = q.QueryRow(ctx, `select '/m/' || o.public_id || '/circulars/' || s.public_id from subjects s join subjects o on o.id = s.org_id where s.id = $1`, ref.ID).Scan(&path)
	return path, postgres.Explain(err, "circulars.not_found")
}
