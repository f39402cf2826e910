package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/dues"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// duesCommand counts a year's dues from the machine itself.
func duesCommand(ctx context.Context, args []string) error {
	if len(args) > 0 && args[0] == "assess" {
		return assess(ctx, args[1:])
	}
	fmt.Fprintln(os.Stderr, "usage: portal dues assess YEAR [--dry-run] [--lang en]")
	if len(args) > 0 && strings.Contains(args[0], "h") && strings.HasPrefix(args[0], "-") {
		return flag.ErrHelp
	}
	return errUsage
}

// assess issues the year's assessments under its newest rules; with --dry-run it stores
// nothing and prints municipality<TAB>amount<TAB>currency<TAB>explanation, and a total line in
// the currency of the rules.
func assess(ctx context.Context, args []string) error {
	flags := flagSet("dues assess", "YEAR")
	dry := flags.Bool("dry-run", false, "print what every member would owe, and store nothing")
	lang := flags.String("lang", string(locale.EN), "the language of names and explanations: tr, en or ru")
	words := ""
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") { // the year may stand before the options
		words, args = args[0], args[1:]
	}
	if err := parse(flags, args); err != nil {
		return err
	}
	if words == "" {
		words = flags.Arg(0)
	}
	year, err := strconv.Atoi(words)
	if err != nil || !locale.Known(*lang) {
		flags.Usage()
		return errUsage
	}
	return withDatabase(ctx, config.LoadBeside, func(cfg config.Config, pools *postgres.Pools) error {
		service := dues.New(pools, cfg.Union.Location(), time.Now)
		if *dry {
			return dryRun(ctx, os.Stdout, service, locale.Lang(*lang), year)
		}
		run, err := service.IssueNow(ctx, identity.Worker(), year)
		if err != nil {
			return inWords(err)
		}
		fmt.Printf("issued\t%d\tof %d members\n", run.Issued, run.Total)
		return nil
	})
}

func dryRun(ctx context.Context, to io.Writer, service *dues.Service, lang locale.Lang, year int) error {
	ctx = locale.With(ctx, locale.Reader{Lang: lang, Zone: time.UTC})
	run, err := service.DryRun(ctx, identity.Worker(), lang, year)
	if err != nil {
		return inWords(err)
	}
	out := bufio.NewWriter(to)
	for _, line := range run.Lines {
		amount, why := line.Amount.String(), dues.Explain(ctx, line.Parts)
		if line.Fault != "" {
			amount, why = "", locale.T(ctx, line.Fault)
		}
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", oneLine(line.Title), amount, line.Currency, oneLine(why))
	}
	t := run.Totals
	notes := []string{fmt.Sprintf("%d members, %d owe something, %d cannot be computed, %d issued already", t.Members, t.Charged, t.Faults, t.Issued)}
	for _, sum := range t.Sums {
		notes = append(notes, fmt.Sprintf("%d pay %s %s", sum.Count, sum.Amount, sum.Currency))
	}
	fmt.Fprintf(out, "total\t%s\t%s\t%s\n", t.Base, run.Rules.Currency, strings.Join(notes, "; "))
	return out.Flush()
}

// oneLine keeps a text in its cell of a table of tabs, with plain spaces.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), " ")
}
