package requests_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests"
)

// complete is a form with everything that must be answered.
func complete() forms.Answers {
	one := func(s string) forms.Value { return forms.Value{Text: s} }
	return forms.Answers{"kind": one("infrastructure"), "title": one("Qala divarlarının bərpası"), "description": one("Divarlar onarılacak."),
		"need": one("Divarlar yıkılıyor."), "sector": one("heritage"), "place": {Place: &forms.Point{Lat: 39.7615, Lon: 46.7496, Known: true, Address: "Şuşa qalası"}},
		"beneficiaries": {Number: "4650"}, "cost": {Number: "1250000.5", Currency: "AZN"}, "own": {Number: "0", Currency: "AZN"},
		"land": one("own"), "permit": one("applied"), "studied": one("none"),
		"contact": {Person: &forms.Contact{Name: "Layihə Şöbəsi", Email: "layihe@shusha.example"}}, "declaration": {Agreed: true}}
}

// realForm is a bundle whose answers are kept by the engine of forms.
func realForm(t *testing.T) bundle {
	t.Helper()
	b := with(t, pgtest.DB(t))
	must(t, b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := forms.Publish(t.Context(), tx, requests.Form())
		return err
	}))
	clock := func() time.Time { return *b.now }
	b.Service = requests.New(b.db, requests.NewFormAnswers(time.UTC, clock), b.grown, time.UTC, clock)
	return b
}

func (b bundle) fill(ctx context.Context, t *testing.T, id string, answers forms.Answers) {
	t.Helper()
	for _, s := range requests.Form().Sections {
		for _, p := range s.Pages {
			paper, err := b.Paper(ctx, b.editor, id)
			must(t, err)
			_, err = b.SavePage(ctx, b.editor, id, forms.In{Page: p.Key, Base: paper.Form.Version, Answers: maps.Clone(answers), Through: true})
			must(t, err)
		}
	}
}

// TestTheForm walks the real form to the union and into a project.
func TestTheForm(t *testing.T) {
	b, ctx := realForm(t), t.Context()
	id := b.draft(t)
	refused(t, "asking with gaps", b.Ask(ctx, b.editor, id, 1), apperr.Invalid)
	b.fill(ctx, t, id, complete())
	if r := b.open(t, b.editor, id); r.Summary.Title != "Qala divarlarının bərpası" {
		t.Errorf("a draft is called %q", r.Summary.Title)
	}
	must(t, b.Ask(ctx, b.editor, id, 1))
	_, err := b.SavePage(ctx, b.editor, id, forms.In{Page: "title", Answers: forms.Answers{"title": {Text: "x"}}})
	refused(t, "changing what waits for the mayor", err, apperr.Conflict)
	_, err = b.Send(ctx, b.mayor, id, 2)
	must(t, err)
	s := b.open(t, b.desk, id).Summary
	if s.Kind != "infrastructure" || s.Place != "Şuşa qalası" || s.Point == nil || s.Beneficiaries != 4650 || s.Cost.Value != "1250000.50" ||
		s.Own.Currency != "AZN" || s.Land != "own" || s.Permit != "applied" {
		t.Errorf("the summary of what was sent: %+v", s)
	}
	must(t, b.Register(ctx, b.desk, id, 3))
	must(t, b.Advance(ctx, b.desk, id, "review", 4, ""))
	must(t, b.Advance(ctx, b.desk, id, "to_board", 5, ""))
	must(t, b.Decide(ctx, b.board, id, ruling("approve")))
	if got := b.grown.from[0].Request.Summary.Description; got != "Divarlar onarılacak." {
		t.Errorf("the project is described by %q", got)
	}
}

// TestPaperIsPrivate shows a draft's answers to its own municipality only.
func TestPaperIsPrivate(t *testing.T) {
	b, ctx := realForm(t), t.Context()
	id := b.draft(t)
	for _, actor := range []identity.Actor{b.stranger, b.desk} {
		_, err := b.Paper(ctx, actor, id)
		refused(t, "a draft read by "+actor.Name, err, apperr.NotFound)
	}
	_, err := b.SavePage(ctx, b.stranger, id, forms.In{Page: "title"})
	refused(t, "a foreign draft written", err, apperr.NotFound)
	if p, err := b.Paper(ctx, b.mayor, id); err != nil || p.Currency != "AZN" {
		t.Errorf("the mayor reads: %v, pays in %q", err, p.Currency)
	}
}
