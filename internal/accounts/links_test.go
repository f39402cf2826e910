package accounts_test

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// work runs the jobs that wait, and returns the mails that they would have sent.
func (b bundle) work(t *testing.T) []accounts.LinkMail {
	t.Helper()
	var sent []accounts.LinkMail
	reset := &accounts.ResetWorker{Accounts: b.Service}
	link := &accounts.LinkWorker{Accounts: b.Service, Send: func(_ context.Context, m accounts.LinkMail) error {
		sent = append(sent, m)
		return nil
	}}
	for _, args := range b.take(t, accounts.ResetArgs{}.Kind()) {
		job := &river.Job[accounts.ResetArgs]{}
		must(t, json.Unmarshal(args, &job.Args))
		must(t, reset.Work(ctx, job))
	}
	for _, args := range b.take(t, accounts.LinkArgs{}.Kind()) {
		job := &river.Job[accounts.LinkArgs]{}
		must(t, json.Unmarshal(args, &job.Args))
		must(t, link.Work(ctx, job))
	}
	return sent
}

// take removes the jobs of a kind from the queue.
func (b bundle) take(t *testing.T, kind string) (args [][]byte) {
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		rows, _ := tx.Query(ctx, `delete from river_job where kind = $1 returning args`, kind)
		var err error
		args, err = pgx.CollectRows(rows, pgx.RowTo[[]byte])
		return err
	})
	return args
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func token(m accounts.LinkMail) string { return m.Path[strings.LastIndex(m.Path, "/")+1:] }

const better = "yürük göçü yedi gün"

func TestResetSetsThePasswordOnce(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "Info@City.example")
	session := b.begin(t, a.ID, "hash")
	must(t, b.RequestReset(ctx, "info@city.example", here))
	sent := b.work(t)
	if len(sent) != 1 || sent[0].To != "Info@City.example" || !strings.HasPrefix(sent[0].Path, "/tr/reset/") {
		t.Fatalf("sent %+v", sent)
	}
	secret := token(sent[0])
	for range 3 { // looking does not use it up
		if _, err := b.OpenLink(ctx, accounts.Reset, secret); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.OpenLink(ctx, accounts.Invitation, secret); code(err) != apperr.NotFound {
		t.Errorf("the link for another purpose: %v", err)
	}
	if err := b.ResetPassword(ctx, secret, "password"); code(err) != apperr.Invalid {
		t.Errorf("a weak password: %v", err)
	}
	must(t, b.ResetPassword(ctx, secret, better))
	if b.visit(t, session).Person != nil {
		t.Error("a session outlives the reset")
	}
	if err := b.ResetPassword(ctx, secret, better+"!"); code(err) != apperr.NotFound {
		t.Errorf("used twice: %v", err)
	}
	if err := b.try("info@city.example", better, here); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if err := b.try("info@city.example", accountstest.Password, here); code(err) != apperr.Invalid {
		t.Errorf("the old password: %v", err)
	}
}

func TestResetLinkDies(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	must(t, b.RequestReset(ctx, "info@city.example", here))
	first := b.work(t)
	must(t, b.RequestReset(ctx, "info@city.example", here))
	second := b.work(t)
	if _, err := b.OpenLink(ctx, accounts.Reset, token(first[0])); code(err) != apperr.NotFound {
		t.Errorf("replaced by a newer one: %v", err)
	}
	b.clock.Pass(time.Hour + time.Second)
	if err := b.ResetPassword(ctx, token(second[0]), better); code(err) != apperr.NotFound {
		t.Errorf("after an hour: %v", err)
	}
	for _, made := range []string{"", "x", strings.Repeat("a", 43), "' or true --"} {
		if _, err := b.OpenLink(ctx, accounts.Reset, made); code(err) != apperr.NotFound {
			t.Errorf("%q: %v", made, err)
		}
	}
}

// A known and an unknown address get the same answer after the same work: one job. No
// secret is kept in it, nor in any table.
func TestResetTellsNothing(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	for _, email := range []string{"info@city.example", "nobody@city.example"} {
		must(t, b.RequestReset(ctx, email, here))
	}
	sent := b.work(t)
	if len(sent) != 1 {
		t.Fatalf("sent %+v", sent)
	}
	var stored int
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select count(*) from access_tokens where token_hash = $1`, token(sent[0])).Scan(&stored)
	})
	if stored != 0 {
		t.Error("the token itself is stored")
	}
	if err := b.RequestReset(ctx, "a@b.example,c@d.example", here); code(err) != apperr.Invalid {
		t.Errorf("two addresses: %v", err)
	}
}

func TestResetMailIsThrottled(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	mails := 0
	for range 10 {
		must(t, b.RequestReset(ctx, "info@city.example", here))
		mails += len(b.work(t))
	}
	if mails != 3 {
		t.Errorf("%d mails to one inbox, want 3", mails)
	}
	if err := b.RequestReset(ctx, "nobody@city.example", here); code(err) != apperr.TooMany {
		t.Errorf("eleventh from one address: %v", err)
	}
}

// A mail that is made again, because its delivery was not sure, works beside the first.
func TestARepeatedMailKillsNoLink(t *testing.T) {
	b := setup(t)
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	must(t, b.RequestReset(ctx, "info@city.example", here))
	sent := b.work(t)
	var again accounts.LinkMail
	worker := &accounts.LinkWorker{Accounts: b.Service, Send: func(_ context.Context, m accounts.LinkMail) error {
		again = m
		return nil
	}}
	must(t, worker.Work(ctx, &river.Job[accounts.LinkArgs]{Args: accounts.LinkArgs{LinkID: sent[0].LinkID}}))
	must(t, b.ResetPassword(ctx, token(sent[0]), better))
	if _, err := b.OpenLink(ctx, accounts.Reset, token(again)); code(err) != apperr.NotFound {
		t.Errorf("its twin: %v", err)
	}
	again = accounts.LinkMail{}
	must(t, worker.Work(ctx, &river.Job[accounts.LinkArgs]{Args: accounts.LinkArgs{LinkID: sent[0].LinkID}}))
	if again.LinkID != 0 {
		t.Error("a used link is mailed")
	}
}

func TestALinkIsUsedOnceByRacingPosts(t *testing.T) {
	b := with(pgtest.Clone(t))
	accountstest.Insert(t, b.db, b.Service, "info@city.example")
	path, err := b.ResetPath(ctx, identity.Worker(), "info@city.example")
	must(t, err)
	secret := path[strings.LastIndex(path, "/")+1:]
	if url.PathEscape(secret) != secret {
		t.Errorf("the token %s is not fit for an address", secret)
	}
	var mu sync.Mutex
	var group sync.WaitGroup
	used := 0
	for range 8 {
		group.Go(func() {
			if err := b.ResetPassword(ctx, secret, better); err == nil {
				mu.Lock()
				used++
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if used != 1 {
		t.Errorf("used %d times", used)
	}
}

func TestInvitationIsAccepted(t *testing.T) {
	b := setup(t)
	_, admin := accountstest.Staff(t, b.db, b.Service, "admin@union.example", identity.Administrator)
	org := accountstest.OrgPublic(t, b.db, pgtest.Org(t, b.db, "Şuşa"))
	_, err := b.Invite(ctx, admin, accounts.Invitee{Email: "new@city.example", Name: "Yeni", Lang: "ru", Role: identity.MemberEditor, OrgPublic: org})
	must(t, err)
	sent := b.work(t)
	if len(sent) != 1 || sent[0].By != "Aysel Yurdakul" || !strings.HasPrefix(sent[0].Path, "/ru/invitation/") {
		t.Fatalf("sent %+v", sent)
	}
	for name, a := range map[string]accounts.Acceptance{
		"no name":         {Password: better, Lang: "tr"},
		"turned text":     {Name: "Ayşe\u202e", Password: better, Lang: "tr"},
		"weak password":   {Name: "Ayşe Yıldız", Password: "ayse.yildiz", Lang: "tr"},
		"no language":     {Name: "Ayşe Yıldız", Password: better},
		"name of a novel": {Name: strings.Repeat("ağaç", 2500), Password: better, Lang: "tr"},
	} {
		if _, err := b.AcceptInvitation(ctx, token(sent[0]), a); code(err) != apperr.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	known, err := b.AcceptInvitation(ctx, token(sent[0]), accounts.Acceptance{Name: "Ayşe Yıldız", Password: better, Lang: "tr"})
	must(t, err)
	person := b.visit(t, b.begin(t, known.UserID, "hash")).Person
	if person.Name != "Ayşe Yıldız" || person.Lang != "tr" || len(person.Seats) != 1 {
		t.Errorf("person %+v", person)
	}
	if _, err := b.AcceptInvitation(ctx, token(sent[0]), accounts.Acceptance{Name: "X", Password: better, Lang: "tr"}); code(err) != apperr.NotFound {
		t.Errorf("accepted twice: %v", err)
	}
}

func TestChangePassword(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.Service, "info@city.example")
	here1, other := b.begin(t, a.ID, "here"), b.begin(t, a.ID, "other")
	visit := b.visit(t, here1)
	actor := visit.Person.AsSelf()
	actor.SessionID = visit.Handle
	if err := b.ChangePassword(ctx, actor, accounts.PasswordChange{Current: "wrong", New: better, From: here}); code(err) != apperr.Invalid {
		t.Errorf("wrong current password: %v", err)
	}
	must(t, b.ChangePassword(ctx, actor, accounts.PasswordChange{Current: accountstest.Password, New: better, From: here}))
	if b.visit(t, other).Person != nil || b.visit(t, here1).Person == nil {
		t.Error("the wrong session ended")
	}
	if err := b.try("info@city.example", better, here); err != nil {
		t.Errorf("the new password: %v", err)
	}
}
