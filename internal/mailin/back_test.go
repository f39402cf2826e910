package mailin

import (
	"strings"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres/pgtest"

	"github.com/jackc/pgx/v5"
)

// added is a stranger's letter that the desk put into the record.
func (b *testBundle) added(t *testing.T, id string) Mail {
	t.Helper()
	m, err := b.Deliver(t.Context(), b.desk, b.letter(id, "thief@evil.example", "Gizli"))
	if err == nil {
		_, err = b.Add(t.Context(), b.desk, m.PublicID, b.record, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTakingBack: staff take a letter back while nobody answered, and not for long; then it
// waits again and can be added once more.
func TestTakingBack(t *testing.T) {
	b := setup(t)
	m := b.added(t, "one")
	auditor := pgtest.StaffActor(t, b.pools, identity.Auditor)
	if err := b.TakeBack(t.Context(), auditor, m.PublicID); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an auditor takes letters back: %v", err)
	}
	if err := b.TakeBack(t.Context(), b.desk, m.PublicID); err != nil {
		t.Fatal(err)
	}
	if n := b.count(t, `select count(*) from message_orgs`); n != 0 {
		t.Errorf("%d readers are left", n)
	}
	if again, _, err := b.Open(t.Context(), b.desk, m.PublicID); err != nil || again.State != Held || again.Reason != "taken_back" || again.Record != "" {
		t.Errorf("after: %+v, %v", again, err)
	}
	if err := b.TakeBack(t.Context(), b.desk, m.PublicID); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("twice: %v", err)
	}
	if _, err := b.Add(t.Context(), b.desk, m.PublicID, b.record, true); err != nil {
		t.Errorf("added once more: %v", err)
	}
	late := b.added(t, "two")
	b.now = func() time.Time { return time.Now().Add(BackFor + time.Second) }
	if err := b.TakeBack(t.Context(), b.desk, late.PublicID); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("too late: %v", err)
	}
	b.now = time.Now
	err := b.pools.InTx(t.Context(), b.desk, func(tx pgx.Tx) error {
		_, err := messages.Send(t.Context(), tx, b.desk, b.ref, b.editor.OrgID, messages.Out, "Aldık.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.TakeBack(t.Context(), b.desk, late.PublicID); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("answered: %v", err)
	}
}

// TestWhoIsOfTheCity: staff are told before they add, and what cannot be read is not guessed at.
func TestWhoIsOfTheCity(t *testing.T) {
	b := setup(t)
	for from, ofCity := range map[string]bool{"editor@shusha.example": true, "editor@oskemen.example": false, "thief@evil.example": false} {
		m, err := b.Deliver(t.Context(), b.desk, written("From: "+from+"\nTo: portal@cases.example\nSubject: Re: REQ-2026-00038\nMessage-ID: <"+from+">", "x"))
		if err != nil {
			t.Fatal(err)
		}
		if f, err := b.Fits(t.Context(), b.desk, m.PublicID, b.record); err != nil || f.OfCity != ofCity || f.Vouched {
			t.Errorf("%s: %+v, %v", from, f, err)
		}
	}
	deep := ""
	for i := range 50 {
		deep += "--b" + strings.Repeat("x", i) + "\nContent-Type: multipart/mixed; boundary=b" + strings.Repeat("x", i+1) + "\n\n"
	}
	m, known, err := b.Bring(t.Context(), b.desk, written("From: thief@evil.example\nMessage-ID: <deep@x>\nContent-Type: multipart/mixed; boundary=b", deep))
	if err != nil || known || m.Reason != "too_many_parts" {
		t.Errorf("a deep letter: %s, %v, %v", m.Reason, known, err)
	}
	if _, known, err := b.Bring(t.Context(), b.desk, written("From: thief@evil.example\nMessage-ID: <deep@x>", "x")); err != nil || !known {
		t.Errorf("the same again: %v, %v", known, err)
	}
}

// TestAFileVouchesForNothing: a letter that people bring may say of itself what it likes.
func TestAFileVouchesForNothing(t *testing.T) {
	b := setup(t)
	letter := b.letter("forged", "editor@shusha.example", "Bunu ben yazmadım")
	m, _, err := b.Bring(t.Context(), b.desk, letter)
	if err != nil || m.State != Held || m.Reason != "unvouched" {
		t.Errorf("a file: %s %s, %v", m.State, m.Reason, err)
	}
	if n := b.count(t, `select count(*) from messages`); n != 0 {
		t.Errorf("%d messages", n)
	}
}

// TestNamesOfWhatIsNotTaken: they are names, with the reason, in the city's language.
func TestNamesOfWhatIsNotTaken(t *testing.T) {
	got := notTaken("ru", File{Name: "../etc/\u202egpj.exe"}, apperr.New(apperr.Invalid, "mailin.too_many_files"))
	if got != "– gpj.exe: из одного письма принимается не больше 20 файлов" {
		t.Errorf("%q", got)
	}
}
