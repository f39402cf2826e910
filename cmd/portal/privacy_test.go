package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/personal"
	"github.com/birlik/portal/internal/postgres/pgtest"
)

// TestEveryTableOfPeopleIsDeclared finds columns that point at people and of which no area
// says what becomes of them: given out, deleted, or kept without a name.
func TestEveryTableOfPeopleIsDeclared(t *testing.T) {
	pools := pgtest.Clone(t)
	rows, _ := pools.Owner.Query(t.Context(), `
		select c.conrelid::regclass::text || '.' || a.attname from pg_constraint c
		join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
		where c.contype = 'f' and c.confrelid = 'users'::regclass order by 1`)
	columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(columns) < 40 {
		t.Fatalf("%d columns, %v", len(columns), err)
	}
	for _, column := range columns {
		table, name, _ := strings.Cut(column, ".")
		if !slices.ContainsFunc(personalParts(), func(p personal.Part) bool { return declares(p, table, name) }) {
			t.Errorf("%s points at people: an area's Personal() must list, forget or keep it", column)
		}
	}
	for _, part := range personalParts() {
		for _, keep := range part.Keeps {
			if !slices.Contains(columns, keep) {
				t.Errorf("%s keeps %s, which points at nobody", part.Area, keep)
			}
		}
	}
}

func declares(p personal.Part, table, column string) bool {
	if slices.Contains(p.Keeps, table+"."+column) {
		return true
	}
	return slices.ContainsFunc(p.Forget, func(sql string) bool {
		return strings.Contains(sql, "delete from "+table+" where "+column+" = @person") ||
			strings.Contains(sql, "update "+table+" set ends_at") && strings.Contains(sql, column+" = @person")
	})
}

// TestPersonalStatementsRun runs everything that areas declare for somebody whom nobody knows.
func TestPersonalStatementsRun(t *testing.T) {
	pools := pgtest.Clone(t)
	p := personal.Person{ID: 0, Email: "nobody@union.example", Name: "–", Alias: "former user 2222", Now: time.Now()}
	if _, err := personal.Counts(t.Context(), pools.Owner, personalParts(), p); err != nil {
		t.Fatal(err)
	}
	if found, err := personal.Hindrances(t.Context(), pools.Owner, personalParts(), p); err != nil || len(found) > 0 {
		t.Fatalf("%v, %v", found, err)
	}
	err := pgx.BeginFunc(t.Context(), pools.Owner, func(tx pgx.Tx) error {
		for _, part := range personalParts() {
			if _, err := part.FilesOf(t.Context(), tx, p); err != nil {
				t.Errorf("files of %s: %v", part.Area, err)
			}
			for _, statements := range [][]string{part.Hold, part.Forget} {
				if err := personal.Run(t.Context(), tx, statements, p); err != nil {
					t.Errorf("%s: %v", part.Area, err)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
