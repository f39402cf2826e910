package accounts

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Locate names users and their pages at the desk; it is their subject.Locator.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := make(map[int64]subject.Place, len(ids))
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `
			select u.id, u.name, s.public_id from users u join subjects s on s.id = u.id where u.id = any($1)`, ids)
		var id int64
		var name, publicID string
		_, err := pgx.ForEachRow(rows, []any{&id, &name, &publicID}, func() error {
			out[id] = subject.Place{Title: name, Path: "/" + lang + "/desk/users/" + publicID}
			return nil
		})
		return err
	})
	return out, err
}
