package demo

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/birlik/portal/internal/decisions"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/pdf"
	"github.com/birlik/portal/internal/postgres"
)

// applying is one city that applies in the demonstration, and how far it has come.
type applying struct {
	lang, country        string
	name, latin, english string
	region               string
	lat, lon             float64
	population           string
	stage                string // draft, submitted, incomplete, executive, administrative
}

// citiesThatApply are places that are in no register, so that none is taken for a real one.
var citiesThatApply = []applying{
	{"ru", "KG", "Жаңы-Суу", "Cañı-Suu", "Jany-Suu", "Ысык-Көл облусу", 42.4907, 78.3936, "18400", "submitted"},
	{"tr", "TR", "Yeşilırmak Kasabası", "", "Yesilirmak Town", "Tokat", 40.3139, 36.5544, "9200", "incomplete"},
	{"en", "UZ", "Yangihayot shaharchasi", "", "Yangihayot Town", "Toshkent viloyati", 41.1803, 69.1901, "31500", "executive"},
	{"ru", "KZ", "Жаңа Арна", "Jaña Arna", "Zhana Arna", "Қызылорда облысы", 44.8488, 65.4823, "12750", "administrative"},
	{"tr", "AZ", "Yenikənd", "", "Yenikend", "Tovuz", 40.9921, 45.6289, "", "draft"},
}

// Applications fills in the applications of the demonstration, once.
func Applications(ctx context.Context, db postgres.DB, service *membership.Service, files *documents.Service, now time.Time) error {
	if service == nil {
		return nil
	}
	var there bool
	var desk, board int64
	err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(ctx, `
			select exists (select from applications), coalesce((select id from users where email = 'desk@union.example'), 0),
				coalesce((select id from users where email = 'board@union.example'), 0)`).Scan(&there, &desk, &board)
	})
	if err != nil || there {
		return err
	}
	for i, city := range citiesThatApply {
		a := application{service: service, files: files, city: city, n: i + 1, now: now,
			desk:  identity.Actor{Side: identity.Staff, UserID: desk, Roles: []identity.Role{identity.DeskOfficer}},
			board: identity.Actor{Side: identity.Staff, UserID: board, Roles: []identity.Role{identity.BoardSecretary}}}
		if err := a.fill(ctx); err != nil {
			return fmt.Errorf("application of %s: %w", city.english, err)
		}
	}
	return nil
}

// application is one application being filled in as its applicant and the staff would.
type application struct {
	service            *membership.Service
	files              *documents.Service
	city               applying
	n                  int
	now                time.Time
	desk, board, actor identity.Actor
	id                 string
}

func (a *application) fill(ctx context.Context) error {
	// Each from a network of its own: the limits on one are for people.
	from := netip.AddrFrom4([4]byte{192, 0, 2, byte(a.n)})
	started, err := a.service.Start(ctx, fmt.Sprintf("office%d@city.example", a.n), a.city.lang, from)
	if err != nil {
		return err
	}
	if a.id, a.actor, err = a.service.Enter(ctx, started.Token); err != nil {
		return err
	}
	if err := a.answer(ctx); err != nil || a.city.stage == "draft" {
		return err
	}
	if err := a.service.Submit(ctx, a.actor, a.id, 1); err != nil || a.city.stage == "submitted" {
		return err
	}
	if a.city.stage == "incomplete" {
		return a.service.Return(ctx, a.desk, a.id, 2, map[string]string{"tr": "Meclis kararının ikinci sayfası eksik."}[a.city.lang])
	}
	if err := a.service.Complete(ctx, a.desk, a.id, 2); err != nil || a.city.stage == "executive" {
		return err
	}
	return a.service.Support(ctx, a.board, a.id, membership.Ruling{Seq: 3, Number: "2026/UK-9", Date: a.now.AddDate(0, 0, -6),
		Votes: &decisions.Votes{For: 8, Abstained: 1}, Outcome: decisions.Approve})
}

// answer saves every page; a draft stops after the names.
func (a *application) answer(ctx context.Context) error {
	c := a.city
	text := func(s string) forms.Value { return forms.Value{Text: s} }
	number := func(s string) forms.Value { return forms.Value{Number: s} }
	person := func(name, box string) forms.Value {
		return forms.Value{Person: &forms.Contact{Name: name, Email: fmt.Sprintf("%s%d@city.example", box, a.n)}}
	}
	pages := []struct {
		key     string
		answers forms.Answers
	}{
		{"kind", forms.Answers{"membership": text("full")}},
		{"country", forms.Answers{"country": text(c.country)}},
		{"names", forms.Answers{"name": text(c.name), "name_latin": text(c.latin), "name_en": text(c.english)}},
		{"place", forms.Answers{"region": text(c.region), "place": {Place: &forms.Point{Lat: c.lat, Lon: c.lon, Known: true}}}},
		{"population", forms.Answers{"population": number(c.population), "population_year": number("2025")}},
		{"area", forms.Answers{"area": number("64.5")}},
		{"head", forms.Answers{"head": text("Head of the municipality"), "head_until": {Date: "2029-03-31"}}},
		{"office", forms.Answers{"office": person("International Relations Office", "international")}},
		{"approver", forms.Answers{"approver": person("Office of the head", "head")}},
		{"editor", forms.Answers{"editor": person("Projects Office", "projects")}},
		{"resolution", forms.Answers{"resolution_number": text(fmt.Sprintf("%d", 40+a.n)), "resolution_date": {Date: "2026-09-14"}}},
		{"delegates", forms.Answers{"delegates": text("First delegate\nSecond delegate"), "alternates": text("First alternate")}},
		{"declaration", forms.Answers{"statute": {Agreed: true}, "privacy": {Agreed: true}}},
	}
	for i, p := range pages {
		if c.stage == "draft" && i > 2 {
			return nil
		}
		if _, err := a.service.SavePage(ctx, a.actor, a.id, forms.In{Page: p.key, Base: 1 << 20, Answers: p.answers, Through: true}); err != nil {
			return fmt.Errorf("page %s: %w", p.key, err)
		}
	}
	return a.attach(ctx)
}

// attach gives the application its council's resolution.
func (a *application) attach(ctx context.Context) error {
	paper := pdf.New(pdf.Head{Lang: "en", Title: "Resolution", Sender: a.city.english, At: a.now})
	paper.Heading("Resolution of the municipal council")
	paper.Text("The council accepts the statute and names its delegates. (Demonstration)")
	content, err := paper.Bytes()
	if err != nil {
		return err
	}
	upload, err := a.files.Receive(ctx, a.actor, "resolution.pdf", bytes.NewReader(content))
	if err != nil {
		return err
	}
	_, err = a.service.SavePage(ctx, a.actor, a.id, forms.In{Page: "file", Base: 1 << 20, Upload: map[string][]string{"resolution": {upload}}, Through: true})
	return err
}
