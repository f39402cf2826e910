package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/birlik/portal/internal/bench"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres"
)

// scales are the sizes that can be asked for: records of each kind.
var scales = map[string]int{"10k": 10_000, "135k": 135_000, "1m": 1_000_000}

// benchCommand measures and prints a table, and keeps the same as JSON.
func benchCommand(ctx context.Context, args []string) error {
	flags := flagSet("bench", "")
	scale := flags.String("scale", "10k", "size of the database: 10k, 135k or 1m records of each kind")
	cases := flags.Int("cases", 0, "requests, where they are not to be as many as the other records")
	rounds := flags.Int("rounds", 9, "shuffled rounds; medians are taken")
	take := flags.Duration("take", 2*time.Second, "length of one measurement")
	connections := flags.Int("connections", 16, "connections that ask at once")
	out := flags.String("json", "", "file for the figures (default: bench-<scale>-<requests>.json in the bench folder)")
	if err := parse(flags, args); err != nil {
		return err
	}
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	if !cfg.Forgiving() {
		return errors.New("bench fills a database of its own; run it with PORTAL_MODE=demo, beside no production")
	}
	quiet(cfg)
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	o := bench.Options{Records: scales[*scale], Cases: cmp.Or(*cases, scales[*scale]), Rounds: *rounds, Take: *take, Connections: *connections,
		Dir: filepath.Join(cfg.DataDir, "bench"), Executable: executable, Seed: seedURL,
		Say: func(text string) { fmt.Fprintln(os.Stderr, text) }}
	if o.Records == 0 || *cases < 0 || *rounds < 1 || *take < time.Second {
		flags.Usage()
		return errUsage
	}
	report, err := bench.Run(ctx, o)
	if err != nil {
		return err
	}
	if *out == "" {
		*out = filepath.Join(o.Dir, fmt.Sprintf("bench-%s-%d.json", *scale, o.Cases))
	}
	text, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(*out, append(text, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "figures as JSON:", *out)
	return report.Write(os.Stdout)
}

// seedURL fills the demonstration into a database that is named by its address.
func seedURL(ctx context.Context, url string) error {
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	pools, err := postgres.Open(ctx, postgres.Options{URL: url})
	if err != nil {
		return err
	}
	defer pools.Close()
	_, err = seed(ctx, cfg, pools)
	return err
}
