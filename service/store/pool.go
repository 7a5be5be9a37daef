package store

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// SetConnections says how many connections to PostgreSQL there may be at once; a
// quarter of them stays open. SQLite's are what its file needs. It must not be called
// while transactions run.
func (db *DB) SetConnections(most int) {
	if db.kind == postgresKind {
		db.writing.SetMaxOpenConns(most)
		db.writing.SetMaxIdleConns(max(most/4, 2))
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

// Collectors are the numbers of the connections: how many are open and in use, and
// how long was waited for one.
func (db *DB) Collectors() []prometheus.Collector {
	list := []prometheus.Collector{collectors.NewDBStatsCollector(db.writing, "writing")}
	if db.reading != db.writing {
		list = append(list, collectors.NewDBStatsCollector(db.reading, "reading"))
	}
	return list
}
