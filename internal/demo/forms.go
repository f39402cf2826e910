package demo

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/requests"
)

// addForms leaves a form's next version half built on the desk, puts another's in force that
// a city's draft can be carried to, and lets staff help a city with its draft.
func addForms(ctx context.Context, tx pgx.Tx, now time.Time) error {
	if err := renewForm(ctx, tx, now); err != nil {
		return err
	}
	d, err := forms.Newest(ctx, tx, requests.FormKey)
	if err != nil {
		return err
	}
	base := d.Version
	d.Version = 0
	source, err := json.Marshal(withItems(d))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `
		insert into form_drafts (form, definition, base, created_by, changed_by, changed_at)
		select $1, $2, $3, u.id, u.id, $4 from users u where u.email = 'head@union.example'
			and not exists (select from form_versions v where v.form = $1 and v.origin = 'desk')
		on conflict (form) do nothing`, requests.FormKey, source, base, now.Add(-26*time.Hour)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into form_helps (subject_id, org_id, given_by, given_at, until)
		select r.id, r.org_id, u.id, $1, $2 from requests r join municipalities m on m.id = r.org_id, users u
		where m.source_id = 'gn:147105' and r.state = 'draft' and u.email = 'editor@shusha.example'
			and not exists (select from form_helps where subject_id = r.id)
		order by r.id limit 1`, now.Add(-3*time.Hour), now.AddDate(0, 0, 6))
	return err
}

// renewForm publishes a version of the funding form with one more question, after the draft
// of a city had begun.
func renewForm(ctx context.Context, tx pgx.Tx, now time.Time) error {
	d, err := forms.Newest(ctx, tx, "funding_guidance")
	if err != nil || d.Version != 1 {
		return err // a later version is there already
	}
	d.Version = 0
	earlier := forms.Field{Key: "earlier_grants", Kind: forms.LongText, Optional: true, MaxChars: 1000,
		Label: forms.Words{In: map[string]string{"tr": "Daha önce aldığınız hibeler", "en": "Grants that you received before", "ru": "Какие гранты вы уже получали"}}}
	d.Sections = append([]forms.Section{}, d.Sections...)
	last := &d.Sections[len(d.Sections)-1]
	last.Pages = append([]forms.Page{{Key: "earlier", Title: earlier.Label, Fields: []forms.Field{earlier}}}, last.Pages...)
	source, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		insert into form_versions (form, version, definition, digest, published_at, origin, published_by, note)
		select $1, 2, $2, $3, $4, 'desk', u.id, $5 from users u where u.email = 'head@union.example'`,
		d.Key, source, fmt.Sprintf("%x", sha256.Sum256(source)), now.Add(-20*time.Hour), "Önceki hibeler de soruluyor.")
	return err
}

// withItems is the form with the lines of the budget, which have to add up to the cost.
func withItems(d forms.Definition) forms.Definition {
	in := func(tr, en, ru string) forms.Words {
		out := forms.Words{In: map[string]string{"tr": tr, "en": en}}
		if ru != "" {
			out.In["ru"] = ru
		}
		return out
	}
	items := forms.Field{Key: "items", Kind: forms.Table, Label: in("Bütçe kalemleri", "Lines of the budget", "Статьи бюджета"), MaxRows: 30,
		Hint: in("Büyükten küçüğe, en çok otuz kalem.", "The largest first, thirty at most.", ""), Columns: []forms.Column{
			{Key: "work", Kind: forms.Text, Label: in("İş", "Work", "Работа")},
			{Key: "amount", Kind: forms.Money, Label: in("Tutar", "Amount", "Сумма"), Total: true, Min: "0"},
		}}
	pages := append([]forms.Page{}, d.Sections[2].Pages...)
	d.Sections = append([]forms.Section{}, d.Sections...)
	d.Sections[2].Pages = append(pages, forms.Page{Key: "items", Title: in("Bütçe kalemleri", "Lines of the budget", "Статьи бюджета"), Fields: []forms.Field{items}})
	d.Rules = append(d.Rules, forms.Rule{Key: "items_cost", Left: forms.SumOf("items", "amount"), Is: forms.Equal, Right: forms.Of("cost"),
		Words: in("Kalemlerin toplamı tahmini maliyete eşit olmalı.", "The lines have to add up to the estimated cost.", "Сумма статей должна совпадать с оценкой стоимости.")})
	return d
}
