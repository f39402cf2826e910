// Package bench measures the portal: it fills a database of a chosen size, starts the
// portal on it, drives the pages with a real load tool, and sets every rate against the
// database's own limit for the same statements, measured in the same run. Machines are
// noisy, so that the ratios count, as medians over shuffled rounds.
package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/postgres/embedded"
)

// Options say how large and how long.
type Options struct {
	Records     int           // municipalities and events, each
	Cases       int           // requests
	Rounds      int           // at least nine for figures to keep
	Take        time.Duration // of one measurement
	Connections int
	Dir         string // database and results live below it
	Executable  string // the portal
	// Seed fills the demonstration data into a migrated database, as the portal does.
	Seed func(ctx context.Context, url string) error
	Say  func(text string)
}

// Run measures and returns the report.
func Run(ctx context.Context, o Options) (*Report, error) {
	for _, tool := range []string{"wrk", "pgbench"} {
		if _, err := findTool(tool); err != nil {
			return nil, err
		}
	}
	server, err := embedded.Start(ctx, embedded.Options{Dir: filepath.Join(o.Dir, fmt.Sprintf("postgres-%d-%d", o.Records, o.Cases)), Database: "bench", Say: o.Say})
	if err != nil {
		return nil, err
	}
	defer server.Stop()
	if err := prepare(ctx, o, server.URL()); err != nil {
		return nil, fmt.Errorf("fill the database: %w", err)
	}
	r := &run{Options: o, server: server, report: newReport(o)}
	return r.report, r.all(ctx)
}

// prepare migrates and fills the database, once for each size.
func prepare(ctx context.Context, o Options, url string) error {
	if err := postgres.Migrate(ctx, url); err != nil {
		return err
	}
	if err := o.Seed(ctx, url); err != nil {
		return err
	}
	return fill(ctx, url, o)
}

// run is one measurement in progress.
type run struct {
	Options
	server *embedded.Server
	report *Report
	portal *portal
}

func (r *run) all(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		r.measureStart, r.measureUncached, r.measureCached, r.measureSearch, r.measureSizes, r.measureSubmit, r.measureDues, r.measureImport,
	} {
		err := step(ctx)
		if r.portal != nil {
			err = errors.Join(err, r.portal.stop())
			r.portal = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// measureStart takes the time from the start of the process to the first page, with
// everything migrated, against the time that an empty command of the same binary takes.
func (r *run) measureStart(ctx context.Context) error {
	r.Say("starting")
	var starts, alone []float64
	for range r.Rounds {
		began := time.Now()
		p, err := startPortal(ctx, r.Options, r.server.URL(), 0)
		if err != nil {
			return err
		}
		starts = append(starts, time.Since(began).Seconds()*1000)
		if err := p.stop(); err != nil {
			return err
		}
		began = time.Now()
		if err := exec.CommandContext(ctx, r.Executable, "help").Run(); err != nil {
			return err
		}
		alone = append(alone, time.Since(began).Seconds()*1000)
	}
	r.report.Start = Start{FirstAnswer: median(starts), ProcessAlone: median(alone)}
	return nil
}

// measureUncached drives every page with the page cache off, and its statements under
// pgbench, in shuffled rounds.
func (r *run) measureUncached(ctx context.Context) error {
	var err error
	if r.portal, err = startPortal(ctx, r.Options, r.server.URL(), 0); err != nil {
		return err
	}
	drives, err := r.prepareDrives(ctx)
	if err != nil {
		return err
	}
	for round := range r.Rounds {
		r.Say(fmt.Sprintf("pages, round %d of %d", round+1, r.Rounds))
		for _, i := range rand.Perm(len(drives)) {
			if err := drives[i].take(ctx, r); err != nil {
				return err
			}
		}
	}
	for _, d := range drives {
		r.report.Pages = append(r.report.Pages, d.figures())
	}
	r.report.Memory, err = r.portal.memory()
	return err
}

// measureCached drives anonymous pages from the page cache against a file of constant
// bytes through the same stack.
func (r *run) measureCached(ctx context.Context) error {
	var err error
	if r.portal, err = startPortal(ctx, r.Options, r.server.URL(), 32); err != nil {
		return err
	}
	var cached, constant []float64
	file, err := r.portal.staticFile(ctx)
	if err != nil {
		return err
	}
	r.Say("page cache")
	for range r.Rounds {
		for path, into := range map[string]*[]float64{pages[0].path: &cached, file: &constant} {
			load, err := drive(ctx, r.Options, r.portal.url+path, "")
			if err != nil {
				return err
			}
			*into = append(*into, load.PerSecond)
		}
	}
	r.report.Cache = Cache{Page: median(cached), Constant: median(constant), Ratio: median(cached) / median(constant)}
	return nil
}

func findTool(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if len(found) > 0 {
		return found[len(found)-1], nil
	}
	if bin := os.Getenv("PG_BIN"); bin != "" {
		return filepath.Join(bin, name), nil
	}
	return "", fmt.Errorf("%s is not installed (Debian: apt-get install wrk postgresql)", name)
}
