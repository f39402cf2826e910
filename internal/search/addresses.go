package search

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
)

// Address is a public record's page in each language that it is shown in.
type Address struct {
	ID    int64
	Paths []string // with the language
}

// Addresses lists the pages of public records after a record, for what tells machines of them.
func Addresses(ctx context.Context, q postgres.Querier, after int64, limit int) ([]Address, error) {
	rows, _ := q.Query(ctx, `
		select subject_id, array_agg(path order by lang) from search_documents
		where scope = 'public' and subject_id > $1 group by subject_id order by subject_id limit $2`, after, limit)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Address])
}

// Marks lists the records after each of which a page of Addresses with that limit begins;
// the first page begins after 0.
func Marks(ctx context.Context, q postgres.Querier, limit int) ([]int64, error) {
	rows, _ := q.Query(ctx, `
		select id from (
			select subject_id as id, row_number() over (order by subject_id) as n
			from search_documents where scope = 'public' and lang = 'tr'
		) x where n % $1 = 0 order by id`, limit)
	marks, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	return append([]int64{0}, marks...), err
}
