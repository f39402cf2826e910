package publications

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// DeskIssue is an issue as staff see it.
type DeskIssue struct {
	*Issue
	Statuses []translations.Status
	Articles []DeskArticle
}

// DeskArticle is an article as staff see it.
type DeskArticle struct {
	*Article
	Statuses []translations.Status
}

// DeskPage is one of the site's own pages as staff see it.
type DeskPage struct {
	ID       int64
	PublicID string
	Code     string
	Statuses []translations.Status
}

// Title is what staff call a record: the newest title of its source.
func Title(statuses []translations.Status) string {
	if len(statuses) == 0 {
		return ""
	}
	return statuses[0].Title
}

// DeskIssues is one page of every issue, the latest first. Errors: sign_in, forbidden.
func (s *Service) DeskIssues(ctx context.Context, actor identity.Actor, after string) (postgres.Page[DeskIssue], error) {
	var out postgres.Page[DeskIssue]
	if err := actor.May(identity.EditContent); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		day, id := readCursor(after)
		list, err := repository{q}.issues(ctx, ` where (i.issued_on, i.id) < ($1, $2) order by i.issued_on desc, i.id desc limit $3`, day, id, PageSize+1)
		if err != nil {
			return err
		}
		if len(list) > PageSize {
			list = list[:PageSize]
			out.Next = list[PageSize-1].cursor()
		}
		ids := make([]int64, len(list))
		for i, issue := range list {
			ids[i] = issue.ID
		}
		statuses, err := translations.StatusOf(ctx, q, ids...)
		for _, issue := range list {
			out.Rows = append(out.Rows, DeskIssue{Issue: issue, Statuses: statuses[issue.ID]})
		}
		return err
	})
	return out, err
}

// DeskIssue reads an issue with all its articles. Errors: sign_in, forbidden, not found.
func (s *Service) DeskIssue(ctx context.Context, actor identity.Actor, publicID string) (DeskIssue, error) {
	var out DeskIssue
	if err := actor.May(identity.EditContent); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Issue, err = r.issue(ctx, ` where s.public_id = $1 and s.kind = 'issue'`, publicID); err != nil {
			return err
		}
		list, err := r.articles(ctx, ` where a.issue_id = $1 order by a.position, a.id`, out.ID)
		if err != nil {
			return err
		}
		ids := []int64{out.ID}
		for _, a := range list {
			ids = append(ids, a.ID)
		}
		statuses, err := translations.StatusOf(ctx, q, ids...)
		out.Statuses = statuses[out.ID]
		for _, a := range list {
			out.Articles = append(out.Articles, DeskArticle{Article: a, Statuses: statuses[a.ID]})
		}
		return err
	})
	return out, err
}

// DeskArticle reads an article. Errors: sign_in, forbidden, not found.
func (s *Service) DeskArticle(ctx context.Context, actor identity.Actor, publicID string) (DeskArticle, error) {
	var out DeskArticle
	if err := actor.May(identity.EditContent); err != nil {
		return out, err
	}
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		if out.Article, err = (repository{q}).article(ctx, ` where s.public_id = $1 and s.kind = 'article'`, publicID); err != nil {
			return err
		}
		statuses, err := translations.StatusOf(ctx, q, out.ID)
		out.Statuses = statuses[out.ID]
		return err
	})
	return out, err
}

// DeskPages lists the site's own pages. Errors: sign_in, forbidden.
func (s *Service) DeskPages(ctx context.Context, actor identity.Actor) ([]DeskPage, error) {
	if err := actor.May(identity.EditContent); err != nil {
		return nil, err
	}
	var out []DeskPage
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		rows, _ := q.Query(ctx, `select p.id, s.public_id, p.code from site_pages p join subjects s on s.id = p.id where p.code = any ($1) order by p.id`, Codes())
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p DeskPage, err error) {
			err = row.Scan(&p.ID, &p.PublicID, &p.Code)
			return p, err
		})
		if err != nil {
			return err
		}
		ids := make([]int64, len(list))
		for i, p := range list {
			ids[i] = p.ID
		}
		statuses, err := translations.StatusOf(ctx, q, ids...)
		for i := range list {
			list[i].Statuses = statuses[list[i].ID]
		}
		out = list
		return err
	})
	return out, err
}

// desks are where staff open a record of each kind.
var desks = map[subject.Kind]string{subject.Issue: "/desk/bulletins/", subject.Article: "/desk/articles/", subject.SitePage: "/desk/pages/"}

// Locate names records of a kind for lists that mix kinds, as staff open them.
func (s *Service) Locate(kind subject.Kind) subject.Locator {
	return func(ctx context.Context, lang string, ids []int64) (map[int64]subject.Place, error) {
		out := map[int64]subject.Place{}
		err := s.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
			rows, _ := q.Query(ctx, `
				select s.id, s.public_id, x.title from subjects s
				join translations t on t.subject_id = s.id and t.source join texts x on x.subject_id = s.id and x.lang = t.lang and x.version = t.version
				where s.id = any($1)`, ids)
			var id int64
			var publicID, title string
			_, err := pgx.ForEachRow(rows, []any{&id, &publicID, &title}, func() error {
				out[id] = subject.Place{Title: title, Path: "/" + lang + desks[kind] + publicID}
				return nil
			})
			return err
		})
		return out, err
	}
}
