package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres"
)

// serve answers until it is told to stop.
func serve(ctx context.Context, args []string) error {
	if err := parse(flagSet("serve", ""), args); err != nil {
		return err
	}
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	setLog(cfg)
	// Taken before anything slow, so that a busy port is told at once.
	listener, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return fmt.Errorf("listen on PORTAL_ADDR: %w", err)
	}
	defer listener.Close()
	db, err := openDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	return serveOn(ctx, cfg, db, listener)
}

func serveOn(ctx context.Context, cfg config.Config, db *database, listener net.Listener) error {
	if err := postgres.Migrate(ctx, db.URL); err != nil {
		return err
	}
	pools, err := postgres.Open(ctx, postgres.Options{URL: db.URL, Budget: cfg.DatabaseConns})
	if err != nil {
		return err
	}
	defer pools.Close()
	if err := publishForms(ctx, pools); err != nil {
		return err
	}
	app, err := newApp(ctx, cfg, pools)
	if err != nil {
		return err
	}
	if err := keepZone(ctx, cfg, pools); err != nil {
		return err
	}
	if err := greet(ctx, cfg, app, pools); err != nil {
		return err
	}
	queue, err := startJobs(ctx, pools, app)
	if err != nil {
		return err
	}
	front := &front{pools: pools, metrics: newMetrics(pools)}
	go db.keepAlive(ctx)
	err = front.run(ctx, cfg, listener, app)
	return errors.Join(err, stopJobs(cfg, queue))
}

// run answers requests until ctx ends, and then until each accepted one is answered.
func (f *front) run(ctx context.Context, cfg config.Config, listener net.Listener, app *app) error {
	failed := make(chan error, 2)
	server := newServer(f.router(app.Handler))
	start := func(s *http.Server, on net.Listener) {
		if err := s.Serve(on); !errors.Is(err, http.ErrServerClosed) && !f.stopping.Load() {
			failed <- err
		}
	}
	server.ConnState = f.callers.note
	go start(server, listener)
	if cfg.MetricsAddr != "off" {
		numbers, err := net.Listen("tcp", cfg.MetricsAddr)
		if err != nil {
			return fmt.Errorf("listen on PORTAL_METRICS_ADDR: %w", err)
		}
		metrics := newServer(f.metrics.handler())
		defer metrics.Close()
		go start(metrics, numbers)
	}
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	for _, work := range app.Background {
		go work(background)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	return f.stop(cfg, server, listener)
}

// stop keeps accepting for a moment while the readiness check already fails, because
// proxies go on sending until they have seen that, and connections that are waiting in the
// system's queue would be cut off; then it closes the door and finishes what came in.
func (f *front) stop(cfg config.Config, server *http.Server, listener net.Listener) error {
	slog.Info("stopping")
	f.stopping.Store(true)
	time.Sleep(drainFor(cfg))
	ctx, cancel := context.WithTimeout(context.Background(), cfg.ShutdownGrace)
	defer cancel()
	_ = listener.Close()
	f.callers.wait(ctx)
	// Where Serve has not returned yet, Shutdown closes the listener a second time and says so.
	if err := server.Shutdown(ctx); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("requests were still running after PORTAL_SHUTDOWN_GRACE (%s): %w", cfg.ShutdownGrace, err)
	}
	return nil
}

func drainFor(cfg config.Config) time.Duration {
	if cfg.Mode == config.Production {
		return 3 * time.Second
	}
	return 200 * time.Millisecond
}

// startJobs runs the workers in this process; any number of instances share the queue.
func startJobs(ctx context.Context, pools *postgres.Pools, app *app) (*river.Client[pgx.Tx], error) {
	client, err := river.NewClient(riverpgxv5.New(pools.Owner), &river.Config{
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}},
		Workers:      app.Workers,
		PeriodicJobs: app.Periodic,
		Logger:       slog.Default(),
		// What a killed instance was working on is taken up again soon; a worker that
		// needs longer than a minute says so by its own Timeout.
		JobTimeout:           time.Minute,
		RescueStuckJobsAfter: 2 * time.Minute,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the job queue: %w", err)
	}
	// The queue outlives the signal: it stops after the last request, which may enqueue.
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, fmt.Errorf("start the job queue: %w", err)
	}
	return client, nil
}

// stopJobs lets running jobs finish; what takes too long is cancelled and runs again later.
func stopJobs(cfg config.Config, client *river.Client[pgx.Tx]) error {
	ctx, cancel := context.WithTimeout(context.Background(), cfg.ShutdownGrace)
	defer cancel()
	if err := client.Stop(ctx); err == nil {
		return nil
	}
	ctx, cancel = context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return client.StopAndCancel(ctx)
}

// greet fills a demonstration once, and tells where to go.
func greet(ctx context.Context, cfg config.Config, app *app, pools *postgres.Pools) error {
	if cfg.Mode != config.Demo {
		slog.Info("the portal answers", "address", cfg.BaseURL, "mode", cfg.Mode)
		return nil
	}
	accounts, err := app.Seed(ctx)
	if err != nil {
		return fmt.Errorf("fill in the demonstration data: %w", err)
	}
	fmt.Fprintf(os.Stdout, "\n  The portal answers on %s\n  Mail goes to          %s/dev/mail\n\n  Demonstration accounts:\n%s\n  Ctrl-C stops it.\n\n",
		cfg.BaseURL, cfg.BaseURL, accounts)
	return nil
}
