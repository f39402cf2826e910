package circulars

import (
	"context"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/tasks"
)

// fileSort is what a circular's files are kept as.
const fileSort = "attachment"

// MaxFiles is how many files a circular can have.
const MaxFiles = 20

// File is one that is attached.
type File = documents.Document

func filesOf(ctx context.Context, q postgres.Querier, c Circular) ([]File, error) {
	return documents.Of(ctx, q, c.Ref(), fileSort)
}

// Attach adds the actor's own finished uploads to a circular that is not issued yet.
// Errors: sign_in, forbidden, not found, invalid (an upload), conflict (too many; issued).
func (s *Service) Attach(ctx context.Context, actor identity.Actor, publicID string, uploads []string) error {
	return s.files(ctx, actor, publicID, func(tx pgx.Tx, c Circular) error {
		there, err := filesOf(ctx, tx, c)
		if err != nil {
			return err
		}
		if len(there)+len(uploads) > MaxFiles {
			return apperr.New(apperr.Conflict, "circulars.too_many_files")
		}
		for _, upload := range uploads {
			if _, err := documents.Attach(ctx, tx, actor, c.Ref(), upload, fileSort, documents.Org); err != nil {
				return err
			}
		}
		return nil
	})
}

// Detach takes a file away from a circular that is not issued yet.
// Errors: sign_in, forbidden, not found, conflict (issued).
func (s *Service) Detach(ctx context.Context, actor identity.Actor, publicID, document string) error {
	return s.files(ctx, actor, publicID, func(tx pgx.Tx, c Circular) error {
		return documents.Remove(ctx, tx, actor, c.Ref(), document)
	})
}

// files locks a circular whose files may change. They are a part of it: what was approved has
// to be approved again.
func (s *Service) files(ctx context.Context, actor identity.Actor, publicID string, fn func(tx pgx.Tx, c Circular) error) error {
	if err := actor.May(identity.WriteCirculars); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx pgx.Tx) error {
		c, err := repository{tx}.open(ctx, publicID, ` for update of c`)
		if err == nil && c.State.Out() {
			err = apperr.New(apperr.Conflict, "circulars.issued_already")
		}
		if err == nil {
			err = fn(tx, c)
		}
		if err == nil {
			err = tasks.DropAll(ctx, tx, c.Ref())
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `update circulars set `+back+` where id = @id`, pgx.NamedArgs{"actor": actor.UserID, "id": c.ID})
		return err
	})
}

// MayRead says who may open a circular's file: staff who read circulars, and the people of an
// organisation that it went to. Errors: sign_in, forbidden, not found.
func (s *Service) MayRead(ctx context.Context, actor identity.Actor, d documents.Document) error {
	if actor.Side != identity.Member {
		return actor.May(identity.ReadCirculars)
	}
	if err := actor.May(identity.GetCirculars); err != nil {
		return err
	}
	return s.db.Read(ctx, actor, func(q postgres.Querier) error {
		var there bool
		err := q.QueryRow(ctx, `select exists (select from circular_copies where circular_id = $1 and org_id = $2)`, d.Subject.ID, actor.OrgID).Scan(&there)
		if err == nil && !there {
			err = apperr.New(apperr.NotFound, "files.not_found")
		}
		return err
	})
}

// Cited is one thing that a circular rests on: words, which lead to an opinion where they name one.
type Cited struct {
	Words string
	Path  string // without the language; empty: nowhere
}

var opinionNumber = regexp.MustCompile(`(?i)\bOPN-\d{4}-\d{1,7}\b`)

// cited reads the lines of a text of references; the number of a published opinion leads to it.
func (r repository) cited(ctx context.Context, refs string) ([]Cited, error) {
	var out []Cited
	var numbers []string
	for line := range strings.Lines(refs) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, Cited{Words: line})
			numbers = append(numbers, strings.ToUpper(opinionNumber.FindString(line)))
		}
	}
	if len(out) == 0 || strings.Join(numbers, "") == "" {
		return out, nil
	}
	rows, _ := r.db.Query(ctx, `select reference, '/opinions/' || slug from precedents where reference = any($1) and state <> 'withdrawn'`, numbers)
	var number, path string
	_, err := pgx.ForEachRow(rows, []any{&number, &path}, func() error {
		for i := range out {
			if numbers[i] == number {
				out[i].Path = path
			}
		}
		return nil
	})
	return out, err
}
