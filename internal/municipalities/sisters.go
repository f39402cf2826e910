package municipalities

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Sister is a municipality that another one is tied to as its sister city.
type Sister struct {
	Slug, Title string
	Country     string
	Since       *int // the year; nil where it is not known
	Note        string
}

// Sisters lists the sister cities of a municipality as the language orders names.
func (s *Service) Sisters(ctx context.Context, actor identity.Actor, lang locale.Lang, municipality int64) ([]Sister, error) {
	var out []Sister
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `
			select m.slug, t.title, n.name, x.since, x.note
			from (
				select b_id as id, since, note from sister_cities where a_id = $1
				union all
				select a_id, since, note from sister_cities where b_id = $1
			) x
			join municipalities m on m.id = x.id
			join municipality_titles t on t.municipality_id = m.id and t.lang = $2
			join country_names n on n.country_id = m.country_id and n.lang = $2
			where m.standing not in ('resigned', 'expelled')
			order by t.title collate "`+locale.Collation(lang)+`", m.id limit 200`, municipality, string(lang))
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Sister])
		return err
	})
	return out, err
}

// SisterRecord is a tie as a seed or an import brings it.
type SisterRecord struct {
	A, B  string // source ids
	Since int    // 0: not known
	Note  string
}

// LoadSisters adds the ties that the register does not hold yet, between municipalities that
// it holds. Only the database's owner may call it.
func LoadSisters(ctx context.Context, tx pgx.Tx, records []SisterRecord) error {
	batch := &pgx.Batch{}
	for _, r := range records {
		batch.Queue(`
			insert into sister_cities (a_id, b_id, since, note)
			select least(a.id, b.id), greatest(a.id, b.id), nullif($3, 0), $4 from municipalities a, municipalities b
			where a.source_id = $1 and b.source_id = $2
			on conflict do nothing`, r.A, r.B, r.Since, r.Note)
	}
	return tx.SendBatch(ctx, batch).Close()
}
