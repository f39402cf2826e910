package requests

import (
	"github.com/birlik/portal/internal/forms"
)

// FormKey names the form of a project-support request, and part its submission.
const (
	FormKey = "project_support"
	part    = "application"
)

// The fields of the form whose answers are copied to typed columns, or filed as documents.
const (
	fieldKind          = "kind"
	fieldTitle         = "title"
	fieldDescription   = "description"
	fieldSector        = "sector"
	fieldPlace         = "place"
	fieldBeneficiaries = "beneficiaries"
	fieldCost          = "cost"
	fieldOwn           = "own"
	fieldLand          = "land"
	fieldPermit        = "permit"

	// FieldStudy and FieldPhotos are the sorts of a request's documents that come from its form.
	FieldStudy  = "study"
	FieldPhotos = "photos"
)

// SortMessage is the sort of documents that are sent with a message.
const SortMessage = "message"

// Form is what a municipality answers to ask for project support: one topic a page.
func Form() forms.Definition {
	return forms.Definition{Key: FormKey, Title: forms.Message("requests.form.title"), Sections: []forms.Section{
		section("project", kindPage(), titlePage(), textPage(fieldDescription), textPage("need"), sectorPage()),
		section("reach", placePage(), beneficiariesPage()),
		section("money", moneyPage()),
		section("readiness", choicePage(fieldLand, Lands(), "requests.land."), choicePage(fieldPermit, Permits(), "requests.permit."),
			studiedPage(), studyPage(), photosPage()),
		section("end", contactPage(), declarationPage()),
	}}
}

func section(key string, pages ...forms.Page) forms.Section {
	return forms.Section{Key: key, Title: forms.Message("requests.section." + key), Pages: pages}
}

// page is a page named as its one or first field is.
func page(key string, fields ...forms.Field) forms.Page {
	return forms.Page{Key: key, Title: forms.Message("requests.page." + key), Fields: fields}
}

func field(key string, kind forms.Kind) forms.Field {
	return forms.Field{Key: key, Kind: kind, Label: forms.Message("requests.ask." + key)}
}

// hinted gives a field the hint and the sentence that says what to do when it is left out.
func hinted(f forms.Field) forms.Field {
	f.Hint, f.Missing = forms.Message("requests.hint."+f.Key), forms.Message("requests.missing."+f.Key)
	return f
}

func choices(values []string, names string) []forms.Choice {
	var out []forms.Choice
	for _, v := range values {
		out = append(out, forms.Choice{Value: v, Label: forms.Message(names + v), Or: v == "none" || v == "other"})
	}
	return out
}

func kindPage() forms.Page {
	f := hinted(field(fieldKind, forms.One))
	for _, c := range choices(Kinds(), "requests.kind.") {
		c.Hint = forms.Message("requests.kind_hint." + c.Value)
		f.Choices = append(f.Choices, c)
	}
	return page("kind", f)
}

func titlePage() forms.Page {
	f := hinted(field(fieldTitle, forms.Text))
	f.MaxChars = 150
	return page("title", f)
}

func textPage(key string) forms.Page {
	f := hinted(field(key, forms.LongText))
	f.MaxChars = 2000
	return page(key, f)
}

func sectorPage() forms.Page { return choicePage(fieldSector, Sectors(), "requests.sector.") }

func choicePage(key string, values []string, names string) forms.Page {
	f := hinted(field(key, forms.One))
	f.Choices = choices(values, names)
	return page(key, f)
}

func placePage() forms.Page { return page("place", hinted(field(fieldPlace, forms.Place))) }

func beneficiariesPage() forms.Page {
	f := hinted(field(fieldBeneficiaries, forms.Number))
	f.Whole, f.Min, f.Max, f.Unit = true, "1", "1000000000", forms.Message("requests.people")
	return page("beneficiaries", f)
}

func moneyPage() forms.Page {
	cost, own := hinted(field(fieldCost, forms.Money)), hinted(field(fieldOwn, forms.Money))
	cost.Min, own.Min = "1", "0"
	p := page("money", cost, own)
	p.Lead = forms.Message("requests.lead.money")
	return p
}

func studiedPage() forms.Page {
	return choicePage("studied", []string{"ready", "draft", "none"}, "requests.studied.")
}

func studyPage() forms.Page {
	f := hinted(field(FieldStudy, forms.File))
	f.ShownIf = []forms.Condition{forms.When("studied", "ready", "draft")}
	f.RequiredIf = []forms.Condition{forms.When("studied", "ready")}
	f.MaxFiles = 5
	return page("study", f)
}

func photosPage() forms.Page {
	f := field(FieldPhotos, forms.File)
	f.Hint = forms.Message("requests.hint.photos")
	f.Optional, f.Pictures, f.MaxFiles = true, true, 8
	return page("photos", f)
}

func contactPage() forms.Page {
	f := hinted(field("contact", forms.Person))
	f.From = forms.Earlier + f.Key // whoever was named last
	return page("contact", f)
}

func declarationPage() forms.Page {
	p := page("declaration", hinted(field("declaration", forms.Declaration)))
	p.Lead = forms.Message("requests.lead.declaration")
	return p
}
