package privacy_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/accounts/accountstest"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/documents"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/messages"
	"github.com/birlik/portal/internal/notify"
	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/privacy"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/workflow"
)

var ctx = context.Background()

type bench struct {
	db       postgres.DB
	clock    *accountstest.Clock
	accounts *accounts.Service
	privacy  *privacy.Service
	store    blob.Store
}

// setup wires the areas that a person can leave traces in, over a database of its own:
// archives are made across transactions.
func setup(t *testing.T) bench {
	t.Helper()
	b := bench{db: pgtest.Clone(t), clock: accountstest.NewClock()}
	var err error
	if b.store, err = blob.OpenFolder(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	b.accounts = accounts.New(b.db, b.clock.Now)
	files := documents.New(b.db, b.store, documents.Options{})
	b.privacy = privacy.New(b.db, b.clock.Now, privacy.Options{Store: b.store, Spool: t.TempDir(), Fresh: accounts.Fresh, Content: files.Content,
		Parts: []personal.Part{privacy.Personal(), requests.Personal(), membership.Personal(), messages.Personal(), workflow.Personal(),
			documents.Personal(), notify.Personal(), audit.Personal(), accounts.Personal()}})
	return b
}

// self is somebody acting for themselves, who has just proved who they are.
func (b bench) self(a accounts.Account) identity.Actor {
	return identity.Actor{Side: identity.Visitor, UserID: a.ID, Name: a.Name, Email: a.Email, Lang: a.Lang, Zone: a.Zone, Proved: b.clock.Now()}
}

func (b bench) admin(t *testing.T, email string) identity.Actor {
	_, actor := accountstest.Staff(t, b.db, b.accounts, email, identity.Administrator)
	return actor
}

func (b bench) one(t *testing.T, sql string, args ...any) (out string) {
	t.Helper()
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(&out) })
	return out
}

func (b bench) do(t *testing.T, sql string, args ...any) {
	t.Helper()
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error { _, err := tx.Exec(ctx, sql, args...); return err })
}

// asked is the public id of a person's open request.
func (b bench) asked(t *testing.T, a accounts.Account, reason string) string {
	t.Helper()
	if err := b.privacy.Ask(ctx, b.self(a), reason); err != nil {
		t.Fatal(err)
	}
	return b.one(t, `select s.public_id from erasures e join subjects s on s.id = e.id where e.user_id = $1 and e.state = 'open'`, a.ID)
}

func wants(t *testing.T, err error, code apperr.Code) {
	t.Helper()
	if !apperr.Is(err, code) {
		t.Fatalf("error %v, want %s", err, code)
	}
}

func TestConsentsAreSeparateAndTheirHistoryStays(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	actor := b.self(a)
	for _, given := range []bool{true, true, false, true} {
		if err := b.privacy.Choose(ctx, actor, privacy.News, given); err != nil {
			t.Fatal(err)
		}
	}
	for purpose, want := range map[privacy.Purpose]bool{privacy.News: true, "photos": false} {
		if got, err := b.privacy.Consented(ctx, a.ID, purpose); err != nil || got != want {
			t.Errorf("%s: %v, %v", purpose, got, err)
		}
	}
	past, err := b.privacy.Past(ctx, actor, 10)
	if err != nil || len(past) != 3 { // the same choice twice is one
		t.Fatalf("history %v, %v", past, err)
	}
	if past[0].Notice != 2 || !past[0].Given || past[1].Given {
		t.Errorf("history %+v", past)
	}
	for _, sql := range []string{`update consents set given = false`, `delete from consents`, `update privacy_notices set number = 2`, `delete from privacy_readings`} {
		err := b.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { _, err := tx.Exec(ctx, sql); return err })
		if err == nil {
			t.Errorf("%s went through", sql)
		}
	}
	for _, closed := range []privacy.Purpose{"everything", "contact", "photos"} { // nothing reads them: nobody is asked
		wants(t, b.privacy.Choose(ctx, actor, closed, true), apperr.Invalid)
	}
	wants(t, b.privacy.Choose(ctx, identity.Anyone(), privacy.News, true), apperr.SignIn)
}

func TestANoticeIsOnlyEverAdded(t *testing.T) {
	b := setup(t)
	admin := b.admin(t, "admin@union.example")
	n := privacy.NewNotice{After: 2}
	wantFields := apperr.Invalid
	_, err := b.privacy.Publish(ctx, admin, n)
	wants(t, err, wantFields)
	first, err := b.privacy.Notice(ctx, identity.Anyone(), 0)
	if err != nil || first.Number != 2 || len(first.Texts) != 3 {
		t.Fatalf("%+v, %v", first.Number, err)
	}
	n.Texts, n.Changes = first.Texts, first.Changes
	if number, err := b.privacy.Publish(ctx, admin, n); err != nil || number != 3 {
		t.Fatalf("%d, %v", number, err)
	}
	_, err = b.privacy.Publish(ctx, admin, n) // written on the first, like the second
	wants(t, err, apperr.Conflict)
	if old, err := b.privacy.Notice(ctx, identity.Anyone(), 1); err != nil || old.Number != 1 {
		t.Errorf("%d, %v", old.Number, err)
	}
	_, desk := accountstest.Staff(t, b.db, b.accounts, "desk@union.example", identity.DeskOfficer)
	_, err = b.privacy.Publish(ctx, desk, privacy.NewNotice{After: 3, Texts: n.Texts, Changes: n.Changes})
	wants(t, err, apperr.Forbidden)
}

func TestTheArchiveIsOnesOwnAndHoldsNobodyElse(t *testing.T) {
	b := setup(t)
	org := pgtest.Org(t, b.db, "Ordubad")
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	other := accountstest.Insert(t, b.db, b.accounts, "canary@ordubad.example")
	b.do(t, `update users set name = 'Kanarya Sarı' where id = $1`, other.ID)
	b.do(t, `insert into mandates (user_id, org_id, role, starts_at) select u, $1, 'member_editor', '2020-01-01' from unnest($2::bigint[]) u`, org, []int64{a.ID, other.ID})
	b.do(t, `insert into messages (subject_id, side, body, actor_id, org_id) values ($1, 'in', 'Merhaba birlik', $2, $1), ($1, 'in', 'Kanarya yazdı', $3, $1)`, org, a.ID, other.ID)
	b.do(t, `insert into sign_ins (user_id, method, outcome, network) values ($1, 'password', 'in', '198.51.100.0/24'), ($2, 'password', 'in', '203.0.113.0/24')`, a.ID, other.ID)
	// Who invited somebody recorded the other person's address.
	b.do(t, `insert into audit_entries (subject_id, action, actor_id, org_id, payload) values ($1, 'accounts.invited', $2, $3, '{"email": "canary@ordubad.example"}')`, other.ID, a.ID, org)
	id := b.export(t, a)
	files := b.fetch(t, a, id)
	for name, want := range map[string]string{"account/account.json": "gulnar@ordubad.example", "account/mandates.json": "Ordubad",
		"account/sign_ins.json": "198.51.100.0/24", "messages/written.json": "Merhaba birlik", "acts/acts.json": "accounts.invited", "requests/requests.json": "[]"} {
		if !strings.Contains(files[name], want) {
			t.Errorf("%s lacks %q: %s", name, want, files[name])
		}
	}
	for name, content := range files {
		if regexp.MustCompile(`(?i)kanarya|canary|203\.0\.113|argon2`).MatchString(content) {
			t.Errorf("%s tells of somebody else, or a secret: %s", name, content)
		}
	}
	_, _, err := b.privacy.Fetch(ctx, b.self(other), id)
	wants(t, err, apperr.NotFound)
	stale := b.self(a)
	stale.Proved = b.clock.Now().Add(-accounts.Fresh - time.Second)
	_, _, err = b.privacy.Fetch(ctx, stale, id)
	wants(t, err, apperr.Prove)
	_, err = b.privacy.AskExport(ctx, stale)
	wants(t, err, apperr.Prove)
}

// export makes an archive to its end, as the job does.
func (b bench) export(t *testing.T, a accounts.Account) string {
	t.Helper()
	id, err := b.privacy.AskExport(ctx, b.self(a))
	if err != nil {
		t.Fatal(err)
	}
	var row int64
	accountstest.Query(t, b.db, func(ctx context.Context, tx pgx.Tx) error {
		return tx.QueryRow(ctx, `select id from data_exports where public_id = $1`, id).Scan(&row)
	})
	if again, err := b.privacy.AskExport(ctx, b.self(a)); err != nil || again != id {
		t.Fatalf("a second archive beside the first: %s, %v", again, err)
	}
	for range 2 { // run twice, it is made once
		if err := b.privacy.MakeExport(ctx, row); err != nil {
			t.Fatal(err)
		}
	}
	return id
}

func (b bench) fetch(t *testing.T, a accounts.Account, id string) map[string]string {
	t.Helper()
	_, file, err := b.privacy.Fetch(ctx, b.self(a), id)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(text)
	}
	return out
}

func TestAnArchiveRunsOutAndItsFileGoes(t *testing.T) {
	b := setup(t)
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	id := b.export(t, a)
	if n, err := b.privacy.Expire(ctx); err != nil || n != 0 {
		t.Fatalf("%d ran out at once, %v", n, err)
	}
	b.clock.Pass(privacy.ExportFor + time.Minute)
	_, _, err := b.privacy.Fetch(ctx, b.self(a), id)
	wants(t, err, apperr.NotFound)
	if n, err := b.privacy.Expire(ctx); err != nil || n != 1 {
		t.Fatalf("%d ran out, %v", n, err)
	}
	if _, err := b.store.Stat(ctx, "exports/"+id+".zip"); err == nil {
		t.Error("the file is still there")
	}
}

// TestTheWallHidesPersonalData asks the database itself, as each serving role.
func TestTheWallHidesPersonalData(t *testing.T) {
	b := setup(t)
	org := pgtest.Org(t, b.db, "Ordubad")
	a := accountstest.Insert(t, b.db, b.accounts, "gulnar@ordubad.example")
	b.asked(t, a, "")
	b.export(t, a)
	if err := b.privacy.Choose(ctx, b.self(a), privacy.News, true); err != nil {
		t.Fatal(err)
	}
	_, admin := accountstest.Staff(t, b.db, b.accounts, "admin@union.example", identity.Administrator)
	for _, table := range []string{"consents", "data_exports", "privacy_readings", "erasures"} {
		for name, actor := range map[string]identity.Actor{"visitor": identity.Anyone(), "member": pgtest.MemberActor(t, b.db, org, identity.MemberApprover), "staff": admin} {
			if table == "erasures" && name == "staff" {
				continue
			}
			err := b.db.Read(ctx, actor, func(q postgres.Querier) error {
				var n int
				return q.QueryRow(ctx, `select count(*) from `+table).Scan(&n)
			})
			if err == nil {
				t.Errorf("a %s may read %s", name, table)
			}
		}
	}
}
