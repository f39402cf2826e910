package membership

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// CountryFigure is what a country's members are together.
type CountryFigure struct {
	Code       string
	Name       string
	Members    int
	Population int64 // of those whose population is known
}

// YearFigure is how many joined in a year, and how many left.
type YearFigure struct{ Year, Joined, Left int }

// KindFigure is how many members of a kind there are.
type KindFigure struct {
	Kind    Kind
	Members int
}

// Figures are the union in numbers, from the register as it is.
type Figures struct {
	Members    int // municipalities that are members today, suspended ones too
	Others     int // associations, organizations, partners
	Countries  []CountryFigure
	Kinds      []KindFigure
	Population int64
	Counted    int // members whose population is known
	Years      []YearFigure
	Undated    int // members whose day of joining is not known
}

// Figures computes the union in numbers; they are everybody's to know.
func (s *Service) Figures(ctx context.Context, lang locale.Lang) (Figures, error) {
	var f Figures
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select c.code, n.name, count(*), coalesce(sum(m.population), 0)::bigint from memberships ms
			join municipalities m on m.id = ms.org_id join countries c on c.id = m.country_id
			join country_names n on n.country_id = c.id and n.lang = $1
			where ms.standing in ('active', 'suspended')
			group by c.code, n.name order by count(*) desc, n.name collate "`+locale.Collation(lang)+`"`, string(lang))
		var err error
		if f.Countries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[CountryFigure]); err != nil {
			return err
		}
		err = q.QueryRow(ctx, `
			select count(*) filter (where m.id is not null), count(*) filter (where m.id is null), coalesce(sum(m.population), 0)::bigint,
				count(m.population), count(*) filter (where ms.joined_on = '-infinity')
			from memberships ms left join municipalities m on m.id = ms.org_id where ms.standing in ('active', 'suspended')`).
			Scan(&f.Members, &f.Others, &f.Population, &f.Counted, &f.Undated)
		if err != nil {
			return err
		}
		rows, _ = q.Query(ctx, `select kind, count(*) from memberships where standing in ('active', 'suspended') group by kind order by count(*) desc, kind`)
		if f.Kinds, err = pgx.CollectRows(rows, pgx.RowToStructByPos[KindFigure]); err != nil {
			return err
		}
		rows, _ = q.Query(ctx, `
			select extract(year from effective_on)::int as year, count(*) filter (where fact in ('admitted', 'readmitted')),
				count(*) filter (where fact in ('resigned', 'expelled'))
			from membership_facts where effective_on > '-infinity' and effective_on <= $1 and fact in ('admitted', 'readmitted', 'resigned', 'expelled')
			group by year order by year`, s.Today())
		f.Years, err = pgx.CollectRows(rows, pgx.RowToStructByPos[YearFigure])
		return err
	})
	return f, err
}
