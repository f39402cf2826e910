package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
)

// importMemory is what the process of an import should keep below, in bytes; the collector
// works harder as it comes near.
const importMemory = 100 << 20

// importCommand brings a table of records in, as the pages of imports do:
// portal import KIND FILE [--dry-run] prints rows<TAB>new<TAB>changed<TAB>errors, then each
// error with its row, column and reason. With errors nothing is stored.
func importCommand(ctx context.Context, args []string) error {
	flags := flagSet("import", "KIND FILE")
	dry := flags.Bool("dry-run", false, "say what would happen, and store nothing")
	lang := flags.String("lang", string(locale.EN), "the language of the errors")
	common := map[string]string{}
	flags.Func("set", "a value for every row that has none: country=TR, population_year=2020", func(text string) error {
		name, value, ok := strings.Cut(text, "=")
		common[name] = value
		if !ok {
			return errors.New("say it as field=value")
		}
		return nil
	})
	words, err := mixed(flags, args)
	if err != nil {
		return err
	}
	if len(words) != 2 || !locale.Known(*lang) {
		flags.Usage()
		return errUsage
	}
	debug.SetMemoryLimit(importMemory) // a large table is read once and then only in pieces
	content, err := os.ReadFile(words[1])
	if err != nil {
		return err
	}
	brought := imports.Brought{Kind: words[0], File: filepath.Base(words[1]), Content: content, Common: common}
	return withDatabase(ctx, config.LoadDatabase, func(cfg config.Config, pools *postgres.Pools) error {
		cases, _ := newRequests(cfg, pools)
		return importTable(ctx, pools, newImports(pools, accounts.New(pools, time.Now), cases), brought, *dry, locale.Lang(*lang))
	})
}

// mixed reads options that stand before, between or behind the words.
func mixed(flags *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := parse(flags, args); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return words, nil
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
}

func importTable(ctx context.Context, pools *postgres.Pools, service *imports.Service, b imports.Brought, dry bool, lang locale.Lang) error {
	if err := withCountries(ctx, pools); err != nil {
		return err
	}
	actor := identity.Worker()
	i, err := service.Bring(ctx, actor, b)
	if err != nil {
		return inWords(err)
	}
	kept := false
	defer func() {
		if !kept {
			_ = service.Drop(context.WithoutCancel(ctx), actor, i.PublicID, i.Version) // an import that nobody stores is thrown away in a month
		}
	}()
	if i, _, err = service.Find(ctx, actor, i.PublicID); err != nil {
		return err
	}
	if i.Stage == imports.Unmatched {
		return fmt.Errorf("the columns %q are not enough: %s", i.Header, missing(lang, service.Missing(i)))
	}
	fmt.Printf("%d\t%d\t%d\t%d\n", i.Total, i.New, i.Changed, i.Faulty)
	if i.Faulty > 0 {
		if err := printFaults(ctx, service, i, lang); err != nil {
			return err
		}
		return fmt.Errorf("%d rows have errors; nothing was stored", i.Faulty)
	}
	if dry || !i.MayStore() {
		return nil
	}
	kept = true
	return inWords(service.StoreNow(ctx, i))
}

func missing(lang locale.Lang, codes []string) string {
	var names []string
	for _, code := range codes {
		names = append(names, locale.Text(lang, "imports.field."+code)+" ("+code+")")
	}
	return strings.Join(names, ", ")
}

// withCountries fills the lists that a new installation begins with, where there are none.
func withCountries(ctx context.Context, pools *postgres.Pools) error {
	return pools.InTx(ctx, identity.Worker(), func(tx pgx.Tx) error {
		var there bool
		if err := tx.QueryRow(ctx, `select exists (select from countries)`).Scan(&there); err != nil || there {
			return err
		}
		return municipalities.LoadBase(ctx, tx)
	})
}

// printFaults prints row<TAB>column<TAB>reason.
func printFaults(ctx context.Context, service *imports.Service, i imports.Import, lang locale.Lang) error {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for after := 0; ; {
		lines, err := service.Lines(ctx, identity.Worker(), i, []imports.State{imports.Faulty}, after, 500)
		if err != nil || len(lines) == 0 {
			return err
		}
		for _, line := range lines {
			for _, f := range line.Faults {
				fmt.Fprintf(out, "%d\t%s\t%s\n", line.Row, f.Field, f.Text(lang))
			}
			after = line.Row
		}
	}
}
