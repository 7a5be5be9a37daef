package service

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"plenary/service/mail"
	"plenary/service/node"
	"plenary/service/store"
)

// collectors are the service's own numbers, beside those of HTTP.
func (s *Service) collectors() []prometheus.Collector {
	return append(append(hashNumbers(s.accounts), s.db.Collectors()...), &stateCollector{s})
}

// stateCollector asks the database at each reading of the numbers: what waits, what
// failed and what is overdue, for all nodes together. What a number is for stands in
// docs/alerts.yaml.
type stateCollector struct{ s *Service }

// stateTime is how long the questions may take.
const stateTime = 3 * time.Second

// recently is for what is counted over a time.
const recently = 5 * time.Minute

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("plenary_"+name, help, labels, nil)
}

var (
	mailsWaiting  = describe("mails_waiting", "E-mails that are due and wait, and those that are tried again later.")
	mailsOldest   = describe("mails_oldest_waiting_seconds", "How long the oldest e-mail that waits has done so.")
	mailsFailed   = describe("mails_failed_recently", "E-mails that failed for good within the last five minutes.")
	mailServer    = describe("mail_server_missing", "1 where no mail server is set up that can be used.")
	events        = describe("events_recently", "Entries of the audit log of the last five minutes.", "event")
	auditWaiting  = describe("audit_waiting", "Entries of the audit log that have no seal yet.")
	auditBroken   = describe("audit_broken", "1 where the end of the audit log is not what the service has written.")
	auditLost     = describe("audit_lost_entries", "Entries that this node has seen and that are gone: the database is in an earlier state.")
	auditSealed   = describe("audit_sealed_timestamp_seconds", "When this node last sealed entries; of several nodes, one does.")
	overdue       = describe("deletions_overdue", "Accounts whose deletion is an hour late.")
	housekept     = describe("housekeeping_timestamp_seconds", "When housekeeping last succeeded on this node.")
	nodesRunning  = describe("nodes_running", "Nodes that run, by version.", "version")
	jobDone       = describe("job_done_timestamp_seconds", "When a job that one node does at a time last succeeded, on whichever node.", "job")
	jobFailures   = describe("job_failures_total", "Runs of a job that failed on this node.", "job")
	jobPanics     = describe("job_panics_total", "Runs of a job that panicked on this node.", "job")
	statements    = describe("database_statements_total", "Statements that this node has sent to the database.")
	databaseFails = describe("state_unknown", "1 where the numbers of the database could not be had.")
)

// Describe implements prometheus.Collector.
func (c *stateCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		mailsWaiting, mailsOldest, mailsFailed, mailServer, events, auditWaiting, auditBroken, auditLost, auditSealed,
		overdue, housekept, nodesRunning, databaseFails, jobDone, jobFailures, jobPanics, statements,
	} {
		out <- d
	}
}

// state is what the database says.
type state struct {
	waiting, oldest, failed int64
	events                  map[string]int64
	unsealed, overdue       int64
	nodes                   map[string]int64
	jobs                    map[string]int64 // microseconds
}

// Collect implements prometheus.Collector.
func (c *stateCollector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	flag := func(d *prometheus.Desc, yes bool) {
		value := 0.0
		if yes {
			value = 1
		}
		gauge(d, value)
	}
	s, now := c.s, c.s.config.Now()
	health := s.chain.Health()
	flag(auditBroken, health.Broken)
	gauge(auditLost, float64(health.Lost))
	gauge(housekept, seconds(store.Time(s.housekept.Load())))
	flag(mailServer, s.mailSettings.Missing())
	out <- prometheus.MustNewConstMetric(statements, prometheus.CounterValue, float64(s.db.Statements()))
	for _, j := range s.jobStatus() {
		out <- prometheus.MustNewConstMetric(jobFailures, prometheus.CounterValue, float64(j.Failed), j.Name)
		out <- prometheus.MustNewConstMetric(jobPanics, prometheus.CounterValue, float64(j.Panics), j.Name)
	}
	found, err := c.read(now)
	flag(databaseFails, err != nil)
	if err != nil {
		s.log.Warn("numbers for the metrics could not be had", slog.Any("error", err))
		return
	}
	gauge(mailsWaiting, float64(found.waiting))
	age := 0.0
	if found.oldest > 0 {
		age = max(now.Sub(store.Time(found.oldest)).Seconds(), 0)
	}
	gauge(mailsOldest, age)
	gauge(mailsFailed, float64(found.failed))
	gauge(auditWaiting, float64(found.unsealed))
	if found.unsealed == 0 {
		health.Sealed = now // nodes without work do not look
	}
	gauge(auditSealed, seconds(health.Sealed))
	gauge(overdue, float64(found.overdue))
	for name, at := range found.jobs {
		gauge(jobDone, float64(at)/1e6, name)
	}
	for event, n := range found.events {
		gauge(events, float64(n), event)
	}
	for version, n := range found.nodes {
		gauge(nodesRunning, float64(n), version)
	}
}

// seconds is a time as Prometheus has it; 0 for none.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMicro()) / 1e6
}

// read asks the database; each question finds its rows by an index.
func (c *stateCollector) read(now time.Time) (found state, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), stateTime)
	defer cancel()
	err = c.s.db.View(ctx, func(tx *store.Tx) error {
		found = state{events: map[string]int64{}, nodes: map[string]int64{}, jobs: map[string]int64{}}
		since := store.Micros(now.Add(-recently))
		for _, q := range []struct {
			query string
			args  []any
			into  []any
		}{
			{`SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM mails WHERE state = $1`, []any{mail.Waiting}, []any{&found.waiting, &found.oldest}},
			{`SELECT COUNT(*) FROM mails WHERE state = $1 AND done_at > $2`, []any{mail.Failed, since}, []any{&found.failed}},
			{`SELECT COUNT(*) FROM audit WHERE position = 0`, nil, []any{&found.unsealed}},
			{`SELECT COUNT(*) FROM deletions WHERE due_at <= $1`, []any{store.Micros(now.Add(-time.Hour))}, []any{&found.overdue}},
		} {
			tx.Get(q.query, q.args...).Into(q.into...)
		}
		counted(tx, found.events, `SELECT event, COUNT(*) FROM audit WHERE at > $1 GROUP BY event`, since)
		counted(tx, found.jobs, `SELECT name, done_at FROM jobs WHERE done_at > $1`, 0)
		counted(tx, found.nodes, `SELECT version, COUNT(*) FROM nodes WHERE seen_at > $1 GROUP BY version`,
			store.Micros(now.Add(-node.Life)))
		return nil
	})
	return found, err
}

// counted puts the rows of a query, names and numbers, into a map.
func counted(tx *store.Tx, into map[string]int64, query string, args ...any) {
	for scan := range tx.Each(query, args...) {
		var name string
		var n int64
		scan(&name, &n)
		into[name] = n
	}
}
