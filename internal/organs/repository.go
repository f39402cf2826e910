package organs

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// repository reads and writes organs and their members.
type repository struct{ db postgres.Querier }

// organColumns are an organ; $1 is the day on which its members are counted.
const organColumns = `
	select o.id, o.code, o.slug, o.sort, o.position, o.quorum, o.seats, o.listed, o.version,
		(select jsonb_object_agg(t.lang, t.name) from organ_texts t where t.organ_id = o.id),
		(select jsonb_object_agg(t.lang, t.about) from organ_texts t where t.organ_id = o.id),
		(select count(*) from organ_members m where m.organ = o.code and m.starts_on <= $1 and (m.ends_on is null or m.ends_on >= $1))
	from organs o`

func (r repository) organs(ctx context.Context, day time.Time) ([]Organ, error) {
	rows, _ := r.db.Query(ctx, organColumns+` order by o.position, o.id`, day)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Organ])
}

// organ finds one by its slug; lock is "for update of o" where it is about to change.
func (r repository) organ(ctx context.Context, day time.Time, slug, lock string) (Organ, error) {
	rows, _ := r.db.Query(ctx, organColumns+` where o.slug = $2 `+lock, day, slug)
	o, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Organ])
	return o, postgres.Explain(err, "organs.not_found")
}

func (r repository) insertCommittee(ctx context.Context, slug string, p Profile) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		with s as (
			insert into subjects (kind, org_id, public_id) values ('organ', union_id(), $1) returning id, org_id
		), o as (
			insert into organs (id, org_id, code, slug, sort, position, quorum, seats, listed)
			select id, org_id, $2, $3, 'committee', (select coalesce(max(position), 0) + 10 from organs), $4, $5, $6 from s
		)
		select id from s`,
		subject.NewPublicID(), "c_"+strings.ReplaceAll(slug, "-", "_"), slug, p.Quorum, p.Seats, p.Listed).Scan(&id)
	if err != nil {
		return 0, postgres.Explain(err, "organs.not_found")
	}
	return id, r.saveTexts(ctx, id, p)
}

func (r repository) saveProfile(ctx context.Context, id int64, p Profile) error {
	_, err := r.db.Exec(ctx, `update organs set quorum = $2, seats = $3, listed = $4, version = version + 1 where id = $1`, id, p.Quorum, p.Seats, p.Listed)
	if err != nil {
		return err
	}
	return r.saveTexts(ctx, id, p)
}

func (r repository) saveTexts(ctx context.Context, id int64, p Profile) error {
	for _, lang := range locale.Langs() {
		_, err := r.db.Exec(ctx, `insert into organ_texts as t (organ_id, lang, name, about) values ($1, $2, $3, $4)
			on conflict (organ_id, lang) do update set name = excluded.name, about = excluded.about
			where (t.name, t.about) is distinct from (excluded.name, excluded.about)`, id, string(lang), p.Names[lang], p.Abouts[lang])
		if err != nil {
			return err
		}
	}
	return nil
}

// seatColumns are a member of an organ; $1 is the reader's language.
const seatColumns = `
	select m.id, m.public_id, m.organ, m.office, m.name, coalesce(c.slug, ''), coalesce(t.title, ''), coalesce(n.name, ''), m.affiliation,
		m.starts_on, m.ends_on, m.version
	from organ_members m
	left join municipalities c on c.id = m.municipality_id
	left join municipality_titles t on t.municipality_id = c.id and t.lang = $1
	left join country_names n on n.country_id = c.country_id and n.lang = $1`

func scanSeat(row pgx.CollectableRow) (s Seat, err error) {
	err = row.Scan(&s.ID, &s.PublicID, &s.Organ, &s.Office, &s.Name, &s.City.Code, &s.City.Title, &s.Country, &s.Affiliation, &s.From, &s.Until, &s.Version)
	return s, err
}

// seats lists everybody who sat, sits or will sit in an organ, the latest terms first.
func (r repository) seats(ctx context.Context, lang locale.Lang, organ decisions.Organ) ([]Seat, error) {
	rows, _ := r.db.Query(ctx, seatColumns+` where m.organ = $2 order by m.starts_on desc, m.name collate "`+locale.Collation(lang)+`", m.id limit 1000`, string(lang), organ)
	return pgx.CollectRows(rows, scanSeat)
}

func (r repository) seat(ctx context.Context, lang locale.Lang, organ decisions.Organ, publicID, lock string) (Seat, error) {
	rows, _ := r.db.Query(ctx, seatColumns+` where m.organ = $2 and m.public_id = $3 `+lock, string(lang), organ, publicID)
	seat, err := pgx.CollectExactlyOneRow(rows, scanSeat)
	return seat, postgres.Explain(err, "organs.member_not_found")
}

func (r repository) insertSeat(ctx context.Context, organ decisions.Organ, publicID string, t Term, city *int64) error {
	_, err := r.db.Exec(ctx, `
		insert into organ_members (public_id, organ, office, name, municipality_id, affiliation, starts_on, ends_on)
		values ($1, $2, $3, $4, $5, $6, $7, $8)`, publicID, organ, t.Office, t.Name, city, t.Affiliation, t.From, t.Until)
	return err
}

func (r repository) saveSeat(ctx context.Context, id int64, t Term, city *int64) error {
	_, err := r.db.Exec(ctx, `
		update organ_members set office = $2, name = $3, municipality_id = $4, affiliation = $5, starts_on = $6, ends_on = $7, version = version + 1
		where id = $1`, id, t.Office, t.Name, city, t.Affiliation, t.From, t.Until)
	return err
}

// city is the id of the municipality of a slug; nil for none. Errors: not found.
func (r repository) city(ctx context.Context, slug string) (*int64, error) {
	if slug == "" {
		return nil, nil
	}
	var id int64
	err := r.db.QueryRow(ctx, `select id from municipalities where slug = $1`, slug).Scan(&id)
	return &id, postgres.Explain(err, "municipalities.not_found")
}
