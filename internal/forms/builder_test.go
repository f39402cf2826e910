package forms_test

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

// bench is a desk with a published form, its builder, and somebody who may publish.
type bench struct {
	desk
	builder *forms.Builder
	head    identity.Actor
}

func newBench(t *testing.T) bench {
	t.Helper()
	db := pgtest.DB(t)
	b := bench{desk: setup(t, db), head: pgtest.StaffActor(t, db, identity.DepartmentHead)}
	b.builder = forms.NewBuilder(db, map[string]forms.Needs{"sample": {"title": forms.Text}}, func() time.Time { return noon })
	return b
}

func (b bench) open(key string) forms.Folder {
	b.t.Helper()
	file, err := b.builder.Open(b.t.Context(), b.head, key)
	if err != nil {
		b.t.Fatal(err)
	}
	return file
}

func (b bench) edit(fn func(d *forms.Definition) error) {
	b.t.Helper()
	if err := b.builder.Edit(b.t.Context(), b.head, "sample", fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b bench) publish() error {
	b.t.Helper()
	_, err := b.builder.Publish(b.t.Context(), b.head, "sample", b.open("sample").Draft.Version, "")
	return err
}

func (b bench) begin() {
	b.t.Helper()
	if err := b.builder.Begin(b.t.Context(), b.head, "sample"); err != nil {
		b.t.Fatal(err)
	}
}

// TestDraftToVersion builds on a published form, and puts the draft in force once.
func TestDraftToVersion(t *testing.T) {
	b := newBench(t)
	b.begin()
	if err := b.publish(); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("the same once more: %v", err)
	}
	b.edit(func(d *forms.Definition) error {
		return d.PutField("texts", forms.Field{Key: "extra", Kind: forms.Text, Label: words("Ek"), Optional: true})
	})
	seen := b.open("sample").Draft.Version
	b.edit(func(d *forms.Definition) error { d.Title = words("Yeni ad"); return nil })
	if _, err := b.builder.Publish(t.Context(), b.head, "sample", seen, ""); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("what a colleague changed was not looked at: %v", err)
	}
	if err := b.publish(); err != nil {
		t.Fatal(err)
	}
	file := b.open("sample")
	if file.Draft != nil || len(file.Versions) != 2 || file.Versions[0].Definition.Title.In["tr"] != "Yeni ad" || file.Versions[0].By == "" {
		t.Errorf("published: %+v", file)
	}
	if old := b.load(b.ayse); old.Definition.Version != 1 || old.Definition.Title.In["tr"] != "Örnek" || old.Newest != 2 {
		t.Errorf("a running draft stays on its version: %d of %d", old.Definition.Version, old.Newest)
	}
	var version int
	b.as(identity.Worker(), func(tx pgx.Tx) (err error) {
		version, err = forms.Publish(t.Context(), tx, sample())
		return err
	})
	if version != 2 {
		t.Errorf("what comes with the portal replaced what the desk published: version %d", version)
	}
}

// TestPublishRefuses holds drafts to what the portal and earlier versions ask of them.
func TestPublishRefuses(t *testing.T) {
	for name, spoil := range map[string]func(d *forms.Definition) error{
		"without what the portal reads": func(d *forms.Definition) error { return d.DropField("title") },
		"another kind of answer": func(d *forms.Definition) error {
			return d.PutField("texts", forms.Field{Key: "need", Kind: forms.Number, Label: words("İhtiyaç")})
		},
		"a condition that looks forward": func(d *forms.Definition) error {
			return d.PutField("choice", forms.Field{Key: "early", Kind: forms.Text, Label: words("Erken"), ShownIf: []forms.Condition{forms.When("title")}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.begin()
			b.edit(spoil)
			if err := b.publish(); !apperr.Is(err, apperr.Invalid) || len(b.builder.Flaws(b.open("sample"))) == 0 {
				t.Errorf("passes: %v", err)
			}
		})
	}
}

// TestWhoBuilds lets officers draft and heads publish, and nobody else near.
func TestWhoBuilds(t *testing.T) {
	b := newBench(t)
	b.begin()
	officer := pgtest.StaffActor(t, b.db, identity.DeskOfficer)
	if err := b.builder.Edit(t.Context(), officer, "sample", func(d *forms.Definition) error { d.Title = words("X"); return nil }); err != nil {
		t.Errorf("an officer drafts: %v", err)
	}
	if _, err := b.builder.Publish(t.Context(), officer, "sample", 2, ""); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an officer publishes: %v", err)
	}
	for _, actor := range []identity.Actor{b.ayse, pgtest.StaffActor(t, b.db, identity.Auditor)} {
		if _, err := b.builder.Open(t.Context(), actor, "sample"); !apperr.Is(err, apperr.Forbidden) {
			t.Errorf("%s opens the desk: %v", actor.Side, err)
		}
	}
	for _, try := range []string{`select form from form_drafts`, `insert into form_versions (form, version, definition, digest) values ('x', 1, '{}', 'x')`} {
		err := b.db.InTx(t.Context(), b.ayse, func(tx pgx.Tx) error { // the second wall
			tag, err := tx.Exec(t.Context(), try)
			if err == nil && tag.RowsAffected() > 0 {
				t.Errorf("a member: %s", try)
			}
			return err
		})
		if err == nil {
			t.Errorf("a member may: %s", try)
		}
	}
}

// TestMoves walks pages and questions up and down, across the ends of what holds them.
func TestMoves(t *testing.T) {
	d := sample()
	order := func() (out []string) {
		for _, f := range d.Fields()[:4] {
			out = append(out, f.Key)
		}
		return out
	}
	if err := d.MoveField("title", -1); err != nil || strings.Join(order(), " ") != "choice detail title need" || len(d.Sections[0].Pages[1].Fields) != 2 {
		t.Errorf("a question moves to the page before: %v %v", order(), err)
	}
	if err := d.MovePage("texts", -1); err != nil || d.Sections[0].Pages[1].Key != "texts" {
		t.Errorf("a page moves up: %v", err)
	}
	if err := d.MoveField("choice", -1); err != nil || d.Fields()[0].Key != "choice" {
		t.Errorf("the first stays the first: %v", err)
	}
	if err := d.MovePage("gone", 1); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("what a colleague took away: %v", err)
	}
}

// TestCarry keeps what fits, puts the rest aside, and loses nothing.
func TestCarry(t *testing.T) {
	b := newBench(t)
	b.save(b.ayse, "choice", 1, forms.Answers{"choice": text("b")})
	b.save(b.ayse, "detail", 2, forms.Answers{"detail": text("ayrıntı")})
	b.save(b.ayse, "texts", 3, forms.Answers{"title": text("Başlık"), "many": {List: []string{"x", "y"}}})
	b.begin()
	b.edit(func(d *forms.Definition) error {
		d.Sections[0].Pages[2].Fields[4].Choices = []forms.Choice{{Value: "x", Label: words("X")}, {Value: "z", Label: words("Z")}}
		return d.DropPage("detail")
	})
	if err := b.publish(); err != nil {
		t.Fatal(err)
	}
	var plan forms.Carriage
	b.as(b.ayse, func(tx pgx.Tx) (err error) {
		plan, err = forms.PlanCarry(t.Context(), tx, b.load(b.ayse))
		return err
	})
	if len(plan.Differences) != 2 || len(plan.Aside) != 2 {
		t.Errorf("plan: %+v", plan)
	}
	carry := func() error {
		return b.db.InTx(t.Context(), b.ayse, func(tx pgx.Tx) error { return forms.Carry(t.Context(), tx, b.ayse, b.ref, "application", noon) })
	}
	if err := carry(); err != nil {
		t.Fatal(err)
	}
	got := b.load(b.ayse)
	if got.Definition.Version != 2 || got.Answers["title"].Text != "Başlık" || len(got.Answers["many"].List) != 1 ||
		got.Aside["detail"].Value.Text != "ayrıntı" || got.Aside["many"].Value.List[0] != "y" || got.Saw("texts") || !got.Saw("choice") {
		t.Errorf("carried: %+v", got)
	}
	if err := carry(); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("twice: %v", err)
	}
}

// TestHelp lets staff in by consent only, and ends it by itself.
func TestHelp(t *testing.T) {
	b := newBench(t)
	now := time.Now()
	let := func(until time.Time) error {
		return b.db.InTx(t.Context(), b.ayse, func(tx pgx.Tx) error { return forms.LetHelp(t.Context(), tx, b.ayse, b.ref, until, now) })
	}
	helped := func(actor identity.Actor) (n int) {
		b.as(actor, func(tx pgx.Tx) error {
			return tx.QueryRow(t.Context(), `select count(*) from subjects r where r.id = $1 and `+forms.Helped, b.ref.ID).Scan(&n)
		})
		return n
	}
	if helped(b.head) != 0 {
		t.Error("nobody was asked")
	}
	for _, until := range []time.Time{now.Add(-time.Hour), now.AddDate(1, 0, 0)} {
		if err := let(until); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("until %v: %v", until, err)
		}
	}
	if err := let(now.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	if err := let(now.AddDate(0, 0, 5)); err != nil || helped(b.head) != 1 {
		t.Errorf("a later day: %v", err)
	}
	when := func(days int) {
		b.as(identity.Worker(), func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), `update form_helps set given_at = now() - interval '9 days', until = now() + make_interval(days => $1)`, days)
			return err
		})
	}
	if when(-1); helped(b.head) != 0 {
		t.Error("help outlives its day")
	}
	when(5)
	stranger := pgtest.MemberActor(t, b.db, pgtest.Org(t, b.db, "Kanarya"), identity.MemberEditor)
	if helped(stranger) != 0 {
		t.Error("another city sees the consent")
	}
	b.save(b.head, "texts", 1, forms.Answers{"title": text("Birlik yazdı")})
	b.as(b.ayse, func(tx pgx.Tx) error {
		touched, err := forms.ByStaff(t.Context(), tx, b.load(b.ayse))
		if len(touched) != 1 || touched[0].Field != "title" {
			t.Errorf("marked: %+v", touched)
		}
		return err
	})
	b.save(b.ayse, "choice", 2, forms.Answers{"choice": text("a")})
	b.as(b.ayse, func(tx pgx.Tx) error {
		_, err := forms.Submit(t.Context(), tx, b.ayse, b.ref, "application", now, now)
		return err
	})
	if helped(b.head) != 0 {
		t.Error("help outlives the sending")
	}
}

// TestFill suggests what is known, never in place of an answer, and marks it until somebody
// has gone through the page.
func TestFill(t *testing.T) {
	b := newBench(t)
	d := sample()
	d.Key = "filled"
	texts := d.Sections[0].Pages[2].Fields
	texts[0].From, texts[1].From, texts[6].From = "profile.name", forms.Earlier+"need", "own.contact"
	b.as(identity.Worker(), func(tx pgx.Tx) error {
		_, err := forms.Publish(t.Context(), tx, d)
		return err
	})
	b.save(b.ayse, "choice", 1, forms.Answers{"choice": text("a")})
	b.save(b.ayse, "texts", 2, forms.Answers{"title": text("Eski"), "need": text("Eski ihtiyaç")})
	b.as(b.ayse, func(tx pgx.Tx) error {
		if _, err := forms.Submit(t.Context(), tx, b.ayse, b.ref, "application", noon, noon); err != nil {
			return err
		}
		if err := forms.Begin(t.Context(), tx, b.ref, "second", "filled"); err != nil {
			return err
		}
		lookup := func(context.Context, postgres.Querier, subject.Ref, []string) (map[string]forms.Value, error) {
			return map[string]forms.Value{"profile.name": text("Şuşa"), "own.contact": {Number: "7"}}, nil
		}
		return forms.Fill(t.Context(), tx, b.ref, "second", lookup)
	})
	load := func() (s forms.Submission) {
		b.as(b.ayse, func(tx pgx.Tx) (err error) {
			s, err = forms.Load(t.Context(), tx, b.ref, "second")
			return err
		})
		return s
	}
	got := load()
	if got.Answers["title"].Text != "Şuşa" || got.Answers["need"].Text != "Eski ihtiyaç" || len(got.Filled) != 2 {
		t.Errorf("filled: %+v %v", got.Answers, got.Filled)
	}
	if person := got.Answers["person"]; !person.Empty() {
		t.Error("a number is no person")
	}
	b.as(b.ayse, func(tx pgx.Tx) error {
		if _, err := forms.Save(t.Context(), tx, b.ayse, b.ref, "second", forms.In{Page: "texts", Base: 1, Answers: forms.Answers{"title": text("Benim")}, Through: true, At: noon}); err != nil {
			return err
		}
		return forms.Fill(t.Context(), tx, b.ref, "second", nil)
	})
	if got = load(); got.Answers["title"].Text != "Benim" || len(got.Filled) != 0 {
		t.Errorf("gone through: %+v %v", got.Answers["title"], got.Filled)
	}
}

// TestAnswersLeave gives typed columns, and a sheet of its own to each table.
func TestAnswersLeave(t *testing.T) {
	d := tableDesk(t)
	builder := forms.NewBuilder(d.db, nil, func() time.Time { return noon })
	d.saveItems(d.ayse, 1, nil, item("a", "Kum", "2", "12.5"), item("b", "=Taş", "1", "87.5"))
	d.as(d.ayse, func(tx pgx.Tx) error {
		if _, err := forms.Save(t.Context(), tx, d.ayse, d.ref, "budget", forms.In{Page: "money", Base: 2, Answers: forms.Answers{"cost": money("100", "AZN")}, At: noon}); err != nil {
			return err
		}
		_, err := forms.Submit(t.Context(), tx, d.ayse, d.ref, "budget", noon, noon)
		return err
	})
	head := pgtest.StaffActor(t, d.db, identity.DepartmentHead)
	sheets, err := builder.Answers(t.Context(), head, "budget", locale.TR)
	if err != nil || len(sheets) != 2 {
		t.Fatalf("%d sheets: %v", len(sheets), err)
	}
	var main, rows bytes.Buffer
	if err := sheets[0].Table.Write(&main, export.CSV, sheets[0].Rows); err != nil {
		t.Fatal(err)
	}
	if err := sheets[1].Table.Write(&rows, export.CSV, sheets[1].Rows); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(main.String(), "cost,cost_currency") || !strings.Contains(main.String(), "100,AZN") || !strings.Contains(main.String(), ",2,3,100,AZN") {
		t.Errorf("the form: %s", main.String())
	}
	if !strings.Contains(rows.String(), "1,Kum,2,12.5,AZN") || !strings.Contains(rows.String(), "2,'=Taş,1,87.5,AZN") {
		t.Errorf("the table: %s", rows.String())
	}
	var book bytes.Buffer
	if err := export.WriteBook(&book, export.SheetOf(sheets[0].Table, sheets[0].Rows), export.SheetOf(sheets[1].Table, sheets[1].Rows)); err != nil {
		t.Fatal(err)
	}
	if z, err := zip.NewReader(bytes.NewReader(book.Bytes()), int64(book.Len())); err != nil || !hasSheets(z, 2) {
		t.Errorf("the workbook: %v", err)
	}
	if _, err := builder.Answers(t.Context(), d.ayse, "budget", locale.TR); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a city takes everybody's answers: %v", err)
	}
}

func hasSheets(z *zip.Reader, want int) bool {
	n := 0
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "xl/worksheets/sheet") {
			n++
		}
	}
	return n == want
}
