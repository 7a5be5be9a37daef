package service

import (
	"context"
	"log/slog"
	"time"

	"plenary/service/audit"
	"plenary/service/job"
	"plenary/service/mail"
	"plenary/service/node"
	"plenary/service/store"
)

// NodeState is how it goes on this node.
type NodeState struct {
	Audit       audit.Health
	Housekept   time.Time // when housekeeping last succeeded; zero before
	MailMissing bool      // no mail server is set up that can be used
	Jobs        []job.Status
}

// NodeState gives how it goes on this node, without a look at the database.
func (s *Service) NodeState() NodeState {
	return NodeState{
		Audit: s.chain.Health(), Housekept: store.Time(s.housekept.Load()), MailMissing: s.mailSettings.Missing(), Jobs: s.jobStatus(),
	}
}

// recently is for what is counted over a time.
const recently = 5 * time.Minute

// State is what the database says for all nodes together: what waits, what failed and
// what is overdue.
type State struct {
	At                        time.Time // of asking
	MailsWaiting, MailsFailed int64     // due or to be tried again; failed for good within five minutes
	OldestMail                time.Duration
	Events                    map[string]int64 // of the audit log within five minutes
	AuditWaiting              int64            // entries without a seal
	Overdue                   int64            // accounts whose deletion is an hour late
	Nodes                     map[string]int64 // that run, by version
	JobsDone                  map[string]time.Time
}

// State asks the database; each question finds its rows by an index.
func (s *Service) State(ctx context.Context) (found State, err error) {
	now := s.config.Now()
	err = s.db.View(ctx, func(tx *store.Tx) error {
		found = State{At: now, JobsDone: map[string]time.Time{}}
		since := store.Micros(now.Add(-recently))
		var oldest int64
		for _, q := range []struct {
			query string
			args  []any
			into  []any
		}{
			{`SELECT COUNT(*), COALESCE(MIN(created_at), 0) FROM mails WHERE state = $1`, []any{mail.Waiting}, []any{&found.MailsWaiting, &oldest}},
			{`SELECT COUNT(*) FROM mails WHERE state = $1 AND done_at > $2`, []any{mail.Failed, since}, []any{&found.MailsFailed}},
			{`SELECT COUNT(*) FROM audit WHERE position = 0`, nil, []any{&found.AuditWaiting}},
			{`SELECT COUNT(*) FROM deletions WHERE due_at <= $1`, []any{store.Micros(now.Add(-time.Hour))}, []any{&found.Overdue}},
		} {
			tx.Get(q.query, q.args...).Into(q.into...)
		}
		if oldest > 0 {
			found.OldestMail = max(now.Sub(store.Time(oldest)), 0)
		}
		found.Events = counted(tx, `SELECT event, COUNT(*) FROM audit WHERE at > $1 GROUP BY event`, since)
		for name, at := range counted(tx, `SELECT name, done_at FROM jobs WHERE done_at > $1`, 0) {
			found.JobsDone[name] = store.Time(at)
		}
		found.Nodes = counted(tx, `SELECT version, COUNT(*) FROM nodes WHERE seen_at > $1 GROUP BY version`, store.Micros(now.Add(-node.Life)))
		return nil
	})
	if err != nil {
		s.log.Warn("the service's state could not be had", slog.Any("error", err))
	}
	return found, err
}

// counted are the rows of a query: names and numbers.
func counted(tx *store.Tx, query string, args ...any) map[string]int64 {
	found := map[string]int64{}
	for scan := range tx.Each(query, args...) {
		var name string
		var n int64
		scan(&name, &n)
		found[name] = n
	}
	return found
}
