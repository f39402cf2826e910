package publications

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// PageSize is how many issues a page of the list has.
const PageSize = 12

// Issues is one page of the published issues, the latest first, after the cursor.
func (s *Service) Issues(ctx context.Context, actor identity.Actor, lang locale.Lang, after string) (postgres.Page[IssueLine], error) {
	var out postgres.Page[IssueLine]
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		day, id := readCursor(after)
		list, err := repository{q}.issues(ctx, `
			where i.published_at < 'infinity' and (i.issued_on, i.id) < ($1, $2) order by i.issued_on desc, i.id desc limit $3`, day, id, PageSize+1)
		if err != nil {
			return err
		}
		if len(list) > PageSize {
			list = list[:PageSize]
			out.Next = list[PageSize-1].cursor()
		}
		out.Rows, err = issueLines(ctx, q, lang, list)
		return err
	})
	return out, err
}

// cursor is where an issue stands in the list.
func (i Issue) cursor() string {
	return i.IssuedOn.Format(time.DateOnly) + "." + strconv.FormatInt(i.ID, 36)
}

// readCursor is the place that a cursor names; before everything where it names none.
func readCursor(s string) (time.Time, int64) {
	before, after, _ := strings.Cut(s, ".")
	day, err := time.Parse(time.DateOnly, before)
	id, err2 := strconv.ParseInt(after, 36, 64)
	if err != nil || err2 != nil {
		return time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC), 0
	}
	return day, id
}

func issueLines(ctx context.Context, q postgres.Querier, lang locale.Lang, list []*Issue) ([]IssueLine, error) {
	ids := make([]int64, len(list))
	for i, issue := range list {
		ids[i] = issue.ID
	}
	texts, err := translations.LiveOf(ctx, q, string(lang), ids...)
	out := make([]IssueLine, 0, len(list))
	for _, issue := range list {
		if text, ok := texts[issue.ID]; ok {
			out = append(out, IssueLine{Issue: issue, Text: text})
		}
	}
	return out, err
}

func articleLines(ctx context.Context, q postgres.Querier, lang locale.Lang, list []*Article) ([]ArticleLine, error) {
	ids := make([]int64, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	texts, err := translations.LiveOf(ctx, q, string(lang), ids...)
	out := make([]ArticleLine, 0, len(list))
	for _, a := range list {
		if text, ok := texts[a.ID]; ok {
			out = append(out, ArticleLine{Article: a, Text: text})
		}
	}
	return out, err
}

// IssuePage is one published issue with its articles.
type IssuePage struct {
	*Issue
	Text     translations.Page
	Articles []ArticleLine
}

// Issue reads a published issue by its number. Errors: not found.
func (s *Service) Issue(ctx context.Context, actor identity.Actor, lang locale.Lang, number int) (IssuePage, error) {
	var out IssuePage
	err := s.db.Read(ctx, actor, func(q postgres.Querier) (err error) {
		r := repository{q}
		if out.Issue, err = r.issue(ctx, ` where i.number = $1 and i.published_at < 'infinity'`, number); err != nil {
			return err
		}
		if out.Text, err = translations.Read(ctx, q, out.ID, string(lang)); err != nil {
			return err
		}
		list, err := r.articles(ctx, ` where a.issue_id = $1 and a.published_at < 'infinity' order by a.position, a.id`, out.ID)
		if err != nil {
			return err
		}
		out.Articles, err = articleLines(ctx, q, lang, list)
		return err
	})
	return out, err
}

// ArticlePage is one published article with its neighbours in the issue.
type ArticlePage struct {
	*Article
	Text       translations.Page
	Prev, Next *ArticleLine
}

// Article reads a published article at its address. Errors: not found.
func (s *Service) Article(ctx context.Context, actor identity.Actor, lang locale.Lang, slug string) (ArticlePage, error) {
	var out ArticlePage
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		r := repository{q}
		id, err := translations.Find(ctx, q, subject.Article, slug, string(lang))
		if err != nil {
			return err
		}
		if out.Article, err = r.article(ctx, ` where a.id = $1 and a.published_at < 'infinity'`, id); err != nil {
			return err
		}
		if out.Text, err = translations.Read(ctx, q, id, string(lang)); err != nil {
			return err
		}
		list, err := r.articles(ctx, ` where a.issue_id = $1 and a.published_at < 'infinity' order by a.position, a.id`, out.IssueID)
		if err != nil {
			return err
		}
		lines, err := articleLines(ctx, q, lang, list)
		out.neighbours(lines)
		return err
	})
	return out, err
}

func (p *ArticlePage) neighbours(lines []ArticleLine) {
	for i := range lines {
		if lines[i].ID != p.ID {
			continue
		}
		if i > 0 {
			p.Prev = &lines[i-1]
		}
		if i+1 < len(lines) {
			p.Next = &lines[i+1]
		}
	}
}

// Latest lists the articles that were published last, newest first.
func (s *Service) Latest(ctx context.Context, actor identity.Actor, lang locale.Lang, limit int) ([]ArticleLine, error) {
	var out []ArticleLine
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := repository{q}.articles(ctx, ` where a.published_at < 'infinity' order by a.published_at desc, a.id desc limit $1`, limit)
		if err != nil {
			return err
		}
		out, err = articleLines(ctx, q, lang, list)
		return err
	})
	return out, err
}

// maxExport bounds one file.
const maxExport = 20_000

// All gives every published article, by issue and position, to fn.
func (s *Service) All(ctx context.Context, actor identity.Actor, lang locale.Lang, fn func(ArticleLine) error) error {
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		list, err := repository{q}.articles(ctx, ` where a.published_at < 'infinity' order by i.issued_on desc, i.id desc, a.position, a.id limit $1`, maxExport)
		if err != nil {
			return err
		}
		lines, err := articleLines(ctx, q, lang, list)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if err := fn(line); err != nil {
				return err
			}
		}
		return nil
	})
}

// Page reads one of the site's own pages. Errors: not found (nothing is published of it).
func (s *Service) Page(ctx context.Context, actor identity.Actor, lang locale.Lang, code string) (translations.Page, error) {
	var out translations.Page
	err := s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var id int64
		err := q.QueryRow(ctx, `select id from site_pages where code = $1`, code).Scan(&id)
		if err != nil {
			return postgres.Explain(err, "publications.not_found")
		}
		out, err = translations.Read(ctx, q, id, string(lang))
		return err
	})
	return out, err
}
