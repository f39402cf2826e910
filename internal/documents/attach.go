package documents

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Attach makes a document of ref from the actor's own finished upload. The caller has asked
// whether the actor may. A form that sends the same upload again gets the same document.
// Errors: invalid (the upload is not there, not finished, refused, or elsewhere; a picture
// that cannot be shown without its place must not be public), not found (the record is
// absent, or another organisation's).
func Attach(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, upload, sort string, audience Audience) (Document, error) {
	return consume(ctx, tx, actor, ref, upload, "document.attach", func(u finished) (int64, error) {
		if err := mayBecome(audience, u.MIME); err != nil {
			return 0, err
		}
		var id int64
		err := tx.QueryRow(ctx, `
			with d as (
				insert into documents (public_id, subject_id, org_id, sort, audience, actor_id)
				select $1, s.id, s.org_id, $4, $5, nullif($6, 0) from subjects s
				where s.id = $2 and s.kind = $3 and ($7 = 0 or s.org_id = $7)
				returning id
			)
			insert into document_versions (document_id, n, sha256, name, mime, size, scanned, actor_id)
			select d.id, 1, $8, $9, $10, $11, $12, nullif($6, 0) from d returning document_id`,
			subject.NewPublicID(), ref.ID, ref.Kind, sort, audience, actor.UserID, wall(actor),
			u.SHA256, u.Name, u.MIME, u.Size, u.Scanned).Scan(&id)
		return id, postgres.Explain(err, "files.not_found")
	})
}

// Replace gives a document its next version from the actor's own finished upload; the
// versions before it stay. Errors: as Attach.
func Replace(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, publicID, upload string) (Document, error) {
	d, err := find(ctx, tx, ref, publicID)
	if err != nil {
		return d, err
	}
	return consume(ctx, tx, actor, ref, upload, "document.replace", func(u finished) (int64, error) {
		if err := mayBecome(d.Audience, u.MIME); err != nil {
			return 0, err
		}
		// The document's row keeps two writers from taking the same number.
		if _, err := tx.Exec(ctx, `select from documents where id = $1 for update`, d.ID); err != nil {
			return 0, err
		}
		_, err := tx.Exec(ctx, `
			insert into document_versions (document_id, n, sha256, name, mime, size, scanned, actor_id)
			select $1, max(n) + 1, $2, $3, $4, $5, $6, nullif($7::bigint, 0) from document_versions where document_id = $1`,
			d.ID, u.SHA256, u.Name, u.MIME, u.Size, u.Scanned, actor.UserID)
		return d.ID, err
	})
}

// Remove takes a document away from its record, every version with it.
// Errors: not found, conflict (what was submitted holds it, or it must be kept).
func Remove(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, publicID string) error {
	d, err := find(ctx, tx, ref, publicID)
	if err != nil {
		return err
	}
	err = postgres.Engine(ctx, tx, func() error {
		tag, err := tx.Exec(ctx, `delete from documents where id = $1 and not legal_hold and retain_until < now()`, d.ID)
		var pg *pgconn.PgError
		switch {
		case errors.As(err, &pg) && pg.Code == "23503":
			return apperr.Wrap(err, apperr.Conflict, "files.kept")
		case err == nil && tag.RowsAffected() == 0:
			return apperr.New(apperr.Conflict, "files.kept")
		}
		return err
	})
	if err != nil {
		return err
	}
	return record(ctx, tx, actor, "document.remove", d)
}

// SetAudience changes who reads a document.
// Errors: not found, invalid (a picture that cannot be shown without its place).
func SetAudience(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, publicID string, audience Audience) error {
	d, err := find(ctx, tx, ref, publicID)
	if err != nil || d.Audience == audience {
		return err
	}
	if err := mayBecome(audience, d.MIME); err != nil {
		return err
	}
	err = postgres.Engine(ctx, tx, func() error {
		_, err := tx.Exec(ctx, `update documents set audience = $2 where id = $1`, d.ID, audience)
		return err
	})
	if err != nil {
		return err
	}
	d.Audience = audience
	return record(ctx, tx, actor, "document.audience", d)
}

// finished is an upload that can become a document's version, or has.
type finished struct {
	Name, MIME, SHA256 string
	Size               int64
	Scanned            bool
	DocumentID         int64 // 0: not yet
}

// consume turns an upload into a version once, under a lock; who comes again with it finds
// what it became. become stores the version and returns its document.
func consume(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, upload, action string, become func(finished) (int64, error)) (d Document, err error) {
	again := false
	err = postgres.Engine(ctx, tx, func() error {
		u, err := take(ctx, tx, actor, upload)
		if err != nil {
			return err
		}
		id := u.DocumentID
		if again = id != 0; !again {
			if id, err = become(u); err != nil {
				return err
			}
			if _, err = tx.Exec(ctx, `update uploads set state = 'used', document_id = $2 where id = $1`, upload, id); err != nil {
				return err
			}
		}
		d, err = one(ctx, tx, ref, `d.id = $2`, id)
		if again && apperr.Is(err, apperr.NotFound) {
			return apperr.Wrap(err, apperr.Invalid, "files.upload_used") // of another record
		}
		return err
	})
	if err != nil || again {
		return d, err
	}
	return d, record(ctx, tx, actor, action, d)
}

// take locks an upload of the actor's own and checks that it is finished.
func take(ctx context.Context, tx pgx.Tx, actor identity.Actor, upload string) (finished, error) {
	var u finished
	var state, problem string
	err := tx.QueryRow(ctx, `
		select name, mime, coalesce(sha256, ''), size, scanned, coalesce(document_id, 0), state, problem from uploads
		where id = $1 and user_id is not distinct from nullif($2, 0) and org_id = coalesce(nullif($3, 0), union_id())
			and (expires_at > now() or state = 'used')
		for update`, upload, actor.UserID, actor.OrgID).
		Scan(&u.Name, &u.MIME, &u.SHA256, &u.Size, &u.Scanned, &u.DocumentID, &state, &problem)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return u, apperr.New(apperr.Invalid, "files.upload_gone")
	case err != nil:
		return u, err
	case state == "open":
		return u, apperr.New(apperr.Invalid, "files.upload_unfinished")
	case state == "refused":
		return u, apperr.New(apperr.Invalid, problem)
	case state == "used" && u.DocumentID == 0:
		return u, apperr.New(apperr.Invalid, "files.upload_used")
	}
	return u, nil
}

// mayBecome refuses to publish what would tell where it was made.
func mayBecome(audience Audience, mime string) error {
	if audience == Public && kept[mime] {
		return apperr.New(apperr.Invalid, "files.not_public")
	}
	return nil
}

// kept are pictures of which none are drawn: what is stored is what came, without the place.
var kept = map[string]bool{"image/heic": true, "image/heif": true}

// wall is the organisation whose records a member may touch, 0 for everyone else.
func wall(actor identity.Actor) int64 {
	if actor.Side == identity.Member {
		return actor.OrgID
	}
	return 0
}

// record writes the audit entry of an act on a document, under its record.
func record(ctx context.Context, tx pgx.Tx, actor identity.Actor, action string, d Document) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: d.Subject, Payload: map[string]any{
		"document": d.PublicID, "name": d.Name, "sort": d.Sort, "audience": d.Audience, "version": d.Version}})
}
