package store

import (
	"database/sql"
	"strings"
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

// Pools gives the pools of connections by name, for their statistics and nothing else.
func (db *DB) Pools() map[string]*sql.DB {
	pools := map[string]*sql.DB{"writing": db.writing}
	if db.reading != db.writing {
		pools["reading"] = db.reading
	}
	return pools
}

// Trouble is how often transactions of a kind ("read", "write") were run again, since
// others were in the way or the database was away for a moment, and how often they were
// given up although they could have gone well later.
func (db *DB) Trouble(kind string) (repeats, givenUp int64) {
	h := &db.writes
	if kind == "read" {
		h = &db.reads
	}
	return h.repeats.Load(), h.givenUp.Load()
}
