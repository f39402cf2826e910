package audit

import (
	"context"
	"time"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Filter narrows the log of all records; empty fields do not.
type Filter struct {
	Actor      string // part of a person's name or address
	Action     string // how actions begin: "accounts." or "requests.submitted"
	Kind       subject.Kind
	From, Till time.Time // Till is not included
	Before     int64     // entries older than this one; 0: from the newest
	Limit      int
}

// Find lists entries of all records, newest first. The caller has asked permission.
func Find(ctx context.Context, q postgres.Querier, f Filter) ([]Line, error) {
	return lines(ctx, q, `
		select a.id, a.at, a.action, coalesce(u.name, '') as actor_name, o.name as org_name, s.kind, s.id as subject_id, s.public_id, a.payload
		from audit_entries a
		join subjects s on s.id = a.subject_id
		join organisations o on o.id = a.org_id
		left join users u on u.id = a.actor_id
		where ($1 = '' or position(lower($1) in lower(u.name)) > 0 or position(lower($1) in u.email_key) > 0)
		  and starts_with(a.action, $2)
		  and ($3 = '' or s.kind = $3)
		  and ($4::timestamptz is null or a.at >= $4)
		  and ($5::timestamptz is null or a.at < $5)
		  and ($6::bigint = 0 or a.id < $6)
		order by a.id desc limit $7`,
		f.Actor, f.Action, string(f.Kind), moment(f.From), moment(f.Till), f.Before, f.Limit)
}

// moment is a time for a filter, null where none is set.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Subject finds a record by its kind and its public identifier. Errors: not found.
func Subject(ctx context.Context, q postgres.Querier, kind subject.Kind, publicID string) (subject.Ref, error) {
	ref := subject.Ref{Kind: kind}
	err := q.QueryRow(ctx, `select id from subjects where public_id = $1 and kind = $2`, publicID, string(kind)).Scan(&ref.ID)
	return ref, postgres.Explain(err, "error.not_found")
}
