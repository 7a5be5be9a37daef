package store

import (
	"strings"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// SetConnections says how many connections to PostgreSQL there may be at once. All of
// them stay open until they were idle for minutes: opening one costs more than most
// transactions. SQLite's are what its file needs. It must not be called while
// transactions run.
func (db *DB) SetConnections(most int) {
	if db.kind == postgresKind {
		db.writing.SetMaxOpenConns(most)
		db.writing.SetMaxIdleConns(most)
		db.queue = newQueue(most)
	}
}

// kindOf is the kind of database that a dsn leads to.
func kindOf(dsn string) kind {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return postgresKind
	}
	return sqliteKind
}

// Collectors are the numbers of the connections (how many are open and in use, how
// long was waited for one), and of what had to be run again or was given up.
func (db *DB) Collectors() []prometheus.Collector {
	list := []prometheus.Collector{collectors.NewDBStatsCollector(db.writing, "writing")}
	if db.reading != db.writing {
		list = append(list, collectors.NewDBStatsCollector(db.reading, "reading"))
	}
	for kind, h := range map[string]*health{"read": &db.reads, "write": &db.writes} {
		counter := func(name, help string, n *atomic.Int64) prometheus.Collector {
			return prometheus.NewCounterFunc(prometheus.CounterOpts{
				Name: "plenary_database_" + name, Help: help, ConstLabels: prometheus.Labels{"kind": kind},
			}, func() float64 { return float64(n.Load()) })
		}
		list = append(list,
			counter("repeated_total", "Transactions that were run again: others were in the way, or the database was away for a moment.", &h.repeats),
			counter("given_up_total", "Transactions that were given up although they could have gone well later.", &h.givenUp))
	}
	return list
}
