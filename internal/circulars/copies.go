package circulars

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Line is a circular in an organisation's own list.
type Line struct {
	PublicID string // of the copy
	Title
	Kind         Kind
	Year, Number int
	IssuedOn     time.Time
	Due          *time.Time
	Answers      bool
	State        State
	Replaced     string // number of the one that took its place; empty: none
	Open         bool   // waits to be confirmed
	Stage        Stage
	seq          int64
	circular     int64
}

// Reference is the circular's number.
func (l Line) Reference() string { return Reference(l.Year, l.Number) }

// Late reports whether the day by which it was to be read has passed.
func (l Line) Late(today time.Time) bool { return l.Open && l.Due != nil && l.Due.Before(today) }

// Stage is how far an organisation is with its copy.
type Stage int

// The stages of a copy.
const (
	Unopened Stage = iota
	Opened
	Confirmed
)

// Stages lists them, the last first.
func Stages() []Stage { return []Stage{Confirmed, Opened, Unopened} }

// Search narrows an organisation's circulars; empty fields do not.
type Search struct {
	Text  string
	Kind  Kind
	After string // cursor
}

// maxMatches is how many of a text's best matches are looked at.
const maxMatches = 300

// Own is an organisation's circulars: first those that wait to be confirmed, each part the
// newest first. next leads to the following page. Errors: sign_in, forbidden.
func (s *Service) Own(ctx context.Context, actor identity.Actor, lang locale.Lang, f Search) (rows []Line, next string, err error) {
	if err := actor.May(identity.GetCirculars); err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		ids, err := f.matches(ctx, q, actor, lang)
		if err != nil {
			return err
		}
		rows, err = repository{q}.own(ctx, actor.OrgID, string(lang), f, ids, PageSize+1)
		return err
	})
	if len(rows) > PageSize {
		rows = rows[:PageSize]
		next = rows[PageSize-1].cursor()
	}
	return rows, next, err
}

// matches are the copies that a text finds, one that is a number too.
func (f Search) matches(ctx context.Context, q postgres.Querier, actor identity.Actor, lang locale.Lang) ([]int64, error) {
	if f.Text == "" {
		return nil, nil
	}
	hits, err := search.Find(ctx, q, actor, search.Query{Text: f.Text, Kinds: []subject.Kind{subject.CircularCopy}, Lang: lang, Limit: maxMatches})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.Ref.ID
	}
	return ids, err
}

func (l Line) cursor() string { return fmt.Sprintf("%t.%d", l.Open, l.seq) }

// lastSeq comes after every number.
const lastSeq = 9999*100_000 + 99_999

// readCursor is the place that a cursor names; the beginning where it names none.
func readCursor(text string) (open bool, seq int64) {
	before, after, _ := strings.Cut(text, ".")
	seq, err := strconv.ParseInt(after, 10, 64)
	if err != nil || seq > lastSeq {
		return true, lastSeq
	}
	return before == "true", seq
}

func (r repository) own(ctx context.Context, org int64, lang string, f Search, ids []int64, limit int) ([]Line, error) {
	open, seq := readCursor(f.After)
	rows, _ := r.db.Query(ctx, `
		select s.public_id, c.kind, c.year, c.number, c.issued_on, c.due_on, c.answers, c.state, c.replaced_no, x.open, x.stage, x.seq, c.id
		from circular_copies x join circulars c on c.id = x.circular_id join subjects s on s.id = x.id
		where x.org_id = $1 and (x.open, x.seq) < ($2, $3) and ($4 = '' or c.kind = $4) and ($5 = '' or x.id = any($6))
		order by x.open desc, x.seq desc limit $7`, org, open, seq, f.Kind, f.Text, ids, limit)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l Line, err error) {
		err = row.Scan(&l.PublicID, &l.Kind, &l.Year, &l.Number, &l.IssuedOn, &l.Due, &l.Answers, &l.State, &l.Replaced, &l.Open, &l.Stage, &l.seq, &l.circular)
		return l, err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	circulars := make([]int64, len(list))
	for i, l := range list {
		circulars[i] = l.circular
	}
	titles, err := r.titles(ctx, lang, circulars)
	for i := range list {
		list[i].Title = titles[list[i].circular]
	}
	return list, err
}

// Waiting are the newest circulars that an organisation has not confirmed, most of them, and
// whether there are more; nothing for who may not read them.
func (s *Service) Waiting(ctx context.Context, actor identity.Actor, lang locale.Lang, most int) (rows []Line, more bool, err error) {
	if !actor.Can(identity.GetCirculars) {
		return nil, false, nil
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, err = repository{q}.own(ctx, actor.OrgID, string(lang), Search{}, nil, most+1)
		return err
	})
	rows = slices.DeleteFunc(rows, func(l Line) bool { return !l.Open })
	return rows[:min(len(rows), most)], len(rows) > most, err
}

// Copy is a circular as one organisation reads it.
type Copy struct {
	Circular
	PublicID    string // of the copy
	CopyID      int64
	Open        bool
	ConfirmedAt *time.Time
	ConfirmedBy string
	Answer      string
	AnsweredBy  string
	AnsweredAt  *time.Time
	Mine        bool // this very person opened it before
	Files       []File
	Cited       []Cited
}

// Ref points at the copy.
func (c Copy) Ref() subject.Ref { return subject.Ref{Kind: subject.CircularCopy, ID: c.CopyID} }

// Get reads an organisation's own copy. Errors: sign_in, forbidden, not found.
func (s *Service) Get(ctx context.Context, actor identity.Actor, publicID string) (c Copy, err error) {
	if err := actor.May(identity.GetCirculars); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if c, err = r.copy(ctx, actor, publicID, ""); err != nil {
			return err
		}
		if err := r.others(ctx, actor, &c.Circular); err != nil {
			return err
		}
		if c.Files, err = filesOf(ctx, q, c.Circular); err != nil {
			return err
		}
		c.Cited, err = r.cited(ctx, c.Refs)
		return err
	})
	return c, err
}

// copy reads an organisation's own, and locks it where lock says so. Errors: not found.
func (r repository) copy(ctx context.Context, actor identity.Actor, publicID, lock string) (c Copy, err error) {
	var circular int64
	err = r.db.QueryRow(ctx, `
		select x.id, s.public_id, x.circular_id, x.open, x.confirmed_at, coalesce(u.name, ''), x.answer, coalesce(a.name, ''), x.answered_at,
			exists (select from circular_receipts r where r.copy_id = x.id and r.user_id = $3)
		from circular_copies x join subjects s on s.id = x.id left join users u on u.id = x.confirmed_by left join users a on a.id = x.answered_by
		where s.public_id = $1 and s.kind = 'circular_copy' and x.org_id = $2`+lock, publicID, actor.OrgID, actor.UserID).
		Scan(&c.CopyID, &c.PublicID, &circular, &c.Open, &c.ConfirmedAt, &c.ConfirmedBy, &c.Answer, &c.AnsweredBy, &c.AnsweredAt, &c.Mine)
	if err != nil {
		return c, postgres.Explain(err, "circulars.not_found")
	}
	c.Circular, err = r.one(ctx, `where c.id = $1`, circular)
	return c, err
}

// others says where the reader finds the circulars that this one names, if they are for them:
// their own copy, or what everybody reads.
func (r repository) others(ctx context.Context, actor identity.Actor, c *Circular) error {
	rows, _ := r.db.Query(ctx, `
		select c.id, coalesce('/m/' || o.public_id || '/circulars/' || s.public_id, '/circulars/' || c.year || '-' || c.number) from circulars c
		left join circular_copies x on x.circular_id = c.id and x.org_id = $2 left join subjects s on s.id = x.id left join subjects o on o.id = x.org_id
		where c.id = any($1) and (x.id is not null or c.public)`, []int64{c.Replaces.ID, c.Replaced.ID}, actor.OrgID)
	return c.lead(rows)
}

// lead fills in the addresses of the circulars that this one names.
func (c *Circular) lead(rows pgx.Rows) error {
	var id int64
	var path string
	_, err := pgx.ForEachRow(rows, []any{&id, &path}, func() error {
		for _, other := range []*Other{&c.Replaces, &c.Replaced} {
			if other.ID == id {
				other.Path = path
			}
		}
		return nil
	})
	return err
}

// Open notes that a person opened their organisation's copy. The first time counts; again
// changes nothing. Errors: sign_in, forbidden, not found.
func (s *Service) Open(ctx context.Context, actor identity.Actor, publicID string) error {
	if err := actor.May(identity.GetCirculars); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		c, err := repository{tx}.copy(ctx, actor, publicID, "")
		if err != nil {
			return err
		}
		return repository{tx}.keepOpened(ctx, actor, c.CopyID, s.now())
	})
}

// keepOpened keeps one person's receipt, and the organisation's first.
func (r repository) keepOpened(ctx context.Context, actor identity.Actor, id int64, at time.Time) error {
	_, err := r.db.Exec(ctx, `insert into circular_receipts (copy_id, org_id, user_id, opened_at) values ($1, $2, $3, $4) on conflict do nothing`, id, actor.OrgID, actor.UserID, at)
	if err != nil {
		return err
	}
	_, err = r.db.Exec(ctx, `update circular_copies set opened_at = $2 where id = $1 and opened_at is null`, id, at)
	return err
}

// Confirm says in the organisation's name that a circular was read, once for all: who comes
// later finds who it was. answer is what it answers where that is wanted; empty: nothing yet.
// Errors: sign_in, forbidden, not found, invalid (answer), conflict (it was withdrawn or replaced).
func (s *Service) Confirm(ctx context.Context, actor identity.Actor, publicID, answer string) error {
	return s.act(ctx, actor, publicID, func(tx pgx.Tx, c Copy) error {
		if err := (repository{tx}).keepOpened(ctx, actor, c.CopyID, s.now()); err != nil {
			return err
		}
		if c.ConfirmedAt == nil {
			if !c.Open {
				return apperr.New(apperr.Conflict, "circulars.over")
			}
			if err := s.confirm(ctx, tx, actor, c); err != nil {
				return err
			}
		}
		if answer == "" || answer == c.Answer {
			return nil
		}
		return s.answer(ctx, tx, actor, c, answer)
	})
}

// act locks a copy for who may answer in its organisation's name.
func (s *Service) act(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, c Copy) error) error {
	if err := actor.May(identity.AnswerCirculars); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		c, err := repository{tx}.copy(ctx, actor, publicID, ` for update of x`)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

func (s *Service) confirm(ctx context.Context, tx pgx.Tx, actor identity.Actor, c Copy) error {
	_, err := tx.Exec(ctx, `update circular_copies set confirmed_at = $2, confirmed_by = $3, open = false where id = $1`, c.CopyID, s.now(), actor.UserID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `update circular_receipts set confirmed_at = $3 where copy_id = $1 and user_id = $2 and confirmed_at is null`, c.CopyID, actor.UserID, s.now())
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, c.Ref(), "circular.confirm", map[string]string{"number": c.Reference()})
}

// answer keeps what an organisation answers; what it said before stays in the log.
func (s *Service) answer(ctx context.Context, tx pgx.Tx, actor identity.Actor, c Copy, text string) error {
	switch {
	case !c.Answers:
		return apperr.New(apperr.Conflict, "circulars.no_answer_wanted")
	case !c.Holds():
		return apperr.New(apperr.Conflict, "circulars.over")
	case utf8.RuneCountInString(text) > maxAnswer:
		return apperr.Fields(map[string]string{"answer": "error.too_long"})
	}
	_, err := tx.Exec(ctx, `update circular_copies set answer = $2, answered_by = $3, answered_at = $4 where id = $1`, c.CopyID, text, actor.UserID, s.now())
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, c.Ref(), "circular.answer", map[string]string{"answer": text})
}
