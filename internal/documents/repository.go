package documents

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// newest is a document with its newest version, as scan reads it.
const newest = `
	select d.id, d.public_id, s.kind, d.subject_id, s.public_id, d.org_id, d.sort, d.audience, v.name, v.mime, v.size, v.n, v.scanned, v.at,
		coalesce(i.width, 0), coalesce(i.height, 0)
	from documents d
	join subjects s on s.id = d.subject_id
	join lateral (
		select n, sha256, name, mime, size, scanned, at from document_versions v
		where v.document_id = d.id order by n desc limit 1
	) v on true
	left join blob_images i on i.original = v.sha256 and i.purpose = 'web'
`

func scan(row pgx.CollectableRow) (Document, error) {
	var d Document
	err := row.Scan(&d.ID, &d.PublicID, &d.Subject.Kind, &d.Subject.ID, &d.Record, &d.OrgID, &d.Sort, &d.Audience, &d.Name,
		&d.MIME, &d.Size, &d.Version, &d.Scanned, &d.At, &d.Width, &d.Height)
	return d, err
}

// Of lists the documents of a record that q's side may see, of some sorts or of all, in
// the order in which they came.
func Of(ctx context.Context, q postgres.Querier, ref subject.Ref, sorts ...string) ([]Document, error) {
	if sorts == nil {
		sorts = []string{}
	}
	rows, _ := q.Query(ctx, newest+` where d.subject_id = $1 and (cardinality($2::text[]) = 0 or d.sort = any($2)) order by d.id`, ref.ID, sorts)
	return pgx.CollectRows(rows, scan)
}

// OfMany is Of for the records of a list, by the record's id.
func OfMany(ctx context.Context, q postgres.Querier, ids []int64, sorts ...string) (map[int64][]Document, error) {
	if sorts == nil {
		sorts = []string{}
	}
	rows, _ := q.Query(ctx, newest+` where d.subject_id = any($1) and (cardinality($2::text[]) = 0 or d.sort = any($2)) order by d.id`, ids, sorts)
	all, err := pgx.CollectRows(rows, scan)
	found := map[int64][]Document{}
	for _, d := range all {
		found[d.Subject.ID] = append(found[d.Subject.ID], d)
	}
	return found, err
}

// Made is the document of ref that an upload became; "" where it became none.
func Made(ctx context.Context, tx pgx.Tx, ref subject.Ref, upload string) (publicID string, err error) {
	err = postgres.Engine(ctx, tx, func() error {
		return tx.QueryRow(ctx, `
			select coalesce((select d.public_id from uploads u join documents d on d.id = u.document_id
				where u.id = $1 and d.subject_id = $2), '')`, upload, ref.ID).Scan(&publicID)
	})
	return publicID, err
}

// find reads a document of ref as q's side sees it. Errors: not found.
func find(ctx context.Context, q postgres.Querier, ref subject.Ref, publicID string) (Document, error) {
	return one(ctx, q, ref, `d.public_id = $2`, publicID)
}

func one(ctx context.Context, q postgres.Querier, ref subject.Ref, where string, arg any) (Document, error) {
	rows, _ := q.Query(ctx, newest+` where d.subject_id = $1 and `+where, ref.ID, arg)
	d, err := pgx.CollectExactlyOneRow(rows, scan)
	return d, postgres.Explain(err, "files.not_found")
}
