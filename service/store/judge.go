package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"plenary/service/store/internal/server"
)

// postgresCodes sorts the SQLSTATEs (PostgreSQL, appendix A) that go away by
// themselves or that an operator ends; a class stands for all that begin with it.
// CockroachDB and YugabyteDB use the same ones.
var postgresCodes = []struct {
	codes   []string
	verdict verdict
	reason  Reason
}{
	// Serialization failure, deadlock.
	{[]string{"40001", "40P01"}, passes, Busy},
	// Connection lost; whether a statement was done is not known (before a commit,
	// that is all the same: the transaction is gone); shut down, crashed, starting;
	// the session ended for being idle; read-only, as a standby is.
	{[]string{"08", "40003", "57P01", "57P02", "57P03", "57P05", "25006"}, refused, Down},
	// A lock not had in time.
	{[]string{"55P03"}, refused, Locked},
	// Disk full, disk quota, I/O error.
	{[]string{"53100", "53400", "58030"}, refused, Full},
	// Out of memory, too many connections, a statement or transaction too long.
	{[]string{"53", "57014", "25P03", "25P04"}, refused, Busy},
}

// errStandby is for a transaction that a standby cannot begin.
var errStandby = errors.New("store: a standby")

// beginError is an error of BEGIN. A standby has no serializable transactions.
func beginError(err error) error {
	if code, _ := server.Registered().Code(err); code == "0A000" {
		err = errors.Join(errStandby, err)
	}
	return fmt.Errorf("store: begin: %w", err)
}

// judgePostgres judges an error of the server or of the way there.
func judgePostgres(err error) (verdict, Reason, bool) {
	if errors.Is(err, errStandby) {
		return refused, Down, true
	}
	if code, ok := server.Registered().Code(err); ok {
		for _, c := range postgresCodes {
			if slices.ContainsFunc(c.codes, func(begin string) bool { return strings.HasPrefix(code, begin) }) {
				return c.verdict, c.reason, true
			}
		}
		return lasts, "", true
	}
	if server.Registered().Unreached(err) || brokenConnection(err) {
		return refused, Down, true
	}
	return lasts, "", false
}

// brokenConnection tells whether the connection to a server was lost.
func brokenConnection(err error) bool {
	_, network := errors.AsType[*net.OpError](err)
	return network || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrBadConn) || server.Registered().Closed(err) || server.Registered().Unsent(err)
}

// answerLost tells of the error of a statement that is a transaction by itself
// whether the server may have done it all the same.
func answerLost(err error) bool {
	pg := server.Registered()
	if pg.Unreached(err) || errors.Is(err, driver.ErrBadConn) {
		return false // it was not asked
	}
	if _, said := pg.Code(err); said {
		return commitLost(err)
	}
	return brokenConnection(err) && !pg.Unsent(err)
}

// commitLost tells of the error of a commit whether the server may have done it all
// the same. What the server itself says, it knows; but not where it says that it
// goes down, or that it does not know.
func commitLost(err error) bool {
	// Unsent is no help here: pgx says so too when the line was cut after it had sent
	// the commit.
	if errors.Is(err, sql.ErrTxDone) || err == context.Canceled || err == context.DeadlineExceeded {
		return false // it was not asked
	}
	if code, ok := server.Registered().Code(err); ok {
		return strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || code == "40003"
	}
	if _, ok := errors.AsType[*sqlite.Error](err); ok {
		return false
	}
	return true
}

// lockedFile tells whether another process holds a SQLite file.
func lockedFile(err error) bool {
	_, reason, ok := judgeSQLite(err)
	return ok && reason == Locked
}

// judgeSQLite judges by SQLite's primary result codes (sqlite.org/rescode.html).
func judgeSQLite(err error) (verdict, Reason, bool) {
	lite, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return lasts, "", false
	}
	switch lite.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		// Another process (plenaryd user, a backup) writes, or holds it.
		return refused, Locked, true
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return refused, Full, true
	}
	return lasts, "", true
}
