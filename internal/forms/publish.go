package forms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// Publish stores the definition as a new version of its form when it differs from the
// newest one, texts included, and returns the version that is in force. Versions never
// change: answers are read with the words that were asked. A form that the desk has published
// itself stays the desk's.
// Errors: invalid (the form cannot be answered).
func Publish(ctx context.Context, tx pgx.Tx, d Definition) (int, error) {
	if _, err := tx.Exec(ctx, `select pg_advisory_xact_lock(hashtext('forms.' || $1))`, d.Key); err != nil {
		return 0, err
	}
	latest, known, origin := 0, "", ""
	err := tx.QueryRow(ctx, `select version, digest, origin from form_versions where form = $1 order by version desc limit 1`, d.Key).Scan(&latest, &known, &origin)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, err
	}
	if origin == fromDesk {
		return latest, nil // the desk has made the form its own
	}
	d = d.spelled()
	d.Version = 0
	source, digest, err := pack(d)
	if err != nil || digest == known {
		return latest, err
	}
	d.Version = latest + 1
	if err := d.validate(); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `insert into form_versions (form, version, definition, digest) values ($1, $2, $3, $4)`, d.Key, d.Version, source, digest)
	return d.Version, postgres.Explain(err, "error.not_found")
}

// fromDesk marks versions that staff published.
const fromDesk = "desk"

func pack(d Definition) (source []byte, digest string, err error) {
	source, err = json.Marshal(d)
	sum := sha256.Sum256(source)
	return source, hex.EncodeToString(sum[:]), err
}

// spelled is the definition with every text written out in every language.
func (d Definition) spelled() Definition {
	out := Definition{Key: d.Key, Version: d.Version, Title: d.Title.spelled()}
	for _, r := range d.Rules {
		r.Words = r.Words.spelled()
		out.Rules = append(out.Rules, r)
	}
	for _, s := range d.Sections {
		section := Section{Key: s.Key, Title: s.Title.spelled()}
		for _, p := range s.Pages {
			page := Page{Key: p.Key, Title: p.Title.spelled(), Lead: p.Lead.spelled()}
			for _, f := range p.Fields {
				page.Fields = append(page.Fields, f.spelled())
			}
			section.Pages = append(section.Pages, page)
		}
		out.Sections = append(out.Sections, section)
	}
	return out
}

func (f Field) spelled() Field {
	f.Label, f.Hint, f.Missing, f.Unit = f.Label.spelled(), f.Hint.spelled(), f.Missing.spelled(), f.Unit.spelled()
	f.Choices = spelledChoices(f.Choices)
	columns := make([]Column, len(f.Columns))
	for i, c := range f.Columns {
		c.Label, c.Hint, c.Unit, c.Choices = c.Label.spelled(), c.Hint.spelled(), c.Unit.spelled(), spelledChoices(c.Choices)
		columns[i] = c
	}
	f.Columns = columns
	return f
}

func spelledChoices(all []Choice) []Choice {
	out := make([]Choice, len(all))
	for i, c := range all {
		c.Label, c.Hint = c.Label.spelled(), c.Hint.spelled()
		out[i] = c
	}
	return out
}

func (w Words) spelled() Words {
	if w.Key == "" {
		return w
	}
	out := Words{In: map[string]string{}}
	for _, lang := range locale.Langs() {
		out.In[string(lang)] = w.Text(lang)
	}
	return out
}
