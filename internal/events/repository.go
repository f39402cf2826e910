package events

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

type repository struct{ db postgres.Querier }

// columns are what scan reads of e, in its order; $1 is the reader's language.
const columns = `
	e.id, s.public_id, s.org_id, e.state, e.seq, e.version, e.published_at < 'infinity', k.code, kt.title, e.mode,
		coalesce(c.code, ''), coalesce(cn.name, ''), coalesce(m.slug, ''), coalesce(mt.title, e.city), m.lat, m.lon,
		e.venue, e.online_url, e.zone, e.all_day, e.starts_local, e.ends_local, e.starts_at, e.ends_at,
		e.organiser, e.spoken, e.moved_from, e.updated_at`

// joins are the tables beside e that columns read.
const joins = `
	join subjects s on s.id = e.id
	join event_kinds k on k.id = e.kind_id
	join event_kind_texts kt on kt.kind_id = k.id and kt.lang = $1
	left join countries c on c.id = e.country_id
	left join country_names cn on cn.country_id = c.id and cn.lang = $1
	left join municipalities m on m.id = e.city_id
	left join municipality_titles mt on mt.municipality_id = m.id and mt.lang = $1`

func scan(row pgx.CollectableRow) (*Event, error) {
	var e Event
	var lat, lon *float64
	err := row.Scan(&e.ID, &e.PublicID, &e.OrgID, &e.State, &e.Seq, &e.Version, &e.Shown, &e.Kind.Code, &e.Kind.Title, &e.Mode,
		&e.Country.Code, &e.Country.Title, &e.City.Code, &e.City.Title, &lat, &lon,
		&e.Venue, &e.OnlineURL, &e.Zone, &e.AllDay, &e.StartsLocal, &e.EndsLocal, &e.StartsAt, &e.EndsAt,
		&e.Organiser, &e.Spoken, &e.MovedFrom, &e.UpdatedAt)
	if lat != nil && lon != nil {
		e.Point = &Point{Lat: *lat, Lon: *lon}
	}
	return &e, err
}

func (r repository) one(ctx context.Context, sql string, args ...any) (*Event, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	got, err := pgx.CollectExactlyOneRow(rows, scan)
	return got, postgres.Explain(err, "events.not_found")
}

// shown reads an event that the public sees.
func (r repository) shown(ctx context.Context, lang locale.Lang, id int64) (*Event, error) {
	return r.one(ctx, `select `+columns+` from events e `+joins+` where e.id = $2 and e.published_at < 'infinity'`, string(lang), id)
}

func (r repository) byPublicID(ctx context.Context, lang locale.Lang, publicID string) (*Event, error) {
	return r.one(ctx, `select `+columns+` from events e `+joins+` where s.public_id = $2 and s.kind = 'event'`, string(lang), publicID)
}

// lock reads an event and holds its row until the transaction ends.
func (r repository) lock(ctx context.Context, publicID string) (*Event, error) {
	return r.one(ctx, `select `+columns+` from events e `+joins+` where s.public_id = $2 and s.kind = 'event' for update of e`, string(locale.Default), publicID)
}

// identify makes the subject of a new event of the union.
func (r repository) identify(ctx context.Context) (subject.Ref, string, error) {
	ref, publicID := subject.Ref{Kind: subject.Event}, subject.NewPublicID()
	err := r.db.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ('event', union_id(), $1) returning id`, publicID).Scan(&ref.ID)
	return ref, publicID, err
}

// place is what a form's choices are in the tables.
type place struct {
	kindID    int64
	countryID *int64
	cityID    *int64
	zone      string // of the city, else of the country; empty where neither is chosen
}

// resolve finds a form's choices; what is not there leaves its id nil or zero.
func (r repository) resolve(ctx context.Context, f Facts) (p place, err error) {
	var kindID *int64
	err = r.db.QueryRow(ctx, `
		select (select id from event_kinds where code = $1), m.id, coalesce(m.country_id, c.id), coalesce(m.zone, c.zone, '')
		from (select) one
		left join municipalities m on m.slug = $2
		left join countries c on c.code = $3`, f.Kind, f.City, f.Country).Scan(&kindID, &p.cityID, &p.countryID, &p.zone)
	if kindID != nil {
		p.kindID = *kindID
	}
	return p, postgres.Explain(err, "events.not_found")
}

// insert stores a new event; its first move is there already.
func (r repository) insert(ctx context.Context, ref subject.Ref, state string, f Facts, p place, now time.Time) error {
	starts, ends := f.span()
	_, err := r.db.Exec(ctx, `
		insert into events (id, org_id, state, seq, kind_id, mode, country_id, city_id, city, venue, online_url, zone, all_day,
			starts_local, ends_local, organiser, spoken, updated_at)
		values ($1, union_id(), $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, coalesce($15::text[], '{}'), $16)`,
		ref.ID, state, p.kindID, f.Mode, p.countryID, p.cityID, f.CityName, f.Venue, f.OnlineURL, f.Zone, f.AllDay, starts, ends, f.Organiser, f.Spoken, now)
	return postgres.Explain(err, "events.not_found")
}

// saveFacts stores edited facts; version counts each save.
func (r repository) saveFacts(ctx context.Context, id int64, f Facts, p place, movedFrom *time.Time, now time.Time) error {
	starts, ends := f.span()
	_, err := r.db.Exec(ctx, `
		update events set kind_id = $2, mode = $3, country_id = $4, city_id = $5, city = $6, venue = $7, online_url = $8, zone = $9,
			all_day = $10, starts_local = $11, ends_local = $12, organiser = $13, spoken = coalesce($14::text[], '{}'), moved_from = $15,
			updated_at = $16, version = version + 1
		where id = $1`,
		id, p.kindID, f.Mode, p.countryID, p.cityID, f.CityName, f.Venue, f.OnlineURL, f.Zone, f.AllDay, starts, ends, f.Organiser, f.Spoken, movedFrom, now)
	return postgres.Explain(err, "events.not_found")
}

// saveState stores where an event stands; show says whether the public sees it from now on.
func (r repository) saveState(ctx context.Context, e *Event, show bool, now time.Time) error {
	_, err := r.db.Exec(ctx, `
		update events set state = $2, seq = $3, updated_at = $5, version = version + 1,
			published_at = case when not $4 then 'infinity' else least(published_at, $5) end
		where id = $1`, e.ID, e.State, e.Seq, show, now)
	return err
}

// kinds lists the kinds of events; listed says only those that new events may have.
func (r repository) kinds(ctx context.Context, lang locale.Lang, listed bool) ([]Choice, error) {
	rows, _ := r.db.Query(ctx, `
		select k.code, t.title from event_kinds k join event_kind_texts t on t.kind_id = k.id and t.lang = $1
		where k.listed or not $2 order by k.position, k.id`, string(lang), listed)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// allCountries lists the countries that forms offer, by name.
func (r repository) allCountries(ctx context.Context, lang locale.Lang) ([]Choice, error) {
	rows, _ := r.db.Query(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where c.listed order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// countries lists the countries that have events to see, by name.
func (r repository) countries(ctx context.Context, lang locale.Lang) ([]Choice, error) {
	rows, _ := r.db.Query(ctx, `
		select c.code, n.name from countries c join country_names n on n.country_id = c.id and n.lang = $1
		where exists (select from events e where e.country_id = c.id and e.published_at < 'infinity')
		order by n.name collate "`+locale.Collation(lang)+`"`, string(lang))
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// zones lists the zones that forms offer.
func (r repository) zones(ctx context.Context) ([]string, error) {
	rows, _ := r.db.Query(ctx, `select distinct zone from countries where listed order by zone`)
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// cityTitle is a municipality's name in the reader's language; empty where there is none.
func (r repository) cityTitle(ctx context.Context, lang locale.Lang, slug string) (title string, err error) {
	err = r.db.QueryRow(ctx, `
		select coalesce((select t.title from municipalities m join municipality_titles t on t.municipality_id = m.id and t.lang = $1
			where m.slug = $2), '')`, string(lang), slug).Scan(&title)
	return title, err
}
