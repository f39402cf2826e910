package profiles_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/profiles"
)

type register struct{}

func (register) Renew(ctx context.Context, tx pgx.Tx, id int64) error {
	return municipalities.Renew(ctx, tx, id)
}
func (register) Script(name string) string { return municipalities.Script(name) }

type bundle struct {
	pools    *postgres.Pools
	s        *profiles.Service
	now      time.Time
	id       int64
	publicID string
	mayor    identity.Actor
	desk     identity.Actor
}

// setup makes a register of two members, and people who act for the first.
func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{pools: pgtest.Clone(t), now: time.Now().Add(time.Hour)}
	b.s = profiles.New(b.pools, register{}, time.UTC, func() time.Time { return b.now })
	b.in(t, identity.Worker(), func(tx pgx.Tx) error {
		if err := municipalities.LoadBase(context.Background(), tx); err != nil {
			return err
		}
		_, err := municipalities.Load(context.Background(), tx, []municipalities.Record{
			{SourceID: "t:1", Name: "Şuşa", Standing: municipalities.Active, Country: "AZ", Region: "Şuşa", Lat: 39.7, Lon: 46.7, Population: 5000, PopulationYear: 2020,
				Zone: "Asia/Baku", FiguresAt: b.now, Joined: b.now.AddDate(-5, 0, 0), Names: []municipalities.Name{{Name: "Şuşa", Lang: "az", Script: "Latn", Kind: municipalities.Official}}},
			{SourceID: "t:2", Name: "Ош", Standing: municipalities.Active, Country: "KG", Region: "Ош", Lat: 40.5, Lon: 72.8, Zone: "Asia/Bishkek", FiguresAt: b.now, Joined: b.now.AddDate(0, -2, 0)},
		})
		return err
	})
	b.one(t, &b.id, `select id from municipalities where source_id = 't:1'`)
	b.one(t, &b.publicID, `select public_id from subjects where id = $1`, b.id)
	b.mayor = pgtest.MemberActor(t, b.pools, b.id, identity.MemberApprover)
	b.desk = pgtest.StaffActor(t, b.pools, identity.DeskOfficer)
	return b
}

func (b *bundle) in(t *testing.T, actor identity.Actor, fn func(tx pgx.Tx) error) {
	t.Helper()
	if err := b.pools.InTx(context.Background(), actor, fn); err != nil {
		t.Fatal(err)
	}
}

func (b *bundle) one(t *testing.T, dst any, sql string, args ...any) {
	t.Helper()
	if err := b.pools.Owner.QueryRow(context.Background(), sql, args...).Scan(dst); err != nil {
		t.Fatal(err)
	}
}

// wish is what the form says with some boxes filled in otherwise.
func (b *bundle) wish(t *testing.T, boxes map[string]string) profiles.Wish {
	t.Helper()
	asked, err := b.s.Asking(context.Background(), b.mayor, "")
	if err != nil {
		t.Fatal(err)
	}
	all := asked.Facts.Boxes()
	for name, value := range boxes {
		all[name] = value
	}
	return profiles.Wish{Facts: profiles.FactsOf(all), Source: "İstatistik Kurumu, 2025"}
}

var newCount = map[string]string{"population": "6100", "population_year": "2025"}

// TestFactsWaitForStaff: a proposed fact changes nothing until staff accept it; a refused one
// never does; the municipality's log and search say what the register says.
func TestFactsWaitForStaff(t *testing.T) {
	b, ctx := setup(t), context.Background()
	boxes := map[string]string{"head": "Yeni Başkan", "head_until": "2030-04-01", "name": "Yeni Şuşa"}
	for name, value := range newCount {
		boxes[name] = value
	}
	id, err := b.s.Propose(ctx, b.mayor, b.wish(t, boxes))
	if err != nil {
		t.Fatal(err)
	}
	var count int
	b.one(t, &count, `select population from municipalities where id = $1`, b.id)
	if count != 5000 {
		t.Fatalf("the register says %d before anybody answered", count)
	}
	if _, err := b.s.Propose(ctx, b.mayor, b.wish(t, map[string]string{"population": "6200"})); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a fact waits twice: %v", err)
	}
	c, err := b.s.Proposal(ctx, b.desk, id)
	if err != nil || len(c.Changes) != 3 || c.Changes[0].Old["name"] != "Şuşa" {
		t.Fatalf("%+v, %v", c, err)
	}
	in := profiles.Answer{Seq: c.Seq, Version: c.City.Version, Verdicts: map[profiles.Fact]profiles.Verdict{
		profiles.Population: {Outcome: profiles.Accepted}, profiles.HeadOfCity: {Outcome: profiles.Refused}, profiles.NativeName: {Outcome: profiles.Accepted}}}
	if err := b.s.Answer(ctx, b.desk, id, in); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("refused without a reason: %v", err)
	}
	in.Verdicts[profiles.HeadOfCity] = profiles.Verdict{Outcome: profiles.Refused, Reason: "Seçim sonucu henüz ilan edilmedi."}
	if err := b.s.Answer(ctx, b.mayor, id, in); !apperr.Is(err, apperr.Forbidden) {
		t.Errorf("the city answers itself: %v", err)
	}
	if err := b.s.Answer(ctx, b.desk, id, in); err != nil {
		t.Fatal(err)
	}
	if err := b.s.Answer(ctx, b.desk, id, in); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("answered twice: %v", err)
	}
	var heads, logged, open int
	var name, found, told string
	b.one(t, &count, `select population from municipalities where id = $1`, b.id)
	b.one(t, &heads, `select count(*) from heads where org_id = $1`, b.id)
	b.one(t, &name, `select m.name || ' ' || o.name || ' ' || t.title from municipalities m join organisations o on o.id = m.id join municipality_titles t on t.municipality_id = m.id and t.lang = 'tr' where m.id = $1`, b.id)
	b.one(t, &found, `select title from search_documents where subject_id = $1 and lang = 'tr' and scope = 'public'`, b.id)
	b.one(t, &logged, `select count(*) from audit_entries where subject_id = $1 and action in ('municipality.facts_proposed', 'municipality.facts_answered')`, b.id)
	b.one(t, &open, `select count(*) from tasks where key = 'profiles.facts' and state = 'open'`)
	b.one(t, &told, `select string_agg(name, ' ' order by id) from notify_events`)
	if count != 6100 || heads != 0 || name != "Yeni Şuşa Yeni Şuşa Yeni Şuşa" || found != "Yeni Şuşa" || logged != 2 || open != 0 {
		t.Errorf("population %d, heads %d, names %q, found as %q, %d log lines, %d open duties", count, heads, name, found, logged, open)
	}
	if told != "membership.facts_proposed membership.facts_answered" {
		t.Errorf("told: %s", told)
	}
}

// TestProposalsAreTheCitysOwn is the canary: another municipality neither finds a proposal
// nor reads or writes its rows behind the service's back.
func TestProposalsAreTheCitysOwn(t *testing.T) {
	b, ctx := setup(t), context.Background()
	id, err := b.s.Propose(ctx, b.mayor, b.wish(t, newCount))
	if err != nil {
		t.Fatal(err)
	}
	var other int64
	b.one(t, &other, `select id from municipalities where source_id = 't:2'`)
	stranger := pgtest.MemberActor(t, b.pools, other, identity.MemberApprover)
	if _, err := b.s.Proposal(ctx, stranger, id); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("another city reads it: %v", err)
	}
	if err := b.s.Withdraw(ctx, stranger, id, 1); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("another city withdraws it: %v", err)
	}
	for _, table := range []string{"fact_proposals", "fact_changes", "profiles", "profile_parts"} {
		var n int
		b.in(t, stranger, func(tx pgx.Tx) error { return tx.QueryRow(ctx, `select count(*) from `+table).Scan(&n) })
		if n != 0 {
			t.Errorf("%d rows of %s behind the wall", n, table)
		}
	}
	b.wall(t, stranger)
	// Nor does the city itself write an official name past the staff.
	err = b.pools.InTx(ctx, b.mayor, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `insert into municipality_names (municipality_id, name, lang, script, kind) values ($1, 'X', 'und', 'Latn', 'official')`, b.id)
		return err
	})
	if err == nil {
		t.Error("a city names itself officially")
	}
	if err := b.s.Withdraw(ctx, b.mayor, id, 1); err != nil {
		t.Error(err)
	}
	if _, err := b.s.Propose(ctx, b.mayor, b.wish(t, newCount)); err != nil {
		t.Errorf("after a withdrawal: %v", err)
	}
}

// wall is what another municipality can do to this one behind the service's back: nothing.
func (b *bundle) wall(t *testing.T, stranger identity.Actor) {
	t.Helper()
	ctx := context.Background()
	for _, sql := range []string{
		`insert into profiles (org_id, confirmed_at) values ($1, now())`,
		`insert into municipality_names (municipality_id, name, lang, script, kind) values ($1, 'X', 'und', 'Latn', 'alternate')`,
		`insert into municipality_fields (municipality_id, field_id) select $1, min(id) from fields`,
		`insert into sister_cities (a_id, b_id) select least($1, min(id)), greatest($1, min(id)) from municipalities where id not in ($1, org())`,
		`insert into heads (org_id, name, starts_on) values ($1, 'X', now())`,
		`update municipalities set population = 1 where id = $1`,
	} {
		if err := b.pools.InTx(ctx, stranger, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, sql, b.id); return err }); err == nil {
			t.Errorf("another city did: %s", sql)
		}
	}
	var touched int64
	b.in(t, stranger, func(tx pgx.Tx) error {
		for _, sql := range []string{`update municipalities set website = 'https://x.example' where id = $1`, `delete from municipality_names where municipality_id = $1`, `delete from municipality_fields where municipality_id = $1`} {
			tag, err := tx.Exec(ctx, sql, b.id)
			if err != nil {
				return err
			}
			touched += tag.RowsAffected()
		}
		return nil
	})
	if touched != 0 {
		t.Errorf("another city touched %d rows", touched)
	}
}

// TestTheRestIsLiveAtOnce: sectors, website, names, sister cities, texts and the
// self-assessment; a stale save of a part is a conflict and changes nothing.
func TestTheRestIsLiveAtOnce(t *testing.T) {
	b, ctx := setup(t), context.Background()
	if err := b.s.SaveSectors(ctx, b.mayor, 0, []string{"culture"}, []string{"culture", "services"}); err != nil {
		t.Fatal(err)
	}
	if err := b.s.SaveSectors(ctx, b.mayor, 0, nil, nil); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale save: %v", err)
	}
	if err := b.s.SaveSectors(ctx, b.mayor, 1, []string{"nonsense"}, nil); !apperr.Is(err, apperr.Invalid) {
		t.Errorf("a field that there is not: %v", err)
	}
	for _, bad := range []string{"javascript:alert(1)", "ftp://x.example", "https://user:pass@x.example", "nohost"} {
		if err := b.s.SaveWebsite(ctx, b.mayor, 0, bad); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	var sister string
	b.one(t, &sister, `select slug from municipalities where source_id = 't:2'`)
	maturity := profiles.Maturity{}
	for _, q := range profiles.Questions() {
		maturity[q.Key] = 2
	}
	for what, err := range map[string]error{
		"website":  b.s.SaveWebsite(ctx, b.mayor, 0, "шуша.example/тарих"),
		"name":     b.s.AddName(ctx, b.mayor, profiles.Name{Name: "Шуша", Lang: "ru", Kind: "exonym"}),
		"sister":   b.s.AddSister(ctx, b.mayor, sister, 2019),
		"text":     b.s.SaveText(ctx, b.mayor, "tr", 0, "Dağların üstünde bir kültür kenti."),
		"maturity": b.s.SaveMaturity(ctx, b.mayor, 0, maturity),
		"confirm":  b.s.Confirm(ctx, b.mayor),
	} {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := b.s.AddName(ctx, b.mayor, profiles.Name{Name: "Şuşa", Lang: "az", Kind: "alternate"}); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("an official name: %v", err)
	}
	b.namesRefused(t)
	if err := b.s.SaveText(ctx, b.mayor, "tr", 0, "Başka"); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("a stale text: %v", err)
	}
	p, err := b.s.Own(ctx, b.mayor, locale.EN)
	if err != nil || p.Website != "https://xn--80a1bob.example/%D1%82%D0%B0%D1%80%D0%B8%D1%85" || len(p.Sisters) != 1 || len(p.Texts) != 1 || len(p.Names) != 1 || p.Maturity.Average() != 20 {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, s := range p.Sectors {
		if s.Strength != (s.Code == "culture") || s.Need != (s.Code == "culture" || s.Code == "services") {
			t.Errorf("%+v", s)
		}
	}
	if err := b.s.DropSister(ctx, b.mayor, sister); err != nil {
		t.Error(err)
	}
	if err := b.s.DropName(ctx, b.mayor, "Шуша"); err != nil {
		t.Error(err)
	}
}

// namesRefused: names are hostile text, and a list of them holds each once.
func (b *bundle) namesRefused(t *testing.T) {
	t.Helper()
	if err := b.s.AddName(t.Context(), b.mayor, profiles.Name{Name: "Шуша", Lang: "ru", Kind: "exonym"}); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("the same name again: %v", err)
	}
	if err := b.s.DropName(t.Context(), b.mayor, "Yok Böyle"); !apperr.Is(err, apperr.NotFound) {
		t.Errorf("a name that is not there: %v", err)
	}
	for name, n := range map[string]profiles.Name{
		"a tag of no language": {Name: "Şuşa A", Lang: "xx", Kind: "alternate"}, "a script of none": {Name: "Şuşa B", Lang: "tr-Qqqq", Kind: "alternate"},
		"turned around": {Name: "Şuşa \u202eevil", Lang: "az", Kind: "alternate"}, "two lines": {Name: "Şuşa\nC", Lang: "az", Kind: "alternate"},
		"no letter": {Name: "123 !", Lang: "az", Kind: "alternate"}, "hidden": {Name: "Şu\u200bşa", Lang: "az", Kind: "alternate"},
	} {
		if err := b.s.AddName(t.Context(), b.mayor, n); !apperr.Is(err, apperr.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStaffEditIsNotLost: of two who correct facts of one city the second is told; who
// answers a proposal over facts that changed meanwhile is told too.
func TestStaffEditIsNotLost(t *testing.T) {
	b, ctx := setup(t), context.Background()
	id, err := b.s.Propose(ctx, b.mayor, b.wish(t, newCount))
	if err != nil {
		t.Fatal(err)
	}
	c, err := b.s.Proposal(ctx, b.desk, id)
	if err != nil {
		t.Fatal(err)
	}
	wish := b.wish(t, map[string]string{"area": "312.5", "latin": "Shusha", "seat": "Niyazi küçəsi 1", "english": "Shusha City"})
	first := profiles.Correction{Wish: wish, Version: c.City.Version}
	if err := b.s.Correct(ctx, b.desk, b.publicID, first); err != nil {
		t.Fatal(err)
	}
	second := profiles.Correction{Wish: b.wish(t, map[string]string{"area": "299"}), Version: c.City.Version}
	if err := b.s.Correct(ctx, b.desk, b.publicID, second); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("the second correction: %v", err)
	}
	answer := profiles.Answer{Seq: c.Seq, Version: c.City.Version, Verdicts: map[profiles.Fact]profiles.Verdict{profiles.Population: {Outcome: profiles.Accepted}}}
	if err := b.s.Answer(ctx, b.desk, id, answer); !apperr.Is(err, apperr.Conflict) {
		t.Errorf("an answer over changed facts: %v", err)
	}
	p, err := b.s.OfMember(ctx, b.desk, locale.EN, b.id)
	if err != nil || p.Facts[profiles.Area]["area"] != "312.5" || p.Facts[profiles.LatinName]["latin"] != "Shusha" || p.Facts[profiles.EnglishName]["english"] != "Shusha City" {
		t.Errorf("%+v, %v", p.Facts, err)
	}
}

// TestAskedOnceAYear: a run asks each city that did not confirm for a year once, and not
// again within the year; confirming ends it; who joined lately is left in peace.
func TestAskedOnceAYear(t *testing.T) {
	b, ctx := setup(t), context.Background()
	for i, want := range []int{1, 0} {
		if n, err := b.s.Ask(ctx); err != nil || n != want {
			t.Fatalf("run %d asks %d, %v", i, n, err)
		}
	}
	if err := b.s.Confirm(ctx, b.mayor); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.AddDate(0, 11, 0)
	if n, _ := b.s.Ask(ctx); n != 0 {
		t.Errorf("asked %d within the year", n)
	}
	b.now = b.now.AddDate(0, 2, 0)
	if n, _ := b.s.Ask(ctx); n != 1 {
		t.Errorf("asked %d after a year", n)
	}
}
