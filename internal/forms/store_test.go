package forms_test

import (
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/forms"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

func words(s string) forms.Words { return forms.Words{In: map[string]string{"tr": s}} }

// sample asks everything once; "detail" only of those who chose b.
func sample() forms.Definition {
	return forms.Definition{Key: "sample", Title: words("Örnek"), Sections: []forms.Section{{Key: "one", Title: words("Bir"), Pages: []forms.Page{
		{Key: "choice", Title: words("Seçim"), Fields: []forms.Field{{Key: "choice", Kind: forms.One, Label: words("Hangisi"),
			Choices: []forms.Choice{{Value: "a", Label: words("A")}, {Value: "b", Label: words("B")}}}}},
		{Key: "detail", Title: words("Ayrıntı"), Fields: []forms.Field{
			{Key: "detail", Kind: forms.Text, Label: words("Ayrıntı"), ShownIf: []forms.Condition{forms.When("choice", "b")}}}},
		{Key: "texts", Title: words("Metinler"), Fields: []forms.Field{
			{Key: "title", Kind: forms.Text, Label: words("Başlık")},
			{Key: "need", Kind: forms.LongText, Label: words("İhtiyaç"), Optional: true},
			{Key: "cost", Kind: forms.Money, Label: words("Tutar"), Optional: true},
			{Key: "day", Kind: forms.Date, Label: words("Gün"), Optional: true},
			{Key: "many", Kind: forms.Many, Label: words("Birkaçı"), Optional: true,
				Choices: []forms.Choice{{Value: "x", Label: words("X")}, {Value: "y", Label: words("Y")}}},
			{Key: "place", Kind: forms.Place, Label: words("Yer"), Optional: true},
			{Key: "person", Kind: forms.Person, Label: words("Kişi"), Optional: true},
			{Key: "city", Kind: forms.Municipality, Label: words("Kent"), Optional: true}}},
	}}}}
}

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// desk is a record with an open submission and two colleagues.
type desk struct {
	t        *testing.T
	db       postgres.DB
	ref      subject.Ref
	ayse, bo identity.Actor
}

func setup(t *testing.T, db postgres.DB) desk {
	t.Helper()
	d := desk{t: t, db: db, ref: subject.Ref{Kind: subject.Request}}
	org := pgtest.Org(t, db, "Şuşa")
	d.ayse, d.bo = pgtest.MemberActor(t, db, org, identity.MemberEditor), pgtest.MemberActor(t, db, org, identity.MemberApprover)
	d.as(identity.Worker(), func(tx pgx.Tx) error {
		_, err := forms.Publish(t.Context(), tx, sample())
		return err
	})
	d.as(d.ayse, func(tx pgx.Tx) error {
		err := tx.QueryRow(t.Context(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`,
			org, subject.NewPublicID()).Scan(&d.ref.ID)
		if err != nil {
			return err
		}
		return forms.Begin(t.Context(), tx, d.ref, "application", "sample")
	})
	return d
}

func (d desk) as(actor identity.Actor, fn func(tx pgx.Tx) error) {
	d.t.Helper()
	if err := d.db.InTx(d.t.Context(), actor, fn); err != nil {
		d.t.Fatal(err)
	}
}

func (d desk) save(actor identity.Actor, page string, base int, answers forms.Answers) (saved forms.Saved) {
	d.t.Helper()
	d.as(actor, func(tx pgx.Tx) (err error) {
		saved, err = forms.Save(d.t.Context(), tx, actor, d.ref, "application", forms.In{Page: page, Base: base, Answers: answers, Through: true, At: noon})
		return err
	})
	return saved
}

func (d desk) load(actor identity.Actor) (s forms.Submission) {
	d.t.Helper()
	d.as(actor, func(tx pgx.Tx) (err error) {
		s, err = forms.Load(d.t.Context(), tx, d.ref, "application")
		return err
	})
	return s
}

func text(s string) forms.Value { return forms.Value{Text: s} }

// TestRoundTrip gives every answer back as it was given, wrong ones too.
func TestRoundTrip(t *testing.T) {
	d := setup(t, pgtest.DB(t))
	all := forms.Answers{
		"title": text("Qala divarlarının bərpası"), "need": text("Bir\niki <script>"), "cost": {Number: "1250000.5", Currency: "AZN"},
		"day": {Raw: map[string]string{"": "31.02.2027"}}, "many": {List: []string{"x", "y"}},
		"place":  {Place: &forms.Point{Lat: 39.7615, Lon: 46.7496, Known: true, Address: "Şuşa"}},
		"person": {Person: &forms.Contact{Name: "Ad Soyad", Email: "a@city.example"}},
	}
	saved := d.save(d.ayse, "texts", 1, all)
	got := d.load(d.bo)
	if saved.Version != 2 || got.Version != 2 || !got.Saw("texts") || got.Saw("choice") || got.SavedAt == nil {
		t.Errorf("saved %+v, loaded version %d, seen %v", saved, got.Version, got.Seen)
	}
	if !reflect.DeepEqual(got.Answers, all) {
		t.Errorf("got %+v\nwant %+v", got.Answers, all)
	}
	if again := d.save(d.ayse, "texts", 2, all); again.Version != 2 {
		t.Errorf("saving the same made version %d", again.Version)
	}
}

// TestColleagues loses nothing of what two people type into one page.
func TestColleagues(t *testing.T) {
	d := setup(t, pgtest.DB(t))
	d.save(d.ayse, "texts", 1, forms.Answers{"title": text("Eski"), "need": text("Eski")})
	d.save(d.bo, "texts", 2, forms.Answers{"title": text("Bo'nun"), "need": text("Eski")})

	saved := d.save(d.ayse, "texts", 2, forms.Answers{"title": text("Eski"), "need": text("Ayşe'nin")})
	if len(saved.Conflicts) != 0 {
		t.Errorf("different fields are no conflict: %+v", saved.Conflicts)
	}
	got := d.load(d.ayse).Answers
	if got["title"].Text != "Bo'nun" || got["need"].Text != "Ayşe'nin" {
		t.Errorf("both stay: %+v", got)
	}

	saved = d.save(d.ayse, "texts", 2, forms.Answers{"title": text("Ayşe'nin"), "need": text("Ayşe'nin 2")})
	if len(saved.Conflicts) != 1 || saved.Conflicts[0].Theirs.Text != "Bo'nun" || saved.Conflicts[0].Yours.Text != "Ayşe'nin" || saved.Conflicts[0].By == "" {
		t.Errorf("one field is a conflict: %+v", saved.Conflicts)
	}
	if got := d.load(d.ayse).Answers; got["title"].Text != "Bo'nun" || got["need"].Text != "Ayşe'nin 2" {
		t.Errorf("what is in conflict waits, the rest is saved: %+v", got)
	}
	if saved = d.save(d.ayse, "texts", saved.Version, forms.Answers{"title": text("Birlikte")}); len(saved.Conflicts) != 0 {
		t.Errorf("having seen both, the writer decides: %+v", saved.Conflicts)
	}
}

// TestOwnTabs lets one person write on after an answer that never arrived.
func TestOwnTabs(t *testing.T) {
	d := setup(t, pgtest.DB(t))
	d.save(d.ayse, "texts", 1, forms.Answers{"title": text("Bir")})
	if saved := d.save(d.ayse, "texts", 1, forms.Answers{"title": text("Bir iki")}); len(saved.Conflicts) != 0 {
		t.Errorf("one's own text is no conflict: %+v", saved.Conflicts)
	}
}

// TestRace has two connections write different fields at once, many times.
func TestRace(t *testing.T) {
	d := setup(t, pgtest.Clone(t))
	var both sync.WaitGroup
	write := func(actor identity.Actor, field string) {
		defer both.Done()
		for range 20 {
			err := d.db.InTx(t.Context(), actor, func(tx pgx.Tx) error {
				s, err := forms.Load(t.Context(), tx, d.ref, "application")
				if err != nil {
					return err
				}
				answers := forms.Answers{"title": s.Answers["title"], "need": s.Answers["need"]}
				answers[field] = text(answers[field].Text + "+")
				_, err = forms.Save(t.Context(), tx, actor, d.ref, "application", forms.In{Page: "texts", Base: s.Version, Answers: answers, At: noon})
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
	both.Add(2)
	go write(d.ayse, "title")
	go write(d.bo, "need")
	both.Wait()
	if got := d.load(d.ayse); len(got.Answers["title"].Text) != 20 || len(got.Answers["need"].Text) != 20 || got.Version != 41 {
		t.Errorf("lost something: %+v, version %d", got.Answers, got.Version)
	}
}

// TestSubmit refuses gaps, drops what was not asked, and seals the rest for good.
func TestSubmit(t *testing.T) {
	d := setup(t, pgtest.DB(t))
	submit := func() error {
		return d.db.InTx(t.Context(), d.bo, func(tx pgx.Tx) error {
			_, err := forms.Submit(t.Context(), tx, d.bo, d.ref, "application", noon, noon)
			return err
		})
	}
	if err := submit(); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("incomplete: %v", err)
	}
	d.save(d.ayse, "choice", 1, forms.Answers{"choice": text("b")})
	d.save(d.ayse, "detail", 2, forms.Answers{"detail": text("yalnız b için")})
	d.save(d.ayse, "texts", 3, forms.Answers{"title": text("Başlık")})
	d.save(d.ayse, "choice", 4, forms.Answers{"choice": text("a")})
	if got := d.load(d.ayse).Answers["detail"]; got.Empty() {
		t.Error("a draft keeps what is not asked now")
	}
	if err := submit(); err != nil {
		t.Fatal(err)
	}
	got := d.load(d.ayse)
	if detail := got.Answers["detail"]; !detail.Empty() || got.SubmittedAt == nil || got.Answers["title"].Text != "Başlık" {
		t.Errorf("submitted: %+v", got)
	}
	if err := submit(); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("twice: %v", err)
	}
	d.neverChanges()
}

func (d desk) neverChanges() {
	d.t.Helper()
	for _, actor := range []identity.Actor{d.ayse, pgtest.StaffActor(d.t, d.db, identity.Administrator)} {
		err := d.db.InTx(d.t.Context(), actor, func(tx pgx.Tx) error {
			tag, err := tx.Exec(d.t.Context(), `update submissions set data = '{}' where subject_id = $1`, d.ref.ID)
			if err == nil && tag.RowsAffected() > 0 {
				err = errors.New("changed what was submitted")
			}
			return err
		})
		if err != nil {
			d.t.Errorf("%s: %v", actor.Side, err)
		}
	}
}

// TestPublish makes a version of what differs, and only of that.
func TestPublish(t *testing.T) {
	db := pgtest.DB(t)
	publish := func(d forms.Definition) (version int, err error) {
		err = db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
			version, err = forms.Publish(t.Context(), tx, d)
			return err
		})
		return version, err
	}
	changed := sample()
	changed.Sections[0].Pages[0].Title = words("Başka")
	for i, step := range []struct {
		form forms.Definition
		want int
	}{{sample(), 1}, {sample(), 1}, {changed, 2}, {changed, 2}, {sample(), 3}} {
		if got, err := publish(step.form); err != nil || got != step.want {
			t.Errorf("step %d: version %d, want %d: %v", i, got, step.want, err)
		}
	}
	broken := sample()
	broken.Sections[0].Pages[0].Fields[0].ShownIf = []forms.Condition{forms.When("title")}
	if _, err := publish(broken); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("a condition that looks forward: %v", err)
	}
}

// FuzzPath asks of every path: each field once, in order, and the same again for what it keeps.
func FuzzPath(f *testing.F) {
	f.Add("a", "x", "y")
	f.Add("b", "", "<b>")
	f.Add("c", "\x00", "")
	d := sample()
	f.Fuzz(func(t *testing.T, choice, detail, title string) {
		answers := forms.Answers{"choice": text(choice), "detail": text(detail), "title": text(title)}
		route := d.Path(answers)
		seen := map[string]bool{}
		kept := forms.Answers{}
		for _, field := range route.Fields() {
			if seen[field.Key] {
				t.Fatalf("%s asked twice", field.Key)
			}
			seen[field.Key] = true
			kept[field.Key] = answers[field.Key]
		}
		if seen["detail"] != (choice == "b") {
			t.Fatalf("detail asked: %v after %q", seen["detail"], choice)
		}
		if again := d.Path(kept); len(again.Fields()) != len(route.Fields()) {
			t.Fatal("what the path keeps leads another way")
		}
	})
}
