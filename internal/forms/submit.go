package forms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/subject"
)

// Submit closes the open submission: it must be complete on the day today, answers that the
// path does not reach fall away with their files, and what remains is sealed by a digest.
// From then on it never changes.
// Errors: not found (nothing is open), invalid (something is missing).
func Submit(ctx context.Context, tx pgx.Tx, actor identity.Actor, ref subject.Ref, part string, at, today time.Time) (Submission, error) {
	s, err := lock(ctx, tx, ref, part)
	if err != nil {
		return s, err
	}
	if len(s.Definition.Check(s.Answers, today)) > 0 {
		return s, apperr.New(apperr.Invalid, "forms.incomplete")
	}
	kept := s.Definition.Path(s.Answers).keep(s.Answers)
	if err := s.drop(ctx, tx, actor, kept); err != nil {
		return s, err
	}
	s.Answers, s.SubmittedAt = kept, &at
	data, err := json.Marshal(kept)
	if err != nil {
		return s, err
	}
	_, err = tx.Exec(ctx, `update submissions set data = $2, submitted_at = $3, digest = $4, filled = '{}', aside = '{}' where id = $1`, s.ID, data, at, s.digest())
	if err != nil {
		return s, err
	}
	return s, endHelp(ctx, tx, ref, at)
}

// drop forgets the references and files of answers that are not kept, and who edited what.
func (s Submission) drop(ctx context.Context, tx pgx.Tx, actor identity.Actor, kept Answers) error {
	if _, err := tx.Exec(ctx, `delete from submission_edits where submission_id = $1`, s.ID); err != nil {
		return err
	}
	for key, value := range s.Answers {
		if _, ok := kept[key]; ok {
			continue
		}
		if _, err := tx.Exec(ctx, `delete from submission_refs where submission_id = $1 and field = $2`, s.ID, key); err != nil {
			return err
		}
		for _, file := range value.Files {
			if err := documents.Remove(ctx, tx, actor, s.Subject, file.PublicID); err != nil {
				return err
			}
		}
	}
	return nil
}

// digest seals the answers together with the version of the questions.
func (s Submission) digest() string {
	values := map[string]string{}
	for key, v := range s.Answers {
		values[key] = v.digest()
	}
	all, _ := json.Marshal(struct { // plain data: it cannot fail
		Form    string
		Version int
		Values  map[string]string
	}{s.Definition.Key, s.Definition.Version, values})
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:])
}
