package services_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
)

// bundle is the catalogue on a real database with the shipped services in force.
type bundle struct {
	*services.Catalogue
	db                postgres.DB
	head, desk, admin identity.Actor
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	b := bundle{db: db, Catalogue: services.New(db, requests.Rules(), func() time.Time { return time.Now().Add(-time.Hour) }), head: pgtest.StaffActor(t, db, identity.DepartmentHead),
		desk: pgtest.StaffActor(t, db, identity.DeskOfficer), admin: pgtest.StaffActor(t, db, identity.Administrator)}
	b.ship(t, requests.Shipped())
	return b
}

func (b bundle) ship(t *testing.T, list []services.Shipped) {
	t.Helper()
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		for _, d := range requests.Forms() {
			if _, err := forms.Publish(t.Context(), tx, d); err != nil {
				return err
			}
		}
		return b.Ship(t.Context(), tx, list)
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, what string, err error, code apperr.Code) {
	t.Helper()
	if !apperr.Is(err, code) {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func (b bundle) record(t *testing.T, slug string) services.Record {
	t.Helper()
	r, err := b.Record(t.Context(), b.desk, slug)
	must(t, err)
	return r
}

// TestShipping puts what comes along in force once, and never over what staff published.
func TestShipping(t *testing.T) {
	b, ctx := setup(t), t.Context()
	list, err := b.Offered(ctx)
	must(t, err)
	if len(list) != 10 || list[0].Slug != "project-support" || list[0].Live != 2 {
		t.Errorf("%d services are offered; the first is %s in version %d", len(list), list[0].Slug, list[0].Live)
	}
	b.ship(t, requests.Shipped())
	if n := len(b.record(t, "opinion").Versions); n != 1 {
		t.Errorf("shipping twice made %d versions", n)
	}
	must(t, b.Begin(ctx, b.head, "opinion"))
	must(t, b.Save(ctx, b.head, "opinion", 1, func(d *services.Definition) error { d.Title[locale.TR] = "Görüş"; return nil }))
	must(t, b.Publish(ctx, b.head, "opinion", 2, "Kısa ad"))
	next := requests.Shipped()
	for i := range next {
		if next[i].Code == "opinion" {
			next[i].Steps[2].Days = 7
		}
	}
	b.ship(t, next)
	r := b.record(t, "opinion")
	if r.Live != 2 || r.Title[locale.TR] != "Görüş" || len(r.Versions) != 3 || !r.Versions[0].Shipped {
		t.Errorf("after an update version %d of %d is in force: %s", r.Live, len(r.Versions), r.Title[locale.TR])
	}
	must(t, b.Adopt(ctx, b.head, "opinion", r.Service.Version, 3))
	if r := b.record(t, "opinion"); r.Live != 3 || r.Days(requests.Submitted) != 7 {
		t.Errorf("adopted: version %d, %d days", r.Live, r.Days(requests.Submitted))
	}
}

// TestEditing is safe against a colleague, and only heads and administrators may.
func TestEditing(t *testing.T) {
	b, ctx := setup(t), t.Context()
	rename := func(d *services.Definition) error { d.Lead[locale.EN] = "x"; return nil }
	refused(t, "the desk edits", b.Begin(ctx, b.desk, "counselling"), apperr.Forbidden)
	must(t, b.Begin(ctx, b.head, "counselling"))
	must(t, b.Begin(ctx, b.admin, "counselling"))
	must(t, b.Save(ctx, b.head, "counselling", 1, rename))
	refused(t, "a stale save", b.Save(ctx, b.admin, "counselling", 1, rename), apperr.Conflict)
	refused(t, "publishing what was not seen", b.Publish(ctx, b.admin, "counselling", 1, ""), apperr.Conflict)
	must(t, b.Save(ctx, b.admin, "counselling", 2, func(d *services.Definition) error { d.Title[locale.RU] = ""; return nil }))
	refused(t, "publishing without a title", b.Publish(ctx, b.head, "counselling", 3, ""), apperr.Invalid)
	problems, err := b.Problems(ctx, b.head, "counselling")
	if err != nil || len(problems) != 1 || problems[0].Key != "catalogue.wrong.title" {
		t.Errorf("problems: %v, %v", problems, err)
	}
	must(t, b.Drop(ctx, b.head, "counselling", 3))
	if r := b.record(t, "counselling"); r.Draft != nil || r.Live != 1 {
		t.Errorf("a dropped draft: %+v", r.Draft)
	}
}

// TestStanding closes a service to new requests, and keeps drafts from the public.
func TestStanding(t *testing.T) {
	b, ctx := setup(t), t.Context()
	until := time.Date(2027, time.January, 4, 0, 0, 0, 0, time.UTC)
	r := b.record(t, "activity-support")
	must(t, b.Stand(ctx, b.head, r.Slug, r.Service.Version, services.Closed, &until))
	refused(t, "a stale act", b.Stand(ctx, b.head, r.Slug, r.Service.Version, services.Published, nil), apperr.Conflict)
	must(t, b.db.Read(ctx, b.desk, func(q postgres.Querier) error {
		_, err := services.Open(ctx, q, "activity-support")
		refused(t, "asking of a closed service", err, apperr.Conflict)
		return nil
	}))
	if s, err := b.BySlug(ctx, "activity-support"); err != nil || s.Until == nil {
		t.Errorf("a closed service is shown with its day: %v %+v", err, s)
	}
	must(t, b.Stand(ctx, b.head, r.Slug, r.Service.Version+1, services.Draft, nil))
	_, err := b.BySlug(ctx, "activity-support")
	refused(t, "the public reads a draft", err, apperr.NotFound)
}

// without is a definition that lacks a move.
func without(name string) func(*services.Definition) {
	return func(d *services.Definition) {
		d.Moves = slices.DeleteFunc(d.Moves, func(m services.Move) bool { return m.Name == name })
	}
}

// wrong are faults of definitions, and what each is refused for.
var wrong = map[string]struct {
	code   string
	change func(*services.Definition)
	want   string
}{
	"a state that nothing leads to":   {"opinion", without("send"), "catalogue.wrong.unreachable"},
	"a state without a way out":       {"activity_support", without("deliver"), "catalogue.wrong.stuck"},
	"days that nobody lives to see":   {"opinion", func(d *services.Definition) { d.Steps[2].Days = 5000 }, "catalogue.wrong.days"},
	"an office that is not there":     {"opinion", func(d *services.Definition) { d.Office = "space" }, "catalogue.wrong.office"},
	"a form that was never published": {"opinion", func(d *services.Definition) { d.Form = "x" }, "catalogue.wrong.form"},
	"nobody may ask":                  {"opinion", func(d *services.Definition) { d.Asks = nil }, "catalogue.wrong.asks"},
	"a member's move for staff":       {"opinion", func(d *services.Definition) { d.Moves[4].May = identity.HandleRequests }, "catalogue.wrong.may"},
	"a move from nowhere":             {"opinion", func(d *services.Definition) { d.Moves[5].From = []workflow.State{"published"} }, "catalogue.wrong.from"},
	"approving without a decision": {"project_support", func(d *services.Definition) {
		for i, m := range d.Moves {
			if m.Name == "approve" {
				d.Moves[i].Needs = nil
			}
		}
	}, "catalogue.wrong.need"},
	"an item without words": {"opinion", func(d *services.Definition) {
		d.Steps[5].Checklist = append(d.Steps[5].Checklist, services.Item{Key: "new", Label: services.Text{locale.TR: "Yalnız Türkçe"}})
	}, "catalogue.wrong.item"},
	"delivering past the board": {"activity_support", func(d *services.Definition) {
		for i, m := range d.Moves {
			if m.Name == "begin_delivery" {
				d.Moves[i].From = append(d.Moves[i].From, "in_review")
			}
		}
	}, "catalogue.wrong.bypass"},
}

// TestCheck refuses definitions that would strand a case, each with its own words.
func TestCheck(t *testing.T) {
	b := setup(t)
	var rules services.Rules
	must(t, b.db.Read(t.Context(), b.desk, func(q postgres.Querier) (err error) {
		rules, err = b.Rules(t.Context(), q)
		return err
	}))
	for name, c := range wrong {
		for _, s := range requests.Shipped() {
			if s.Code != c.code {
				continue
			}
			d := s.Definition
			if found := d.Check(rules); len(found) > 0 {
				t.Fatalf("%s as shipped: %v", s.Code, found)
			}
			c.change(&d)
			var keys []string
			for _, p := range d.Check(rules) {
				keys = append(keys, p.Key)
				for _, lang := range locale.Langs() {
					if !locale.Has(lang, p.Key) {
						t.Errorf("%s has no words for %s", lang, p.Key)
					}
				}
			}
			if !strings.Contains(strings.Join(keys, " "), c.want) {
				t.Errorf("%s: refused for %v, want %s", name, keys, c.want)
			}
		}
	}
}

// TestDiff says what changed from one version to the next, and nothing else.
func TestDiff(t *testing.T) {
	one, two := requests.Shipped()[0].Definition, requests.Shipped()[0].Definition
	if got := services.Diff(&one, &two); len(got) != 0 {
		t.Errorf("the same differs: %v", got)
	}
	two.Steps[5].Days = 20
	two.Moves[5].Tell = nil
	got := services.Diff(&one, &two)
	if len(got) != 2 || got[0].Old != "11" || got[0].New != "20" || got[1].What != "tell" || got[1].New != "" {
		t.Errorf("the difference: %+v", got)
	}
}

// TestOffices lets people in and out, and keeps names in every language.
func TestOffices(t *testing.T) {
	b, ctx := setup(t), t.Context()
	_, staff, err := b.Office(ctx, b.admin, "legal")
	must(t, err)
	names := services.Text{locale.TR: "Hukuk", locale.EN: "Law", locale.RU: "Право"}
	_, err = b.SaveOffice(ctx, b.head, services.OfficeInput{Code: "legal", Names: names, Version: 1})
	refused(t, "a head manages offices", err, apperr.Forbidden)
	_, err = b.SaveOffice(ctx, b.admin, services.OfficeInput{Code: "legal", Names: names, People: []string{staff[0].PublicID}, Version: 1})
	must(t, err)
	_, err = b.SaveOffice(ctx, b.admin, services.OfficeInput{Code: "legal", Names: names, Version: 1})
	refused(t, "a stale save", err, apperr.Conflict)
	office, _, err := b.Office(ctx, b.admin, "legal")
	if err != nil || len(office.People) != 1 || office.Names[locale.EN] != "Law" {
		t.Errorf("the office: %+v, %v", office, err)
	}
	_, err = b.SaveOffice(ctx, b.admin, services.OfficeInput{Names: services.Text{locale.TR: "x"}})
	refused(t, "an office without names", err, apperr.Invalid)
}
