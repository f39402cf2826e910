package circulars

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Progress is how far the organisations are with a circular.
type Progress struct {
	Confirmed, Opened, Unopened int
}

// Total is how many organisations got it.
func (p Progress) Total() int { return p.Confirmed + p.Opened + p.Unopened }

// Of is how many organisations stand in a stage.
func (p Progress) Of(stage Stage) int {
	switch stage {
	case Confirmed:
		return p.Confirmed
	case Opened:
		return p.Opened
	}
	return p.Unopened
}

func (p *Progress) add(stage Stage, n int) {
	switch stage {
	case Confirmed:
		p.Confirmed += n
	case Opened:
		p.Opened += n
	default:
		p.Unopened += n
	}
}

// Row is a circular in the staff's list.
type Row struct {
	Circular
	Title
	WriterName string
	Progress   Progress
}

// Listing is a page of the staff's list: what is being written, and what went out.
type Listing struct {
	Written []Row // not issued yet, the newest first; on the first page alone
	Out     []Row
	Next    string
	Years   []int // in which circulars were issued, the newest first
}

// Filter narrows the staff's list; empty fields do not.
type Filter struct {
	Kind  Kind
	Year  int
	After string // cursor
}

// maxWritten is how many circulars that are not issued a page lists: they are few.
const maxWritten = 50

// List is the staff's list, the newest first. Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, lang string, f Filter) (out Listing, err error) {
	if err := actor.May(identity.ReadCirculars); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if f.After == "" && f.Year == 0 {
			out.Written, err = r.rows(ctx, lang, `where c.state in ('draft', 'review', 'approved') and ($1 = '' or c.kind = $1) order by c.id desc limit $2`, f.Kind, maxWritten)
			if err != nil {
				return err
			}
		}
		if out.Years, err = r.years(ctx, false); err != nil {
			return err
		}
		_, seq := readCursor(f.After)
		out.Out, err = r.rows(ctx, lang, `
			where c.state in ('issued', 'withdrawn') and ($1 = '' or c.kind = $1) and ($2 = 0 or c.year = $2) and (c.year, c.number) < ($3, $4)
			order by c.year desc, c.number desc limit $5`, f.Kind, f.Year, seq/100_000, seq%100_000, PageSize+1)
		if len(out.Out) > PageSize {
			out.Out = out.Out[:PageSize]
			out.Next = Line{seq: out.Out[PageSize-1].seq()}.cursor()
		}
		if err != nil {
			return err
		}
		return r.count(ctx, out.Out)
	})
	return out, err
}

// years are those in which circulars were issued, the newest first; public: which everybody reads.
func (r repository) years(ctx context.Context, public bool) ([]int, error) {
	rows, _ := r.db.Query(ctx, `select distinct year from circulars where state in ('issued', 'withdrawn') and (public or not $1) order by year desc`, public)
	return pgx.CollectRows(rows, pgx.RowTo[int])
}

func (r repository) rows(ctx context.Context, lang, where string, args ...any) ([]Row, error) {
	rows, _ := r.db.Query(ctx, columns+where, args...)
	list, err := pgx.CollectRows(rows, scan)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids, out := make([]int64, len(list)), make([]Row, len(list))
	for i, c := range list {
		ids[i], out[i].Circular = c.ID, c
	}
	titles, err := r.titles(ctx, lang, ids)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	people, _ := r.db.Query(ctx, `select c.id, u.name from circulars c join users u on u.id = c.created_by where c.id = any($1)`, ids)
	var id int64
	var name string
	_, err = pgx.ForEachRow(people, []any{&id, &name}, func() error {
		names[id] = name
		return nil
	})
	for i := range out {
		out[i].Title, out[i].WriterName = titles[out[i].ID], names[out[i].ID]
	}
	return out, err
}

// count fills in how far the organisations are with some circulars.
func (r repository) count(ctx context.Context, list []Row) error {
	at := map[int64]*Progress{}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i], at[list[i].ID] = list[i].ID, &list[i].Progress
	}
	rows, _ := r.db.Query(ctx, `select circular_id, stage, count(*) from circular_copies where circular_id = any($1) group by circular_id, stage`, ids)
	var id int64
	var stage Stage
	var n int
	_, err := pgx.ForEachRow(rows, []any{&id, &stage, &n}, func() error {
		at[id].add(stage, n)
		return nil
	})
	return err
}

// OfCountry is how far the organisations of a country are.
type OfCountry struct {
	Code, Name string // empty: organisations of no one country
	Progress
}

// Sheet is a circular for staff.
type Sheet struct {
	Circular
	Audience  Audience
	Writers   []string // of the text, the first one first
	Hands     []int64  // users who wrote it, attached files or chose recipients: they cannot approve it
	Approver  string
	Issuer    string
	Withdrew  string
	Files     []File
	Cited     []Cited
	Progress  Progress
	Countries []OfCountry
	Untold    int    // organisations that the job has not come to yet
	Round     *Round // the newest of reminders; nil: none
	ToRemind  int    // organisations that a reminder would reach now
	Answered  int
	LeftOut   LeftOut // by a draft that replaces another
}

// Show reads a circular for staff. Errors: sign_in, forbidden, not found.
func (s *Service) Show(ctx context.Context, actor identity.Actor, lang, publicID string) (out Sheet, err error) {
	if err := actor.May(identity.ReadCirculars); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if out.Circular, err = r.open(ctx, publicID, ""); err != nil {
			return err
		}
		if err := r.about(ctx, &out); err != nil {
			return err
		}
		if out.Files, err = filesOf(ctx, q, out.Circular); err != nil {
			return err
		}
		if out.Cited, err = r.cited(ctx, out.Refs); err != nil {
			return err
		}
		if !out.State.Out() && out.Replaces.ID != 0 {
			out.LeftOut, err = r.leftOut(ctx, out.Replaces.ID, out.Audience)
		}
		if err != nil || !out.State.Out() {
			return err
		}
		return r.far(ctx, lang, &out, s.now().Add(-RemindEvery))
	})
	return out, err
}

// about reads who worked on a circular, whom it goes to, and what it names.
func (r repository) about(ctx context.Context, out *Sheet) (err error) {
	err = r.db.QueryRow(ctx, `
		select c.audience, c.hands, array(select u.name from (select actor_id, min(version) as since from circular_texts where circular_id = c.id group by actor_id) t
				join users u on u.id = t.actor_id order by t.since),
			coalesce(a.name, ''), coalesce(i.name, ''), coalesce(x.name, '')
		from circulars c left join users a on a.id = c.approved_by
		left join users i on i.id = c.issued_by left join users x on x.id = c.withdrawn_by where c.id = $1`, out.ID).
		Scan(&out.Audience, &out.Hands, &out.Writers, &out.Approver, &out.Issuer, &out.Withdrew)
	if err != nil {
		return err
	}
	rows, _ := r.db.Query(ctx, `select id, '/desk/circulars/' || public_id from subjects where id = any($1)`, []int64{out.Replaces.ID, out.Replaced.ID})
	return out.lead(rows)
}

// far reads how far the organisations are, by country too.
func (r repository) far(ctx context.Context, lang string, out *Sheet, peace time.Time) error {
	rows, _ := r.db.Query(ctx, `
		select coalesce(c.code, ''), coalesce(n.name, ''), x.stage, x.n from (
			select country_id, stage, count(*) as n from circular_copies where circular_id = $2 group by country_id, stage) x
		left join countries c on c.id = x.country_id left join country_names n on n.country_id = c.id and n.lang = $1
		order by n.name collate "und-x-icu" nulls last, x.country_id, x.stage`, lang, out.ID)
	var code, name string
	var stage Stage
	var n int
	_, err := pgx.ForEachRow(rows, []any{&code, &name, &stage, &n}, func() error {
		if last := len(out.Countries) - 1; last < 0 || out.Countries[last].Code != code {
			out.Countries = append(out.Countries, OfCountry{Code: code, Name: name})
		}
		out.Countries[len(out.Countries)-1].add(stage, n)
		out.Progress.add(stage, n)
		return nil
	})
	if err != nil {
		return err
	}
	var round Round
	err = r.db.QueryRow(ctx, `
		select (select count(*) from circular_copies where circular_id = $1 and told_at is null), (select count(*) from circular_copies x where `+due+`),
			(select count(*) from circular_copies where circular_id = $1 and stage = 2 and answer <> ''),
			coalesce(m.at, 'epoch'), coalesce(m.total, 0), coalesce(m.done, 0), m.finished_at is not null
		from (select 1) one left join lateral (select * from circular_reminders where circular_id = $1 order by id desc limit 1) m on true`, out.ID, peace).
		Scan(&out.Untold, &out.ToRemind, &out.Answered, &round.At, &round.Total, &round.Done, &round.Over)
	if round.Total > 0 {
		out.Round = &round
	}
	return err
}

// Recipient is one organisation's line in a circular's table.
type Recipient struct {
	PublicID    string // of the copy
	OrgPublic   string
	Name        string
	Kind        string // of organisation
	Country     string // in the reader's language
	Stage       Stage
	OpenedAt    *time.Time
	OpenedBy    int // people
	ConfirmedAt *time.Time
	ConfirmedBy string
	RemindedAt  *time.Time
	Answer      string
	AnsweredBy  string
}

// Narrow narrows a circular's table; nil or empty fields do not.
type Narrow struct {
	Stage    *Stage
	Country  string // code
	Answered bool
	After    string // public identifier of a copy
}

// Recipients is a page of the organisations that a circular went to, by name.
// Errors: sign_in, forbidden, not found.
func (s *Service) Recipients(ctx context.Context, actor identity.Actor, lang, publicID string, n Narrow) (list []Recipient, next string, err error) {
	if err := actor.May(identity.ReadCirculars); err != nil {
		return nil, "", err
	}
	if n.Stage != nil && !slices.Contains(Stages(), *n.Stage) {
		return nil, "", apperr.New(apperr.NotFound, "error.not_found")
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.recipients(ctx, lang, publicID, n, PageSize+1)
		return err
	})
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].PublicID
	}
	return list, next, err
}

func (r repository) recipients(ctx context.Context, lang, publicID string, n Narrow, limit int) ([]Recipient, error) {
	name, id := "", int64(0) // the place to go on from, as values: a subquery would not use the index
	if n.After != "" {
		err := r.db.QueryRow(ctx, `select x.name, x.id from circular_copies x join subjects s on s.id = x.id where s.public_id = $1`, n.After).Scan(&name, &id)
		if err != nil {
			return nil, postgres.Explain(err, "circulars.not_found")
		}
	}
	args := pgx.NamedArgs{"lang": lang, "circular": publicID, "name": name, "id": id, "country": n.Country, "answered": n.Answered, "limit": limit}
	stage := ""
	if n.Stage != nil {
		stage, args["stage"] = ` and x.stage = @stage`, *n.Stage
	}
	if n.Country != "" {
		stage += ` and x.country_id = (select id from countries where code = @country)`
	}
	rows, _ := r.db.Query(ctx, `
		select s.public_id, os.public_id, x.name, o.kind, coalesce(n.name, ''), x.stage, x.opened_at, (select count(*) from circular_receipts r where r.copy_id = x.id),
			x.confirmed_at, coalesce(u.name, ''), x.reminded_at, x.answer, coalesce(a.name, '')
		from circular_copies x join subjects s on s.id = x.id join organisations o on o.id = x.org_id join subjects os on os.id = o.id
		left join country_names n on n.country_id = x.country_id and n.lang = @lang left join users u on u.id = x.confirmed_by left join users a on a.id = x.answered_by
		where x.circular_id = (select id from subjects where public_id = @circular and kind = 'circular') and (x.name collate "und-x-icu", x.id) > (@name, @id)
			and (not @answered or x.answer <> '')`+stage+`
		order by x.name collate "und-x-icu", x.id limit @limit`, args)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Recipient])
}

// EachRecipient hands every organisation of the table to each, for a file.
// Errors: sign_in, forbidden, and each's.
func (s *Service) EachRecipient(ctx context.Context, actor identity.Actor, lang, publicID string, n Narrow, each func(Recipient) error) error {
	if err := first(actor.May(identity.ReadCirculars), actor.May(identity.ExportRecords)); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		for n.After = ""; ; {
			list, err := repository{q}.recipients(ctx, lang, publicID, n, 500)
			if err != nil {
				return err
			}
			for _, row := range list {
				if err := each(row); err != nil {
					return err
				}
			}
			if len(list) < 500 {
				return nil
			}
			n.After = list[len(list)-1].PublicID
		}
	})
}
