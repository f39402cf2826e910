package opinions_test

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/opinions"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/requests/requeststest"
)

var noon = time.Date(2026, time.November, 24, 12, 0, 0, 0, time.UTC)

// bundle is a case in review of a city that asks for an opinion.
type bundle struct {
	*opinions.Service
	t                *testing.T
	db               postgres.DB
	of               opinions.Case
	desk, audit      identity.Actor
	editor, stranger identity.Actor
}

func setup(t *testing.T) *bundle {
	t.Helper()
	db := pgtest.DB(t)
	city, other := requeststest.City(t, db, "Şuşa"), requeststest.City(t, db, "Gəncə")
	b := &bundle{t: t, db: db, desk: pgtest.StaffActor(t, db, identity.DeskOfficer), audit: pgtest.StaffActor(t, db, identity.Auditor),
		editor: pgtest.MemberActor(t, db, city, identity.MemberEditor), stranger: pgtest.MemberActor(t, db, other, identity.MemberEditor)}
	b.Service = opinions.New(db, map[locale.Lang]string{"tr": "Birlik", "en": "The Union", "ru": "Союз"}, time.UTC, func() time.Time { return noon })
	b.of = opinions.Case{PublicID: strings.Repeat("c", 26), OrgID: city, OrgName: "Şuşa", Reference: "REQ-2026-00042", Lang: "tr", Title: "Su tarifesi", State: "in_review"}
	b.exec(`insert into service_versions (service, version, shipped, digest, definition) values ('project_support', 9, false, 'x', '{"steps": [{"state": "to_sign"}]}')`)
	b.must(db.InTx(t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		err := tx.QueryRow(t.Context(), `insert into subjects (kind, org_id, public_id) values ('request', $1, $2) returning id`, city, b.of.PublicID).Scan(&b.of.ID)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(t.Context(), `insert into moves (subject_id, seq, to_state, move, org_id) values ($1, 1, 'in_review', 'start', $2)`, b.of.ID, city); err != nil {
			return err
		}
		_, err = tx.Exec(t.Context(), `
			insert into requests (id, org_id, service, service_version, office, state, seq, lang, country_id, created_by, title, reference, submitted_at)
			select $1, $2, 'project_support', 9, 'legal', 'in_review', 1, 'tr', m.country_id, $3, 'Su tarifesi', 'REQ-2026-00042', now() from municipalities m where m.id = $2`,
			b.of.ID, city, b.editor.UserID)
		return err
	}))
	return b
}

func (b *bundle) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) refused(what string, err error, code apperr.Code) {
	b.t.Helper()
	if !apperr.Is(err, code) {
		b.t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

func (b *bundle) exec(sql string, args ...any) {
	b.t.Helper()
	b.must(b.db.InTx(b.t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		_, err := tx.Exec(b.t.Context(), sql, args...)
		return err
	}))
}

// stands puts the case into a state, as its own machine would.
func (b *bundle) stands(state string, seq int) {
	b.t.Helper()
	b.exec(`insert into moves (subject_id, seq, from_state, to_state, move, org_id) values ($1, $2, $3, $4, 'x', union_id())`, b.of.ID, seq, b.of.State, state)
	b.exec(`update requests set state = $2, seq = $3 where id = $1`, b.of.ID, state, seq)
	b.of.State = state
}

func (b *bundle) moved(move string) error {
	b.t.Helper()
	return b.db.InTx(b.t.Context(), b.desk, func(tx pgx.Tx) error {
		return b.Moved(b.t.Context(), tx, b.desk, b.of, move, []string{"Leyla Kara", "Deniz Ak"})
	})
}

// signed writes and signs the opinion.
func (b *bundle) signed() {
	b.t.Helper()
	b.must(b.Write(b.t.Context(), b.desk, b.of.PublicID, opinions.Draft{Title: "Su tarifesi", Body: "Şuşa sordu.\n\nYetki meclistedir."}))
	b.stands("to_sign", 2)
	b.must(b.moved("to_sign"))
	b.must(b.moved("sign"))
	b.stands("sent", 3)
}

// TestWriting keeps every version, tells a colleague's from one's own, and stops at the
// signature.
func TestWriting(t *testing.T) {
	b, ctx := setup(t), t.Context()
	b.refused("signing nothing", b.moved("to_sign"), apperr.Conflict)
	b.refused("an auditor writes", b.Write(ctx, b.audit, b.of.PublicID, opinions.Draft{Title: "x", Body: "y"}), apperr.Forbidden)
	b.refused("a member writes", b.Write(ctx, b.editor, b.of.PublicID, opinions.Draft{Title: "x", Body: "y"}), apperr.Forbidden)
	b.refused("an empty text", b.Write(ctx, b.desk, b.of.PublicID, opinions.Draft{Title: "x"}), apperr.Invalid)
	b.must(b.Write(ctx, b.desk, b.of.PublicID, opinions.Draft{Title: "Tarife", Body: "Bir"}))
	b.refused("an older version", b.Write(ctx, b.desk, b.of.PublicID, opinions.Draft{Title: "Tarife", Body: "İki"}), apperr.Conflict)
	b.must(b.Write(ctx, b.desk, b.of.PublicID, opinions.Draft{Base: 1, Title: "Tarife", Body: "İki"}))
	b.must(b.Write(ctx, b.desk, b.of.PublicID, opinions.Draft{Base: 2, Title: "Tarife", Body: "İki"}))
	f, err := b.Open(ctx, b.audit, b.of.PublicID)
	b.must(err)
	if len(f.Texts) != 2 || f.Last().Body != "İki" || f.Texts[1].Body != "Bir" {
		t.Errorf("the versions are %+v", f.Texts)
	}
	b.stands("to_sign", 2)
	b.refused("writing while it is signed", b.Write(ctx, b.desk, b.of.PublicID, opinions.Draft{Base: 2, Title: "Tarife", Body: "Üç"}), apperr.Conflict)
}

// TestPaper takes a number, and is its asker's alone once it was sent.
func TestPaper(t *testing.T) {
	b, ctx := setup(t), t.Context()
	b.signed()
	_, err := b.Paper(ctx, b.editor, b.of.PublicID)
	b.refused("reading before it was sent", err, apperr.NotFound)
	b.must(b.moved("send"))
	p, err := b.Paper(ctx, b.editor, b.of.PublicID)
	b.must(err)
	if p.Reference() != "OPN-2026-00001" || p.Sender != "Birlik" || p.Addressee != "Şuşa" || len(p.Signers) != 2 {
		t.Errorf("the paper is %+v", p)
	}
	if content, err := p.PDF(); err != nil || !strings.HasPrefix(string(content), "%PDF") {
		t.Errorf("no paper: %v", err)
	}
	_, err = b.Paper(ctx, b.stranger, b.of.PublicID)
	b.refused("another city reads it", err, apperr.NotFound)
	_, err = b.Paper(ctx, identity.Anyone(), b.of.PublicID)
	b.refused("a visitor reads it", err, apperr.SignIn)
}

// TestPublishing refuses what still names who asked, and publishes the rest; nothing of the
// original is anybody's to read.
func TestPublishing(t *testing.T) {
	b, ctx := setup(t), t.Context()
	b.signed()
	b.must(b.moved("send"))
	b.refused("nothing was prepared", b.moved("anonymise"), apperr.Conflict)
	x := opinions.Redaction{Title: "Su tarifesi yetkisi", Question: "Tarifeyi kim belirler?", Topic: "finance", Laws: []string{"5393 sayılı Kanun"}}
	b.must(b.Redact(ctx, b.desk, b.of.PublicID, x))
	b.refused("the name stands", b.moved("anonymise"), apperr.Conflict)
	d, err := b.Preview(ctx, b.desk, b.of.PublicID, nil)
	b.must(err)
	if len(d.Left) != 1 || d.Left[0] != "Şuşa" {
		t.Errorf("left are %q", d.Left)
	}
	x.Version, x.Hidden = 1, []opinions.Hidden{{Text: "Şuşa", Word: "Belediye"}}
	b.must(b.Redact(ctx, b.desk, b.of.PublicID, x))
	b.refused("a colleague's work", b.Redact(ctx, b.desk, b.of.PublicID, x), apperr.Conflict)
	b.must(b.moved("anonymise"))
	b.must(b.moved("publish"))
	list, err := b.Precedents(ctx, identity.Anyone(), "tr", opinions.Filter{Law: "5393 SAYILI kanun"}, "", "")
	b.must(err)
	if list.Count != 1 || list.Rows[0].Body != "Belediye sordu.\n\nYetki meclistedir." || !strings.HasSuffix(list.Rows[0].Slug, "opn-2026-00001") {
		t.Errorf("published is %+v", list.Rows)
	}
	for _, table := range []string{"opinion_papers", "opinion_texts", "redactions"} {
		err := b.db.Read(ctx, identity.Anyone(), func(q postgres.Querier) error {
			var n int
			return q.QueryRow(ctx, `select count(*) from `+table).Scan(&n)
		})
		if err == nil {
			t.Errorf("a visitor reads %s", table)
		}
	}
}

// TestValidity lets a newer opinion take an older one's place, and refuses a circle.
func TestValidity(t *testing.T) {
	b, ctx := setup(t), t.Context()
	old, recent := b.precedent("OPN-2025-00001"), b.precedent("OPN-2026-00009")
	b.refused("an auditor", b.SetValidity(ctx, b.audit, old, opinions.Validity{Version: 1, State: opinions.Withdrawn, Note: "x"}), apperr.Forbidden)
	b.refused("no reason", b.SetValidity(ctx, b.desk, old, opinions.Validity{Version: 1, State: opinions.Withdrawn}), apperr.Invalid)
	b.refused("nothing in its place", b.SetValidity(ctx, b.desk, old, opinions.Validity{Version: 1, State: opinions.Superseded, Successor: "OPN-1999-00001"}), apperr.Invalid)
	b.refused("itself in its place", b.SetValidity(ctx, b.desk, old, opinions.Validity{Version: 1, State: opinions.Superseded, Successor: "OPN-2025-00001"}), apperr.Invalid)
	b.must(b.SetValidity(ctx, b.desk, old, opinions.Validity{Version: 1, State: opinions.Superseded, Successor: "opn-2026-00009"}))
	b.refused("a circle", b.SetValidity(ctx, b.desk, recent, opinions.Validity{Version: 1, State: opinions.Superseded, Successor: "https://birlik.example/tr/opinions/opn-2025-00001"}), apperr.Invalid)
	b.refused("a colleague's change", b.SetValidity(ctx, b.desk, old, opinions.Validity{Version: 1, State: opinions.InForce}), apperr.Conflict)
	v, err := b.Sheet(ctx, identity.Anyone(), "ru", "opn-2026-00009")
	b.must(err)
	if len(v.Predecessors) != 1 || v.Predecessors[0].State != opinions.Superseded {
		t.Errorf("before it came %+v", v.Predecessors)
	}
	b.must(b.SetValidity(ctx, b.desk, old, opinions.Validity{Version: 2, State: opinions.InForce}))
}

func (b *bundle) precedent(reference string) (publicID string) {
	b.t.Helper()
	b.must(b.db.InTx(b.t.Context(), identity.Worker(), func(tx pgx.Tx) error {
		return tx.QueryRow(b.t.Context(), `
			with s as (insert into subjects (kind, org_id, public_id) values ('precedent', union_id(), translate(rpad(lower($1), 26, 'a'), '-0189', 'xabcd')) returning id, org_id, public_id),
			x as (insert into precedents (id, org_id, slug, reference, lang, title, question, body, topic, given_on)
				select id, org_id, lower($1), $1, 'tr', 'Görüş', 'Soru?', 'Metin', 'other', current_date from s returning 1)
			select public_id from s`, reference).Scan(&publicID)
	}))
	return publicID
}
