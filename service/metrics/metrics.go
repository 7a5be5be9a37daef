// Package metrics gives the numbers of a service to Prometheus. It stands above
// package service, which knows nothing of Prometheus: the demonstration in the desktop
// program has no use for it. What a number is for stands in docs/alerts.yaml.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"plenary/service"
)

// Metrics are the numbers, in a registry of their own. Labels are patterns, statuses
// and names of the service's own things: nothing that names a person.
//
// It is service.Config's Requests, and so made before the service, which Of adds.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
}

// New makes the numbers of HTTP and of the process.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "plenary_http_requests_total", Help: "Answered requests.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "plenary_http_request_seconds", Help: "Time to answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "plenary_http_requests_in_flight", Help: "Requests being answered.",
		}),
	}
	m.registry.MustRegister(m.requests, m.seconds, m.inFlight,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Begun implements httpapi.Observer.
func (m *Metrics) Begun() { m.inFlight.Inc() }

// Ended implements httpapi.Observer.
func (m *Metrics) Ended(route, method string, status int, took time.Duration) {
	m.inFlight.Dec()
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// Of adds the numbers of a service. It is called once.
func (m *Metrics) Of(s *service.Service) {
	m.registry.MustRegister(hashes(s)...)
	m.registry.MustRegister(database(s.DB())...)
	m.registry.MustRegister(state{s})
}

// Certificate adds when the certificate in use expires.
func (m *Metrics) Certificate(expires func() time.Time) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "plenary_certificate_expires_timestamp_seconds", Help: "When the certificate in use expires.",
	}, func() float64 { return float64(expires().Unix()) }))
}

// Handler answers GET /metrics, and nothing else. It is for an address of its own:
// whoever can reach that may read the numbers, and no proxy in front of the service
// leads there by mistake.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

func gauge(name, help string, value func() int) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "plenary_" + name, Help: help}, func() float64 { return float64(value()) })
}

// counter is one that only grows; labels may be nil.
func counter(name, help string, labels prometheus.Labels, value func() int64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "plenary_" + name, Help: help, ConstLabels: labels},
		func() float64 { return float64(value()) })
}
