package documents

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Version is one of the files that a document has been, as people read it.
type Version struct {
	N         int
	Name      string
	Size      int64
	At        time.Time
	ActorName string // empty: the system
}

// One reads a document of a record as q's side sees it. Errors: not found.
func One(ctx context.Context, q postgres.Querier, ref subject.Ref, publicID string) (Document, error) {
	return find(ctx, q, ref, publicID)
}

// Versions lists what a document has been, the newest first. The caller has asked permission.
func Versions(ctx context.Context, q postgres.Querier, id int64) ([]Version, error) {
	rows, _ := q.Query(ctx, `
		select v.n, v.name, v.size, v.at, coalesce(u.name, '') from document_versions v
		join documents d on d.id = v.document_id
		left join users u on u.id = coalesce(v.actor_id, case when v.n = 1 then d.actor_id end)
		where v.document_id = $1 order by v.n desc`, id)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Version])
}
