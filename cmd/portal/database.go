package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/embedded"
)

// database is where the portal's data is: a server that the settings name, or a private
// one that lives as long as this process.
type database struct {
	URL     string
	private *embedded.Server
}

// openDatabase finds or starts the server; nothing is migrated yet.
func openDatabase(ctx context.Context, cfg config.Config) (*database, error) {
	if cfg.DatabaseURL != "" {
		return &database{URL: cfg.DatabaseURL}, nil
	}
	server, err := embedded.Start(ctx, private(cfg))
	if err != nil {
		return nil, err
	}
	return &database{URL: server.URL(), private: server}, nil
}

// joinDatabase is openDatabase for commands beside the server: a private PostgreSQL that
// a running portal has started is used as it is.
func joinDatabase(ctx context.Context, cfg config.Config) (*database, error) {
	if cfg.DatabaseURL == "" {
		if url := embedded.Running(ctx, private(cfg)); url != "" {
			return &database{URL: url}, nil
		}
	}
	return openDatabase(ctx, cfg)
}

func private(cfg config.Config) embedded.Options {
	return embedded.Options{
		Dir: filepath.Join(cfg.DataDir, "postgres"),
		Say: func(text string) { fmt.Fprintln(os.Stderr, text) },
	}
}

// keepAlive starts a private server again when it dies, until ctx ends.
func (d *database) keepAlive(ctx context.Context) {
	if d.private != nil {
		d.private.Keep(ctx)
	}
}

// Close stops a private server.
func (d *database) Close() {
	if d.private == nil {
		return
	}
	if err := d.private.Stop(); err != nil {
		slog.Error("stop the private PostgreSQL", "error", err)
	}
}

// withDatabase runs fn on the migrated database, for commands that are not the server; load
// reads the settings that the command needs.
func withDatabase(ctx context.Context, load func() (config.Config, error), fn func(cfg config.Config, pools *postgres.Pools) error) error {
	cfg, err := load()
	if err != nil {
		return err
	}
	quiet(cfg)
	db, err := joinDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := postgres.Migrate(ctx, db.URL); err != nil {
		return err
	}
	pools, err := postgres.Open(ctx, postgres.Options{URL: db.URL, Budget: cfg.DatabaseConns})
	if err != nil {
		return err
	}
	defer pools.Close()
	return fn(cfg, pools)
}

func migrate(ctx context.Context, args []string) error {
	if err := parse(flagSet("migrate", ""), args); err != nil {
		return err
	}
	return withDatabase(ctx, config.LoadDatabase, func(config.Config, *postgres.Pools) error {
		fmt.Println("the schema is up to date")
		return nil
	})
}
