package municipalities

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/freshness"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
)

// What public pages are made of: the register with its countries, and the fields of activity.
const (
	Tag       freshness.Tag = "municipalities"
	FieldsTag freshness.Tag = "fields"
)

// settle ends an edit of a list: it is recorded, and pages made of the list are stale.
func settle(ctx context.Context, tx pgx.Tx, actor identity.Actor, action string, ref subject.Ref, change any) error {
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor, Action: action, Subject: ref, Payload: change}); err != nil {
		return err
	}
	return freshness.Touch(ctx, tx, Tag, FieldsTag)
}

// edit is a change by an administrator in one transaction. Errors: sign_in, forbidden.
func (s *Service) edit(ctx context.Context, actor identity.Actor, fn func(tx pgx.Tx) error) error {
	if err := actor.May(identity.EditSettings); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, fn)
}

// newSubject makes the row that everything else points at.
func newSubject(ctx context.Context, tx pgx.Tx, kind subject.Kind) (id int64, err error) {
	err = tx.QueryRow(ctx, `insert into subjects (kind, org_id, public_id) values ($1, union_id(), $2) returning id`,
		string(kind), subject.NewPublicID()).Scan(&id)
	return id, err
}

// titleFaults tells which languages of a title are missing or too long; fields are named
// prefix_tr, prefix_en, prefix_ru.
func titleFaults(faults map[string]string, prefix string, titles Titled) {
	for _, lang := range locale.Langs() {
		switch n := len([]rune(titles[lang])); {
		case n == 0:
			faults[prefix+"_"+string(lang)] = "settings.name_missing"
		case n > maxTitle:
			faults[prefix+"_"+string(lang)] = "settings.name_long"
		}
	}
}

// maxTitle is the most characters of a country's or a field's name.
const maxTitle = 120

// stale refuses an edit of a version that is not the stored one.
func stale(stored, seen int) error {
	if stored != seen {
		return apperr.New(apperr.Conflict, "error.conflict")
	}
	return nil
}
