// Package server is what the store needs of a driver for PostgreSQL's protocol. The
// driver stands in store/postgres and registers itself: a program that has SQLite
// only, as Plenary with its demonstration, is not linked with it.
package server

import (
	"context"
	"database/sql"
	"errors"
)

// Driver speaks PostgreSQL's protocol.
type Driver interface {
	// Open opens a pool of connections to a postgres:// URL, without connecting.
	Open(dsn string) (*sql.DB, error)
	// Code is the SQLSTATE of an error that the server itself has told of.
	Code(err error) (state string, ok bool)
	// Unreached tells whether no connection was made.
	Unreached(err error) bool
	// Unsent tells whether a statement cannot have reached the server.
	Unsent(err error) bool
	// Closed tells whether the connection had been closed.
	Closed(err error) bool
	// Commit sends COMMIT. Error: ErrAborted.
	Commit(ctx context.Context, conn *sql.Conn) error
	// Send runs steps in their order in one round trip, and gives the number of the
	// one that failed, or -1, with the error. A Commit may be the last one; once the
	// server has done it, nothing that comes after is an error. Error: ErrAborted.
	Send(ctx context.Context, conn *sql.Conn, steps []Step) (at int, err error)
}

// Commit is the query of a Step that commits.
const Commit = "commit"

// Step is a statement of several that are sent together.
type Step struct {
	Query string
	Args  []any
	// Dest is where the columns of the row go that a query finds, and Found whether it
	// did; nil for a statement that only changes rows.
	Dest  []any
	Found *bool
	// Changed gets the number of rows that were changed, unless it is nil.
	Changed *int64
}

// ErrAborted is for a COMMIT that the server made a ROLLBACK.
var ErrAborted = errors.New("store: the server took the transaction back")

// The driver is the program's; without one, PostgreSQL cannot be opened and no error
// is a server's.
var driver Driver = none{}

// Register makes a driver the program's; its package does so in init.
func Register(d Driver) { driver = d }

// Registered gives the program's driver.
func Registered() Driver { return driver }

type none struct{}

func (none) Open(string) (*sql.DB, error) {
	return nil, errors.New("this program has no driver for PostgreSQL")
}

func (none) Code(error) (string, bool) { return "", false }
func (none) Unreached(error) bool      { return false }
func (none) Unsent(error) bool         { return false }
func (none) Closed(error) bool         { return false }

func (n none) Commit(context.Context, *sql.Conn) error {
	_, err := n.Open("")
	return err
}

func (n none) Send(context.Context, *sql.Conn, []Step) (int, error) {
	_, err := n.Open("")
	return -1, err
}
