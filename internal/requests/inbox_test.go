package requests_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

func (b bundle) list(t *testing.T, f requests.Filter, at requests.Place) requests.Listing {
	t.Helper()
	l, err := b.List(t.Context(), b.desk, "tr", f, at)
	must(t, err)
	return l
}

func titles(l requests.Listing) string {
	var out []string
	for _, row := range l.Rows {
		out = append(out, row.Title)
	}
	return strings.Join(out, "|")
}

// TestList filters, finds and counts.
func TestList(t *testing.T) {
	b, ctx := setup(t), t.Context()
	b.paper.summary.Title = "Su şebekesi"
	water := b.sent(t)
	b.paper.summary.Title, b.paper.summary.Sector = "Meydan ve park", "parks"
	park := b.sent(t)
	b.draft(t)
	must(t, b.Register(ctx, b.head, park, 3))
	must(t, b.db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { // as the register's own area does
		return search.Put(ctx, tx, subject.Ref{Kind: subject.Municipality, ID: b.mayor.OrgID},
			[]search.Document{{Scope: search.Public, Lang: "tr", OrgID: b.mayor.OrgID, Title: "Şuşa", Names: []string{"Шуша"}, Path: "/municipalities/susa"}})
	}))
	version := b.open(t, b.desk, water).Version
	for _, c := range []struct {
		f    requests.Filter
		want string
	}{
		{requests.Filter{}, "Su şebekesi|Meydan ve park"},
		{requests.Filter{Sort: requests.SortNewest}, "Meydan ve park|Su şebekesi"},
		{requests.Filter{State: requests.Registered}, "Meydan ve park"},
		{requests.Filter{Sector: "parks"}, "Meydan ve park"},
		{requests.Filter{Country: "AZ", Sector: "heritage"}, "Su şebekesi"},
		{requests.Filter{Country: "TR"}, ""},
		{requests.Filter{Assignee: requests.Nobody}, "Su şebekesi"},
		{requests.Filter{Assignee: requests.Me}, ""},
		{requests.Filter{Text: "req 2026/2"}, "Meydan ve park"},
		{requests.Filter{Text: "SEBEKESI"}, "Su şebekesi"},
		{requests.Filter{Text: "Шуша"}, "Su şebekesi|Meydan ve park"},
		{requests.Filter{Text: "yok böyle bir şey"}, ""},
		{requests.Filter{Overdue: true}, ""},
		{requests.Filter{Due: "0d"}, ""},
		{requests.Filter{Due: "60d"}, "Su şebekesi|Meydan ve park"},
		{requests.Filter{Due: "2001-01-01"}, ""},
		{requests.Filter{City: "Шуша"}, "Su şebekesi|Meydan ve park"},
		{requests.Filter{City: "yok böyle kent"}, ""},
		{requests.Filter{City: "yok böyle kent", Text: "Su"}, ""},
		{requests.Filter{Scope: requests.ScopeClosed}, ""},
		{requests.Filter{State: "dragon"}, "Su şebekesi|Meydan ve park"},
	} {
		l := b.list(t, c.f, requests.Place{})
		if titles(l) != c.want || l.Count != len(l.Rows) {
			t.Errorf("%+v: %q (%d), want %q", c.f, titles(l), l.Count, c.want)
		}
	}
	must(t, b.Assign(ctx, b.desk, water, version, ""))
	_, err := b.List(ctx, b.editor, "tr", requests.Filter{}, requests.Place{})
	refused(t, "a member lists", err, apperr.Forbidden)
}

// TestPages goes through a list and back without losing or repeating a row.
func TestPages(t *testing.T) {
	b := setup(t)
	for i := range requests.PageSize + 3 {
		b.paper.summary.Title = fmt.Sprintf("Talep %02d", i)
		*b.now = noon.Add(time.Duration(i/4) * 24 * time.Hour) // several share a date
		b.sent(t)
	}
	for _, sort := range []string{requests.SortDue, requests.SortNewest} {
		f := requests.Filter{Sort: sort}
		first := b.list(t, f, requests.Place{})
		second := b.list(t, f, requests.Place{After: first.Next})
		back := b.list(t, f, requests.Place{Before: second.Prev})
		if len(first.Rows) != requests.PageSize || len(second.Rows) != 3 || second.Next != "" || first.Prev != "" || titles(back) != titles(first) {
			t.Errorf("%s: %d, %d rows; back: %q, first: %q", sort, len(first.Rows), len(second.Rows), titles(back), titles(first))
		}
		if back.Prev != "" {
			t.Errorf("%s: the first page has one before it", sort)
		}
		prev, next, err := b.Neighbours(t.Context(), b.desk, "tr", f, first.Rows[1].PublicID)
		if err != nil || prev != first.Rows[0].PublicID || next != first.Rows[2].PublicID {
			t.Errorf("%s: neighbours %q, %q: %v", sort, prev, next, err)
		}
	}
}

// TestAssignMany does what it can, reports the rest, and takes it back.
func TestAssignMany(t *testing.T) {
	b, ctx := setup(t), t.Context()
	one, two := b.sent(t), b.sent(t)
	l := b.list(t, requests.Filter{}, requests.Place{})
	var officer string
	for _, o := range l.Officers {
		if o.ID == b.head.UserID {
			officer = o.PublicID
		}
	}
	picks := []requests.Pick{{PublicID: one, Version: l.Rows[0].Version}, {PublicID: two, Version: l.Rows[1].Version - 1}}
	done, err := b.DoMany(ctx, b.desk, picks, requests.Act{Kind: requests.ActAssign, Officer: officer})
	must(t, err)
	if done.Done != 1 || len(done.Refused) != 1 || done.Refused[0] != "REQ-2026-00002" {
		t.Errorf("done: %+v", done)
	}
	if r := b.open(t, b.desk, one); r.OfficerID != b.head.UserID {
		t.Errorf("it is with %d", r.OfficerID)
	}
	err = b.Undo(ctx, b.head, done.ID)
	refused(t, "undoing somebody else's act", err, apperr.Conflict)
	must(t, b.Undo(ctx, b.desk, done.ID))
	after, err := b.BulkOf(ctx, b.desk, done.ID)
	must(t, err)
	if r := b.open(t, b.desk, one); after.Back() != 1 || r.OfficerID != 0 {
		t.Errorf("%d back, with %d", after.Back(), r.OfficerID)
	}
	err = b.Undo(ctx, b.desk, done.ID)
	refused(t, "undoing twice", err, apperr.Conflict)
	_, err = b.DoMany(ctx, b.desk, nil, requests.Act{Kind: requests.ActAssign, Officer: officer})
	refused(t, "nothing picked", err, apperr.Invalid)
	_, err = b.DoMany(ctx, b.editor, picks, requests.Act{Kind: requests.ActAssign, Officer: officer})
	refused(t, "a member assigns", err, apperr.Forbidden)
}

// TestViews keeps names for filters, one's own and shared ones.
func TestViews(t *testing.T) {
	b, ctx := setup(t), t.Context()
	must(t, b.KeepView(ctx, b.desk, "Kafkasya", "country=AZ", requests.ForMe))
	must(t, b.KeepView(ctx, b.desk, "Gecikenler, park", "sector=parks", requests.ForAll))
	refused(t, "an auditor shares", b.KeepView(ctx, b.audit, "x", "", requests.ForAll), apperr.Forbidden)
	own := b.list(t, requests.Filter{}, requests.Place{}).Views
	theirs, err := b.List(ctx, b.head, "tr", requests.Filter{}, requests.Place{})
	must(t, err)
	if len(own) != 2 || len(theirs.Views) != 1 || theirs.Views[0].Own {
		t.Errorf("own %v, theirs %v", own, theirs.Views)
	}
	refused(t, "dropping somebody else's", b.DropView(ctx, b.head, theirs.Views[0].PublicID), apperr.NotFound)
	must(t, b.DropView(ctx, b.desk, theirs.Views[0].PublicID))
}
