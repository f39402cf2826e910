package doctor

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// role is one of the database roles that serve requests.
type role struct {
	Name   string
	Exists bool
	Ours   bool // connections may switch to it
}

// roles looks at the four database roles: they are made by the first migration, or by an
// administrator where the owner may make none.
func roles(ctx context.Context, conn *pgx.Conn, f *findings) error {
	list, err := listRoles(ctx, conn)
	if err != nil {
		return err
	}
	var may bool
	if err := conn.QueryRow(ctx, `select rolcreaterole or rolsuper from pg_roles where rolname = current_user`).Scan(&may); err != nil {
		return err
	}
	made, err := isMade(ctx, conn)
	if err != nil {
		return err
	}
	statements := repair(list, forUser(ctx, conn, "%[1]s"))
	switch {
	case len(statements) == 0:
		f.add(Fine, "the four database roles are there, and the portal may use them")
	case may && !made:
		f.add(Fine, "the portal may make the four database roles")
	default:
		f.add(Wrong, "Database roles are missing or may not be used, and the portal may not change that. An administrator runs: %s", strings.Join(statements, " "))
	}
	return nil
}

// listRoles are the roles that the first migration stored, or those that it will ask for.
func listRoles(ctx context.Context, conn *pgx.Conn) ([]role, error) {
	made, err := isMade(ctx, conn)
	if err != nil {
		return nil, err
	}
	names := `select left(current_database(), 50) || '_' || kind as name from unnest(array['visitor', 'member', 'staff', 'engine']) kind`
	if made {
		names = `select name from database_roles`
	}
	// From 16 on, being a member and being allowed to switch are two things.
	rows, _ := conn.Query(ctx, `
		select n.name, r.oid is not null as exists, coalesce(pg_has_role(current_user, r.oid,
			case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end), false) as ours
		from (`+names+`) n left join pg_roles r on r.rolname = n.name order by 1`)
	return pgx.CollectRows(rows, pgx.RowToStructByPos[role])
}

// repair lists what an administrator must run.
func repair(list []role, user string) (statements []string) {
	for _, r := range list {
		name := pgx.Identifier{r.Name}.Sanitize()
		if !r.Exists {
			statements = append(statements, fmt.Sprintf("create role %s nologin;", name))
		}
		if !r.Ours {
			statements = append(statements, fmt.Sprintf("grant %s to %s;", name, user))
		}
	}
	return statements
}

func extensions(ctx context.Context, conn *pgx.Conn, f *findings) error {
	var installed, available, may bool
	err := conn.QueryRow(ctx, `select exists (select from pg_extension where extname = 'pg_trgm'),
		exists (select from pg_available_extensions where name = 'pg_trgm'),
		has_database_privilege(current_database(), 'create')`).Scan(&installed, &available, &may)
	if err != nil {
		return err
	}
	switch {
	case installed:
		f.add(Fine, "the extension pg_trgm is there: search forgives typing errors")
	case !available:
		f.add(Wrong, "The server lacks the extension pg_trgm: install its contrib package (Debian: it is part of postgresql; Red Hat: postgresql-contrib).")
	case may:
		f.add(Fine, "the extension pg_trgm can be made")
	default:
		f.add(Wrong, "The portal may not make the extension pg_trgm. An administrator runs, in this database: create extension pg_trgm;")
	}
	return nil
}

// collations looks at the sorting of names in the three languages.
func collations(ctx context.Context, conn *pgx.Conn, f *findings) error {
	var there int
	var changed []string
	err := conn.QueryRow(ctx, `select count(*), coalesce(array_agg(collname::text) filter (where collversion <> pg_collation_actual_version(oid)), '{}')
		from pg_collation where collname in ('tr-x-icu', 'en-x-icu', 'ru-x-icu')`).Scan(&there, &changed)
	if err != nil {
		return err
	}
	f.check(there == 3, "names sort as Turkish, English and Russian do",
		"The server was built without ICU, which sorts names in Turkish, English and Russian: use a build that has it (all common packages do).")
	if len(changed) > 0 {
		f.add(Warning, "The server's ICU library is newer than the indexes that it sorted: run %s, and then: %s",
			forUser(ctx, conn, "reindex database %[2]s;"), refresh(changed))
	}
	return nil
}

func refresh(names []string) string {
	var statements []string
	for _, name := range names {
		statements = append(statements, fmt.Sprintf("alter collation %s refresh version;", pgx.Identifier{name}.Sanitize()))
	}
	return strings.Join(statements, " ")
}
