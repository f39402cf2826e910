package forms

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/subject"
)

// Begun is the submission of a record that comes with some of its answers.
type Begun struct {
	Ref     subject.Ref
	Form    string
	Answers Answers // of plain kinds; fields of the form's newest version
}

// BeginMany is Begin and the first Save for many records at once.
// Errors: not found (no such form), conflict (a record has one already).
func BeginMany(ctx context.Context, tx pgx.Tx, actor identity.Actor, part string, list []Begun, at time.Time) error {
	n := len(list)
	ids, names, data, versions := make([]int64, n), make([]string, n), make([]string, n), make([]string, n)
	var edited []int64
	var fields, digests []string
	for i, b := range list {
		answers, changed := b.Answers, map[string]int{}
		if answers == nil {
			answers = Answers{}
		}
		for key, value := range answers {
			changed[key] = firstSave
			edited, fields, digests = append(edited, b.Ref.ID), append(fields, key), append(digests, value.digest())
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
	if err != nil {
		return postgres.Explain(err, "forms.not_found")
	}
	_, err = tx.Exec(ctx, `
		insert into submission_edits (submission_id, field, version, digest, actor_id, at)
		select s.id, x.field, $1, x.digest, $2, $3
		from unnest($4::bigint[], $5::text[], $6::text[]) x (id, field, digest) join submissions s on s.subject_id = x.id and s.part = $7 and s.n = 1`,
		firstSave, writer(actor), at, edited, fields, digests, part)
	return err
}

// firstSave is the version of a submission that was saved once.
const firstSave = 2
