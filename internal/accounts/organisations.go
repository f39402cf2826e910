package accounts

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// Organisation is one that mandates can be given for.
type Organisation struct {
	PublicID string
	Name     string
}

// Organisations finds active organisations by a name in any spelling, the best first.
// Errors: sign_in, forbidden.
func (s *Service) Organisations(ctx context.Context, actor identity.Actor, text string, lang locale.Lang) ([]Organisation, error) {
	if err := mayRead(actor); err != nil {
		return nil, err
	}
	var out []Organisation
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		hits, err := search.Find(ctx, q, actor, search.Query{
			Text: text, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: 12})
		if err != nil {
			return err
		}
		ids := make([]int64, 0, len(hits))
		for _, hit := range hits {
			ids = append(ids, hit.Ref.ID)
		}
		rows, _ := q.Query(ctx, `
			select s.public_id, o.name
			from organisations o join subjects s on s.id = o.id
			where o.active and o.kind <> 'union' and (o.id = any($1) or $2 <> '' and o.name ilike '%' || $2 || '%')
			order by array_position($1::bigint[], o.id) nulls last, o.name collate "tr-x-icu", o.id
			limit 12`, ids, likeText(text))
		out, err = pgx.CollectRows(rows, pgx.RowToStructByName[Organisation])
		return err
	})
	return out, postgres.Explain(err, "error.not_found")
}
