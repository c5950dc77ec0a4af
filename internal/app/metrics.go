package app

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"guildhall/internal/web/answer"
)

// houseGauges reads how the house stands when Prometheus asks.
type houseGauges struct {
	hall                               *Hall
	data, wal, free, behind, jobs, old *prometheus.Desc
}

func newHouseGauges(h *Hall) *houseGauges {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("guildhall_"+name, help, labels, nil)
	}
	return &houseGauges{
		hall:   h,
		data:   desc("database_bytes", "Size of the database."),
		wal:    desc("database_wal_bytes", "Size of SQLite's write-ahead log."),
		free:   desc("disk_free_bytes", "Free on the disk of the data directory."),
		behind: desc("events_behind", "Events that a reader has not read yet.", "reader"),
		jobs:   desc("jobs", "Jobs by state.", "state"),
		old:    desc("backup_timestamp_seconds", "When the last backup was made; 0 for never."),
	}
}

// Describe lists the gauges.
func (g *houseGauges) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{g.data, g.wal, g.free, g.behind, g.jobs, g.old} {
		ch <- d
	}
}

// Collect reads the gauges; a database that does not answer gives none.
func (g *houseGauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := g.hall.House(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(g.data, err)
		return
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(g.data, float64(s.Data))
	gauge(g.wal, float64(s.WAL))
	gauge(g.free, float64(s.DiskFree))
	gauge(g.jobs, float64(s.Waiting), "waiting")
	gauge(g.jobs, float64(s.Dead), "given_up")
	for _, r := range s.Readers {
		gauge(g.behind, float64(r.Behind), r.Name)
	}
	at := 0.0
	if !s.Backup.IsZero() {
		at = float64(s.Backup.Unix())
	}
	gauge(g.old, at)
}

// serveMetrics answers Prometheus on an address of its own until ctx ends.
func (h *Hall) serveMetrics(ctx context.Context, s streams) (wait func(), err error) {
	if h.Config.Metrics == "" {
		return func() {}, nil
	}
	ln, err := net.Listen("tcp", h.Config.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	h.Metrics.MustRegister(newHouseGauges(h), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(h.Metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	fmt.Fprintf(s.err, "Metrics at http://%s/metrics\n", ln.Addr())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = answer.Serve(ctx, answer.Server(mux), ln, time.Second)
	}()
	return func() { <-done }, nil
}
