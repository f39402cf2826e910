package documents

import (
	"context"
	"io"

	"github.com/birlik/portal/internal/personal"
)

// Personal is what files say about people. A file of a record stays with the record; only
// what the person brought themselves is given out: a later version may be somebody else's.
func Personal() personal.Part {
	return personal.Part{
		Area: "files",
		Lists: []personal.List{
			{Name: "uploads", Query: `select name, size, state, mime as type, created_at from uploads where user_id = @person order by created_at, id`},
			{Name: "documents", Query: `
				select v.name, v.size, v.mime as type, d.sort as purpose, d.created_at from documents d join document_versions v on v.document_id = d.id and v.n = 1
				where d.actor_id = @person order by d.id`},
			{Name: "later_versions", Query: `
				select v.name, v.size, v.mime as type, v.n as version, v.at from document_versions v where v.actor_id = @person and v.n > 1 order by v.document_id, v.n`},
		},
		Files: `
			select name, sha256 from uploads where user_id = @person and state in ('ready', 'used')
			union
			select v.name, v.sha256 from documents d join document_versions v on v.document_id = d.id and v.n = 1 where d.actor_id = @person
			union
			select v.name, v.sha256 from document_versions v where v.actor_id = @person and v.n > 1
			order by 1, 2`,
		Forget: []string{`update uploads set expires_at = @now where user_id = @person and state <> 'used' and expires_at > @now`}, // swept within the hour
		Keeps:  []string{"documents.actor_id", "document_versions.actor_id", "uploads.user_id"},
	}
}

// Content opens what lies in the store under a digest. The caller has asked permission.
func (s *Service) Content(ctx context.Context, digest string) (io.ReadSeekCloser, error) {
	return s.store.Open(ctx, blobName(digest))
}
