package municipalities

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/jobs"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Side is one of two places that may be the same, as a list names it.
type Side struct {
	PublicID, Slug, Title string
	Standing              Standing
	Population            *int64
	SourceID              string
}

// Candidate is a pair of places that may be one.
type Candidate struct {
	A, B            Side
	Region, Country string
	Metres          int
	Cursor          string
}

// DuplicatesArgs is the job that looks for duplicates in the whole register.
type DuplicatesArgs struct{}

// Kind implements river.JobArgs.
func (DuplicatesArgs) Kind() string { return "municipalities_duplicates" }

// DuplicatesWorker works DuplicatesArgs.
type DuplicatesWorker struct {
	river.WorkerDefaults[DuplicatesArgs]
	Municipalities *Service
}

// Work implements river.Worker.
func (w *DuplicatesWorker) Work(ctx context.Context, _ *river.Job[DuplicatesArgs]) error {
	return w.Municipalities.FindDuplicates(ctx)
}

// Timeout implements river.Worker: a million places take their time.
func (w *DuplicatesWorker) Timeout(*river.Job[DuplicatesArgs]) time.Duration { return 15 * time.Minute }

// oneTown is how far apart two entries of one town may lie, in metres.
const oneTown = 25_000

// FindDuplicates looks for places whose names fold alike in one region. The official name of
// one of the two must be a name of the other; two cities of one name in different provinces
// are never found. What staff called different stays so.
func (s *Service) FindDuplicates(ctx context.Context) error {
	return s.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		ids, keys, err := regionKeys(ctx, tx)
		if err != nil {
			return err
		}
		for _, statement := range []string{
			`delete from duplicate_candidates where state = 'open'`,
			`set local enable_nestloop = off`, // every name against every name: only sorting or hashing ends soon
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		_, err = tx.Exec(ctx, `
			insert into duplicate_candidates (a_id, b_id, metres, found_at)
			select distinct m.id, n.id, metres, $4::timestamptz
			from search_words a
			join search_words b on b.scope = a.scope and b.kind = a.kind and b.word = a.word and b.class <= 1 and b.subject_id > a.subject_id
			join municipalities m on m.id = a.subject_id and m.merged_into is null
			join municipalities n on n.id = b.subject_id and n.country_id = m.country_id and n.merged_into is null
			join unnest($1::bigint[], $2::text[]) rm (id, key) on rm.id = m.region_id
			join unnest($1::bigint[], $2::text[]) rn (id, key) on rn.id = n.region_id and rn.key = rm.key
			cross join lateral (select (12742000 * asin(least(1, sqrt(
				sin(radians(n.lat - m.lat) / 2) ^ 2 + cos(radians(m.lat)) * cos(radians(n.lat)) * sin(radians(n.lon - m.lon) / 2) ^ 2))))::int) d (metres)
			where a.scope = 'public' and a.kind = 'municipality' and a.class <= 1 and (a.class = 0 or b.class = 0) and metres <= $3
			on conflict do nothing`, ids, keys, oneTown, s.now())
		return err
	})
}

// regionKeys are the folded names of all regions.
func regionKeys(ctx context.Context, tx pgx.Tx) (ids []int64, keys []string, err error) {
	var id int64
	var name string
	rows, _ := tx.Query(ctx, `select id, name from regions`)
	_, err = pgx.ForEachRow(rows, []any{&id, &name}, func() error {
		ids, keys = append(ids, id), append(keys, regionKey(name))
		return nil
	})
	return ids, keys, err
}

// LookAgain has the register searched for duplicates by a job. Errors: sign_in, forbidden.
func (s *Service) LookAgain(ctx context.Context, actor identity.Actor) error {
	if err := actor.May(identity.EditMembers); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error { return jobs.Insert(ctx, tx, DuplicatesArgs{}) })
}

// Duplicates is one page of the pairs that nobody has judged yet, behind the pair that after
// names. Errors: sign_in, forbidden.
func (s *Service) Duplicates(ctx context.Context, actor identity.Actor, lang locale.Lang, after string, limit int) (postgres.Page[Candidate], error) {
	var out postgres.Page[Candidate]
	if err := actor.May(identity.EditMembers); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `
			select sa.public_id, m.slug, ta.title, m.standing, m.population, m.source_id,
				sb.public_id, n.slug, tb.title, n.standing, n.population, n.source_id, r.name, cn.name, d.metres, sa.public_id || '.' || sb.public_id
			from duplicate_candidates d
			join municipalities m on m.id = d.a_id join municipalities n on n.id = d.b_id
			join subjects sa on sa.id = d.a_id join subjects sb on sb.id = d.b_id
			join municipality_titles ta on ta.municipality_id = d.a_id and ta.lang = $1
			join municipality_titles tb on tb.municipality_id = d.b_id and tb.lang = $1
			join regions r on r.id = m.region_id join country_names cn on cn.country_id = m.country_id and cn.lang = $1
			where d.state = 'open' and ($2 = '' or (d.a_id, d.b_id) > (
				(select id from subjects where public_id = split_part($2, '.', 1)), (select id from subjects where public_id = split_part($2, '.', 2))))
			order by d.a_id, d.b_id limit $3`, string(lang), after, limit+1)
		out.Rows, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (c Candidate, err error) {
			err = row.Scan(&c.A.PublicID, &c.A.Slug, &c.A.Title, &c.A.Standing, &c.A.Population, &c.A.SourceID,
				&c.B.PublicID, &c.B.Slug, &c.B.Title, &c.B.Standing, &c.B.Population, &c.B.SourceID, &c.Region, &c.Country, &c.Metres, &c.Cursor)
			return c, err
		})
		return err
	})
	if len(out.Rows) > limit {
		out.Rows = out.Rows[:limit]
		out.Next = out.Rows[limit-1].Cursor
	}
	return out, err
}

// Different says that two places are two, so that they are never offered again.
// Errors: sign_in, forbidden, not found.
func (s *Service) Different(ctx context.Context, actor identity.Actor, a, b string) error {
	if err := actor.May(identity.EditMembers); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		one, two, err := lockPair(ctx, tx, a, b)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			insert into duplicate_candidates (a_id, b_id, metres, state, found_at) values (least($1::bigint, $2), greatest($1::bigint, $2), 0, 'different', $3)
			on conflict (a_id, b_id) do update set state = 'different'`, one.ID, two.ID, s.now())
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: "municipality.different", Subject: one.Ref(), Payload: map[string]string{"other": two.Name}})
	})
}

// pairOne is one of two places that are about to be judged.
type pairOne struct {
	Municipality
	CountryID int64
	Merged    bool
}

// lockPair finds two different places by their public ids and holds their rows, the lower id
// first. Errors: not found (one of them, or both are one), conflict (one was merged already).
func lockPair(ctx context.Context, tx pgx.Tx, a, b string) (one, two pairOne, err error) {
	rows, _ := tx.Query(ctx, `
		select m.id, m.name, m.slug, m.standing, m.version, m.country_id, m.merged_into is not null, s.public_id
		from municipalities m join subjects s on s.id = m.id where s.public_id = any ($1) order by m.id`, []string{a, b})
	found := map[string]pairOne{}
	var p pairOne
	var public string
	_, err = pgx.ForEachRow(rows, []any{&p.ID, &p.Name, &p.Slug, &p.Standing, &p.Version, &p.CountryID, &p.Merged, &public}, func() error {
		found[public] = p
		return nil
	})
	if err != nil {
		return one, two, err
	}
	if len(found) != 2 {
		return one, two, apperr.New(apperr.NotFound, "municipalities.not_found")
	}
	if one, two = found[a], found[b]; one.Merged || two.Merged {
		return one, two, apperr.New(apperr.Conflict, "duplicates.merged_already")
	}
	return one, two, nil
}
