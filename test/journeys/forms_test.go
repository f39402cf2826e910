package journeys

import (
	"strings"
	"testing"

	"github.com/birlik/portal/test/browser"
	"github.com/birlik/portal/test/portal"
)

// TestFormBuiltThenAnswered adds a question to a form and publishes it; a city answers it on
// a phone where no script runs, in Russian; the union's staff read the answer on the case.
func TestFormBuiltThenAnswered(t *testing.T) {
	p, b := portal.Start(t), browser.Start(t)
	builder := begin(t, p, b, browser.Desk())
	builder.signIn("admin@union.example")
	builder.build()

	look := browser.Phone()
	look.NoScript = true
	officer := begin(t, p, b, look)
	form := officer.ask("ru", "urban-guidance")
	officer.namesACity(form)
	officer.guided()
	officer.says("Ош")
	officer.Press(`form[action$="/ask"] button`)
	officer.calm()

	id := strings.Split(form, "/")[5]
	approver := begin(t, p, b, look)
	approver.Go(linkFor(t, p, id+"/approve"))
	approver.signIn(mayor)
	approver.Press(`form[action$="/send"] button`)
	approver.at("/sent")

	staff := begin(t, p, b, browser.Desk())
	staff.signIn(desk)
	staff.Go("/tr/desk/requests/" + id)
	staff.says("Hangi şehirle birlikte?")
	staff.says("Ош")
	staff.calm()
	var city string
	p.Query(&city, `select m.source_id from submission_refs x join submissions b on b.id = x.submission_id join subjects s on s.id = b.subject_id
		join municipalities m on m.id = x.subject_id where s.public_id = $1`, id)
	if city != "gn:1527534" {
		t.Errorf("the answer points at %q", city)
	}
}

// build adds a question for a municipality to the page of the title, and publishes the form.
func (j journey) build() {
	j.t.Helper()
	j.Go("/tr/desk/forms/urban_guidance")
	j.Press(`main form[action$="/draft"] .btn`)
	j.at("/urban_guidance/draft")
	j.Go("/tr/desk/forms/urban_guidance/draft/edit/field/new?in=title&kind=municipality")
	j.calm()
	j.Fill(`#label_tr`, "Hangi şehirle birlikte?")
	j.Fill(`#label_en`, "Together with which city?")
	j.Fill(`#label_ru`, "Вместе с каким городом?")
	j.Click(`input[name=need][value=always]`)
	j.Press(`main form .actions .btn-primary`)
	j.says("Hangi şehirle birlikte?")
	j.calm()
	j.Press(`form[action$="/publish"] .btn-primary`)
	j.at("/desk/forms/urban_guidance")
	j.says("Yeni sürüm yürürlükte")
}

// namesACity answers the new question: a name that several cities come near is asked about,
// and one of them is chosen.
func (j journey) namesACity(form string) {
	j.t.Helper()
	j.Go(form + "/topic")
	j.choose("topic", "space")
	j.at("/title")
	j.Fill(`#title`, "Площадь у базара")
	j.Press(goOn)
	j.at("/title")
	j.says("Выберите муниципалитет.")
	j.Fill(`input[name$="_text"]`, "ош")
	j.Press(goOn)
	j.at("/title")
	j.says("Какой из них?")
	j.calm()
	j.Click(`input[name$="_pick"][value="osh"]`)
	j.Press(goOn)
}

// guided answers the rest of the form.
func (j journey) guided() {
	j.t.Helper()
	j.write("description", `#description`, "Как закрыть площадь для машин вместе с соседями?")
	j.pass("tried_text")
	j.choose("somewhere", "no")
	j.pass("papers")
	j.choose("urgency", "normal")
	j.choose("answer_lang", "ru")
	j.choose("publish", "unnamed")
	j.pass("contact")
	j.at("/check")
	j.calm()
}
