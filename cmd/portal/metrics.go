package main

import (
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/birlik/portal/internal/postgres"
)

// metrics are the numbers that operators scrape.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

func newMetrics(pools *postgres.Pools) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "portal_request_seconds", Help: "Time to answer, by route and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route", "status"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "portal_requests_in_flight", Help: "Requests being answered."}),
	}
	m.registry.MustRegister(m.requests, m.inFlight, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), poolCollector{pools}, queueCollector{pools})
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry})
}

// measure counts requests under their route's pattern, so that ids do not multiply series.
func (m *metrics) measure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		watched := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		m.inFlight.Inc()
		defer func() {
			m.inFlight.Dec()
			m.requests.WithLabelValues(method(r), route(r), strconv.Itoa(max(watched.Status(), http.StatusOK))).
				Observe(time.Since(started).Seconds())
		}()
		next.ServeHTTP(watched, r)
	})
}

// method bounds the label: anybody may send any word.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

func route(r *http.Request) string {
	if context := chi.RouteContext(r.Context()); context != nil {
		if pattern := context.RoutePattern(); pattern != "" {
			return pattern
		}
	}
	return "none"
}

// poolCollector reports the pools when it is asked.
type poolCollector struct{ pools *postgres.Pools }

var (
	poolConns = prometheus.NewDesc("portal_database_connections", "Connections by pool and state.", []string{"pool", "state"}, nil)
	poolWaits = prometheus.NewDesc("portal_database_waits_total", "Acquisitions that had to wait for a connection.", []string{"pool"}, nil)
	queueJobs = prometheus.NewDesc("portal_jobs", "Jobs by state.", []string{"state"}, nil)
)

func (c poolCollector) Describe(out chan<- *prometheus.Desc) {
	out <- poolConns
	out <- poolWaits
}

func (c poolCollector) Collect(out chan<- prometheus.Metric) {
	for name, pool := range map[string]*pgxpool.Pool{
		"visitor": c.pools.Visitor, "member": c.pools.Member, "staff": c.pools.Staff, "owner": c.pools.Owner,
	} {
		stat := pool.Stat()
		out <- prometheus.MustNewConstMetric(poolConns, prometheus.GaugeValue, float64(stat.AcquiredConns()), name, "busy")
		out <- prometheus.MustNewConstMetric(poolConns, prometheus.GaugeValue, float64(stat.IdleConns()), name, "idle")
		out <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(stat.EmptyAcquireCount()), name)
	}
}
