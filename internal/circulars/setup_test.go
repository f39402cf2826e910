package circulars_test

import (
	"sync"
	"testing"
	"time"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/circulars"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

type bundle struct {
	t     *testing.T
	pools *postgres.Pools
	s     *circulars.Service
	desk  identity.Actor
	head  identity.Actor
	mu    sync.Mutex
	at    time.Time
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{t: t, pools: pgtest.Clone(t), at: time.Now().Truncate(time.Second)}
	b.s = circulars.New(b.pools, map[locale.Lang]string{"tr": "Birlik", "en": "Union", "ru": "Союз"}, time.UTC, b.clock)
	b.desk = pgtest.StaffActor(t, b.pools, identity.DeskOfficer)
	b.head = pgtest.StaffActor(t, b.pools, identity.DepartmentHead)
	return b
}

func (b *bundle) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bundle) later(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

// city is a member with a mayor.
func (b *bundle) city(name string) (int64, identity.Actor) {
	b.t.Helper()
	id := pgtest.Org(b.t, b.pools, name)
	b.exec(`insert into memberships (org_id, kind, standing, joined_on, standing_on) values ($1, 'full', 'active', '2020-01-01', '2020-01-01')`, id)
	return id, pgtest.MemberActor(b.t, b.pools, id, identity.MemberApprover)
}

func (b *bundle) exec(sql string, args ...any) {
	b.t.Helper()
	if _, err := b.pools.Owner.Exec(b.t.Context(), sql, args...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) count(sql string, args ...any) (n int) {
	b.t.Helper()
	if err := b.pools.Owner.QueryRow(b.t.Context(), sql, args...).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

var input = circulars.Input{Kind: circulars.Financial, Answers: true, Refs: "Kanun 4734\nOPN-2026-00001",
	Texts: []circulars.Text{{Lang: "tr", Title: "Eşikler", Body: "Yeni eşikler.", Todo: "Okuyun."}, {Lang: "ru", Title: "Пороги", Body: "Новые пороги."}}}

var everyMember = circulars.Audience{Members: circulars.MemberKinds()}

func (b *bundle) version(id string) int {
	b.t.Helper()
	c, err := b.s.Show(b.t.Context(), b.desk, "tr", id)
	if err != nil {
		b.t.Fatal(err)
	}
	return c.Version
}

// approved is a circular that a second person approved.
func (b *bundle) approved(in circulars.Input, a circulars.Audience, replaces string) string {
	b.t.Helper()
	id, err := b.s.Create(b.t.Context(), b.desk, in, replaces)
	b.must(err)
	b.must(b.s.SetAudience(b.t.Context(), b.desk, id, b.version(id), a))
	b.must(b.s.Ask(b.t.Context(), b.desk, id, b.version(id)))
	b.must(b.s.Approve(b.t.Context(), b.head, id, b.version(id)))
	return id
}

func (b *bundle) issued(in circulars.Input, a circulars.Audience, replaces string) circulars.Sheet {
	b.t.Helper()
	id := b.approved(in, a, replaces)
	b.must(b.s.Issue(b.t.Context(), b.desk, id, b.version(id)))
	c := b.show(id)
	b.must(b.s.Tell(b.t.Context(), c.ID))
	return c
}

func (b *bundle) show(id string) circulars.Sheet {
	b.t.Helper()
	c, err := b.s.Show(b.t.Context(), b.desk, "tr", id)
	b.must(err)
	return c
}

func (b *bundle) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bundle) refused(err error, code apperr.Code, what string) {
	b.t.Helper()
	if !apperr.Is(err, code) {
		b.t.Errorf("%s: %v", what, err)
	}
}

// own is a city's list.
func (b *bundle) own(actor identity.Actor) []circulars.Line {
	b.t.Helper()
	list, _, err := b.s.Own(b.t.Context(), actor, locale.TR, circulars.Search{})
	b.must(err)
	return list
}
