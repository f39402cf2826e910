package translations_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

type bundle struct {
	*testing.T
	db      *pgtest.Tx
	officer identity.Actor
	ref     subject.Ref
	id      string
}

func setup(t *testing.T) bundle {
	db := pgtest.DB(t)
	b := bundle{T: t, db: db, officer: pgtest.StaffActor(t, db, identity.DeskOfficer)}
	b.ref, b.id = b.record()
	return b
}

// record makes a record that nothing is written of yet.
func (b bundle) record() (subject.Ref, string) {
	b.Helper()
	ref, id := subject.Ref{Kind: subject.Article}, subject.NewPublicID()
	b.do(func(tx pgx.Tx) error {
		return tx.QueryRow(b.Context(), `insert into subjects (kind, org_id, public_id) values ('article', union_id(), $1) returning id`, id).Scan(&ref.ID)
	})
	return ref, id
}

func (b bundle) do(fn func(tx pgx.Tx) error) {
	b.Helper()
	if err := b.db.InTx(b.Context(), b.officer, fn); err != nil {
		b.Fatal(err)
	}
}

func (b bundle) save(in translations.In) translations.Status {
	b.Helper()
	var s translations.Status
	b.do(func(tx pgx.Tx) (err error) {
		s, err = translations.Save(b.Context(), tx, b.officer, b.ref, in)
		return err
	})
	return s
}

func (b bundle) publish(lang string, version int) {
	b.Helper()
	b.do(func(tx pgx.Tx) error {
		return translations.Publish(b.Context(), tx, b.officer, b.ref, lang, version)
	})
}

func (b bundle) work(lang string) translations.Work {
	b.Helper()
	var w translations.Work
	b.do(func(tx pgx.Tx) (err error) {
		w, err = translations.WorkOf(b.Context(), tx, subject.Article, b.id, lang)
		return err
	})
	return w
}

// read is what a visitor gets, policies included.
func (b bundle) read(lang string) (p translations.Page, err error) {
	err = b.db.Read(b.Context(), identity.Anyone(), func(q postgres.Querier) error {
		p, err = translations.Read(b.Context(), q, b.ref.ID, lang)
		return err
	})
	return p, err
}

func text(title string) translations.Text {
	return translations.Text{Title: title, Body: "Bir iki üç."}
}

// TestConditions is status × edit: what each act makes of each language.
func TestConditions(t *testing.T) {
	b := setup(t)
	expect := func(step string, want ...translations.Condition) {
		t.Helper()
		for i, lang := range []string{"tr", "en"} {
			if got := b.work(lang).Now.Condition(); got != want[i] {
				t.Errorf("%s: %s is %s, want %s", step, lang, got, want[i])
			}
		}
	}
	expect("nothing written", "missing", "missing")
	b.save(translations.In{Lang: "tr", Text: text("Köprü")})
	expect("source written", "draft", "missing")
	b.publish("tr", 1)
	expect("source published", "published", "missing")
	b.save(translations.In{Lang: "en", Text: text("Bridge")})
	b.publish("en", 1)
	expect("translated", "published", "published")
	b.save(translations.In{Lang: "tr", Base: 1, Text: text("Köprü."), Small: true})
	expect("a comma in the source", "changed", "published")
	b.save(translations.In{Lang: "tr", Base: 2, Text: text("Yeni köprü")})
	expect("a change of meaning", "changed", "outdated")
	b.save(translations.In{Lang: "tr", Base: 3, Text: text("Yeni köprü!"), Small: true})
	expect("a comma after it", "changed", "outdated")
	b.save(translations.In{Lang: "en", Base: 1, Text: text("Bridges")})
	expect("a translation's own comma", "changed", "outdated")
	b.save(translations.In{Lang: "en", Base: 2, Text: text("New bridge"), Follows: 4})
	expect("the translation follows", "changed", "changed")
	b.publish("en", 3)
	expect("and is published", "changed", "published")
}

func TestADraftNeverUnpublishes(t *testing.T) {
	b := setup(t)
	b.save(translations.In{Lang: "tr", Text: text("Eski")})
	if _, err := b.read("tr"); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a draft was read: %v", err)
	}
	b.publish("tr", 1)
	b.save(translations.In{Lang: "tr", Base: 1, Text: text("Yeni")})
	p, err := b.read("ru")
	if err != nil || p.Title != "Eski" || p.Lang != "tr" {
		t.Errorf("a Russian reader gets %q in %q (%v), want the published source", p.Title, p.Lang, err)
	}
	var drafts int
	err = b.db.Read(t.Context(), identity.Anyone(), func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), `select count(*) from texts where subject_id = $1`, b.ref.ID).Scan(&drafts)
	})
	if err != nil || drafts != 1 {
		t.Errorf("the visitor's role sees %d versions (%v), want the published one", drafts, err)
	}
}

func TestStaleSaveIsAConflict(t *testing.T) {
	b := setup(t)
	b.save(translations.In{Lang: "tr", Text: text("Bir")})
	b.save(translations.In{Lang: "tr", Base: 1, Text: text("İki")})
	err := b.db.InTx(t.Context(), b.officer, func(tx pgx.Tx) error {
		_, err := translations.Save(t.Context(), tx, b.officer, b.ref, translations.In{Lang: "tr", Base: 1, Text: text("Üç")})
		return err
	})
	if !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale save: %v", err)
	}
	err = b.db.InTx(t.Context(), b.officer, func(tx pgx.Tx) error {
		return translations.Publish(t.Context(), tx, b.officer, b.ref, "tr", 1)
	})
	if !apperr.Is(err, apperr.Conflict) {
		t.Errorf("publishing what is no longer the newest: %v", err)
	}
}

func TestSlugsStayAndDoNotCollide(t *testing.T) {
	b := setup(t)
	if got := b.save(translations.In{Lang: "tr", Text: text("Şuşa'da Şenlik")}).Slug; got != "susada-senlik" {
		t.Errorf("slug %q", got)
	}
	if got := b.save(translations.In{Lang: "tr", Base: 1, Text: text("Şuşa Şenliği")}).Slug; got != "susa-senligi" {
		t.Errorf("an unpublished slug does not follow the title: %q", got)
	}
	b.publish("tr", 2)
	if got := b.save(translations.In{Lang: "tr", Base: 2, Text: text("Bambaşka")}).Slug; got != "susa-senligi" {
		t.Errorf("a published slug moved to %q", got)
	}
	other := b
	other.ref, other.id = b.record()
	if got := other.save(translations.In{Lang: "en", Text: text("Susa Senligi")}).Slug; got != "susa-senligi-2" {
		t.Errorf("two records share a slug: %q", got)
	}
}

func TestScheduleShowsTheVersionThatWasScheduled(t *testing.T) {
	b := setup(t)
	now := time.Now()
	b.save(translations.In{Lang: "tr", Text: text("Zamanı gelince")})
	b.do(func(tx pgx.Tx) error {
		return translations.Schedule(t.Context(), tx, b.officer, b.ref, "tr", 1, now.Add(time.Hour), now)
	})
	b.save(translations.In{Lang: "tr", Base: 1, Text: text("Daha sonraki taslak")})
	due := func(at time.Time) (w []translations.Waiting) {
		b.do(func(tx pgx.Tx) (err error) {
			w, err = translations.Due(t.Context(), tx, at, subject.Article)
			return err
		})
		return w
	}
	if got := due(now); len(got) != 0 {
		t.Errorf("due before its hour: %v", got)
	}
	if got := due(now.Add(2 * time.Hour)); len(got) != 1 || got[0].Ref != b.ref {
		t.Fatalf("due: %v", got)
	}
	for range 2 { // a job that runs twice publishes once
		b.do(func(tx pgx.Tx) error { return translations.PublishDue(t.Context(), tx, b.ref, "tr") })
	}
	p, err := b.read("tr")
	if err != nil || p.Title != "Zamanı gelince" {
		t.Errorf("published %q (%v)", p.Title, err)
	}
}

func TestBadTexts(t *testing.T) {
	for name, bad := range map[string]translations.Text{
		"no title":  {Body: "x"},
		"spaces":    {Title: " \t "},
		"long":      {Title: strings.Repeat("ş", translations.MaxTitle+1)},
		"long body": {Title: "x", Body: strings.Repeat("a", translations.MaxBody+1)},
	} {
		if err := bad.Check(); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (translations.Text{Title: strings.Repeat("ş", translations.MaxTitle)}).Check(); err != nil {
		t.Errorf("a title of just the limit: %v", err)
	}
}
