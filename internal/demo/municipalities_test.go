package demo

import (
	"context"
	_ "embed" // the searches
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/pgtest"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// seeded is a database with the demonstration's municipalities.
func seeded(t testing.TB) *pgtest.Tx {
	t.Helper()
	db := pgtest.DB(t)
	started := time.Now()
	if err := db.InTx(context.Background(), identity.Worker(), func(tx pgx.Tx) error {
		return Municipalities(context.Background(), tx)
	}); err != nil {
		t.Fatal(err)
	}
	t.Logf("seeded in %v", time.Since(started))
	return db
}

// TestMunicipalities counts what the seed brings, and that a second run brings nothing.
func TestMunicipalities(t *testing.T) {
	ctx := context.Background()
	db := seeded(t)
	count := func() (out [6]int) {
		t.Helper()
		err := db.QueryRow(ctx, `select
			(select count(*) from municipalities where standing = 'active'), (select count(*) from municipalities where standing = 'reference'),
			(select count(*) from municipality_names), (select count(*) from search_words),
			(select count(*) from countries), (select count(*) from clauses)`).Scan(&out[0], &out[1], &out[2], &out[3], &out[4], &out[5])
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	before := count()
	if before[0] != 1393 || before[1] != 30 || before[4] != 250 || before[5] != 38 {
		t.Errorf("members, reference places, names, words, countries, clauses: %v", before)
	}
	if err := db.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error { return Municipalities(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
	if after := count(); after != before {
		t.Errorf("a second run turned %v into %v", before, after)
	}
}

//go:embed data/search-truth-open.json
var truthJSON []byte

// truth is one search and what it must find: as the first hit, or among the first five.
// Places of AlsoOK have an equal folded name and may stand above.
type truth struct {
	ID, Query, Kind, Rank, Place string
	Expect                       []string
	AlsoOK                       []string `json:"also_ok"`
}

// TestSearchTruth holds the search to at least 95 of 100 real searches, and prints what it
// misses.
func TestSearchTruth(t *testing.T) {
	var file struct{ Queries []truth }
	if err := json.Unmarshal(truthJSON, &file); err != nil || len(file.Queries) != 100 {
		t.Fatalf("%d searches, %v", len(file.Queries), err)
	}
	db := seeded(t)
	for _, lang := range locale.Langs() {
		found := 0
		for _, q := range file.Queries {
			hits := searchIDs(t, db, lang, q.Query)
			if q.met(hits) {
				found++
			} else {
				t.Logf("%s %s %q (%s): wants %v of %s, found %v", lang, q.ID, q.Query, q.Kind, q.Expect, q.Place, hits)
			}
		}
		t.Logf("%s: %d of %d", lang, found, len(file.Queries))
		if found < 95 {
			t.Errorf("%s: %d of 100 searches found their place at its rank, and 95 must", lang, found)
		}
	}
}

func searchIDs(t *testing.T, db postgres.DB, lang locale.Lang, text string) []string {
	t.Helper()
	var ids []string
	err := db.Read(context.Background(), identity.Anyone(), func(q postgres.Querier) error {
		hits, err := search.Find(context.Background(), q, identity.Anyone(), search.Query{
			Text: text, Kinds: []subject.Kind{subject.Municipality}, Lang: lang, Limit: 5,
		})
		for _, h := range hits {
			ids = append(ids, h.Reference)
		}
		return err
	})
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return ids
}

// met reports whether the hits hold the place at its rank. Places that share its folded
// name do not count as standing above it.
func (q truth) met(hits []string) bool {
	rank := 0
	for _, id := range hits {
		if slices.Contains(q.Expect, id) {
			return q.Rank == "top5" || rank == 0
		}
		if !slices.Contains(q.AlsoOK, id) {
			rank++
		}
	}
	return false
}
