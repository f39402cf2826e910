package requests

import (
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/locale"
)

// asker makes the questions of one form. Its words are the form's own where the catalogue
// has them, else those that every form shares: a question asked everywhere is worded once.
type asker struct {
	key   string // of the form
	words string // what the form's own messages begin with
}

const everyForm = "requests.every."

func (a asker) say(key string) forms.Words {
	for _, words := range []string{a.words, everyForm} {
		if locale.Has(locale.Default, words+key) {
			return forms.Message(words + key)
		}
	}
	return forms.Words{}
}

// form is called as its service is.
func (a asker) form(sections ...forms.Section) forms.Definition {
	return forms.Definition{Key: a.key, Title: forms.Message("service." + a.key + ".title"), Sections: sections}
}

func (a asker) section(key string, pages ...forms.Page) forms.Section {
	return forms.Section{Key: key, Title: a.say("section." + key), Pages: pages}
}

// page is one topic, named as its first field is.
func (a asker) page(fields ...forms.Field) forms.Page {
	key := fields[0].Key
	return forms.Page{Key: key, Title: a.say("page." + key), Lead: a.say("lead." + key), Fields: fields}
}

func (a asker) field(key string, kind forms.Kind) forms.Field {
	return forms.Field{Key: key, Kind: kind, Label: a.say("ask." + key), Hint: a.say("hint." + key), Missing: a.say("missing." + key)}
}

func (a asker) line(key string) forms.Field { return a.field(key, forms.Text) }

// long is a text of several lines with room for chars characters.
func (a asker) long(key string, chars int) forms.Field {
	f := a.field(key, forms.LongText)
	f.MaxChars = chars
	return f
}

func (a asker) one(key string, values ...string) forms.Field {
	f := a.field(key, forms.One)
	f.Choices = a.choices(key, values)
	return f
}

func (a asker) many(key string, values ...string) forms.Field {
	f := a.field(key, forms.Many)
	f.Choices = a.choices(key, values)
	return f
}

// choices are the answers of a question; the last stands apart where it is none of the others.
func (a asker) choices(key string, values []string) []forms.Choice {
	out := make([]forms.Choice, len(values))
	for i, v := range values {
		out[i] = forms.Choice{Value: v, Label: a.say("choice." + key + "." + v), Hint: a.say("choice_hint." + key + "." + v)}
	}
	last := &out[len(out)-1]
	last.Or = last.Value == "none" || last.Value == "other" || last.Value == "unknown"
	return out
}

// count is a whole number of what unit names in the catalogue.
func (a asker) count(key, unit, most string) forms.Field {
	f := a.field(key, forms.Number)
	f.Whole, f.Min, f.Max, f.Unit = true, "0", most, a.say("unit."+unit)
	return f
}

func (a asker) money(key string) forms.Field {
	f := a.field(key, forms.Money)
	f.Min = "0"
	return f
}

// past and ahead are days up to today, and from today on.
func (a asker) past(key string) forms.Field {
	f := a.field(key, forms.Date)
	f.Min, f.Max = "1990-01-01", "today"
	return f
}

func (a asker) ahead(key string) forms.Field {
	f := a.field(key, forms.Date)
	f.Min = "today"
	return f
}

func (a asker) files(key string, most int) forms.Field {
	f := a.field(key, forms.File)
	f.MaxFiles = most
	return f
}

func optional(f forms.Field) forms.Field {
	f.Optional = true
	return f
}

// asked asks a field only if all conditions hold.
func asked(f forms.Field, conditions ...forms.Condition) forms.Field {
	f.ShownIf = conditions
	return f
}

// title is what the request is called in lists and letters: every form asks it.
func (a asker) title() forms.Page {
	f := a.line(fieldTitle)
	f.MaxChars = 150
	return a.page(f)
}

// description says in a few sentences what is wanted: every form asks it.
func (a asker) description() forms.Page { return a.page(a.long(fieldDescription, 2000)) }

// contact is asked once: the next form begins with who was named in the last.
func (a asker) contact() forms.Page {
	f := a.field("contact", forms.Person)
	f.From = forms.Earlier + f.Key
	return a.page(f)
}

// end is the last section of what a municipality declares.
func (a asker) end() forms.Section {
	return a.section("end", a.contact(), a.page(a.field("declaration", forms.Declaration)))
}

// urgency asks for a reason and a day only from those who are in a hurry.
func (a asker) urgency() []forms.Page {
	return []forms.Page{
		a.page(a.one("urgency", "normal", "soon", "urgent")),
		a.page(asked(a.long("urgent_why", 500), forms.When("urgency", "urgent"))),
		a.page(asked(a.ahead("needed_by"), forms.When("urgency", "soon", "urgent"))),
	}
}

// answerLang asks which language the answer should be written in.
func (a asker) answerLang() forms.Page {
	other := a.line("answer_lang_other")
	return a.page(a.one("answer_lang", "tr", "en", "ru", "other"), asked(other, forms.When("answer_lang", "other")))
}

// council asks for the municipal council's decision: its number, day and file, or when it
// is expected.
func (a asker) council() []forms.Page {
	taken := forms.When("council", "taken")
	number := a.line("council_number")
	number.MaxChars = 40
	return []forms.Page{
		a.page(a.one("council", "taken", "planned", "none")),
		a.page(asked(number, taken), asked(a.past("council_date"), taken)),
		a.page(asked(a.files("council_file", 3), taken)),
		a.page(asked(optional(a.ahead("council_planned")), forms.When("council", "planned"))),
	}
}

// permission asks for what a country's law wants beside the council's decision.
func (a asker) permission() []forms.Page {
	by := a.line("permission_by")
	return []forms.Page{
		a.page(a.one("permission", "granted", "applied", "needed", "none", "unknown")),
		a.page(asked(by, forms.When("permission", "granted", "applied", "needed"))),
		a.page(asked(a.files("permission_file", 3), forms.When("permission", "granted"))),
	}
}
