package services

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Locate is the subject.Locator of services: staff open them at the desk.
func (c *Catalogue) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := c.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		list, err := repository{q}.list(ctx, ` where s.id = any($1)`, ids)
		for _, s := range list {
			title := s.Title.In(locale.Lang(lang))
			if title == "" {
				title = s.Slug
			}
			out[s.ID] = subject.Place{Title: title, Path: "/" + lang + "/desk/services/" + s.Slug}
		}
		return err
	})
	return out, err
}

// LocateOffices is the subject.Locator of offices.
func (c *Catalogue) LocateOffices(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := c.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select id, code, names from offices where id = any($1)`, ids)
		var b Bureau
		_, err := pgx.ForEachRow(rows, []any{&b.ID, &b.Code, &b.Names}, func() error {
			out[b.ID] = subject.Place{Title: b.Names.In(locale.Lang(lang)), Path: "/" + lang + "/desk/services/offices/" + b.Code}
			b.Names = nil
			return nil
		})
		return err
	})
	return out, err
}
