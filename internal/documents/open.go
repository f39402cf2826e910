package documents

import (
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
)

// File is a document that is being read.
type File struct {
	io.ReadSeekCloser
	Document
	Digest string // of these bytes
	Type   string // of these bytes: a picture made for a page is no longer what was uploaded
	Drawn  bool   // it was drawn by the portal and may stand in a page
}

// Open opens a document in its newest version for a reader: as it was uploaded ("" for
// size), or the picture made of it. The record's kind is asked whether the reader may; what
// is public, everybody may, but of a public picture only what was drawn anew, never the
// original with the place where it was taken.
// Errors: not found.
func (s *Service) Open(ctx context.Context, actor identity.Actor, publicID string, size Purpose) (*File, error) {
	return s.OpenVersion(ctx, actor, publicID, 0, size)
}

// OpenVersion is Open for one version of a document, 0 for the newest.
// Errors: not found.
func (s *Service) OpenVersion(ctx context.Context, actor identity.Actor, publicID string, version int, size Purpose) (*File, error) {
	d, c, err := s.content(ctx, actor, publicID, version)
	if err != nil {
		return nil, err
	}
	if err := s.may(ctx, actor, d); err != nil {
		if d.Audience != Public || version != 0 { // what was replaced is no longer everybody's
			return nil, err
		}
		if d.Picture() && size == "" {
			size = Web
		}
	}
	f := &File{Document: d, Digest: c.original, Type: d.MIME}
	if size != "" {
		if f.Digest, f.Type, f.Drawn = c.drawn(size); !f.Drawn {
			return nil, apperr.New(apperr.NotFound, "files.not_found")
		}
	}
	f.ReadSeekCloser, err = s.store.Open(ctx, blobName(f.Digest))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err // a row without its bytes is our fault, not the reader's
	}
	if err != nil {
		return nil, apperr.Wrap(err, apperr.Unavailable, "error.unavailable")
	}
	return f, nil
}

// may asks the record's kind; a kind that answers for nobody is not asked.
func (s *Service) may(ctx context.Context, actor identity.Actor, d Document) error {
	right, ok := s.Rights[d.Subject.Kind]
	if !ok || !actor.SignedIn() {
		return apperr.New(apperr.NotFound, "files.not_found")
	}
	return right(ctx, actor, d)
}

// contents are the digests of a document's bytes and of the pictures made of them.
type contents struct {
	original                       string
	web, webType, thumb, thumbType string
}

func (c contents) drawn(size Purpose) (digest, mime string, ok bool) {
	switch size {
	case Web:
		return c.web, c.webType, c.web != ""
	case Thumb:
		return c.thumb, c.thumbType, c.thumb != ""
	}
	return "", "", false
}

// content reads a document as the actor's side of the wall sees it.
func (s *Service) content(ctx context.Context, actor identity.Actor, publicID string, version int) (d Document, c contents, err error) {
	err = s.db.Read(ctx, actor, func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select d.id, d.public_id, s.kind, d.subject_id, s.public_id, d.org_id, d.sort, d.audience, v.name, v.mime, v.size, v.n, v.scanned, v.at,
				v.sha256, coalesce(w.sha256, ''), coalesce(w.mime, ''), coalesce(w.width, 0), coalesce(w.height, 0),
				coalesce(t.sha256, ''), coalesce(t.mime, '')
			from documents d
			join subjects s on s.id = d.subject_id
			join lateral (
				select n, sha256, name, mime, size, scanned, at from document_versions v
				where v.document_id = d.id and ($2 = 0 or v.n = $2) order by n desc limit 1
			) v on true
			left join blob_images w on w.original = v.sha256 and w.purpose = 'web'
			left join blob_images t on t.original = v.sha256 and t.purpose = 'thumb'
			where d.public_id = $1`, publicID, version).
			Scan(&d.ID, &d.PublicID, &d.Subject.Kind, &d.Subject.ID, &d.Record, &d.OrgID, &d.Sort, &d.Audience, &d.Name, &d.MIME, &d.Size,
				&d.Version, &d.Scanned, &d.At, &c.original, &c.web, &c.webType, &d.Width, &d.Height, &c.thumb, &c.thumbType)
	})
	return d, c, postgres.Explain(err, "files.not_found")
}
