package publications

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

type repository struct{ db postgres.Querier }

// tables are where each kind of publication stands.
var tables = map[subject.Kind]string{subject.Issue: "issues", subject.Article: "articles", subject.SitePage: "site_pages"}

// lock reads what a change needs of a record and holds its row until the transaction ends.
func (r repository) lock(ctx context.Context, kind subject.Kind, publicID string) (record, error) {
	out := record{ref: subject.Ref{Kind: kind}, publicID: publicID}
	err := r.db.QueryRow(ctx, fmt.Sprintf(`
		select x.id, x.version from %s x join subjects s on s.id = x.id where s.public_id = $1 and s.kind = $2 for update of x`, tables[kind]),
		publicID, kind).Scan(&out.ref.ID, &out.version)
	return out, postgres.Explain(err, "publications.not_found")
}

// identify makes the subject of a new publication of the union.
func (r repository) identify(ctx context.Context, kind subject.Kind) (subject.Ref, string, error) {
	ref, publicID := subject.Ref{Kind: kind}, subject.NewPublicID()
	err := r.db.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ($1, union_id(), $2) returning id`, kind, publicID).Scan(&ref.ID)
	return ref, publicID, err
}

func (r repository) insertIssue(ctx context.Context, f IssueFacts) (subject.Ref, string, error) {
	ref, publicID, err := r.identify(ctx, subject.Issue)
	if err != nil {
		return ref, "", err
	}
	_, err = r.db.Exec(ctx, `insert into issues (id, org_id, number, issued_on) values ($1, union_id(), $2, $3)`, ref.ID, f.Number, f.IssuedOn)
	return ref, publicID, postgres.Explain(err, "publications.not_found")
}

func (r repository) saveIssue(ctx context.Context, id int64, f IssueFacts) error {
	_, err := r.db.Exec(ctx, `update issues set number = $2, issued_on = $3, version = version + 1 where id = $1`, id, f.Number, f.IssuedOn)
	return postgres.Explain(err, "publications.not_found")
}

// insertArticle adds an article at the end of an issue, whose row the caller holds.
func (r repository) insertArticle(ctx context.Context, issueID int64) (subject.Ref, string, error) {
	ref, publicID, err := r.identify(ctx, subject.Article)
	if err != nil {
		return ref, "", err
	}
	_, err = r.db.Exec(ctx, `
		insert into articles (id, org_id, issue_id, position)
		select $1, union_id(), $2, coalesce(max(position), 0) + 1 from articles where issue_id = $2`, ref.ID, issueID)
	return ref, publicID, postgres.Explain(err, "publications.not_found")
}

// swap changes places with the neighbour in the issue.
func (r repository) swap(ctx context.Context, id int64, up bool) error {
	direction, order := ">", "asc"
	if up {
		direction, order = "<", "desc"
	}
	_, err := r.db.Exec(ctx, fmt.Sprintf(`
		with me as (select id, issue_id, position from articles where id = $1),
		other as (
			select a.id, a.position from articles a join me on a.issue_id = me.issue_id
			where a.position %s me.position order by a.position %s, a.id limit 1
		)
		update articles a set position = case when a.id = me.id then other.position else me.position end, version = a.version + 1
		from me, other where a.id in (me.id, other.id)`, direction, order), id)
	return err
}

func (r repository) saveContributors(ctx context.Context, id int64, list []Contributor) error {
	batch := &pgx.Batch{}
	batch.Queue(`delete from article_contributors where article_id = $1`, id)
	for i, c := range list {
		batch.Queue(`insert into article_contributors (article_id, position, role, name) values ($1, $2, $3, $4)`, id, i+1, c.Role, c.Name)
	}
	batch.Queue(`update articles set version = version + 1 where id = $1`, id)
	return r.db.SendBatch(ctx, batch).Close()
}

// setPublished stores when readers first saw a record, from its languages; infinity while
// none is published.
func (r repository) setPublished(ctx context.Context, ref subject.Ref) error {
	if ref.Kind == subject.SitePage {
		return nil
	}
	_, err := r.db.Exec(ctx, fmt.Sprintf(`
		update %s set published_at = coalesce((select min(live_at) from translations where subject_id = $1 and live_version is not null), 'infinity')
		where id = $1`, tables[ref.Kind]), ref.ID)
	return err
}

// standing is where a record stands for the search.
type standing struct {
	OrgID  int64
	Path   string // without the language; empty for an article, whose address is in its text
	Weight int64  // its day
}

func (r repository) address(ctx context.Context, ref subject.Ref) (standing, error) {
	var s standing
	var number int
	var day time.Time
	switch ref.Kind {
	case subject.SitePage:
		err := r.db.QueryRow(ctx, `select org_id, '/' || code from site_pages where id = $1`, ref.ID).Scan(&s.OrgID, &s.Path)
		return s, postgres.Explain(err, "publications.not_found")
	case subject.Issue:
		err := r.db.QueryRow(ctx, `select org_id, number, issued_on from issues where id = $1`, ref.ID).Scan(&s.OrgID, &number, &day)
		s.Path, s.Weight = "/bulletins/"+strconv.Itoa(number), day.Unix()/86400
		return s, postgres.Explain(err, "publications.not_found")
	}
	err := r.db.QueryRow(ctx, `select a.org_id, i.issued_on from articles a join issues i on i.id = a.issue_id where a.id = $1`, ref.ID).Scan(&s.OrgID, &day)
	s.Weight = day.Unix() / 86400
	return s, postgres.Explain(err, "publications.not_found")
}

const issueColumns = `
	select i.id, s.public_id, i.number, i.issued_on, i.version,
		(select count(*) from articles a where a.issue_id = i.id and a.published_at < 'infinity')
	from issues i join subjects s on s.id = i.id`

func scanIssue(row pgx.CollectableRow) (*Issue, error) {
	var i Issue
	err := row.Scan(&i.ID, &i.PublicID, &i.Number, &i.IssuedOn, &i.Version, &i.Articles)
	return &i, err
}

func (r repository) issues(ctx context.Context, sql string, args ...any) ([]*Issue, error) {
	rows, _ := r.db.Query(ctx, issueColumns+sql, args...)
	return pgx.CollectRows(rows, scanIssue)
}

func (r repository) issue(ctx context.Context, sql string, args ...any) (*Issue, error) {
	rows, _ := r.db.Query(ctx, issueColumns+sql, args...)
	got, err := pgx.CollectExactlyOneRow(rows, scanIssue)
	return got, postgres.Explain(err, "publications.not_found")
}

const articleColumns = `
	select a.id, s.public_id, a.issue_id, si.public_id, i.number, i.issued_on, a.position, nullif(a.published_at, 'infinity'), a.version, i.published_at < 'infinity'
	from articles a join subjects s on s.id = a.id join issues i on i.id = a.issue_id join subjects si on si.id = i.id`

func scanArticle(row pgx.CollectableRow) (*Article, error) {
	var a Article
	err := row.Scan(&a.ID, &a.PublicID, &a.IssueID, &a.IssuePublic, &a.IssueNumber, &a.IssuedOn, &a.Position, &a.PublishedAt, &a.Version, &a.IssueShown)
	return &a, err
}

func (r repository) articles(ctx context.Context, sql string, args ...any) ([]*Article, error) {
	rows, _ := r.db.Query(ctx, articleColumns+sql, args...)
	return pgx.CollectRows(rows, scanArticle)
}

// article reads one article with its contributors.
func (r repository) article(ctx context.Context, sql string, args ...any) (*Article, error) {
	rows, _ := r.db.Query(ctx, articleColumns+sql, args...)
	a, err := pgx.CollectExactlyOneRow(rows, scanArticle)
	if err != nil {
		return nil, postgres.Explain(err, "publications.not_found")
	}
	rows, _ = r.db.Query(ctx, `select role, name from article_contributors where article_id = $1 order by position`, a.ID)
	a.Contributors, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Contributor])
	return a, err
}
