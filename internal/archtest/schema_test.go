package archtest

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/postgres/pgtest"
)

// open are the tables that need no policy, and why.
var open = map[string]string{
	"database_roles":   "names of roles, read by role_name()",
	"goose_db_version": "no serving role has a grant",
	"river_job":        "serving roles may only insert; the queue deletes and updates as owner",
}

// TestTablesAreProtected finds tables without row-level security that a serving role can
// reach.
func TestTablesAreProtected(t *testing.T) {
	for _, table := range names(t, `
		select c.relname::text from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relrowsecurity
			and exists (select from database_roles r where has_any_column_privilege(r.name, c.oid, 'select, insert, update, references')
				or has_table_privilege(r.name, c.oid, 'delete, truncate'))`) {
		if open[table] == "" {
			t.Errorf("%s has no row-level security, and a serving role can reach it: call protect('%s', …) in its migration", table, table)
		}
	}
}

// TestForeignKeysAreServed finds foreign keys whose referencing side has no index that
// begins with their columns: deleting or updating the other side would read it all.
func TestForeignKeysAreServed(t *testing.T) {
	for _, key := range names(t, `
		select c.conrelid::regclass::text || ' ' || pg_get_constraintdef(c.oid) from pg_constraint c
		where c.contype = 'f' and c.connamespace = 'public'::regnamespace and c.conrelid::regclass::text not like 'river%'
			and not exists (
				select from pg_index i
				where i.indrelid = c.conrelid
					and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$')
					and (i.indkey::int2[])[0:0] <@ c.conkey
			)`) {
		t.Errorf("no index serves %s", key)
	}
}

// TestDefinersNameTheirPath finds functions that run with the owner's rights and would
// look up tables along the caller's path.
func TestDefinersNameTheirPath(t *testing.T) {
	for _, function := range names(t, `
		select p.oid::regprocedure::text from pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.prosecdef
			and not coalesce(array_to_string(p.proconfig, ','), '') like '%search_path=%'`) {
		t.Errorf("%s is security definer without set search_path", function)
	}
}

// TestServingRolesInheritNothing finds serving roles that are members of another role:
// its grants and policies would be theirs.
func TestServingRolesInheritNothing(t *testing.T) {
	for _, pair := range names(t, `
		select m.member::regrole::text || ' in ' || m.roleid::regrole::text
		from pg_auth_members m join database_roles r on m.member = r.name::regrole`) {
		t.Errorf("a serving role is a member of another: %s", pair)
	}
}

// TestRecordsOfThePastStay holds what was said, decided and done against change; a
// document that was never submitted may still be deleted.
func TestRecordsOfThePastStay(t *testing.T) {
	for table, privileges := range map[string]string{
		"audit_entries": "delete, truncate", "moves": "delete, truncate", "messages": "delete, truncate",
		"decisions": "delete, truncate", "decision_items": "delete, truncate", "form_versions": "delete, truncate",
		"document_versions": "truncate",
	} {
		for _, role := range names(t, `
			select r.kind from database_roles r join pg_class c on c.relname = '`+table+`' and c.relnamespace = 'public'::regnamespace
			where has_table_privilege(r.name, c.oid, '`+privileges+`') or has_any_column_privilege(r.name, c.oid, 'update')`) {
			t.Errorf("%s may change or delete rows of %s", role, table)
		}
	}
}

func names(t *testing.T, sql string) []string {
	t.Helper()
	rows, _ := pgtest.DB(t).Query(t.Context(), sql)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(list)
	return list
}
