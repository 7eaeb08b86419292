package telemetry

import (
	"cmp"
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"jobzero/internal/fault"
)

// maxLabels bounds how many different values one label may take: a label that grows with the input would eat the memory of
// us and of whoever scrapes us. What comes after the bound is counted as "other".
const maxLabels = 100

// Metrics is the program's set of measures. All methods are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	legs     *prometheus.HistogramVec
	faults   *prometheus.CounterVec
	sent     *prometheus.CounterVec
	lost     prometheus.Counter
	events   *prometheus.CounterVec
	doubles  *prometheus.CounterVec
	skipped  *prometheus.CounterVec
	letters  *prometheus.CounterVec
	findings *prometheus.CounterVec
	claims   *prometheus.CounterVec
	compared *prometheus.CounterVec
	tickets  *prometheus.GaugeVec
	effects  *prometheus.GaugeVec
	brake    prometheus.Gauge
	archive  prometheus.Gauge
	calls    *prometheus.HistogramVec
	bound    bound
}

// NewMetrics makes the set with a registry of its own, so that two houses in one process do not meet.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		legs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jobzero_leg_duration_seconds", Help: "How long one message took on a leg of the road.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"leg"}),
		faults: counter("jobzero_leg_errors_total", "Messages that a leg could not carry, by the code of the error.", "leg", "code"),
		sent:   counter("jobzero_hints_sent_total", "Hints that the bus has taken, by leg.", "leg"),
		lost: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "jobzero_hints_lost_total", Help: "Hints that were sent again because nobody had acted on them.",
		}),
		events:   counter("jobzero_events_total", "Events taken in, by source.", "source"),
		doubles:  counter("jobzero_duplicate_events_total", "Events that had been taken in before and were left out, by source.", "source"),
		skipped:  counter("jobzero_skipped_messages_total", "Messages that carried no record for jobzero, by what they were.", "name"),
		letters:  counter("jobzero_dead_letters_total", "Input that could not be read and was set aside, by class of reason.", "reason"),
		findings: counter("jobzero_findings_total", "Sightings of findings, by what made them and severity.", "kind", "severity"),
		claims:   counter("jobzero_claims_total", "What other tools said of their findings, by tool and word: holds, resolved, archived or suppressed.", "tool", "word"),
		compared: counter("jobzero_compared_events_total", "Events by what came of holding the two ways against each other: matched, missed_live, lacking_in_s3, or not_compared.", "outcome"),
		tickets:  gauge("jobzero_tickets", "Tickets, by state.", "state"),
		effects:  gauge("jobzero_effects", "Effects on record, by state.", "state"),
		brake: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jobzero_brake_on", Help: "1 while enforcement is stopped by a person or by a guard, else 0.",
		}),
		archive: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "jobzero_archive_parts_left", Help: "Parts of the archive that new rules and indicators are still to be run over.",
		}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "jobzero_aws_call_seconds", Help: "How long one attempt of an AWS call took on the wire, by service and kind: read, write, or wait for receives that wait for messages.",
			Buckets: []float64{.0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"service", "kind"}),
		bound: bound{seen: map[string]map[string]bool{}},
	}
	m.registry.MustRegister(m.legs, m.faults, m.sent, m.lost, m.events, m.doubles, m.skipped, m.letters, m.findings, m.claims, m.compared, m.tickets, m.effects, m.brake, m.archive, m.calls,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, labels)
}

// Observe records that a leg carried one message, or could not. Its shape is what flow calls after each message.
func (m *Metrics) Observe(leg string, took time.Duration, err error) {
	leg = m.bound.keep("leg", leg)
	m.legs.WithLabelValues(leg).Observe(took.Seconds())
	if err != nil {
		m.faults.WithLabelValues(leg, string(fault.CodeOf(err))).Inc()
	}
}

// Sent counts hints that the bus has taken for a leg.
func (m *Metrics) Sent(leg string, hints int) {
	m.sent.WithLabelValues(m.bound.keep("leg", leg)).Add(float64(hints))
}

// Lost counts hints that had to be sent again.
func (m *Metrics) Lost(hints int) { m.lost.Add(float64(hints)) }

// Event counts one event taken in.
func (m *Metrics) Event(source string) {
	m.events.WithLabelValues(m.bound.keep("source", source)).Inc()
}

// Duplicate counts one event that was left out because it had been taken in before.
func (m *Metrics) Duplicate(source string) {
	m.doubles.WithLabelValues(m.bound.keep("source", source)).Inc()
}

// Skipped counts one message that carried no record for jobzero.
func (m *Metrics) Skipped(name string) {
	m.skipped.WithLabelValues(m.bound.keep("name", name)).Inc()
}

// DeadLetter counts one dead letter. Reason is the class of the reason, not its text.
func (m *Metrics) DeadLetter(reason string) {
	m.letters.WithLabelValues(m.bound.keep("reason", reason)).Inc()
}

// Finding counts one sighting.
func (m *Metrics) Finding(kind, severity string) {
	m.findings.WithLabelValues(m.bound.keep("kind", kind), m.bound.keep("severity", severity)).Inc()
}

// Claim counts one word of another tool on a finding of its own; an empty word says that it holds.
func (m *Metrics) Claim(tool, word string) {
	m.claims.WithLabelValues(m.bound.keep("tool", tool), m.bound.keep("word", cmp.Or(word, "holds"))).Inc()
}

// Compared counts events by what came of holding the two ways in which they come against each other.
func (m *Metrics) Compared(outcome string, n int) {
	if n > 0 {
		m.compared.WithLabelValues(m.bound.keep("outcome", outcome)).Add(float64(n))
	}
}

// Call records one attempt of an AWS call. Its arguments are those of what awsorg is observed by.
func (m *Metrics) Call(service, kind string, took time.Duration) {
	m.calls.WithLabelValues(m.bound.keep("service", service), m.bound.keep("call", kind)).Observe(took.Seconds())
}

// Tickets sets how many tickets there are in each state. A state that is left out goes back to zero.
func (m *Metrics) Tickets(byState map[string]int) { set(m.tickets, &m.bound, "ticket", byState) }

// Effects sets how many effects there are in each state. A state that is left out goes back to zero.
func (m *Metrics) Effects(byState map[string]int) { set(m.effects, &m.bound, "effect", byState) }

// Brake says whether enforcement is stopped.
func (m *Metrics) Brake(on bool) {
	if on {
		m.brake.Set(1)
		return
	}
	m.brake.Set(0)
}

// Archive sets how many parts of the archive new rules are still to be run over.
func (m *Metrics) Archive(left int) { m.archive.Set(float64(left)) }

// Handler serves the measures to Prometheus. fresh is called before each scrape, to set the gauges that nobody keeps current.
func (m *Metrics) Handler(fresh func(context.Context)) http.Handler {
	serve := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, EnableOpenMetrics: true})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fresh(r.Context())
		serve.ServeHTTP(w, r)
	})
}

// set replaces the values of a gauge. States seen before stay, at zero: a series that vanishes looks like a scrape that failed.
func set(g *prometheus.GaugeVec, b *bound, label string, values map[string]int) {
	known := b.all(label)
	for state, n := range values {
		state = b.keep(label, state)
		delete(known, state)
		g.WithLabelValues(state).Set(float64(n))
	}
	for state := range known {
		g.WithLabelValues(state).Set(0)
	}
}

// bound keeps the number of values of a label finite.
type bound struct {
	mu   sync.Mutex
	seen map[string]map[string]bool
}

func (b *bound) keep(label, value string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	values := b.seen[label]
	if values == nil {
		values = map[string]bool{}
		b.seen[label] = values
	}
	switch {
	case values[value]:
	case len(values) >= maxLabels:
		return "other"
	default:
		values[value] = true
	}
	return value
}

func (b *bound) all(label string) map[string]bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]bool, len(b.seen[label]))
	for v := range b.seen[label] {
		out[v] = true
	}
	return out
}
