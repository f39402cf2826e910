package demo

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/requests"
)

// addForms leaves a form's next version half built on the desk, and lets staff help a city
// with its draft.
func addForms(ctx context.Context, tx pgx.Tx, now time.Time) error {
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
