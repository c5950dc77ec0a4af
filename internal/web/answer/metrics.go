package answer

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts answers. Its labels are patterns and statuses of our own:
// nothing a visitor chooses becomes a label.
type metrics struct {
	answers  *prometheus.CounterVec   // pattern, status
	duration *prometheus.HistogramVec // pattern
	cached   prometheus.Counter
	panics   prometheus.Counter
	pages    prometheus.GaugeFunc
	bytes    prometheus.GaugeFunc
}

// unmatched is the label of requests that no pattern wanted.
const unmatched = "none"

func newMetrics(reg prometheus.Registerer, c *Cache) *metrics {
	m := &metrics{
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "guildhall_answers_total", Help: "Answers by route and status."}, []string{"route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "guildhall_answer_seconds", Help: "Time to answer, pages from the cache left out.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5}}, []string{"route"}),
		cached: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "guildhall_pages_from_cache_total", Help: "Answers given from the cache of pages."}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "guildhall_panics_total", Help: "Requests that ended in a bug."}),
		pages: prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "guildhall_cached_pages", Help: "Pages in the cache."},
			func() float64 { n, _ := c.Size(); return float64(n) }),
		bytes: prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "guildhall_cached_bytes", Help: "Bytes the cache of pages holds."},
			func() float64 { _, n := c.Size(); return float64(n) }),
	}
	if reg != nil {
		reg.MustRegister(m.answers, m.duration, m.cached, m.panics, m.pages, m.bytes)
	}
	return m
}

// pageCounts are the counters of one route that the cache increments, found
// beforehand so that a hit does not look them up.
type pageCounts struct {
	pattern   string
	given     prometheus.Counter // 200
	unchanged prometheus.Counter // 304
}

func (m *metrics) forRoute(pattern string) *pageCounts {
	return &pageCounts{
		pattern:   pattern,
		given:     m.answers.WithLabelValues(pattern, "200"),
		unchanged: m.answers.WithLabelValues(pattern, "304"),
	}
}

func (m *metrics) count(pattern string, status int, took time.Duration) {
	m.answers.WithLabelValues(pattern, strconv.Itoa(status)).Inc()
	m.duration.WithLabelValues(pattern).Observe(took.Seconds())
}

// readOnly tells whether a request of this method only reads.
func readOnly(method string) bool {
	return method == http.MethodGet || method == http.MethodHead
}
