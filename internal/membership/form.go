package membership

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// FormKey names the form of an application, and part its submission.
const (
	FormKey = "membership"
	part    = "application"
)

// The fields whose answers become a member's record.
const (
	fieldKind       = "membership"
	fieldCountry    = "country"
	fieldName       = "name"
	fieldLatin      = "name_latin"
	fieldEnglish    = "name_en"
	fieldRegion     = "region"
	fieldPlace      = "place"
	fieldPopulation = "population"
	fieldYear       = "population_year"
	fieldArea       = "area"
	fieldBudget     = "budget"
	fieldBudgetYear = "budget_year"
	fieldHead       = "head"
	fieldSince      = "head_since"
	fieldUntil      = "head_until"
	fieldOffice     = "office"
	fieldApprover   = "approver"
	fieldEditor     = "editor"
	fieldNumber     = "resolution_number"
	fieldDate       = "resolution_date"
	fieldResolution = "resolution"
	fieldDelegates  = "delegates"
	fieldAlternates = "alternates"
)

// other is the choice of a country that the list does not have.
const other = "other"

// Form is what an applicant answers: one topic a page. countries are the choices of the
// union's own list.
func Form(countries []forms.Choice) forms.Definition {
	return forms.Definition{Key: FormKey, Title: forms.Message("membership.form.title"), Sections: []forms.Section{
		section("who", kindPage(), countryPage(countries), namesPage(), placePage()),
		section("figures", local(page("population", number(fieldPopulation, "1", "100000000"), year(field(fieldYear, forms.Number)))),
			local(areaPage()), local(budgetPage())),
		section("people", headPage(), page("office", reached(fieldOffice)), page("approver", reached(fieldApprover)), editorPage()),
		section("council", local(resolutionPage()), local(filePage()), local(delegatesPage())),
		section("end", declarationPage()),
	}}
}

// countries are the union's countries as choices of the form, as the default language orders them.
func countries(ctx context.Context, q postgres.Querier) ([]forms.Choice, error) {
	rows, _ := q.Query(ctx, `
		select c.code, n.lang, n.name from countries c join country_names n on n.country_id = c.id
		join country_names o on o.country_id = c.id and o.lang = $1
		order by o.name collate "`+locale.Collation(locale.Default)+`", c.id`, string(locale.Default))
	var out []forms.Choice
	var code, lang, name string
	_, err := pgx.ForEachRow(rows, []any{&code, &lang, &name}, func() error {
		if len(out) == 0 || out[len(out)-1].Value != code {
			out = append(out, forms.Choice{Value: code, Label: forms.Words{In: map[string]string{}}})
		}
		out[len(out)-1].Label.In[lang] = name
		return nil
	})
	return out, err
}

func section(key string, pages ...forms.Page) forms.Section {
	return forms.Section{Key: key, Title: forms.Message("membership.section." + key), Pages: pages}
}

func page(key string, fields ...forms.Field) forms.Page {
	return forms.Page{Key: key, Title: forms.Message("membership.page." + key), Fields: fields}
}

func lead(p forms.Page) forms.Page {
	p.Lead = forms.Message("membership.lead." + p.Key)
	return p
}

// field is a question with its hint, and what to say when it is left out.
func field(key string, kind forms.Kind) forms.Field {
	return forms.Field{Key: key, Kind: kind, Label: forms.Message("membership.ask." + key), Hint: forms.Message("membership.hint." + key)}
}

// bare is a question whose label says enough.
func bare(key string, kind forms.Kind) forms.Field {
	f := field(key, kind)
	f.Hint = forms.Words{}
	return f
}

// reached is a person or office that the union writes to.
func reached(key string) forms.Field {
	f := field(key, forms.Person)
	f.ByEmail = true
	return f
}

func number(key, least, most string) forms.Field {
	f := field(key, forms.Number)
	f.Whole, f.Min, f.Max = true, least, most
	return f
}

func year(f forms.Field) forms.Field {
	f.Whole, f.Bare, f.Min, f.Max = true, true, "1990", "2100"
	return f
}

// local is a page that only municipalities are asked.
func local(p forms.Page) forms.Page {
	for i := range p.Fields {
		p.Fields[i].ShownIf = append(p.Fields[i].ShownIf, forms.When(fieldKind, string(Full), string(Associate)))
	}
	return p
}

func kindPage() forms.Page {
	f := field(fieldKind, forms.One)
	for _, k := range applied() {
		f.Choices = append(f.Choices, forms.Choice{Value: string(k), Label: forms.Message("membership.kind." + string(k)),
			Hint: forms.Message("membership.kind_hint." + string(k))})
	}
	return page("kind", f)
}

func countryPage(countries []forms.Choice) forms.Page {
	f := field(fieldCountry, forms.One)
	f.Choices = append(f.Choices, countries...)
	f.Choices = append(f.Choices, forms.Choice{Value: other, Label: forms.Message("membership.country_other"), Or: true})
	return page("country", f)
}

func namesPage() forms.Page {
	latin := field(fieldLatin, forms.Text)
	latin.Optional = true
	return lead(page("names", field(fieldName, forms.Text), latin, field(fieldEnglish, forms.Text)))
}

func placePage() forms.Page {
	region := field(fieldRegion, forms.Text)
	region.ShownIf = []forms.Condition{forms.When(fieldKind, string(Full), string(Associate))}
	return page("place", region, field(fieldPlace, forms.Place))
}

func areaPage() forms.Page {
	f := field(fieldArea, forms.Number)
	f.Min, f.Max, f.Unit = "0.01", "10000000", forms.Message("membership.km2")
	return page("area", f)
}

func budgetPage() forms.Page {
	money, of := field(fieldBudget, forms.Money), year(bare(fieldBudgetYear, forms.Number))
	money.Min, money.Optional = "0", true
	of.RequiredIf = []forms.Condition{forms.When(fieldBudget)}
	return lead(page("budget", money, of))
}

func headPage() forms.Page {
	since, until := bare(fieldSince, forms.Date), field(fieldUntil, forms.Date)
	since.Max, since.Optional, until.Min, until.Optional, until.MonthEnd = "today", true, "today", true, true
	return lead(page("head", bare(fieldHead, forms.Text), since, until))
}

func editorPage() forms.Page {
	f := reached(fieldEditor)
	f.Optional = true
	return page("editor", f)
}

func resolutionPage() forms.Page {
	date := bare(fieldDate, forms.Date)
	date.Max = "today"
	n := bare(fieldNumber, forms.Text)
	n.MaxChars = 60
	return lead(page("resolution", n, date))
}

func filePage() forms.Page {
	f := field(fieldResolution, forms.File)
	f.MaxFiles = 3
	return page("file", f)
}

func delegatesPage() forms.Page {
	alternates := field(fieldAlternates, forms.LongText)
	alternates.Optional, alternates.MaxChars = true, 3000
	delegates := field(fieldDelegates, forms.LongText)
	delegates.MaxChars = 3000
	return lead(page("delegates", delegates, alternates))
}

func declarationPage() forms.Page {
	return lead(page("declaration", bare("statute", forms.Declaration), bare("privacy", forms.Declaration)))
}
