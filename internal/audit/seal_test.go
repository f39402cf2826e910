package audit_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/subject"
)

func record(t *testing.T, pools *postgres.Pools, officer identity.Actor, ref subject.Ref, action string) {
	t.Helper()
	err := pools.InTx(context.Background(), officer, func(tx pgx.Tx) error {
		return audit.Record(context.Background(), tx, audit.Entry{Actor: officer, Action: action, Subject: ref, Payload: map[string]string{"to": action}})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func seal(t *testing.T, pools *postgres.Pools) int {
	t.Helper()
	n, err := audit.Seal(context.Background(), pools)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// sealWithin seals until n entries are, for a while: an older transaction in any database of
// the server, another test's too, holds sealing back.
func sealWithin(t *testing.T, pools *postgres.Pools, n int) (sealed int) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); sealed < n && time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		sealed += seal(t, pools)
	}
	return sealed
}

func verify(t *testing.T, pools *postgres.Pools) *audit.Broken {
	t.Helper()
	broken, err := audit.Verify(context.Background(), pools.Owner)
	if err != nil {
		t.Fatal(err)
	}
	return broken
}

// TestChain: what is sealed shows every change, an erased payload does not break it, and an
// entry that commits late is not skipped.
func TestChain(t *testing.T) {
	ctx := context.Background()
	pools := pgtest.Clone(t)
	officer := pgtest.StaffActor(t, pools, identity.DeskOfficer)
	ref := subject.Ref{Kind: subject.Organisation, ID: pgtest.Org(t, pools, "Şuşa")}
	late, err := pools.Staff.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := audit.Record(ctx, late, audit.Entry{Actor: officer, Action: "late", Subject: ref}); err != nil {
		t.Fatal(err)
	}
	record(t, pools, officer, ref, "early")
	if n := seal(t, pools); n != 0 {
		t.Errorf("sealed %d entries past one that is not committed", n)
	}
	if err := late.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	record(t, pools, officer, ref, "last")
	if n := sealWithin(t, pools, 3); n != 3 {
		t.Errorf("sealed %d entries, want 3", n)
	}
	if broken := verify(t, pools); broken != nil {
		t.Errorf("the chain is broken: %+v", broken)
	}
	for _, step := range []struct {
		sql    string
		breaks bool
	}{
		{`update audit_entries set payload = null where action = 'early'`, false},
		{`update audit_entries set payload = '{"to": "more"}' where action = 'last'`, true},
		{`update audit_entries set payload = '{"to": "last"}' where action = 'last'`, false},
		{`update audit_entries set action = 'never' where action = 'early'`, true},
		{`update audit_entries set action = 'early' where action = 'never'`, false},
		{`delete from audit_entries where action = 'early'`, true},
	} {
		if _, err := pools.Owner.Exec(ctx, step.sql); err != nil {
			t.Fatal(err)
		}
		if broken := verify(t, pools); (broken != nil) != step.breaks {
			t.Errorf("after %q: %+v", step.sql, broken)
		}
	}
}

// TestInsertOnly: who serves requests can add to the log and change nothing.
func TestInsertOnly(t *testing.T) {
	pools := pgtest.Clone(t)
	officer := pgtest.StaffActor(t, pools, identity.DeskOfficer)
	ref := subject.Ref{Kind: subject.Organisation, ID: pgtest.Org(t, pools, "Şuşa")}
	record(t, pools, officer, ref, "done")
	for _, sql := range []string{`update audit_entries set action = 'x'`, `delete from audit_entries`} {
		if _, err := pools.Staff.Exec(context.Background(), sql); err == nil {
			t.Errorf("staff may %q", sql)
		}
	}
}
