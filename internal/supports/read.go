package supports

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// PageSize is how many supports one page of the register shows.
const PageSize = 50

// Listing is one page of the register, the newest first, with the sums of all that the
// filter leaves.
type Listing struct {
	Rows []Support
	Sums []Sum
	Next string // cursor; empty: there are no older ones
}

// List is one page of the register; a member reads the own ones.
// Errors: sign_in, forbidden.
func (s *Service) List(ctx context.Context, actor identity.Actor, f Filter) (out Listing, err error) {
	may, org := reads(actor)
	if err := actor.May(may); err != nil {
		return out, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		where, args := f.where(s.Today())
		if args["own"] = org; org != 0 {
			where += ` and x.org_id = @own`
		}
		if out.Sums, err = r.sums(ctx, where, args); err != nil {
			return err
		}
		args["limit"] = PageSize + 1
		out.Rows, err = r.many(ctx, where+f.after(args)+` order by x.granted_on desc, x.id desc limit @limit`, args)
		return err
	})
	if len(out.Rows) > PageSize {
		out.Rows = out.Rows[:PageSize]
		out.Next = out.Rows[PageSize-1].cursor()
	}
	return out, err
}

// Each hands on all that a filter leaves, page by page, for a file. Errors: sign_in, forbidden.
func (s *Service) Each(ctx context.Context, actor identity.Actor, f Filter, fn func(Support) error) error {
	if err := actor.May(identity.ExportRecords); err != nil {
		return err
	}
	for f.After = ""; ; {
		list, err := s.List(ctx, actor, f)
		if err != nil {
			return err
		}
		for _, x := range list.Rows {
			if err := fn(x); err != nil {
				return err
			}
		}
		if f.After = list.Next; f.After == "" {
			return nil
		}
	}
}

// File reads a support with its parts; a member reads the own ones, and not the union's note.
// Errors: sign_in, forbidden, not found.
func (s *Service) File(ctx context.Context, actor identity.Actor, publicID string) (f File, err error) {
	may, org := reads(actor)
	if err := actor.May(may); err != nil {
		return f, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		if f.Support, err = r.open(ctx, org, publicID, ""); err != nil {
			return err
		}
		if f.Instalments, err = r.instalments(ctx, f.ID); err != nil {
			return err
		}
		if f.Reports, err = r.reports(ctx, f.ID); err != nil {
			return err
		}
		return q.QueryRow(ctx, `
			select coalesce((x.amount - coalesce((select sum(i.amount) from support_instalments i where i.support_id = x.id), 0))::text, '')
			from supports x where x.id = $1`, f.ID).Scan(&f.Left)
	})
	if actor.Side == identity.Member {
		f.Note = ""
	}
	return f, err
}

// OfRequest lists what was granted on a request, for whoever may read it. The caller has
// asked for the request. Errors: sign_in, forbidden.
func (s *Service) OfRequest(ctx context.Context, actor identity.Actor, request int64) (list []Support, err error) {
	may, org := reads(actor)
	if !actor.Can(may) {
		return nil, nil
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.many(ctx, ` where x.request_id = $1 and ($2 = 0 or x.org_id = $2) order by x.granted_on, x.id`, request, org)
		return err
	})
	return list, err
}

// Origin reads the request that a support is to be granted on, for the form.
// Errors: sign_in, forbidden, not found.
func (s *Service) Origin(ctx context.Context, actor identity.Actor, request string) (from Origin, err error) {
	if err := actor.May(identity.EditSupports); err != nil {
		return from, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		from, err = s.requests.Origin(ctx, q, actor, request)
		return err
	})
	return from, err
}

// Locate names supports for lists that mix kinds, as staff open them.
func (s *Service) Locate(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
	out := map[int64]subject.Place{}
	err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		list, err := repository{q}.many(ctx, ` where x.id = any($1)`, ids)
		for _, x := range list {
			out[x.ID] = subject.Place{Title: x.Title, Path: "/" + lang + "/desk/supports/" + x.PublicID}
		}
		return err
	})
	return out, err
}

// Reindex puts every support into the search, after they were filled in by rows.
func Reindex(ctx context.Context, tx pgx.Tx) error {
	list, err := repository{tx}.many(ctx, ` order by x.id`)
	for _, x := range list {
		if err == nil {
			err = search.Put(ctx, tx, x.Ref(), found(x))
		}
	}
	return err
}
