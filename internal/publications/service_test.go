package publications_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/publications"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/internal/translations"
)

// bundle is an empty bulletin, an officer who writes, and a clock that stands.
type bundle struct {
	*publications.Service
	db   postgres.DB
	desk identity.Actor
}

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	return bundle{publications.New(db, func() time.Time { return noon }), db, pgtest.StaffActor(t, db, identity.DeskOfficer)}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// issue makes an issue, and an article in it, both drafts.
func (b bundle) issue(t *testing.T, number int) (issue, article string) {
	t.Helper()
	issue, err := b.NewIssue(t.Context(), b.desk, publications.IssueFacts{Number: number, IssuedOn: noon}, "tr", "Su sayısı")
	must(t, err)
	article, err = b.NewArticle(t.Context(), b.desk, issue, "tr", "Geceleyin dinlenen borular")
	must(t, err)
	return issue, article
}

func (b bundle) publish(t *testing.T, kind subject.Kind, id, lang string, version int) {
	t.Helper()
	must(t, b.Texts(kind).PublishText(t.Context(), b.desk, id, lang, version))
}

func (b bundle) found(t *testing.T, text string) bool {
	t.Helper()
	var hits []search.Hit
	must(t, b.db.Read(t.Context(), identity.Anyone(), func(q postgres.Querier) (err error) {
		hits, err = search.Find(t.Context(), q, identity.Anyone(), search.Query{Text: text, Kinds: []subject.Kind{subject.Article}, Lang: locale.TR, Limit: 5})
		return err
	}))
	return len(hits) > 0
}

// TestPublished holds that a draft is seen by nobody, and what is published is in the list,
// the issue, the feed and the search at once; taken down, it is gone from all of them.
func TestPublished(t *testing.T) {
	b := setup(t)
	issue, article := b.issue(t, 7)
	if _, err := b.Issue(t.Context(), identity.Anyone(), locale.TR, 7); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a draft is read: %v", err)
	}
	b.publish(t, subject.Issue, issue, "tr", 1)
	if latest, err := b.Latest(t.Context(), identity.Anyone(), locale.TR, 5); err != nil || len(latest) != 0 {
		t.Errorf("a draft is listed: %v, %v", latest, err)
	}
	b.publish(t, subject.Article, article, "tr", 1)
	read, err := b.Issue(t.Context(), identity.Anyone(), locale.EN, 7)
	must(t, err)
	if len(read.Articles) != 1 || read.Articles[0].Text.Lang != "tr" {
		t.Errorf("the issue holds %d articles", len(read.Articles))
	}
	if latest, err := b.Latest(t.Context(), identity.Anyone(), locale.TR, 5); err != nil || len(latest) != 1 || !b.found(t, "dinlenen") {
		t.Errorf("published, and not found: %v, %v", latest, err)
	}
	must(t, b.Texts(subject.Article).UnpublishText(t.Context(), b.desk, article, "tr"))
	if latest, _ := b.Latest(t.Context(), identity.Anyone(), locale.TR, 5); len(latest) != 0 || b.found(t, "dinlenen") {
		t.Error("taken down, and still found")
	}
}

// TestDraftStaysBeside holds that a newer draft changes nothing for readers.
func TestDraftStaysBeside(t *testing.T) {
	b := setup(t)
	_, article := b.issue(t, 7)
	b.publish(t, subject.Article, article, "tr", 1)
	in := translations.In{Lang: "tr", Base: 1, Text: translations.Text{Title: "Yeni başlık"}}
	_, err := b.Texts(subject.Article).SaveText(t.Context(), b.desk, article, in)
	must(t, err)
	latest, err := b.Latest(t.Context(), identity.Anyone(), locale.TR, 1)
	must(t, err)
	if latest[0].Text.Title != "Geceleyin dinlenen borular" {
		t.Errorf("readers see the draft: %q", latest[0].Text.Title)
	}
	if _, err := b.Texts(subject.Article).SaveText(t.Context(), b.desk, article, in); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale save: %v", err)
	}
}

// TestDue holds that a schedule publishes by itself, once.
func TestDue(t *testing.T) {
	b := setup(t)
	_, article := b.issue(t, 7)
	texts := b.Texts(subject.Article)
	if err := texts.ScheduleText(t.Context(), b.desk, article, "tr", 1, noon.Add(-time.Minute)); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("a schedule in the past: %v", err)
	}
	must(t, texts.ScheduleText(t.Context(), b.desk, article, "tr", 1, noon.Add(time.Hour)))
	worker := &translations.DueWorker{DB: b.db, Now: func() time.Time { return noon }, Show: map[subject.Kind]translations.Show{subject.Article: b.PublishDue}}
	for after, want := range []int{0, 1, 1} {
		worker.Now = func() time.Time { return noon.Add(time.Duration(after) * time.Hour) }
		must(t, worker.Work(t.Context(), nil))
		if latest, err := b.Latest(t.Context(), identity.Anyone(), locale.TR, 5); err != nil || len(latest) != want {
			t.Errorf("after %d h: %d articles, %v", after, len(latest), err)
		}
	}
}

// TestRules holds who may write, what is refused, and that the last text of a page stays.
func TestRules(t *testing.T) {
	b := setup(t)
	issue, first := b.issue(t, 7)
	auditor := pgtest.StaffActor(t, b.db, identity.Auditor)
	if _, err := b.NewArticle(t.Context(), auditor, issue, "tr", "x"); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an auditor writes: %v", err)
	}
	if _, err := b.NewIssue(t.Context(), b.desk, publications.IssueFacts{Number: 7, IssuedOn: noon}, "tr", "x"); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("a number twice: %v", err)
	}
	second, err := b.NewArticle(t.Context(), b.desk, issue, "tr", "İkinci")
	must(t, err)
	must(t, b.MoveArticle(t.Context(), b.desk, second, true))
	desk, err := b.DeskIssue(t.Context(), b.desk, issue)
	must(t, err)
	if desk.Articles[0].PublicID != second || desk.Articles[1].PublicID != first {
		t.Error("the second did not move up")
	}
	if err := b.SaveIssue(t.Context(), b.desk, issue, publications.IssueFacts{Number: 8, IssuedOn: noon, Version: 9}); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale edit: %v", err)
	}
	b.pageKeepsItsText(t)
}

func (b bundle) pageKeepsItsText(t *testing.T) {
	t.Helper()
	pages, err := b.DeskPages(t.Context(), b.desk)
	must(t, err)
	texts := b.Texts(subject.SitePage)
	_, err = texts.SaveText(t.Context(), b.desk, pages[0].PublicID, translations.In{Lang: "tr", Text: translations.Text{Title: "Hakkımızda"}})
	must(t, err)
	b.publish(t, subject.SitePage, pages[0].PublicID, "tr", 1)
	if err := texts.UnpublishText(t.Context(), b.desk, pages[0].PublicID, "tr"); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("the last text of a page went down: %v", err)
	}
	must(t, b.Edit(t.Context(), b.desk, subject.SitePage, pages[0].PublicID, func(pgx.Tx, subject.Ref) error { return nil }))
}
