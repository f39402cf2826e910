package requests

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Neighbours finds what stands before and after a request in the list of a filter; empty at
// the ends, and where the request is not in that list.
func (s *Service) Neighbours(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, publicID string) (prev, next string, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		w, err := s.where(ctx, r, actor, lang, f.normal())
		if err != nil || w.none {
			return err
		}
		prev, next, err = r.neighbours(ctx, w, publicID)
		return err
	})
	return prev, next, err
}

func (r repository) neighbours(ctx context.Context, w *where, publicID string) (prev, next string, err error) {
	args := append(slices.Clone(w.args), publicID)
	for _, to := range []struct {
		backwards bool
		id        *string
	}{{true, &prev}, {false, &next}} {
		column, direction, beyond := w.order(to.backwards)
		sql := fmt.Sprintf(`
			select s.public_id from requests r join subjects s on s.id = r.id %[1]s
				and (r.%[2]s, r.id) %[3]s (select h.%[2]s, h.id from requests h join subjects hs on hs.id = h.id where hs.public_id = $%[4]d)
			order by r.%[2]s %[5]s, r.id %[5]s limit 1`, w.sql.String(), column, beyond, len(args), direction)
		err := r.db.QueryRow(ctx, sql, args...).Scan(to.id)
		if err != nil && err != pgx.ErrNoRows {
			return "", "", err
		}
	}
	return prev, next, nil
}

// maxExport bounds one file.
const maxExport = 50_000

// Each gives every row that the filter leaves, in the list's order, to fn: what an export holds.
// Errors: sign_in, forbidden, what fn returns.
func (s *Service) Each(ctx context.Context, actor identity.Actor, lang locale.Lang, f Filter, fn func(Row) error) error {
	if err := actor.May(identity.ExportRecords); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		w, err := s.where(ctx, r, actor, lang, f.normal())
		if err != nil || w.none {
			return err
		}
		column, direction, _ := w.order(false)
		rows, err := r.rows(ctx, fmt.Sprintf(`with keys as (select r.id, r.%s as sort from requests r %s order by r.%[1]s %[3]s, r.id %[3]s limit %d)`+
			selectRows+` order by k.sort %[3]s, k.id %[3]s`, column, w.sql.String(), direction, maxExport, string(w.lang)), w.args)
		if err != nil {
			return err
		}
		if err := rowFlows(ctx, q, rows); err != nil {
			return err
		}
		for _, row := range rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		return nil
	})
}

// Holdings lists the open requests of an officer, the nearest date first: at most as many as
// one act may change. Errors: sign_in, forbidden.
func (s *Service) Holdings(ctx context.Context, actor identity.Actor, lang locale.Lang, officer string) (out []Row, err error) {
	if err := actor.May(identity.HandleRequests); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		w, err := s.where(ctx, r, actor, lang, Filter{Assignee: officer}.normal())
		if err != nil {
			return err
		}
		out, err = r.rows(ctx, fmt.Sprintf(`with keys as (select r.id, r.due_at as sort from requests r %s order by r.due_at, r.id limit %d)`+
			selectRows+` order by k.sort, k.id`, w.sql.String(), MaxBulk, string(w.lang)), w.args)
		return err
	})
	return out, err
}
