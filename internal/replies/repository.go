package replies

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

type repository struct{ db postgres.Querier }

const columns = `select t.id, s.public_id, coalesce(t.office, ''), t.title, t.texts, t.version, t.retired_at is not null
	from reply_templates t join subjects s on s.id = t.id`

func (r repository) many(ctx context.Context, sql string, args ...any) ([]Template, error) {
	rows, _ := r.db.Query(ctx, sql, args...)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Template])
}

func (r repository) list(ctx context.Context) ([]Template, error) {
	return r.many(ctx, columns+` order by t.retired_at is not null, t.title collate "tr-x-icu", t.id limit $1`, mostListed)
}

func (r repository) of(ctx context.Context, office string) ([]Template, error) {
	return r.many(ctx, columns+` where t.retired_at is null and (t.office is null or t.office = $1)
		order by t.title collate "tr-x-icu", t.id limit $2`, office, mostListed)
}

func (r repository) one(ctx context.Context, publicID string) (Template, error) {
	rows, _ := r.db.Query(ctx, columns+` where s.public_id = $1`, publicID)
	t, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Template])
	return t, postgres.Explain(err, "replies.not_found")
}

func (r repository) insert(ctx context.Context, actor identity.Actor, t Template, now time.Time) (id int64, err error) {
	return id, r.db.QueryRow(ctx, `
		with s as (
			insert into subjects (kind, org_id, public_id) values ('reply_template', union_id(), $1) returning id, org_id
		)
		insert into reply_templates (id, org_id, office, title, texts, created_by, created_at, changed_at)
		select id, org_id, nullif($2, ''), $3, $4, nullif($5::bigint, 0), $6, $6 from s returning id`,
		t.PublicID, t.Office, t.Title, t.Texts, actor.UserID, now).Scan(&id)
}

func (r repository) update(ctx context.Context, t Template, now time.Time) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		update reply_templates t set office = nullif($3, ''), title = $4, texts = $5, version = t.version + 1, changed_at = $6
		from subjects s where s.id = t.id and s.public_id = $1 and t.version = $2 returning t.id`,
		t.PublicID, t.Version, t.Office, t.Title, t.Texts, now).Scan(&id)
	return id, r.stale(ctx, t.PublicID, err)
}

func (r repository) retire(ctx context.Context, publicID string, version int, retired bool, now time.Time) (id int64, err error) {
	err = r.db.QueryRow(ctx, `
		update reply_templates t set retired_at = case when $3 then $4::timestamptz end, version = t.version + 1, changed_at = $4
		from subjects s where s.id = t.id and s.public_id = $1 and t.version = $2 returning t.id`, publicID, version, retired, now).Scan(&id)
	return id, r.stale(ctx, publicID, err)
}

// stale tells a template that somebody changed from one that is not there.
func (r repository) stale(ctx context.Context, publicID string, err error) error {
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if _, err := r.one(ctx, publicID); err != nil {
		return err
	}
	return apperr.New(apperr.Conflict, "replies.changed")
}
