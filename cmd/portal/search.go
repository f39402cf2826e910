package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/search"
	"github.com/birlik/portal/internal/subject"
)

// searchCommand prints what a search finds, one hit a line:
// query<TAB>rank<TAB>source_id<TAB>name. The query - reads one query a line.
func searchCommand(ctx context.Context, args []string) error {
	flags := flagSet("search", "QUERY, or - for one query a line")
	kind := flags.String("kind", "", "kind of records: municipality, request, project, event …; all where empty")
	limit := flags.Int("limit", 5, "the most hits a query")
	lang := flags.String("lang", string(locale.Default), "the language that names are shown in")
	if err := parse(flags, args); err != nil {
		return err
	}
	query := search.Query{Limit: *limit, Lang: locale.Lang(*lang)}
	if *kind != "" {
		query.Kinds = []subject.Kind{subject.Kind(*kind)}
		if !slices.Contains(search.Kinds(), query.Kinds[0]) {
			return fmt.Errorf("nothing of the kind %q is searched; the kinds are %v", *kind, search.Kinds())
		}
	}
	if flags.NArg() == 0 || *limit < 1 || !locale.Known(*lang) {
		flags.Usage()
		return errUsage
	}
	return withDatabase(ctx, config.LoadDatabase, func(_ config.Config, pools *postgres.Pools) error {
		return printHits(ctx, pools, query, queries(flags.Args()))
	})
}

// queries are the words of the command line as one query, or the lines of standard input.
func queries(args []string) io.Reader {
	if len(args) == 1 && args[0] == "-" {
		return os.Stdin
	}
	return strings.NewReader(strings.Join(args, " "))
}

func printHits(ctx context.Context, db postgres.DB, query search.Query, from io.Reader) error {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		query.Text = lines.Text()
		err := db.Read(ctx, identity.Worker(), func(q postgres.Querier) error {
			hits, err := search.Find(ctx, q, identity.Worker(), query)
			for i, h := range hits {
				fmt.Fprintf(out, "%s\t%d\t%s\t%s\n", strings.ReplaceAll(query.Text, "\t", " "), i+1, cmp.Or(h.Reference, h.Path), h.Title)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return lines.Err()
}
