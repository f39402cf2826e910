package demo

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Invented names, women's and men's, that the heads and delegates of the demonstration are
// put together from. Families have both forms.
var (
	women = []string{"Ayşe", "Zeynep", "Leyla", "Aygül", "Gülnara", "Dilara", "Nigora", "Selma", "Jasmina", "Elena", "Madina", "Aylin", "Sevda", "Nesrin", "Kamila", "Ajar"}
	men   = []string{"Murat", "Emre", "Elçin", "Timur", "Bakhtiyar", "Ruslan", "Yusuf", "Mirza", "Dragan", "Azamat", "Nursultan", "Kerim", "Serdar", "Anvar", "Ilyas", "Doğan"}
	// by country; every other country takes the first list
	families = map[string][][2]string{
		"":   {{"Aliyeva", "Aliyev"}, {"Karimova", "Karimov"}, {"Akhmetova", "Akhmetov"}, {"Suleymanova", "Suleymanov"}, {"Ismailova", "Ismailov"}, {"Bekova", "Bekov"}, {"Sadykova", "Sadykov"}, {"Yusupova", "Yusupov"}, {"Mamedova", "Mamedov"}, {"Nazarova", "Nazarov"}},
		"TR": {{"Yıldız", "Yıldız"}, {"Aksoy", "Aksoy"}, {"Çelik", "Çelik"}, {"Güneş", "Güneş"}, {"Şahin", "Şahin"}, {"Öztürk", "Öztürk"}, {"Kılıç", "Kılıç"}, {"Erdem", "Erdem"}, {"İnce", "İnce"}, {"Taşkın", "Taşkın"}},
	}
)

// nameDelegates gives the demonstration's members their heads and delegates; some name
// nobody, some too many, and some terms are over, so that a list of credentials shows all.
func nameDelegates(ctx context.Context, db postgres.DB) error {
	return db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		var d named
		rows, _ := tx.Query(ctx, `
			select m.id, c.code, coalesce(m.band, 0) from municipalities m join countries c on c.id = m.country_id
			join memberships s on s.org_id = m.id where s.standing = 'active' order by m.id`)
		var id int64
		var country string
		var band, n int
		_, err := pgx.ForEachRow(rows, []any{&id, &country, &band}, func() error {
			d.member(id, n, country, max(band, 1))
			n++
			return nil
		})
		if err != nil {
			return err
		}
		return d.store(ctx, tx)
	})
}

// named are the columns of the rows to store.
type named struct {
	heads, orgs                  []int64
	headNames, names, ids, ranks []string
	headEnds                     []*string
	positions                    []int
	people                       int
}

// member names the people of the n-th member, which has seats seats.
func (d *named) member(id int64, n int, country string, seats int) {
	if n%23 != 7 {
		d.heads, d.headNames = append(d.heads, id), append(d.headNames, d.person(country))
		var ends *string
		if over := "2026-03-31"; n%31 == 5 {
			ends = &over
		}
		d.headEnds = append(d.headEnds, ends)
	}
	delegates := seats - 1
	switch {
	case n%29 == 3:
		delegates++ // more than it has seats
	case n%17 == 4:
		delegates = max(0, delegates-1)
	}
	for i := range delegates {
		d.add(id, country, "delegate", i+1)
	}
	if n%3 == 0 {
		d.add(id, country, "alternate", 1)
	}
}

func (d *named) add(id int64, country, rank string, position int) {
	d.orgs, d.ids, d.names = append(d.orgs, id), append(d.ids, subject.NewPublicID()), append(d.names, d.person(country))
	d.ranks, d.positions = append(d.ranks, rank), append(d.positions, position)
}

// person puts the next name together.
func (d *named) person(country string) string {
	list := families[country]
	if list == nil {
		list = families[""]
	}
	d.people++
	i := d.people * 7
	family := list[(i/3)%len(list)]
	if d.people%2 == 0 {
		return women[(i/2)%len(women)] + " " + family[0]
	}
	return men[(i/2)%len(men)] + " " + family[1]
}

func (d *named) store(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		insert into heads (org_id, name, starts_on, ends_on)
		select x.org, x.name, '2024-04-01', coalesce(x.ends::date, '2029-03-31') from unnest($1::bigint[], $2::text[], $3::text[]) x (org, name, ends)
		where not exists (select from heads h where h.org_id = x.org and h.left_on is null)`, d.heads, d.headNames, d.headEnds)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into delegates (public_id, org_id, name, rank, position, resolution, starts_on)
		select x.id, x.org, x.name, x.rank, x.position, '2024/18', '2024-05-02'
		from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::int[]) x (id, org, name, rank, position)
		where not exists (select from delegates d where d.org_id = x.org)`, d.ids, d.orgs, d.names, d.ranks, d.positions)
	return err
}
