package requests_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// answered is a bundle whose answers are kept by the form engine.
func answered(t *testing.T) bundle {
	t.Helper()
	b := shipped(t)
	zone, err := time.LoadLocation("Europe/Istanbul")
	must(t, err)
	b.Service = requests.New(b.db, requests.NewFormAnswers(zone, func() time.Time { return *b.now }), b.grown, zone, func() time.Time { return *b.now })
	return b
}

// cityOf is the public identifier of an actor's organisation.
func (b bundle) cityOf(t *testing.T, actor identity.Actor) (id string) {
	t.Helper()
	must(t, b.db.Read(t.Context(), identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), `select public_id from subjects where id = $1`, actor.OrgID).Scan(&id)
	}))
	return id
}

func (b bundle) letter(t *testing.T) requests.Intake {
	t.Helper()
	return requests.Intake{Key: subject.NewPublicID(), City: b.cityOf(t, b.mayor), Service: "urban_guidance", Channel: requests.OnPaper, CameOn: noon.AddDate(0, 0, -3),
		AskedBy: "Belediye Başkan Vekili", Lang: "az", Title: "Meydanın düzənlənməsi", Words: "Şəhər meydanının planına baxmağınızı xahiş edirik."}
}

// TestALetterIsTakenIn: what came on paper stands where a request stands that its city sent,
// with its number; the city reads it and answers it, another one does not see it.
func TestALetterIsTakenIn(t *testing.T) {
	b, ctx := answered(t), t.Context()
	in := b.letter(t)
	id, err := b.TakeIn(ctx, b.desk, in)
	must(t, err)
	again, err := b.TakeIn(ctx, b.desk, in)
	if err != nil || again != id {
		t.Errorf("sent twice: %s, %v", again, err)
	}
	r := b.open(t, b.editor, id)
	if r.State != requests.Submitted || r.Reference != "REQ-2026-00001" || r.Channel != requests.OnPaper || r.AskedBy != in.AskedBy || r.DueAt == nil ||
		r.CameOn == nil || r.CameOn.Format(time.DateOnly) != in.CameOn.Format(time.DateOnly) {
		t.Errorf("taken in: %+v", r)
	}
	p, err := b.Paper(ctx, b.editor, id)
	must(t, err)
	if p.Form.Answers["title"].Text != in.Title || p.Form.Answers["description"].Text != in.Words {
		t.Errorf("the answers begin with %v", p.Form.Answers)
	}
	_, err = b.Open(ctx, b.stranger, id)
	refused(t, "another city reads", err, apperr.NotFound)
	must(t, b.Write(ctx, b.editor, id, "Teşekkür ederiz", nil))
	must(t, b.Register(ctx, b.desk, id, 1))
	must(t, b.db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
		var n int
		err := q.QueryRow(ctx, `select count(*) from notify_events where name in ('requests.taken_in', 'requests.arrived')`).Scan(&n)
		if n != 2 {
			t.Errorf("%d events tell of it", n)
		}
		return err
	}))
}

// TestWhoTakesIn: only who handles requests registers one, and only for a city that is there.
func TestWhoTakesIn(t *testing.T) {
	b, ctx := answered(t), t.Context()
	in := b.letter(t)
	for _, actor := range []identity.Actor{b.mayor, b.audit, b.board} {
		_, err := b.TakeIn(ctx, actor, in)
		refused(t, string(actor.Roles[0])+" registers", err, apperr.Forbidden)
	}
	for what, change := range map[string]func(*requests.Intake){
		"no service": func(x *requests.Intake) { x.Service = "" }, "no title": func(x *requests.Intake) { x.Title = "" },
		"tomorrow": func(x *requests.Intake) { x.CameOn = noon.AddDate(0, 0, 1) }, "no day": func(x *requests.Intake) { x.CameOn = time.Time{} },
		"in the portal": func(x *requests.Intake) { x.Channel = requests.ByPortal },
	} {
		x := in
		change(&x)
		_, err := b.TakeIn(ctx, b.desk, x)
		refused(t, what, err, apperr.Invalid)
	}
	in.City = subject.NewPublicID()
	_, err := b.TakeIn(ctx, b.desk, in)
	refused(t, "a city of nowhere", err, apperr.NotFound)
}

// TestStaffFillInALetter: the answers of what came on paper are staff's to fill in, those of
// what its city sent are not.
func TestStaffFillInALetter(t *testing.T) {
	b, ctx := answered(t), t.Context()
	id, err := b.TakeIn(ctx, b.desk, b.letter(t))
	must(t, err)
	page := forms.In{Page: "title", Base: 1, Answers: forms.Answers{"title": {Text: "Başka bir ad"}}}
	if p, err := b.Paper(ctx, b.desk, id); err != nil || !p.Answerable() {
		t.Errorf("nobody may fill it in: %v", err)
	}
	saved, err := b.SaveArrived(ctx, b.desk, id, forms.In{Page: "title", Base: 9, Answers: page.Answers})
	if err != nil || len(saved.Conflicts) > 0 {
		t.Errorf("saved: %+v, %v", saved, err)
	}
	_, err = b.SaveArrived(ctx, b.editor, id, page)
	refused(t, "the city writes on the staff's page", err, apperr.Forbidden)
	refused(t, "closing with gaps", b.CloseArrived(ctx, b.desk, id), apperr.Invalid)
	own := shippedCase(t, b)
	_, err = b.SaveArrived(ctx, b.desk, own, page)
	refused(t, "staff write in what a city sent", err, apperr.Conflict)
}

// shippedCase is a request that its city sent itself, its answers aside.
func shippedCase(t *testing.T, b bundle) string {
	t.Helper()
	plain := with(t, b.db)
	id, err := plain.Start(t.Context(), plain.editor, "urban-guidance", "az")
	must(t, err)
	must(t, plain.Ask(t.Context(), plain.editor, id, 1))
	_, err = plain.Send(t.Context(), plain.mayor, id, 2)
	must(t, err)
	return id
}

// TestChannelsAreFound: the list is narrowed by the way a request came, in words too.
func TestChannelsAreFound(t *testing.T) {
	b, ctx := answered(t), t.Context()
	_, err := b.TakeIn(ctx, b.desk, b.letter(t))
	must(t, err)
	shippedCase(t, b)
	for text, want := range map[string]int{"kanal:kâğıtla": 1, "channel:paper": 1, "kanal:portaldan": 1, "channel:telephone": 0} {
		f, unknown, err := b.Understand(ctx, b.desk, "tr", requests.Filter{Text: text})
		must(t, err)
		list, err := b.List(ctx, b.desk, "tr", f, requests.Place{})
		if err != nil || len(unknown) > 0 || list.Count != want {
			t.Errorf("%s: %d rows, not understood %v, %v", text, list.Count, unknown, err)
		}
	}
	must(t, b.db.InTx(ctx, b.editor, func(tx pgx.Tx) error {
		hits, err := search.Find(ctx, tx, b.editor, search.Query{Text: "meydanin", Kinds: []subject.Kind{subject.Request}, Lang: "tr"})
		if len(hits) != 1 {
			t.Errorf("the city finds %d", len(hits))
		}
		return err
	}))
}
