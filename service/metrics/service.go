package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"plenary/service"
	"plenary/service/store"
)

// hashes are the numbers of password hashing.
func hashes(s *service.Service) []prometheus.Collector {
	a := s.Accounts()
	return []prometheus.Collector{
		gauge("password_hashes_running", "Password hashes under way.", func() int { n, _ := a.Hashes(); return n }),
		gauge("password_hashes_waiting", "Requests that wait for a password hash.", func() int { _, n := a.Hashes(); return n }),
		counter("password_hashes_unreadable_total", "How often a stored password hash could not be read, which lets nobody in.",
			nil, a.UnreadableHashes),
	}
}

// database are the numbers of the connections (how many are open and in use, how long
// was waited for one), of statements, and of what had to be run again or was given up.
func database(db *store.DB) []prometheus.Collector {
	list := []prometheus.Collector{
		counter("database_statements_total", "Statements that this node has sent to the database.", nil, db.Statements),
	}
	for name, pool := range db.Pools() {
		list = append(list, collectors.NewDBStatsCollector(pool, name))
	}
	for _, kind := range []string{"read", "write"} {
		labels := prometheus.Labels{"kind": kind}
		list = append(list,
			counter("database_repeated_total", "Transactions that were run again: others were in the way, or the database was away for a moment.",
				labels, func() int64 { n, _ := db.Trouble(kind); return n }),
			counter("database_given_up_total", "Transactions that were given up although they could have gone well later.",
				labels, func() int64 { _, n := db.Trouble(kind); return n }))
	}
	return list
}

// state gives the service's state at each reading of the numbers: of this node, and
// of the database for all nodes together.
type state struct{ s *service.Service }

// stateTime is how long the database may take to answer.
const stateTime = 3 * time.Second

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
	databaseFails = describe("state_unknown", "1 where the numbers of the database could not be had.")
)

// Describe implements prometheus.Collector.
func (state) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		mailsWaiting, mailsOldest, mailsFailed, mailServer, events, auditWaiting, auditBroken, auditLost, auditSealed,
		overdue, housekept, nodesRunning, databaseFails, jobDone, jobFailures, jobPanics,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c state) Collect(out chan<- prometheus.Metric) {
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
	here := c.s.NodeState()
	flag(auditBroken, here.Audit.Broken)
	gauge(auditLost, float64(here.Audit.Lost))
	gauge(housekept, seconds(here.Housekept))
	flag(mailServer, here.MailMissing)
	for _, j := range here.Jobs {
		out <- prometheus.MustNewConstMetric(jobFailures, prometheus.CounterValue, float64(j.Failed), j.Name)
		out <- prometheus.MustNewConstMetric(jobPanics, prometheus.CounterValue, float64(j.Panics), j.Name)
	}
	ctx, cancel := context.WithTimeout(context.Background(), stateTime)
	defer cancel()
	all, err := c.s.State(ctx)
	flag(databaseFails, err != nil)
	if err != nil {
		return // State has logged why
	}
	gauge(mailsWaiting, float64(all.MailsWaiting))
	gauge(mailsOldest, all.OldestMail.Seconds())
	gauge(mailsFailed, float64(all.MailsFailed))
	gauge(auditWaiting, float64(all.AuditWaiting))
	sealed := here.Audit.Sealed
	if all.AuditWaiting == 0 {
		sealed = all.At // nodes without work do not look
	}
	gauge(auditSealed, seconds(sealed))
	gauge(overdue, float64(all.Overdue))
	for name, at := range all.JobsDone {
		gauge(jobDone, seconds(at), name)
	}
	for event, n := range all.Events {
		gauge(events, float64(n), event)
	}
	for version, n := range all.Nodes {
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
