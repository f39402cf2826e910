package municipalities

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Clause is one clause of the statute in the reader's language.
type Clause struct {
	Number int // as the statute counts
	Text   string
}

// Activity is a field of activity as the public reads it.
type Activity struct {
	Code     string
	Title    string
	Summary  string
	Clauses  []Clause
	Interest bool // municipalities name it as theirs
	Members  int  // active members that did
}

// Activities lists the fields that are shown, in their order, with their clauses.
func (s *Service) Activities(ctx context.Context, actor identity.Actor, lang locale.Lang) ([]Activity, error) {
	var out []Activity
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		rows, _ := q.Query(ctx, `
			select f.code, x.title, x.summary,
				coalesce((select jsonb_agg(jsonb_build_object('Number', c.number, 'Text', t.text) order by c.number)
					from clauses c join clause_texts t on t.clause_id = c.id and t.lang = $1
					where c.field_id = f.id and c.listed), '[]'),
				f.of_interest,
				(select count(*) from municipality_fields mf join municipalities m on m.id = mf.municipality_id
					where mf.field_id = f.id and m.standing = 'active')
			from fields f join field_texts x on x.field_id = f.id and x.lang = $1
			where f.listed order by f.position, f.id`, string(lang))
		out, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Activity])
		return err
	})
	return out, err
}

// Activity finds one by its code. Errors: not found (switched off too).
func (s *Service) Activity(ctx context.Context, actor identity.Actor, lang locale.Lang, code string) (Activity, error) {
	all, err := s.Activities(ctx, actor, lang)
	if err != nil {
		return Activity{}, err
	}
	for _, a := range all {
		if a.Code == code {
			return a, nil
		}
	}
	return Activity{}, apperr.New(apperr.NotFound, "settings.field_not_found")
}
