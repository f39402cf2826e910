package mailin

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

// testBundle is a record of a city that letters answer, as wire.go ties requests.
type testBundle struct {
	*Service
	pools        *postgres.Pools
	addresses    *Addresses
	editor, desk identity.Actor
	ref          subject.Ref
	record       string
	over         bool
	files        *documents.Service
}

func setup(t *testing.T) *testBundle {
	t.Helper()
	pools := pgtest.Clone(t)
	folder, err := blob.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	city := pgtest.Org(t, pools, "Şuşa")
	b := &testBundle{pools: pools, addresses: NewAddresses("cases.example", []byte("k")), record: subject.NewPublicID(),
		editor: pgtest.MemberActor(t, pools, city, identity.MemberEditor), desk: pgtest.StaffActor(t, pools, identity.DeskOfficer),
		ref: subject.Ref{Kind: subject.Request}, files: documents.New(pools, folder, documents.Options{MaxBytes: 1 << 20})}
	err = pools.Owner.QueryRow(t.Context(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`, city, b.record).Scan(&b.ref.ID)
	if err != nil {
		t.Fatal(err)
	}
	b.Service = New(pools, b.files, b.addresses, b.ties(), Options{Own: "portal@union.example", Vouches: "mx.union.example"}, time.Now)
	return b
}

// ties are the record as this test knows it.
func (b *testBundle) ties() Records {
	write := func(writer identity.Actor) func(context.Context, identity.Actor, string, Words) error {
		return func(ctx context.Context, actor identity.Actor, _ string, w Words) error {
			if b.over {
				return apperr.New(apperr.Conflict, "requests.over")
			}
			if writer.Side == "" {
				writer = actor
			}
			writer.OrgID = b.editor.OrgID
			return b.pools.InTx(ctx, actor, func(tx pgx.Tx) error {
				if err := w.Claim(ctx, tx, b.ref); err != nil {
					return err
				}
				_, err := messages.Write(ctx, tx, writer, b.ref, b.editor.OrgID, messages.Said{Side: messages.In, Body: w.Body, Mail: w.Mail, Sender: w.Sender})
				return err
			})
		}
	}
	return Records{
		Ref: func(_ context.Context, _ identity.Actor, name string) (Record, error) {
			if name != b.record {
				return Record{}, apperr.New(apperr.NotFound, "requests.not_found")
			}
			return Record{Ref: b.ref, PublicID: b.record, Org: "city", Lang: "tr"}, nil
		},
		Person: func(_ context.Context, address, _ string) (identity.Actor, error) {
			switch address {
			case "editor@shusha.example":
				return b.editor, nil
			case "editor@oskemen.example":
				return identity.Actor{}, apperr.New(apperr.Forbidden, "error.forbidden")
			}
			return identity.Actor{}, apperr.New(apperr.NotFound, "error.not_found")
		},
		Write: write(identity.Actor{}), Take: write(identity.Worker()),
		Return: func(ctx context.Context, actor identity.Actor, _ string, mail int64, release func(context.Context, pgx.Tx) error) error {
			return b.pools.InTx(ctx, actor, func(tx pgx.Tx) error {
				if err := messages.Retract(ctx, tx, actor, b.ref, mail); err != nil {
					return err
				}
				return release(ctx, tx)
			})
		},
	}
}

// letter is one to the record's address, from somebody whom our server vouches for.
func (b *testBundle) letter(id, from, body string) []byte {
	_, domain, _ := strings.Cut(from, "@")
	return written("Authentication-Results: mx.union.example; dmarc=pass header.from="+domain+"\nFrom: "+from+"\nTo: "+b.addresses.Of(b.record)+
		"\nSubject: Yn: harita\nMessage-ID: <"+id+"@shusha.example>", body)
}

func (b *testBundle) count(t *testing.T, sql string) (n int) {
	t.Helper()
	if err := b.pools.Owner.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestWhatBecomesOfALetter: it becomes a message of who wrote it only where everything is right.
func TestWhatBecomesOfALetter(t *testing.T) {
	b := setup(t)
	good := b.letter("good", "editor@shusha.example", "Ekte.")
	for name, c := range map[string]struct {
		raw    []byte
		state  State
		reason string
	}{
		"good":        {good, Added, ""},
		"again":       {good, Added, ""},
		"stranger":    {b.letter("s", "thief@evil.example", "x"), Held, "unknown_sender"},
		"other city":  {b.letter("o", "editor@oskemen.example", "x"), Held, "not_of_city"},
		"not vouched": {bytes.Replace(b.letter("v", "editor@shusha.example", "x"), []byte("dmarc=pass"), []byte("dmarc=fail"), 1), Held, "unvouched"},
		"no address":  {written("From: editor@shusha.example\nTo: portal@cases.example\nMessage-ID: <n@x>", "x"), Held, "no_address"},
		"wrong seal":  {written("From: editor@shusha.example\nTo: case+"+b.record+strings.Repeat("a", 26)+"@cases.example\nMessage-ID: <w@x>", "x"), Held, "wrong_address"},
		"purged":      {written("From: editor@shusha.example\nTo: "+b.addresses.Of(strings.Repeat("b", 26))+"\nMessage-ID: <p@x>", "x"), Held, "no_record"},
		"nothing new": {b.letter("e", "editor@shusha.example", "> quoted"), Held, "empty"},
		"away":        {append([]byte("Auto-Submitted: auto-replied\r\n"), b.letter("a", "editor@shusha.example", "x")...), Dropped, "automatic"},
	} {
		m, err := b.Deliver(t.Context(), b.desk, c.raw)
		if err != nil || m.State != c.state || m.Reason != c.reason {
			t.Errorf("%s: %s %q, %v", name, m.State, m.Reason, err)
		}
	}
	if n := b.count(t, `select count(*) from messages where body = 'Ekte.'`); n != 1 {
		t.Errorf("%d messages", n)
	}
	b.over = true
	if m, err := b.Deliver(t.Context(), b.desk, b.letter("late", "editor@shusha.example", "Geç kaldık")); err != nil || m.State != Held || m.Reason != "over" {
		t.Errorf("after the end: %s %s, %v", m.State, m.Reason, err)
	}
	if _, err := b.Deliver(t.Context(), b.editor, good); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("a member delivers letters: %v", err)
	}
}

// TestStaffDecide: a held letter is added once, under its writer's name, or dropped; a dropped
// one is forgotten after a month, and not taken again.
func TestStaffDecide(t *testing.T) {
	b := setup(t)
	held, err := b.Deliver(t.Context(), b.desk, b.letter("s", "Katip <katip@shusha.example>", "Başkan adına yazıyorum."))
	if err != nil {
		t.Fatal(err)
	}
	auditor := pgtest.StaffActor(t, b.pools, identity.Auditor)
	if _, err := b.Add(t.Context(), auditor, held.PublicID, b.record, true); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("an auditor adds letters: %v", err)
	}
	if _, err := b.Add(t.Context(), b.desk, held.PublicID, "REQ-1", true); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("to no record: %v", err)
	}
	if _, err := b.Add(t.Context(), b.desk, held.PublicID, b.record, false); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("an outsider's letter is added with no look: %v", err)
	}
	var wait sync.WaitGroup
	results := make([]error, 4)
	for i := range results {
		wait.Go(func() { _, results[i] = b.Add(t.Context(), b.desk, held.PublicID, b.record, true) })
	}
	wait.Wait()
	added := 0
	for _, err := range results {
		if err == nil {
			added++
		} else if !apperr.Is(err, apperr.Conflict) {
			t.Error(err)
		}
	}
	if n := b.count(t, `select count(*) from messages where sender = 'Katip <katip@shusha.example>' and actor_id is null and side = 'in'`); n != 1 || added != 1 {
		t.Errorf("%d added, %d messages", added, n)
	}
	junk, err := b.Deliver(t.Context(), b.desk, b.letter("j", "shop@evil.example", "Buy"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Drop(t.Context(), b.desk, junk.PublicID); err != nil {
		t.Fatal(err)
	}
	if err := b.Drop(t.Context(), b.desk, junk.PublicID); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("dropped twice: %v", err)
	}
	b.now = func() time.Time { return time.Now().AddDate(0, 0, 31) }
	if err := b.Tidy(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Whole(t.Context(), b.desk, junk.PublicID); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a forgotten letter: %v", err)
	}
	if again, err := b.Deliver(t.Context(), b.desk, b.letter("j", "shop@evil.example", "Buy")); err != nil || again.State != Dropped {
		t.Errorf("the same again: %s, %v", again.State, err)
	}
}

// TestAWallBeforeLetters: no member reads letters, whatever it asks.
func TestAWallBeforeLetters(t *testing.T) {
	b := setup(t)
	if _, err := b.Deliver(t.Context(), b.desk, b.letter("s", "thief@evil.example", "x")); err != nil {
		t.Fatal(err)
	}
	err := b.pools.Read(t.Context(), b.editor, func(q postgres.Querier) error {
		var n int
		return q.QueryRow(t.Context(), `select count(*) from received_mails`).Scan(&n)
	})
	if err == nil {
		t.Error("a member may ask for letters")
	}
}

// post is a real mail server with one mailbox.
func post(t *testing.T, letters ...[]byte) (address string, user *imapmemserver.User) {
	t.Helper()
	memory := imapmemserver.New()
	user = imapmemserver.NewUser("cases", "secret")
	if err := user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	memory.AddUser(user)
	server := imapserver.New(&imapserver.Options{InsecureAuth: true, Caps: imap.CapSet{imap.CapIMAP4rev1: {}},
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return memory.NewSession(), nil, nil
		}})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	for _, l := range letters {
		arrive(t, user, l)
	}
	return "imap://cases:secret@" + listener.Addr().String() + "/INBOX", user
}

func arrive(t *testing.T, user *imapmemserver.User, raw []byte) {
	t.Helper()
	if _, err := user.Append("INBOX", bytes.NewReader(raw), &imap.AppendOptions{Time: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

// TestTheMailboxIsReadOnce: two pollers at once, and one that is stopped between storing and
// acknowledging, take every letter once.
func TestTheMailboxIsReadOnce(t *testing.T) {
	b := setup(t)
	var letters [][]byte
	for i := range 12 {
		letters = append(letters, b.letter(fmt.Sprint("n", i), "editor@shusha.example", fmt.Sprint("Mektup ", i)))
	}
	address, user := post(t, letters...)
	b.options.Mailbox = address
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			if _, err := b.Poll(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := b.count(t, `select count(*) from received_mails`); n != 12 {
		t.Fatalf("%d letters", n)
	}
	if n := b.count(t, `select count(*) from river_job where kind = 'mail_in_handle'`); n != 12 {
		t.Errorf("%d jobs", n)
	}
	if seen, err := b.Poll(t.Context()); seen != 0 || err != nil {
		t.Errorf("the second time: %d, %v", seen, err)
	}
	// The process ended after the letter was stored, before the mark was.
	if _, err := b.pools.Owner.Exec(t.Context(), `delete from mailbox_marks`); err != nil {
		t.Fatal(err)
	}
	arrive(t, user, b.letter("next", "editor@shusha.example", "Bir mektup daha"))
	if seen, err := b.Poll(t.Context()); seen != 13 || err != nil {
		t.Errorf("after the crash: %d, %v", seen, err)
	}
	if n := b.count(t, `select count(*) from received_mails`); n != 13 {
		t.Errorf("%d letters after the crash", n)
	}
	if box, err := ParseMailbox(address); err != nil {
		t.Error(err)
	} else if n, err := box.Check(t.Context()); n != 13 || err != nil {
		t.Errorf("the doctor counts %d, %v", n, err)
	}
}

// TestTwoHandlersMakeOneMessage: a letter that two look at becomes one message.
func TestTwoHandlersMakeOneMessage(t *testing.T) {
	b := setup(t)
	id, err := b.Take(t.Context(), b.letter("r", "editor@shusha.example", "Bir kez"))
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := b.Handle(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := b.count(t, `select count(*) from messages`); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// TestTheLargestLetters: one beyond the limit is not held in memory; its beginning waits for people.
func TestTheLargestLetters(t *testing.T) {
	b := setup(t)
	address, _ := post(t, append(b.letter("big", "editor@shusha.example", "x"), bytes.Repeat([]byte("0123456789abcde\n"), MaxBytes/16)...))
	b.options.Mailbox = address
	if seen, err := b.Poll(t.Context()); seen != 1 || err != nil {
		t.Fatal(seen, err)
	}
	var id int64
	if err := b.pools.Owner.QueryRow(t.Context(), `select id from received_mails`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	if err := b.Handle(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if n := b.count(t, `select count(*) from received_mails where state = 'held' and reason = 'too_large' and size > 25000000`); n != 1 {
		t.Error("a letter beyond the limit is not held")
	}
}
