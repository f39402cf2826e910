package organs

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// assembly is a meeting of the assembly. Errors: not found (of another organ too).
func (r repository) assembly(ctx context.Context, lang locale.Lang, publicID, lock string) (Meeting, error) {
	m, err := r.meeting(ctx, lang, publicID, lock)
	if err == nil && m.Sort != Assembly {
		err = apperr.New(apperr.NotFound, "organs.meeting_not_found")
	}
	return m, err
}

// countAssembly counts who may vote and who is there.
func (r repository) countAssembly(ctx context.Context, meetingID int64, rule Quorum) (c Count, drawn bool, err error) {
	c.Rule = rule
	err = r.db.QueryRow(ctx, `
		select exists (select from assembly_lists where meeting_id = $1),
			(select coalesce(sum(votes), 0) from assembly_members where meeting_id = $1),
			(select coalesce(sum(least(x.arrived, a.votes)), 0) from assembly_members a join (
				select org_id, count(*) as arrived from credentials where meeting_id = $1 and arrived_at is not null group by org_id
			) x on x.org_id = a.org_id where a.meeting_id = $1)`, meetingID).Scan(&drawn, &c.Entitled, &c.Present)
	return c, drawn, err
}

func (r repository) totals(ctx context.Context, out *Roll) error {
	rows, _ := r.db.Query(ctx, `select drawn_at, rule_on from assembly_lists where meeting_id = $1`, out.Meeting.ID)
	_, err := pgx.ForEachRow(rows, []any{&out.Drawn, &out.RuleFrom}, func() error { return nil })
	if err != nil {
		return err
	}
	return r.db.QueryRow(ctx, `
		select count(*), coalesce(sum(seats), 0), coalesce(sum(missing), 0), count(*) filter (where missing > 0), count(*) filter (where extra > 0)
		from assembly_members where meeting_id = $1`, out.Meeting.ID).Scan(&out.Members, &out.Seats, &out.Missing, &out.Short, &out.Over)
}

// shown are the conditions of a filter's choices.
var shown = map[string]string{
	"":        "true",
	"missing": "a.missing > 0",
	"extra":   "a.extra > 0",
	"arrived": "(select count(*) from credentials c where c.meeting_id = a.meeting_id and c.org_id = a.org_id and c.arrived_at is not null) >= a.votes",
	"awaited": "(select count(*) from credentials c where c.meeting_id = a.meeting_id and c.org_id = a.org_id and c.arrived_at is not null) < a.votes",
}

// roll is one page of the list in its order; a place is a position.
func (r repository) roll(ctx context.Context, lang locale.Lang, meetingID int64, f RollFilter, at Place, size int) (out postgres.Page[Row], err error) {
	order, compare, from := "a.position", ">", at.After
	backwards := at.After == "" && at.Before != ""
	if backwards {
		order, compare, from = "a.position desc", "<", at.Before
	}
	start, err := strconv.Atoi("0" + from)
	if err != nil {
		return out, apperr.New(apperr.NotFound, "error.not_found")
	}
	choice, ok := shown[f.Show]
	if !ok {
		choice = "true"
	}
	rows, _ := r.db.Query(ctx, `
		select a.org_id, s.public_id, a.position, coalesce(t.title, g.name), coalesce(n.name, ''), a.kind, a.population, a.seats, a.named, a.votes, a.missing, a.extra
		from assembly_members a
		join organisations g on g.id = a.org_id
		join subjects s on s.id = a.org_id
		left join municipality_titles t on t.municipality_id = a.org_id and t.lang = $1
		left join country_names n on n.country_id = t.country_id and n.lang = $1
		where a.meeting_id = $2 and a.position `+compare+` $3 and ($4 = '' or a.keys like '%' || $4 || '%') and `+choice+`
		order by `+order+` limit $5`, string(lang), meetingID, start, escape(f.Text), size+1)
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (x Row, err error) {
		err = row.Scan(&x.OrgID, &x.Record, &x.Position, &x.Title, &x.Country, &x.Kind, &x.Population, &x.Seats, &x.Named, &x.Votes, &x.Missing, &x.Extra)
		return x, err
	})
	if err != nil {
		return out, err
	}
	return cut(list, at, backwards, size), r.people(ctx, meetingID, list)
}

// cut makes a page of rows, of which the last may only say that more follow.
func cut(list []Row, at Place, backwards bool, size int) (out postgres.Page[Row]) {
	more := len(list) > size
	out.Rows = list[:min(len(list), size)]
	if backwards {
		for i, j := 0, len(out.Rows)-1; i < j; i, j = i+1, j-1 {
			out.Rows[i], out.Rows[j] = out.Rows[j], out.Rows[i]
		}
	}
	if len(out.Rows) == 0 {
		return out
	}
	if more || backwards {
		out.Next = strconv.Itoa(out.Rows[len(out.Rows)-1].Position)
	}
	if backwards && more || at.After != "" {
		out.Prev = strconv.Itoa(out.Rows[0].Position)
	}
	return out
}

// escape keeps what was typed from meaning more than its letters.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// people puts the persons beside their members.
func (r repository) people(ctx context.Context, meetingID int64, list []Row) error {
	at := map[int64]*Row{}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i], at[list[i].OrgID] = list[i].OrgID, &list[i]
	}
	rows, _ := r.db.Query(ctx, `
		select org_id, public_id, rank, name, expired, arrived_at from credentials
		where meeting_id = $1 and org_id = any($2) order by org_id, position`, meetingID, ids)
	var orgID int64
	var c Credential
	_, err := pgx.ForEachRow(rows, []any{&orgID, &c.PublicID, &c.Rank, &c.Name, &c.Expired, &c.Arrived}, func() error {
		row := at[orgID]
		row.People = append(row.People, c)
		if c.Arrived != nil {
			row.Arrived++
		}
		c.Arrived = nil
		return nil
	})
	return err
}

// held is a credential with its member's seats, whose row is locked.
type held struct {
	Credential
	id             int64
	votes, arrived int
}

func (r repository) credential(ctx context.Context, meetingID int64, publicID string) (h held, err error) {
	var orgID int64
	err = r.db.QueryRow(ctx, `
		select c.id, c.org_id, c.name, a.votes from credentials c
		join assembly_members a on a.meeting_id = c.meeting_id and a.org_id = c.org_id
		where c.meeting_id = $1 and c.public_id = $2 for update of a`, meetingID, publicID).Scan(&h.id, &orgID, &h.Name, &h.votes)
	if err != nil {
		return h, postgres.Explain(err, "error.not_found")
	}
	// Looked at after the lock is held: somebody may have come in by another door.
	err = r.db.QueryRow(ctx, `
		select (select arrived_at from credentials where id = $1),
			(select count(*) from credentials where meeting_id = $2 and org_id = $3 and arrived_at is not null)`, h.id, meetingID, orgID).Scan(&h.Arrived, &h.arrived)
	return h, err
}

func (r repository) arrive(ctx context.Context, id int64, here bool, now time.Time, by int64) error {
	_, err := r.db.Exec(ctx, `
		update credentials set arrived_at = case when $2 then $3::timestamptz end, arrived_by = case when $2 then nullif($4::bigint, 0) end where id = $1`,
		id, here, now, by)
	return err
}

// rule is the rule that holds on a day. Errors: conflict (none does yet).
func (r repository) rule(ctx context.Context, day time.Time) (SeatRule, error) {
	all, err := r.rules(ctx)
	for _, rule := range all { // the newest first
		if !rule.From.After(day) {
			return rule, err
		}
	}
	if err == nil {
		err = apperr.New(apperr.Conflict, "organs.no_rule")
	}
	return SeatRule{}, err
}

func (r repository) rules(ctx context.Context) (out []SeatRule, err error) {
	rows, _ := r.db.Query(ctx, `select starts_on, kind, population_from, seats from seat_rules
		order by starts_on desc, array_position($1::text[], kind), population_from`, Kinds())
	var from time.Time
	var b Band
	_, err = pgx.ForEachRow(rows, []any{&from, &b.Kind, &b.From, &b.Seats}, func() error {
		if len(out) == 0 || !out[len(out)-1].From.Equal(from) {
			out = append(out, SeatRule{From: from})
		}
		last := &out[len(out)-1]
		last.Bands = append(last.Bands, b)
		return nil
	})
	return out, err
}

func (r repository) insertRule(ctx context.Context, rule SeatRule) error {
	for _, b := range rule.Bands {
		_, err := r.db.Exec(ctx, `insert into seat_rules (starts_on, kind, population_from, seats) values ($1, $2, $3, $4)`, rule.From, b.Kind, b.From, b.Seats)
		if err != nil {
			return postgres.Explain(err, "error.not_found")
		}
	}
	return nil
}

// entries are the members in good standing with whom they named for a day, in the order of
// their names in the union's language.
func (r repository) entries(ctx context.Context, day time.Time) ([]Entry, error) {
	rows, _ := r.db.Query(ctx, `
		select g.id, coalesce(t.title, g.name), array(select title from municipality_titles x where x.municipality_id = g.id) || g.name, s.kind, m.population
		from memberships s
		join organisations g on g.id = s.org_id
		left join municipalities m on m.id = g.id
		left join municipality_titles t on t.municipality_id = g.id and t.lang = $1
		where s.standing = 'active'
		order by coalesce(t.title, g.name) collate "`+locale.Collation(locale.Default)+`", g.id`, string(locale.Default))
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Entry, err error) {
		err = row.Scan(&e.OrgID, &e.Title, &e.Names, &e.Kind, &e.Population)
		return e, err
	})
	if err != nil {
		return nil, err
	}
	at := make(map[int64]*Entry, len(list))
	for i := range list {
		at[list[i].OrgID] = &list[i]
	}
	return list, r.named(ctx, day, at)
}

// named puts the heads and the delegates of a day beside their members.
func (r repository) named(ctx context.Context, day time.Time, at map[int64]*Entry) error {
	rows, _ := r.db.Query(ctx, `
		select org_id, id, 'head', 1, name, coalesce(ends_on < $1, false) from heads
		where starts_on <= $1 and (left_on is null or left_on >= $1)
		union all
		select org_id, id, rank, position, name, false from delegates
		where starts_on <= $1 and (ends_on is null or ends_on >= $1)`, day)
	var orgID int64
	var n Named
	_, err := pgx.ForEachRow(rows, []any{&orgID, &n.Source, &n.Rank, &n.Order, &n.Name, &n.Expired}, func() error {
		if e := at[orgID]; e != nil {
			e.People = append(e.People, n)
		}
		return nil
	})
	return err
}

// keepList stores the list in the place of the one before; arrivals of people who are still
// on it stay.
func (r repository) keepList(ctx context.Context, m Meeting, actor identity.Actor, rule SeatRule, list []Entry, now time.Time) error {
	if _, err := r.db.Exec(ctx, `insert into assembly_lists (meeting_id, rule_on, drawn_at, actor_id) values ($1, $2, $3, nullif($4, 0))
		on conflict (meeting_id) do update set rule_on = excluded.rule_on, drawn_at = excluded.drawn_at, actor_id = excluded.actor_id`,
		m.ID, rule.From, now, actor.UserID); err != nil {
		return err
	}
	var c listColumns
	for i, e := range list {
		c.add(i+1, e)
	}
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`delete from credentials where meeting_id = $1 and not (person = any($2))`, []any{m.ID, c.person}},
		{`delete from assembly_members where meeting_id = $1 and not (org_id = any($2))`, []any{m.ID, c.orgs}},
		{`insert into assembly_members (meeting_id, org_id, position, kind, population, seats, named, votes, keys)
			select $1, x.* from unnest($2::bigint[], $3::int[], $4::text[], $5::bigint[], $6::int[], $7::int[], $8::int[], $9::text[]) x
			on conflict (meeting_id, org_id) do update set position = excluded.position, kind = excluded.kind, population = excluded.population,
				seats = excluded.seats, named = excluded.named, votes = excluded.votes, keys = excluded.keys`,
			[]any{m.ID, c.orgs, c.positions, c.kinds, c.populations, c.seats, c.named, c.votes, c.keys}},
		{`insert into credentials (meeting_id, public_id, org_id, person, rank, position, name, expired)
			select $1, x.* from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::int[], $7::text[], $8::boolean[]) x
			on conflict (meeting_id, person) do update set rank = excluded.rank, position = excluded.position, name = excluded.name, expired = excluded.expired`,
			[]any{m.ID, c.ids, c.owners, c.person, c.ranks, c.order, c.names, c.expired}},
	} {
		if _, err := r.db.Exec(ctx, step.sql, step.args...); err != nil {
			return err
		}
	}
	return nil
}

// listColumns are the columns of a list: of its members, and of their people.
type listColumns struct {
	orgs                           []int64
	positions, seats, named, votes []int
	kinds, keys                    []string
	populations                    []*int64

	owners                    []int64
	ids, person, ranks, names []string
	order                     []int
	expired                   []bool
}

func (c *listColumns) add(position int, e Entry) {
	key := strings.Join(e.Names, " ")
	for i, p := range e.People {
		c.owners, c.ids, c.person = append(c.owners, e.OrgID), append(c.ids, subject.NewPublicID()), append(c.person, p.person())
		c.ranks, c.names = append(c.ranks, string(p.Rank)), append(c.names, p.Name)
		c.order, c.expired = append(c.order, i+1), append(c.expired, p.Expired)
		key += " " + p.Name
	}
	c.orgs, c.positions, c.kinds = append(c.orgs, e.OrgID), append(c.positions, position), append(c.kinds, e.Kind)
	c.populations, c.seats, c.named = append(c.populations, e.Population), append(c.seats, e.Seats), append(c.named, e.Named())
	c.votes, c.keys = append(c.votes, e.Votes()), append(c.keys, fold.Key(key))
}
