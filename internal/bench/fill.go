package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/fold"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// batch is how many records go into one transaction.
const batch = 10_000

// fill brings the database to the wanted number of records of each kind, once. Names are
// drawn from the same small box each time, so that every run measures the same data.
func fill(ctx context.Context, url string, o Options) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	f := &filler{conn: conn, records: o.Records, cases: o.Cases, say: o.Say, random: rand.New(rand.NewPCG(7, 11))}
	for _, s := range areas(f) {
		if err := s.fill(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		if err := f.analyze(ctx); err != nil { // the next step looks rows up in this one's tables
			return fmt.Errorf("statistics: %w", err)
		}
	}
	return nil
}

type step struct {
	what string
	fill func(ctx context.Context) error
}

// areas lists what is filled, in the order that one refers to the other.
func areas(f *filler) []step {
	return []step{{"municipalities", f.municipalities}, {"events", f.events}, {"requests", f.requests}}
}

type filler struct {
	conn    *pgx.Conn
	records int
	cases   int // requests
	say     func(string)
	random  *rand.Rand
}

// analyze gives the planner what autovacuum would find out by and by.
func (f *filler) analyze(ctx context.Context) error {
	_, err := f.conn.Exec(ctx, `vacuum analyze`)
	return err
}

// count asks how many rows a table holds already.
func (f *filler) count(ctx context.Context, table string) (n int, err error) {
	err = f.conn.QueryRow(ctx, "select count(*) from "+pgx.Identifier{table}.Sanitize()).Scan(&n)
	return n, err
}

// inTx stores one batch. The statistics follow at once: the checks of foreign keys are
// planned by them, and a plan for few rows of one owner reads all of them when they are many.
func (f *filler) inTx(ctx context.Context, fn func(tx pgx.Tx) error) error {
	if err := pgx.BeginFunc(ctx, f.conn, fn); err != nil {
		return err
	}
	_, err := f.conn.Exec(ctx, `analyze subjects, moves, translations`)
	return err
}

// box holds the parts that names of places are put together from.
var box = struct{ first, second, third []string }{
	strings.Fields("Ak Kara Gök Yeni Eski Ulu Kızıl Sarı Boz Altın Demir Taş Kum Orta Yukarı Aşağı Büyük Küçük Bay Ala Kök Çay Tuz Dağ"),
	strings.Fields("köy kent hisar pınar tepe su bulak dere kaya saray kale ören yurt orda tau dağ göl özen ova bağ çeşme yol kıyı kapı"),
	strings.Fields(". . . . lı lar cık ova başı dibi önü yanı ağzı üstü altı içi beli boyu"),
}

// name draws a name of a place: "Karapınar", "Akköylü".
func (f *filler) name() string {
	part := func(from []string) string { return from[f.random.IntN(len(from))] }
	return part(box.first) + part(box.second) + strings.Trim(part(box.third), ".")
}

var countries = []struct {
	code, zone string
	lat, lon   float64
}{
	{"TR", "Europe/Istanbul", 39, 35}, {"AZ", "Asia/Baku", 40.3, 47.7}, {"KZ", "Asia/Almaty", 48, 67},
	{"KG", "Asia/Bishkek", 41.4, 74.6}, {"UZ", "Asia/Tashkent", 41.3, 64.5}, {"TM", "Asia/Ashgabat", 39, 59.5},
}

func (f *filler) municipalities(ctx context.Context) error {
	have, err := f.count(ctx, "municipalities")
	if err != nil {
		return err
	}
	for number := have; number < f.records; number += batch {
		f.say(fmt.Sprintf("municipalities: %d of %d", number, f.records))
		var list []municipalities.Record
		for i := number; i < min(number+batch, f.records); i++ {
			list = append(list, f.municipality(i))
		}
		err := f.inTx(ctx, func(tx pgx.Tx) error {
			_, err := municipalities.Load(ctx, tx, list)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) municipality(i int) municipalities.Record {
	country, name := countries[f.random.IntN(len(countries))], f.name()
	return municipalities.Record{
		SourceID: fmt.Sprint("bench:", i), Name: name, Standing: municipalities.Active,
		Country: country.code, Region: fmt.Sprintf("%s %d", country.code, f.random.IntN(40)),
		Lat: country.lat + f.random.Float64()*4 - 2, Lon: country.lon + f.random.Float64()*8 - 4,
		Population: 500 + f.random.Int64N(400_000), PopulationYear: 2024, Zone: country.zone,
		FiguresAt: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC),
		Names:     []municipalities.Name{{Name: name + " şehri", Lang: "tr", Script: "Latn", Kind: municipalities.Alternate}},
	}
}

// fillEvents adds $1 events from number $2 on, published in Turkish, one every three hours
// around today.
const fillEvents = `
	with n as (
		select i, nextval(pg_get_serial_sequence('subjects', 'id')) as id from generate_series($2::int, $2::int + $1::int - 1) i
	), s as (
		insert into subjects (id, kind, org_id, public_id) overriding system value
		select id, 'event', union_id(), left(translate(md5('event' || i), '0189', 'ghij'), 26) from n
	), m as (
		insert into moves (subject_id, seq, to_state, move, org_id) select id, 1, 'published', 'publish', union_id() from n
	), e as (
		insert into events (id, org_id, kind_id, state, seq, published_at, mode, country_id, city_id, zone, starts_local, ends_local)
		select n.id, union_id(), 1 + i % 9, 'published', 1, now(), 'in_person', c.country_id, c.id, 'Europe/Istanbul',
			date_trunc('day', localtimestamp) + interval '1 hour' * (3 * (i - $3::int / 2) % 20000 + 9),
			date_trunc('day', localtimestamp) + interval '1 hour' * (3 * (i - $3::int / 2) % 20000 + 17)
		from n join lateral (
			select m.id, m.country_id from municipalities m where m.id >= (i * 7919) % 1000 order by m.id limit 1
		) c on true
	), t as (
		insert into translations (subject_id, org_id, kind, lang, source, slug, version, source_version, meaning_version, live_version, live_at)
		select id, union_id(), 'event', 'tr', true, 'bench-etkinlik-' || i, 1, 1, 1, 1, now() from n
	), x as (
		insert into texts (subject_id, lang, version, title, summary, body)
		select id, 'tr', 1, ($4::text[])[1 + i % array_length($4, 1)] || ' ' || i, 'Belediyeler buluşuyor.', 'Program ve başvuru bilgisi.' from n
	)
	select id, i from n order by i`

var topics = []string{"Kent ve su", "Kültür mirası", "Akıllı şehirler", "Genç belediyeciler", "Afet hazırlığı", "Yeşil ulaşım", "Kardeş şehirler", "Yerel kalkınma"}

func (f *filler) events(ctx context.Context) error {
	have, err := f.count(ctx, "events")
	if err != nil {
		return err
	}
	for number := have; number < f.records; number += batch {
		f.say(fmt.Sprintf("events: %d of %d", number, f.records))
		count := min(batch, f.records-number)
		if err := f.inTx(ctx, func(tx pgx.Tx) error { return f.addEvents(ctx, tx, number, count) }); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) addEvents(ctx context.Context, tx pgx.Tx, from, count int) error {
	var union int64
	if err := tx.QueryRow(ctx, `select union_id()`).Scan(&union); err != nil {
		return err
	}
	var entries []search.Entry
	var id int64
	var i int
	rows, _ := tx.Query(ctx, fillEvents, count, from, f.records, topics)
	_, err := pgx.ForEachRow(rows, []any{&id, &i}, func() error {
		title := fmt.Sprintf("%s %d", topics[i%len(topics)], i)
		entry := search.Entry{Ref: subject.Ref{Kind: subject.Event, ID: id}}
		for _, lang := range locale.Langs() {
			entry.Documents = append(entry.Documents, search.Document{Lang: lang, Scope: search.Public, OrgID: union, Title: title,
				Body: "Belediyeler buluşuyor.", Path: fmt.Sprintf("/%s/events/bench-etkinlik-%d", lang, i)})
		}
		entries = append(entries, entry)
		return nil
	})
	if err != nil {
		return err
	}
	return search.Load(ctx, tx, entries)
}

// typo swaps two letters in the middle, as fast fingers do.
func typo(name string) string {
	letters := []rune(fold.Key(name))
	if len(letters) < 4 {
		return string(letters)
	}
	middle := len(letters) / 2
	letters[middle], letters[middle-1] = letters[middle-1], letters[middle]
	return string(letters)
}
