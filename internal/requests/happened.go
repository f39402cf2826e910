package requests

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/workflow"
)

// Source is what a line of the timeline comes from, in the order in which lines of one
// moment stand.
type Source int

// The sources.
const (
	OfMove    Source = iota + 1 // What: the move, Text: its reason
	OfAnswers                   // N: questions that somebody answered that day; the city's own
	OfMessage                   // What: its side, Text: its beginning, N: 1 for a letter, Ref: its number
	OfFile                      // Text: the file's name, N: its version, Ref: the document's public id
	OfMail                      // N: how many of M mails went out
	OfTask                      // Text: what was done; staff's
	OfAct                       // What: an act that moves nothing; staff's
	OfList                      // Text: what the list from before the portal says of that day
)

// Event is one line of the timeline: who did what, and for whom.
type Event struct {
	At     time.Time
	Source Source
	Key    int64
	What   string
	To     workflow.State // of a move
	Text   string
	Actor  string // empty: the system
	For    string // the organisation that was acted for
	Role   string // the mandate under which; empty: none
	N, M   int
	Ref    string
	Sender string // of a letter that staff added, who wrote it: the actor is nobody
}

// happenedRows is how many lines one page of the timeline has.
const happenedRows = 40

// maxBeginning is how much of a message the timeline shows, in characters.
const maxBeginning = 160

// Every source of the timeline gives these columns.
const (
	fromMoves = `
		select m.at, 1 as source, m.seq::bigint as key, m.move as what, m.to_state, m.reason as text, m.actor_id, m.org_id, m.mandate_id, 0 as n, 0 as m, '' as ref
		from moves m where m.subject_id = @id`
	fromMessages = ` union all
		select x.at, 3, x.id, x.side, '', left(x.body, @beginning::int + 1), x.actor_id, case when x.sender = '' or x.org_id <> union_id() then x.org_id end, x.mandate_id, (x.mail_id is not null)::int, 0, x.id::text
		from messages x where x.subject_id = @id`
	fromFiles = ` union all
		select v.at, 4, v.document_id * 1000 + v.n, d.sort, '', v.name, coalesce(v.actor_id, case when v.n = 1 then d.actor_id end), null, null, v.n, 0, d.public_id
		from documents d join document_versions v on v.document_id = d.id where d.subject_id = @id`
	fromMails = ` union all
		select e.at, 5, e.id, e.name, '', '', null, null, null, x.sent, x.all, ''
		from notify_events e, lateral (select count(*) filter (where n.state = 'sent') as sent, count(*) as all from notifications n
			where n.event_id = e.id and n.state <> 'dropped'`
	fromTasks = ` union all
		select t.closed_at, 6, t.id, t.state, '', t.words, t.closed_by, union_id(), null, 0, 0, ''
		from tasks t where t.subject_id = @id and t.state = 'done' and t.words <> ''`
	fromActs = ` union all
		select a.at, 7, a.id, a.action, '', coalesce(a.payload->>'to', ''), a.actor_id, a.org_id, a.mandate_id, 0, 0, ''
		from audit_entries a where a.subject_id = @id and a.action = any(@acts)`
	fromList = ` union all
		select (l.happened_on + time '12:00') at time zone @zone::text, 8, l.id, 'earlier', '', l.words, null, null, null, 0, 0, ''
		from request_earlier l where l.request_id = @id`
	fromAnswers = ` union all
		select max(e.at), 2, max(e.version), 'answers', '', '', e.actor_id, null, null, count(distinct e.field), 0, ''
		from submissions s join submission_edits e on e.submission_id = s.id where s.subject_id = @id
		group by s.id, e.actor_id, date_trunc('day', e.at)`
)

// sources are the parts of the timeline that a side reads, as one query. Staff read nothing
// of the time when the draft was the city's own; the city reads nothing that is only
// among staff.
func happenedSources(member bool) string {
	if member {
		return fromMoves + ` and m.move <> all(@inside)` +
			fromMessages + ` and exists (select from message_orgs o where o.message_id = x.id and o.org_id = @org)` +
			fromFiles + ` and d.audience <> 'staff'` +
			fromMails + ` and exists (select from mandates md where md.user_id = n.user_id and md.org_id = @org)) x where e.subject_id = @id and x.all > 0` +
			fromAnswers + fromList + ` and l.audience = 'org'`
	}
	return fromMoves + ` and m.to_state <> all(@private)` + fromMessages + fromFiles + ` and v.at >= @sent` +
		fromMails + `) x where e.subject_id = @id and e.at >= @sent and x.all > 0` + fromTasks + fromActs + fromList
}

// acts are what staff read of the log in the timeline, beside the moves.
var acts = []string{"request.assign", "request.correct", "request.signature", "link.join", "request.hand_over", "mail.add", "mail.take_back"}

// happened reads one page of the timeline, the newest lines before a cursor (empty: from the
// newest), first to last. earlier is the cursor of the page before it; empty: there is none.
func (r repository) happened(ctx context.Context, actor identity.Actor, c *Request, zone *time.Location, before string) (list []Event, earlier string, err error) {
	at, source, key, ok := readMoment(before)
	args := pgx.NamedArgs{"id": c.ID, "org": c.OrgID, "inside": insideMoves(), "private": []workflow.State{Draft, WithApprover}, "acts": acts,
		"sent": sentOr(c), "beginning": maxBeginning, "all": !ok, "at": at, "source": source, "key": key, "rows": happenedRows + 1, "zone": zone.String()}
	rows, _ := r.db.Query(ctx, `
		select h.at, h.source, h.key, h.what, h.to_state, h.text, coalesce(u.name, ''), coalesce(o.name, ''), coalesce(d.role, ''), h.n, h.m, h.ref, coalesce(x.sender, '')
		from (select * from (`+happenedSources(actor.Side == identity.Member)+`) a
			where @all or (a.at, a.source, a.key) < (@at::timestamptz, @source::int, @key::bigint)
			order by a.at desc, a.source desc, a.key desc limit @rows) h
		left join users u on u.id = h.actor_id
		left join organisations o on o.id = h.org_id
		left join mandates d on d.id = h.mandate_id
		left join messages x on h.source = 3 and x.id = h.key
		order by h.at desc, h.source desc, h.key desc`, args)
	list, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	if len(list) > happenedRows {
		list = list[:happenedRows]
		earlier = list[happenedRows-1].cursor()
	}
	slices.Reverse(list)
	for i := range list {
		if list[i].Source == OfMessage {
			list[i].Text = shorten(strings.Join(strings.Fields(list[i].Text), " "), maxBeginning)
		}
	}
	return list, earlier, postgres.Explain(err, "requests.not_found")
}

// sentOr is when staff began to see the request; its letter and its move are of the same moment.
func sentOr(c *Request) time.Time {
	if c.SubmittedAt == nil {
		return c.CreatedAt
	}
	return c.SubmittedAt.Add(-time.Second)
}

func insideMoves() []string { return []string{moveConsult, moveAdvise, moveToSign, moveUnsign} }

// cursor is where a line stands in the timeline.
func (e Event) cursor() string {
	return strconv.FormatInt(e.At.UnixMicro(), 36) + "-" + strconv.Itoa(int(e.Source)) + "-" + strconv.FormatInt(e.Key, 36)
}

// readMoment reads what cursor wrote; ok is false for anything else.
func readMoment(s string) (at time.Time, source int, key int64, ok bool) {
	parts := strings.Split(s, "-")
	if len(parts) != 3 {
		return at, 0, 0, false
	}
	micro, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil || micro < 0 || micro > 1<<53 {
		return at, 0, 0, false
	}
	if source, err = strconv.Atoi(parts[1]); err != nil || source < 0 || source > 100 {
		return at, 0, 0, false
	}
	key, err = strconv.ParseInt(parts[2], 36, 64)
	return time.UnixMicro(micro), source, key, err == nil
}
