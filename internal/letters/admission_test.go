package letters_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/letters"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestAnAdmissionHasItsNumber: the letter takes the register's next number in the admission's
// own transaction, in the applicant's language, and is gone with it where that fails.
func TestAnAdmissionHasItsNumber(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	osh, _ := b.city(t, "Ош", "tr")
	decision := b.idOf(t, b.decided(t, "7", osh))
	admit := func(then error) error {
		return b.db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
			err := b.s.Welcome(t.Context(), tx, b.desk, letters.Admission{OrgID: osh, DecisionID: decision, Starts: now, Lang: "ru", Head: "Айгүл Асанова", More: "Вид членства: полное."})
			if err == nil {
				err = then
			}
			return err
		})
	}
	if err := admit(apperr.New(apperr.Conflict, "error.conflict")); !apperr.Is(err, apperr.Conflict) {
		t.Fatal(err)
	}
	if err := admit(nil); err != nil {
		t.Fatal(err)
	}
	list, _, err := b.s.List(t.Context(), b.desk, letters.Search{OrgID: osh})
	if err != nil || len(list) != 1 {
		t.Fatalf("%d letters, %v", len(list), err)
	}
	if l := list[0]; l.Reference() != "2026/000001" || l.Kind != letters.MembershipBegins || l.Lang != "ru" || l.DecisionNo != "7" ||
		!strings.Contains(strings.Join(l.Paragraphs, "\n"), "Вид членства: полное.") ||
		l.Paragraphs[0] != "Уважаемый(ая) Айгүл Асанова!" {
		t.Errorf("%s %+v", l.Reference(), l)
	}
	err = b.db.Read(t.Context(), identity.Worker(), func(q postgres.Querier) error {
		content, name, err := b.s.Welcomed(t.Context(), q, osh, decision)
		if name != "2026-000001.pdf" || !bytes.HasPrefix(content, []byte("%PDF-")) {
			t.Errorf("%s, %d bytes", name, len(content))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) idOf(t *testing.T, publicID string) (id int64) {
	t.Helper()
	err := b.db.Read(t.Context(), identity.Worker(), func(q postgres.Querier) error {
		return q.QueryRow(t.Context(), `select id from subjects where public_id = $1`, publicID).Scan(&id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestACityIsToldOfALetter: whoever acts for it today, each in the own language; where nobody
// does, its mailbox; nobody of another city.
func TestACityIsToldOfALetter(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	shusha, city := b.city(t, "Şuşa", "tr")
	osh, _ := b.city(t, "Ош", "ru")
	pgtest.MemberActor(t, b.db, osh, identity.MemberApprover)
	rule := b.s.Rules()[0]
	told := func() []notify.Recipient {
		l := b.issue(t, city, general("Davet", "Metin"))
		var list []notify.Recipient
		err := b.db.Read(t.Context(), identity.Worker(), func(q postgres.Querier) (err error) {
			if list, err = rule.To(t.Context(), q, l.Ref()); err != nil {
				return err
			}
			var events int
			if err = q.QueryRow(t.Context(), `select count(*) from notify_events where subject_id = $1 and name = $2`, l.ID, rule.On).Scan(&events); events != 1 {
				t.Errorf("%d events", events)
			}
			if err != nil {
				return err
			}
			path, err := rule.Path(t.Context(), q, l.Ref(), notify.Recipient{})
			if path != "/m/"+city+"/letters" {
				t.Errorf("leads to %s", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if list := told(); len(list) != 1 || list[0].UserID != 0 || list[0].Email != "office@city.example" {
		t.Errorf("nobody acts for it: %+v", list)
	}
	mayor := pgtest.MemberActor(t, b.db, shusha, identity.MemberApprover)
	pgtest.MemberActor(t, b.db, shusha, identity.MemberFinance) // has nothing to do with an invitation
	if list := told(); len(list) != 1 || list[0].UserID != mayor.UserID {
		t.Errorf("the mayor acts for it: %+v", list)
	}
}

// TestNobodyIsNotEverybody: without an addressee there is no letter; all are a choice.
func TestNobodyIsNotEverybody(t *testing.T) {
	b := setup(t, pgtest.DB(t))
	b.city(t, "Şuşa", "tr")
	if _, err := b.s.Issue(t.Context(), b.desk, letters.To{}, general("Davet", "Metin")); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("to nobody: %v", err)
	}
	if _, _, err := b.s.Addressees(t.Context(), b.desk, letters.To{}); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("the form opens without an addressee: %v", err)
	}
	if ids, err := b.s.Issue(t.Context(), b.desk, letters.To{All: true}, general("Davet", "Metin")); err != nil || len(ids) != 1 {
		t.Errorf("to all: %d, %v", len(ids), err)
	}
	found, err := b.s.FindAddressees(t.Context(), b.desk, "tr", "susa")
	if err != nil || len(found) != 1 || found[0].Name != "Şuşa" {
		t.Errorf("%+v, %v", found, err)
	}
}
