package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/birlik/portal/internal/postgres"
)

// database looks at the server, at what its owner may do, and at the schema.
func (p Patient) database(ctx context.Context, f *findings) {
	config, err := pgx.ParseConfig(p.Database)
	if err != nil {
		f.add(Wrong, "DATABASE_URL cannot be read.")
		return
	}
	config.ConnectTimeout = 5 * time.Second
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		f.add(Wrong, "%s", noConnection(config, err))
		return
	}
	defer conn.Close(context.WithoutCancel(ctx))
	f.add(Fine, "the database %s on %s answers", config.Database, config.Host)
	for _, look := range []func(context.Context, *pgx.Conn, *findings) error{
		p.server, p.clock, schema, roles, extensions, collations,
	} {
		if err := look(ctx, conn, f); err != nil {
			f.add(Wrong, "The database could not be asked: %v.", err)
		}
	}
}

// noConnection says in words why nothing answers. The password is never part of it.
func noConnection(config *pgx.ConnConfig, err error) string {
	var refusal *pgconn.PgError
	var name *net.DNSError
	switch {
	case errors.As(err, &name):
		return fmt.Sprintf("Nobody knows the name %s: look at the host in DATABASE_URL.", config.Host)
	case errors.As(err, &refusal) && refusal.Code == "28P01":
		return fmt.Sprintf("The server refuses the password of %s: look at DATABASE_URL.", config.User)
	case errors.As(err, &refusal) && refusal.Code == "3D000":
		return fmt.Sprintf("The server has no database %s. An administrator makes it: create database %s owner %s encoding 'UTF8' template template0;",
			config.Database, pgx.Identifier{config.Database}.Sanitize(), pgx.Identifier{config.User}.Sanitize())
	case errors.As(err, &refusal) && strings.HasPrefix(refusal.Code, "28"):
		return fmt.Sprintf("The server does not let %s in (%s): look at DATABASE_URL, and at the server's pg_hba.conf.", config.User, refusal.Message)
	case errors.As(err, &refusal):
		return fmt.Sprintf("The server answers: %s.", refusal.Message)
	}
	return fmt.Sprintf("No PostgreSQL answers on %s, port %d: is it running, and may this machine reach it? (%v)", config.Host, config.Port, rootOf(err))
}

// rootOf is the innermost error: the outer ones repeat the address.
func rootOf(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}

func (p Patient) server(ctx context.Context, conn *pgx.Conn, f *findings) error {
	var version, encoding, careless string
	var number, connections int
	err := conn.QueryRow(ctx, `select current_setting('server_version'), current_setting('server_version_num')::int,
		current_setting('server_encoding'), current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
		coalesce((select string_agg(name, ', ') from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'), '')`).
		Scan(&version, &number, &encoding, &connections, &careless)
	if err != nil {
		return err
	}
	f.check(number >= 150000, "PostgreSQL "+version, "The server is PostgreSQL "+version+"; the portal needs 15 or later.")
	f.check(encoding == "UTF8", "the database is written in UTF8",
		"The database is written in "+encoding+": names in Cyrillic cannot be searched. Make it anew with encoding 'UTF8'.")
	if careless != "" {
		f.add(Warning, "The server has %s switched off: after a power cut, acknowledged work may be gone.", careless)
	}
	budget := max(14, p.Config.DatabaseConns)
	f.check(connections >= budget, fmt.Sprintf("the server allows %d connections", connections),
		fmt.Sprintf("The server allows %d connections; one instance of the portal takes %d. Raise max_connections.", connections, budget))
	return nil
}

// farApart is when sessions and links would end at the wrong time.
const farApart = 5 * time.Second

func (p Patient) clock(ctx context.Context, conn *pgx.Conn, f *findings) error {
	asked := p.Now()
	var there time.Time
	if err := conn.QueryRow(ctx, `select clock_timestamp()`).Scan(&there); err != nil {
		return err
	}
	apart := max(asked.Sub(there), there.Sub(p.Now())).Round(time.Second)
	f.check(apart < farApart, "this machine's clock and the database's agree",
		fmt.Sprintf("This machine's clock and the database's are %s apart: switch time synchronisation (NTP) on.", apart))
	return nil
}

// schema looks whether this version's tables are there.
func schema(ctx context.Context, conn *pgx.Conn, f *findings) error {
	made, err := isMade(ctx, conn)
	if err != nil {
		return err
	}
	if !made {
		var may bool
		if err := conn.QueryRow(ctx, `select has_schema_privilege('public', 'create')`).Scan(&may); err != nil {
			return err
		}
		f.add(Warning, "The database is empty; portal migrate makes the tables (portal serve does so too).")
		if !may {
			f.add(Wrong, "The portal may make no tables. An administrator runs: %s", forUser(ctx, conn, "alter database %[2]s owner to %[1]s;"))
		}
		return nil
	}
	current, err := postgres.Migrated(ctx, conn)
	if err != nil {
		return err
	}
	if !current {
		f.add(Warning, "The tables are those of an earlier version: portal migrate brings them up (portal serve does so too).")
		return nil
	}
	f.add(Fine, "the tables are those of this version")
	return owned(ctx, conn, f)
}

func isMade(ctx context.Context, conn *pgx.Conn) (made bool, err error) {
	err = conn.QueryRow(ctx, `select to_regclass('goose_db_version') is not null and to_regclass('database_roles') is not null`).Scan(&made)
	return made, err
}

// owned: only the owner of the tables passes the wall, for jobs and for backups.
func owned(ctx context.Context, conn *pgx.Conn, f *findings) error {
	var foreign int
	err := conn.QueryRow(ctx, `select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
		and not pg_has_role(relowner, 'usage')`).Scan(&foreign)
	if err != nil {
		return err
	}
	f.check(foreign == 0, "the tables belong to the portal",
		fmt.Sprintf("%d tables belong to another role, so that jobs and backups would not see every row. An administrator runs, for each: alter table … owner to …;", foreign))
	return nil
}

// forUser writes a statement with the quoted names of the user (1) and the database (2).
func forUser(ctx context.Context, conn *pgx.Conn, statement string) string {
	var user, database string
	if err := conn.QueryRow(ctx, `select current_user, current_database()`).Scan(&user, &database); err != nil {
		return statement
	}
	return fmt.Sprintf(statement, pgx.Identifier{user}.Sanitize(), pgx.Identifier{database}.Sanitize())
}
