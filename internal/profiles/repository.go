package profiles

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

type repository struct{ db postgres.Querier }

// isCity says not found for an organisation that is no municipality: it has no profile.
func (r repository) isCity(ctx context.Context, id int64) error {
	var one int
	err := r.db.QueryRow(ctx, `select 1 from municipalities where id = $1`, id).Scan(&one)
	return postgres.Explain(err, "profiles.not_found")
}

// cityOf finds a municipality by its public identifier. Errors: not found.
func (r repository) cityOf(ctx context.Context, publicID string) (id int64, err error) {
	err = r.db.QueryRow(ctx, `select m.id from municipalities m join subjects s on s.id = m.id where s.public_id = $1`, publicID).Scan(&id)
	return id, postgres.Explain(err, "profiles.not_found")
}

// City is whose profile it is.
type City struct {
	ID       int64
	PublicID string
	Slug     string
	Name     string
	Country  int64
	Version  int // of the register's row
}

func (r repository) city(ctx context.Context, id int64, lock string) (c City, err error) {
	err = r.db.QueryRow(ctx, `
		select m.id, s.public_id, m.slug, m.name, m.country_id, m.version from municipalities m join subjects s on s.id = m.id where m.id = $1 `+lock, id).
		Scan(&c.ID, &c.PublicID, &c.Slug, &c.Name, &c.Country, &c.Version)
	return c, postgres.Explain(err, "profiles.not_found")
}

// facts reads the official facts of a municipality as the register has them. A name in
// Latin letters needs no second one.
func (r repository) facts(ctx context.Context, id int64) (Facts, error) {
	var name, latin, english, area, head, seat, province string
	var population *int64
	var counted *int
	var since, until *time.Time
	err := r.db.QueryRow(ctx, `
		select m.name, m.name_latin, t.title, coalesce(m.area_km2::text, ''), coalesce(h.name, ''), m.seat, x.slug, m.population, m.population_year, h.starts_on, h.ends_on
		from municipalities m
		join municipality_titles t on t.municipality_id = m.id and t.lang = 'en'
		join regions x on x.id = m.region_id
		left join heads h on h.org_id = m.id and h.left_on is null
		where m.id = $1`, id).Scan(&name, &latin, &english, &area, &head, &seat, &province, &population, &counted, &since, &until)
	if err != nil {
		return nil, postgres.Explain(err, "profiles.not_found")
	}
	if latin == "" && isLatin(name) {
		latin = name
	}
	boxes := map[string]string{"name": name, "latin": latin, "english": english, "area": decimal(area), "head": head,
		"head_since": isoDay(since), "head_until": isoDay(until), "seat": seat, "province": province}
	if population != nil {
		boxes["population"] = strconv.FormatInt(*population, 10)
	}
	if counted != nil {
		boxes["population_year"] = strconv.Itoa(*counted)
	}
	return FactsOf(boxes), nil
}

// Region is a province that a municipality may lie in.
type Region struct{ Slug, Name string }

// maxRegions bounds the provinces of one country; none of the world has as many.
const maxRegions = 600

// regions are the provinces that a municipality may choose from: those that the register
// knows, and its own. One that only applicants have typed is offered to nobody else.
func (r repository) regions(ctx context.Context, country, org int64) ([]Region, error) {
	rows, _ := r.db.Query(ctx, `
		select x.slug, x.name from regions x
		where x.country_id = $1 and (exists (select from municipalities m where m.region_id = x.id and m.source_id not like 'app:%')
			or not exists (select from municipalities m where m.region_id = x.id) or x.id = (select region_id from municipalities where id = $3))
		order by x.name collate "und-x-icu", x.id limit $2`, country, maxRegions, org)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Region])
}

// Part is a part of a profile that is edited as a whole, with the version that an editor saw.
type Part string

// The parts; the table's CHECK lists the same.
const (
	PartFacts    Part = "facts"
	PartSectors  Part = "sectors"
	PartWebsite  Part = "website"
	PartMaturity Part = "maturity"
)

// Edited says which version a part has and who made it, and when; version 0: nobody did.
type Edited struct {
	Version int
	By      string // empty: not known to the reader
	At      time.Time
}

func (r repository) edited(ctx context.Context, org int64, part Part) (e Edited, err error) {
	err = r.db.QueryRow(ctx, `
		select p.version, coalesce(u.name, ''), p.edited_at from profile_parts p left join users u on u.id = p.edited_by
		where p.org_id = $1 and p.part = $2`, org, part).Scan(&e.Version, &e.By, &e.At)
	if err == pgx.ErrNoRows {
		return e, nil
	}
	return e, err
}

// edit takes the next version of a part, if seen is still the newest. The row is held until
// the transaction ends, so that of two who save at once the second is told.
// Errors: conflict.
func (r repository) edit(ctx context.Context, org, user int64, part Part, seen int, now time.Time) error {
	sql := `insert into profile_parts (org_id, part, version, edited_by, edited_at)
		values ($1, $2, $4::int + 1, nullif($3::bigint, 0), $5) on conflict do nothing`
	if seen > 0 {
		sql = `update profile_parts set version = version + 1, edited_by = nullif($3::bigint, 0), edited_at = $5
			where org_id = $1 and part = $2 and version = $4`
	}
	tag, err := r.db.Exec(ctx, sql, org, part, user, seen, now)
	if err == nil && tag.RowsAffected() == 0 {
		err = stale()
	}
	return err
}

// touch counts one more edit of a part, whoever saw which version.
func (r repository) touch(ctx context.Context, org, user int64, part Part, now time.Time) error {
	_, err := r.db.Exec(ctx, `
		insert into profile_parts as p (org_id, part, version, edited_by, edited_at) values ($1, $2, 1, nullif($3::bigint, 0), $4)
		on conflict (org_id, part) do update set version = p.version + 1, edited_by = excluded.edited_by, edited_at = excluded.edited_at`, org, part, user, now)
	return err
}

func isoDay(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.DateOnly)
}

// decimal is a numeric of the database without the zeros that say nothing.
func decimal(s string) string {
	if !strings.Contains(s, ".") {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// isLatin reports a name whose letters are all Latin.
func isLatin(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) })
}
