package messages_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

const canary = "canary-note-7f3a"

type bundle struct {
	db            *pgtest.Tx
	org           int64
	member, other identity.Actor
	officer       identity.Actor
	ref           subject.Ref
}

func setup(t *testing.T) bundle {
	t.Helper()
	db := pgtest.DB(t)
	org := pgtest.Org(t, db, "Şuşa")
	b := bundle{db: db, org: org, member: pgtest.MemberActor(t, db, org, identity.MemberEditor),
		other:   pgtest.MemberActor(t, db, pgtest.Org(t, db, "Oş"), identity.MemberEditor),
		officer: pgtest.StaffActor(t, db, identity.DeskOfficer), ref: subject.Ref{Kind: subject.Request}}
	err := db.InTx(context.Background(), b.member, func(tx pgx.Tx) error {
		return tx.QueryRow(context.Background(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`,
			org, subject.NewPublicID()).Scan(&b.ref.ID)
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) send(actor identity.Actor, side messages.Side, body string) error {
	return b.db.InTx(context.Background(), actor, func(tx pgx.Tx) error {
		_, err := messages.Send(context.Background(), tx, actor, b.ref, b.org, side, body)
		return err
	})
}

func (b bundle) read(t *testing.T, actor identity.Actor) string {
	t.Helper()
	var all strings.Builder
	err := b.db.Read(context.Background(), actor, func(q postgres.Querier) error {
		list, err := messages.Of(context.Background(), q, actor, b.ref)
		for _, m := range list {
			all.WriteString(string(m.Side) + ":" + m.Body + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// TestReaders: both sides read the conversation, a note stays among staff, a stranger reads nothing.
func TestReaders(t *testing.T) {
	b := setup(t)
	for _, m := range []struct {
		actor identity.Actor
		side  messages.Side
		body  string
	}{{b.officer, messages.Out, "Haritayı ekler misiniz?"}, {b.member, messages.In, "Ekledik."}, {b.officer, messages.Note, canary}} {
		if err := b.send(m.actor, m.side, m.body); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := b.read(t, b.member), "out:Haritayı ekler misiniz?\nin:Ekledik.\n"; got != want {
		t.Errorf("the member reads %q, want %q", got, want)
	}
	if got := b.read(t, b.officer); !strings.Contains(got, canary) {
		t.Errorf("staff do not read their note: %q", got)
	}
	if got := b.read(t, b.other); got != "" {
		t.Errorf("another city reads %q", got)
	}
}

// TestWall: behind the service, the database itself hides notes from members.
func TestWall(t *testing.T) {
	b := setup(t)
	if err := b.send(b.officer, messages.Note, canary); err != nil {
		t.Fatal(err)
	}
	err := b.db.Read(context.Background(), b.member, func(q postgres.Querier) error {
		var n int
		if err := q.QueryRow(context.Background(), `select count(*) from messages`).Scan(&n); err != nil {
			return err
		}
		if n != 0 {
			t.Errorf("a query without a filter shows a member %d notes", n)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = b.db.InTx(context.Background(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(context.Background(), `insert into message_orgs (message_id, side, org_id) select id, side, $1 from messages`, b.org)
		return err
	})
	if err == nil {
		t.Error("a note was given a reader")
	}
}

// TestRefused: what must not be sent.
func TestRefused(t *testing.T) {
	b := setup(t)
	for name, c := range map[string]struct {
		actor identity.Actor
		side  messages.Side
		body  string
		want  apperr.Code
	}{
		"empty":         {b.officer, messages.Out, "", apperr.Invalid},
		"endless":       {b.officer, messages.Out, strings.Repeat("ş", messages.MaxLength+1), apperr.Invalid},
		"member's note": {b.member, messages.Note, "x", apperr.Forbidden},
	} {
		if err := b.send(c.actor, c.side, c.body); !apperr.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
