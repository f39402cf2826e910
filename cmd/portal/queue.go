package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/birlik/portal/internal/postgres"
)

// queueCollector counts the waiting and failing jobs when it is asked. Finished jobs are
// left out: they are many, and cleaned up by the queue itself.
type queueCollector struct{ pools *postgres.Pools }

func (c queueCollector) Describe(out chan<- *prometheus.Desc) { out <- queueJobs }

func (c queueCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	rows, _ := c.pools.Owner.Query(ctx, `
		select state::text, count(*) from river_job
		where state in ('available', 'pending', 'retryable', 'running', 'scheduled', 'discarded') group by state`)
	var state string
	var count int64
	_, err := pgx.ForEachRow(rows, []any{&state, &count}, func() error {
		out <- prometheus.MustNewConstMetric(queueJobs, prometheus.GaugeValue, float64(count), state)
		return nil
	})
	if err != nil {
		slog.Warn("count the jobs", "error", err)
	}
}
