package forms

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Begun is the submission of a record that comes with some of its answers.
type Begun struct {
	Ref     subject.Ref
	Form    string
	Answers Answers // of plain kinds; fields of the form's newest version
}

// BeginMany is Begin for many records at once, each with what is answered already. Nobody is
// named as who answered it: it was answered elsewhere, and the record says where.
// Errors: not found (no such form), conflict (a record has one already).
func BeginMany(ctx context.Context, tx pgx.Tx, part string, list []Begun, at time.Time) error {
	n := len(list)
	ids, names, data, versions := make([]int64, n), make([]string, n), make([]string, n), make([]string, n)
	for i, b := range list {
		answers, changed := b.Answers, map[string]int{}
		if answers == nil {
			answers = Answers{}
		}
		for key := range answers {
			changed[key] = firstSave
		}
		source, err := json.Marshal(answers)
		if err != nil {
			return err
		}
		marks, err := json.Marshal(changed)
		if err != nil {
			return err
		}
		ids[i], names[i], data[i], versions[i] = b.Ref.ID, b.Form, string(source), string(marks)
	}
	tag, err := tx.Exec(ctx, `
		insert into submissions (subject_id, org_id, part, n, form, form_version, data, field_versions, version, saved_at)
		select s.id, s.org_id, $1, 1, x.form, (select max(f.version) from form_versions f where f.form = x.form), x.data::jsonb, x.versions::jsonb, $2, $3
		from unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) x (id, form, data, versions) join subjects s on s.id = x.id`,
		part, firstSave, at, ids, names, data, versions)
	if err == nil && int(tag.RowsAffected()) != n {
		err = pgx.ErrNoRows
	}
	return postgres.Explain(err, "forms.not_found")
}

// firstSave is the version of a submission that was saved once.
const firstSave = 2
