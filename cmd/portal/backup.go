package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/birlik/portal/internal/backup"
	"github.com/birlik/portal/internal/blob"
	"github.com/birlik/portal/internal/config"
)

// backupCommand keeps database and files in one archive, while the portal goes on working.
func backupCommand(ctx context.Context, args []string) error {
	flags := flagSet("backup", "FILE, or a FOLDER that gets birlik-<time>.tar")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errUsage
	}
	path := flags.Arg(0)
	if info, err := os.Stat(path); strings.HasSuffix(path, string(filepath.Separator)) || err == nil && info.IsDir() {
		path = backup.Name(path, time.Now())
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return withSite(ctx, func(site backup.Site) error {
		m, err := backup.Write(ctx, site, path)
		if err != nil {
			return err
		}
		fmt.Printf("%s holds %d tables and %d files.\n", path, len(m.Tables), m.Files())
		return nil
	})
}

// restoreCommand brings an archive back into an empty database and an empty store.
func restoreCommand(ctx context.Context, args []string) error {
	flags := flagSet("restore", "FILE")
	check := flags.Bool("check", false, "only read the archive and compare its checksums")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errUsage
	}
	path := flags.Arg(0)
	if *check {
		m, err := backup.Verify(path)
		if err == nil {
			fmt.Printf("%s is whole: made at %s, %d tables, %d files.\n", path, m.MadeAt.Format(time.RFC3339), len(m.Tables), m.Files())
		}
		return err
	}
	return withSite(ctx, func(site backup.Site) error {
		m, err := backup.Restore(ctx, site, path)
		if err != nil {
			return err
		}
		fmt.Printf("%d tables and %d files of %s are back. Start the portal: it brings the schema up to its version.\n",
			len(m.Tables), m.Files(), m.MadeAt.Format(time.RFC3339))
		return nil
	})
}

// withSite opens what the settings name; nothing is migrated.
func withSite(ctx context.Context, fn func(site backup.Site) error) error {
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	quiet(cfg)
	db, err := joinDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := blob.Open(cfg.StorageURL)
	if err != nil {
		return errors.Join(errors.New("open PORTAL_STORAGE_URL"), err)
	}
	return fn(backup.Site{Database: db.URL, Store: store, Tools: db.tools()})
}

// tools is the folder of a private server's programs; empty where it is not ours.
func (d *database) tools() string {
	if d.private == nil {
		return ""
	}
	return d.private.Bin
}
