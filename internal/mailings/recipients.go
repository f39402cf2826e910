package mailings

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// Line is a recipient in the table of a mailing.
type Line struct {
	Recipient
	OrgPublic string
	OrgName   string
	Reason    string
	Tries     int
	NextAt    time.Time
	SentAt    *time.Time
}

// Counts are how many deliveries stand in each state.
func (s *Service) Counts(ctx context.Context, actor identity.Actor, mailingID int64) (map[Delivery]int, error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, err
	}
	out := map[Delivery]int{}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select state, count(*) from mailing_recipients where mailing_id = $1 group by state`, mailingID)
		var state Delivery
		var n int
		_, err := pgx.ForEachRow(rows, []any{&state, &n}, func() error {
			out[state] = n
			return nil
		})
		return err
	})
	return out, err
}

const lineColumns = `
	select r.public_id, r.org_id, coalesce(r.user_id, 0), r.email, r.name, r.city, r.wanted, r.lang, r.state, s.public_id, o.name, r.reason, r.tries, r.next_at, r.sent_at
	from mailing_recipients r join organisations o on o.id = r.org_id join subjects s on s.id = o.id `

func scanLine(row pgx.CollectableRow) (x Line, err error) {
	err = row.Scan(&x.PublicID, &x.OrgID, &x.UserID, &x.Email, &x.Name, &x.City, &x.Wanted, &x.Lang, &x.State, &x.OrgPublic, &x.OrgName, &x.Reason, &x.Tries, &x.NextAt, &x.SentAt)
	return x, err
}

// Lines lists a mailing's recipients, of one state where it is not empty, after the one of a
// public identifier. Errors: sign_in, forbidden, not found.
func (s *Service) Lines(ctx context.Context, actor identity.Actor, mailingID int64, state Delivery, after string) (list []Line, next string, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return nil, "", err
	}
	if state != "" && !slices.Contains(Deliveries(), state) {
		return nil, "", apperr.New(apperr.NotFound, "error.not_found")
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err = repository{q}.lines(ctx, mailingID, state, after, PageSize+1)
		return err
	})
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].PublicID
	}
	return list, next, err
}

func (r repository) lines(ctx context.Context, mailingID int64, state Delivery, after string, limit int) ([]Line, error) {
	var id int64
	if after != "" {
		err := r.db.QueryRow(ctx, `select id from mailing_recipients where mailing_id = $1 and public_id = $2`, mailingID, after).Scan(&id)
		if err != nil {
			return nil, postgres.Explain(err, "mailings.not_found")
		}
	}
	where := `where r.mailing_id = $1 and $2 = '' and r.id > $3 order by r.id limit $4`
	if state != "" {
		where = `where r.mailing_id = $1 and r.state = $2 and r.id > $3 order by r.id limit $4`
	}
	rows, _ := r.db.Query(ctx, lineColumns+where, mailingID, state, id, limit)
	return pgx.CollectRows(rows, scanLine)
}

// EachLine hands every recipient of a mailing to each, for a file: addresses leave with who
// may write to them.
// Errors: sign_in, forbidden, and each's.
func (s *Service) EachLine(ctx context.Context, actor identity.Actor, mailingID int64, state Delivery, each func(Line) error) error {
	if err := actor.May(identity.ExportRecords); err != nil {
		return err
	}
	if err := actor.May(identity.WriteMembers); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		for after := ""; ; {
			list, err := repository{q}.lines(ctx, mailingID, state, after, 500)
			if err != nil {
				return err
			}
			for _, line := range list {
				if err := each(line); err != nil {
					return err
				}
			}
			if len(list) < 500 {
				return nil
			}
			after = list[len(list)-1].PublicID
		}
	})
}

// Sample is a recipient of a draft in a language, as real as they come, and the text that
// they would get. Errors: sign_in, forbidden, not found (nothing is written in it).
func (s *Service) Sample(ctx context.Context, actor identity.Actor, publicID, lang string) (p Post, err error) {
	if err := actor.May(identity.ReadMembers); err != nil {
		return p, err
	}
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		m, err := r.open(ctx, publicID)
		if err != nil {
			return err
		}
		texts, err := r.written(ctx, m.ID)
		if err != nil {
			return err
		}
		text := pick(texts, lang)
		if text.Lang == "" {
			return apperr.New(apperr.NotFound, "mailings.not_written")
		}
		p = Post{Kind: m.Kind, Title: text.Title, Body: text.Body, To: Recipient{Lang: lang}}
		all, err := s.gather(ctx, q, actor, m, langsOf(texts))
		if err != nil {
			return err
		}
		for _, x := range all.list {
			if x.Lang == lang && x.State == Waiting {
				p.To = x
				return nil
			}
		}
		return nil
	})
	return p, err
}

// Samples are what a test letter to oneself is made of: one of each written language.
// Errors: sign_in, forbidden, not found, conflict (nothing is written).
func (s *Service) Samples(ctx context.Context, actor identity.Actor, publicID string) (out []Post, err error) {
	if err := actor.May(identity.WriteMembers); err != nil {
		return nil, err
	}
	a, err := s.Audience(ctx, actor, publicID)
	if err != nil {
		return nil, err
	}
	if len(a.Written) == 0 {
		return nil, apperr.New(apperr.Conflict, "mailings.nothing_written")
	}
	for _, w := range a.Written {
		p, err := s.Sample(ctx, actor, publicID, w.Lang)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}
