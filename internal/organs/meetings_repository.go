package organs

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/workflow"
)

// Place is where a page of a list begins: after or before a record's public id.
type Place struct{ After, Before string }

// PageSize is how many rows a page of a list has.
const PageSize = 30

// meetingColumns are a meeting; $1 is the reader's language.
const meetingColumns = `
	select m.id, s.public_id, m.organ, o.slug, t.name, o.sort, m.state, m.seq, m.version, m.number, m.year, m.session, m.mode, m.place, m.online_url,
		m.zone, m.starts_local, m.starts_at, m.quorum, m.entitled, m.present, o.quorum, m.updated_at
	from meetings m
	join subjects s on s.id = m.id
	join organs o on o.code = m.organ
	join organ_texts t on t.organ_id = o.id and t.lang = $1`

func scanMeeting(row pgx.CollectableRow) (m Meeting, err error) {
	var rule *Quorum
	var entitled, present *int
	err = row.Scan(&m.ID, &m.PublicID, &m.Organ, &m.OrganSlug, &m.OrganName, &m.Sort, &m.State, &m.Seq, &m.Version, &m.Number, &m.Year, &m.Session,
		&m.Mode, &m.Place, &m.OnlineURL, &m.Zone, &m.StartsLocal, &m.StartsAt, &rule, &entitled, &present, &m.Rule, &m.UpdatedAt)
	if rule != nil && entitled != nil && present != nil {
		m.Counted = &Count{Rule: *rule, Entitled: *entitled, Present: *present}
	}
	return m, err
}

func (r repository) meeting(ctx context.Context, lang locale.Lang, publicID, lock string) (Meeting, error) {
	rows, _ := r.db.Query(ctx, meetingColumns+` where s.public_id = $2 and s.kind = 'meeting' `+lock, string(lang), publicID)
	m, err := pgx.CollectExactlyOneRow(rows, scanMeeting)
	return m, postgres.Explain(err, "organs.meeting_not_found")
}

// meetings is one page, the latest first.
func (r repository) meetings(ctx context.Context, lang locale.Lang, slug string, at Place) (postgres.Page[Meeting], error) {
	where, order, from := `($2 = '' or o.slug = $2)`, ` order by m.starts_at desc, m.id desc`, at.After
	if at.After != "" {
		where += ` and (m.starts_at, m.id) < (select x.starts_at, x.id from meetings x join subjects y on y.id = x.id where y.public_id = $3)`
	} else if at.Before != "" {
		from, order = at.Before, ` order by m.starts_at, m.id`
		where += ` and (m.starts_at, m.id) > (select x.starts_at, x.id from meetings x join subjects y on y.id = x.id where y.public_id = $3)`
	} else {
		where += ` and $3 = ''`
	}
	rows, _ := r.db.Query(ctx, meetingColumns+` where `+where+order+` limit $4`, string(lang), slug, from, PageSize+1)
	list, err := pgx.CollectRows(rows, scanMeeting)
	return turn(list, at, func(m Meeting) string { return m.PublicID }), err
}

// turn drops the row that only said that more follow, and turns a page that was read
// backwards.
func turn[T any](list []T, at Place, id func(T) string) postgres.Page[T] {
	backwards := at.After == "" && at.Before != ""
	more := len(list) > PageSize
	list = list[:min(len(list), PageSize)]
	if backwards {
		for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
			list[i], list[j] = list[j], list[i]
		}
	}
	page := postgres.Page[T]{Rows: list}
	if len(list) == 0 {
		return page
	}
	if more || backwards {
		page.Next = id(list[len(list)-1])
	}
	if backwards && more || at.After != "" {
		page.Prev = id(list[0])
	}
	return page
}

func (r repository) identifyMeeting(ctx context.Context) (subject.Ref, string, error) {
	ref, publicID := subject.Ref{Kind: subject.Meeting}, subject.NewPublicID()
	err := r.db.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('meeting', union_id(), $1) returning id`, publicID).Scan(&ref.ID)
	return ref, publicID, err
}

func (r repository) insertMeeting(ctx context.Context, id int64, organ any, p Plan, now time.Time) error {
	_, err := r.db.Exec(ctx, `
		insert into meetings (id, org_id, organ, state, seq, number, session, mode, place, online_url, zone, starts_local, updated_at)
		values ($1, union_id(), $2, 'planned', 1, $3, $4, $5, $6, $7, $8, $9, $10)`,
		id, organ, p.Number, p.Session, p.Mode, p.Place, p.OnlineURL, p.Zone, p.Starts, now)
	return err
}

func (r repository) saveMeeting(ctx context.Context, id int64, p Plan, now time.Time) error {
	_, err := r.db.Exec(ctx, `
		update meetings set number = $2, session = $3, mode = $4, place = $5, online_url = $6, zone = $7, starts_local = $8, updated_at = $9,
			version = version + 1
		where id = $1`, id, p.Number, p.Session, p.Mode, p.Place, p.OnlineURL, p.Zone, p.Starts, now)
	return err
}

func (r repository) moveMeeting(ctx context.Context, id int64, state workflow.State, seq int, c *Count, now time.Time) error {
	var rule *Quorum
	var entitled, present, needed *int
	if c != nil {
		n := c.Needed()
		rule, entitled, present, needed = &c.Rule, &c.Entitled, &c.Present, &n
	}
	_, err := r.db.Exec(ctx, `
		update meetings set state = $2, seq = $3, quorum = $4, entitled = $5, present = $6, needed = $7, updated_at = $8, version = version + 1
		where id = $1`, id, state, seq, rule, entitled, present, needed, now)
	return err
}

func (r repository) agenda(ctx context.Context, meetingID int64) ([]Item, error) {
	rows, _ := r.db.Query(ctx, `
		select i.id, i.public_id, i.position, i.title, i.note, (select count(*) from decisions d where d.agenda_item_id = i.id)
		from agenda_items i where i.meeting_id = $1 order by i.position`, meetingID)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Item])
}

// attendees are the members whose term covers the meeting's day, and whether they came.
func (r repository) attendees(ctx context.Context, lang locale.Lang, m Meeting) ([]Attendee, error) {
	rows, _ := r.db.Query(ctx, `
		select m.id, m.public_id, m.organ, m.office, m.name, coalesce(c.slug, ''), coalesce(t.title, ''), coalesce(n.name, ''), m.affiliation,
			m.starts_on, m.ends_on, m.version, coalesce(a.presence, '')
		from organ_members m
		left join municipalities c on c.id = m.municipality_id
		left join municipality_titles t on t.municipality_id = c.id and t.lang = $1
		left join country_names n on n.country_id = c.country_id and n.lang = $1
		left join attendance a on a.meeting_id = $2 and a.member_id = m.id
		where m.organ = $3 and m.starts_on <= $4 and (m.ends_on is null or m.ends_on >= $4)
		order by array_position(array['chair', 'deputy_chair', 'secretary', 'member', 'alternate'], m.office), m.name collate "`+locale.Collation(lang)+`", m.id`,
		string(lang), m.ID, m.Organ, m.Day())
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (a Attendee, err error) {
		s := &a.Seat
		err = row.Scan(&s.ID, &s.PublicID, &s.Organ, &s.Office, &s.Name, &s.City.Code, &s.City.Title, &s.Country, &s.Affiliation,
			&s.From, &s.Until, &s.Version, &a.Presence)
		return a, err
	})
}
