package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"runtime"
	"strings"
)

// Tx is a transaction that remembers its first error: from then on its methods do
// nothing and find nothing, and the transaction ends with that error, whatever its
// function returns. So a function of a transaction says what happens, and not after
// each statement what happens if it fails:
//
//	err := db.Update(ctx, func(tx *store.Tx) error {
//		var state string
//		if !tx.Get(`SELECT state FROM tickets WHERE id = $1`, id).Into(&state) {
//			return api.Refuse(api.CodeNotFound)
//		}
//		if state == "closed" {
//			return api.Refuse(api.CodeWrongState)
//		}
//		for scan := range tx.Each(`SELECT name FROM watchers WHERE ticket = $1`, id) {
//			var w watcher
//			scan(&w.name)
//			watchers = append(watchers, w)
//		}
//		tx.Do(`UPDATE tickets SET state = 'closed' WHERE id = $1`, id)
//		return nil
//	})
//
// If the first statement fails, "not found" is what the function returns, but what
// Update returns is the failure, with the first words of the statement and the name
// of the function that ran it.
//
// Two things are left to care for. What a function finds decides what it returns,
// and nothing else: it changes nothing outside of the transaction but by assigning
// results, since it may run several times. And a loop that goes on until a statement
// changes a row ends by tx.Err too, since no statement does after an error.
//
// A Tx is for one goroutine, and must not be used after its function has returned.
type Tx struct {
	db  *DB
	ctx context.Context
	on  statements
	// conn is the transaction's connection to PostgreSQL, nil on SQLite. begin is its
	// BEGIN, until that was sent, and last what is to run with its COMMIT.
	conn  *sql.Conn
	begin string
	last  []*Statement
	over  bool // Finally was called
	// noCommit: the transaction is what runs together, and has no COMMIT, see UpdateOne.
	noCommit bool
	// shared: with others, see group.go. SQLite gives a whole transaction up
	// when a statement is interrupted, so a context that ends is noticed before
	// a statement, and not in it.
	shared   bool
	readOnly bool
	reading  bool // the rows of Each
	err      error
}

// statements runs them: a *sql.Tx, or for Peek a pool.
type statements interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

var (
	errReadOnly = errors.New("store: a statement that writes in a transaction that only reads")
	errOver     = errors.New("store: a statement after the last ones of a transaction")
	errReading  = errors.New("store: a statement while the rows of another one are being read")
)

// Context is what the transaction runs under.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Err is the first error, or nil.
func (tx *Tx) Err() error { return tx.err }

// Fail makes the transaction end with an error, unless it has another one already.
// It is for functions that have no error to return. Fail(nil) does nothing.
func (tx *Tx) Fail(err error) {
	if tx.err == nil {
		tx.err = err
	}
}

// Do runs a statement and gives the number of rows that it changed; 0 after an error.
func (tx *Tx) Do(query string, args ...any) (changed int64) {
	if tx.readOnly {
		tx.fail(query, errReadOnly)
	}
	if !tx.ready(query) {
		return 0
	}
	result, err := tx.on.ExecContext(tx.context(tx.ctx), query, args...)
	if err == nil {
		changed, err = result.RowsAffected()
	}
	if err != nil {
		tx.fail(query, err)
		return 0
	}
	return changed
}

// Get is a query for one row, which runs when the Row is asked.
func (tx *Tx) Get(query string, args ...any) Row { return Row{tx, query, args} }

// Row is a query for one row.
type Row struct {
	tx    *Tx
	query string
	args  []any
}

// Into reads the row's columns, the first row's if there are several. It is false
// when there is none, and after an error; dest is left alone then.
func (r Row) Into(dest ...any) bool {
	if !r.tx.ready(r.query) {
		return false
	}
	err := r.tx.on.QueryRowContext(r.tx.context(r.tx.ctx), r.query, r.args...).Scan(dest...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		r.tx.fail(r.query, err)
	}
	return err == nil
}

// Has tells whether a query finds a row; false after an error.
func (tx *Tx) Has(query string, args ...any) (found bool) {
	for range tx.Each(query, args...) {
		found = true
		break
	}
	return found && tx.err == nil
}

// Scan reads the columns of a row; false after an error. Row.Into is one, so that
// the same function can read what Get finds and what Each goes through.
type Scan func(dest ...any) bool

// Each goes through the rows of a query. No other statement runs before its end:
// PostgreSQL could not, so SQLite must not either. An error ends the loop.
func (tx *Tx) Each(query string, args ...any) iter.Seq[Scan] {
	return func(yield func(Scan) bool) {
		tx.each(query, args, func(_ *sql.Rows, scan Scan) bool { return yield(scan) })
	}
}

// Named is Each that tells the names of the columns with each row.
func (tx *Tx) Named(query string, args ...any) iter.Seq2[[]string, Scan] {
	return func(yield func([]string, Scan) bool) {
		tx.each(query, args, func(rows *sql.Rows, scan Scan) bool {
			columns, err := rows.Columns()
			if err != nil {
				tx.fail(query, err)
				return false
			}
			return yield(columns, scan)
		})
	}
}

func (tx *Tx) each(query string, args []any, row func(*sql.Rows, Scan) bool) {
	if !tx.ready(query) {
		return
	}
	rows, err := tx.on.QueryContext(tx.context(tx.ctx), query, args...)
	if err != nil {
		tx.fail(query, err)
		return
	}
	tx.reading = true
	defer func() {
		tx.reading = false
		if err := rows.Close(); err != nil {
			tx.fail(query, err)
		}
	}()
	scan := func(dest ...any) bool {
		if tx.err == nil {
			if err := rows.Scan(dest...); err != nil {
				tx.fail(query, err)
			}
		}
		return tx.err == nil
	}
	for tx.err == nil && rows.Next() {
		if !row(rows, scan) {
			return
		}
	}
	if err := rows.Err(); err != nil {
		tx.fail(query, err)
	}
}

// Strings gives the rows of a query with one column of text.
func (tx *Tx) Strings(query string, args ...any) (list []string) {
	for scan := range tx.Each(query, args...) {
		var s string
		scan(&s)
		list = append(list, s)
	}
	return list
}

// ready tells whether a statement may run now, in a transaction that has begun.
func (tx *Tx) ready(query string) bool {
	if !tx.may(query) {
		return false
	}
	tx.sendBegin()
	return tx.err == nil
}

// may tells whether a statement may run now.
func (tx *Tx) may(query string) bool {
	switch {
	case tx.err != nil:
		return false
	case tx.over:
		tx.fail(query, errOver)
		return false
	case tx.reading:
		tx.fail(query, errReading)
		return false
	}
	if err := tx.ctx.Err(); err != nil {
		tx.fail(query, err)
		return false
	}
	tx.db.statements.Add(1)
	return true
}

func (tx *Tx) context(ctx context.Context) context.Context {
	if tx.shared {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// fail remembers the error of a statement.
func (tx *Tx) fail(query string, err error) {
	if tx.err == nil {
		tx.err = fmt.Errorf("%s: %s: %w", caller(), firstWords(query), err)
	}
}

// firstWords are a statement's first words: what it does, and mostly to which table.
// A statement holds nothing of anybody's: values are beside it.
func firstWords(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 4)], " ")
}

// ours begins the names of this package's own functions.
const ours = "plenary/service/store."

// receiver and closure are what a function's name has beside package and name.
var (
	receiver = regexp.MustCompile(`\(\*?\w+\)\.`)
	closure  = regexp.MustCompile(`(\[\.\.\.\]|\.func[0-9]+|-range[0-9]+|\.gowrap[0-9]+)+.*$`)
)

// caller is the function that called this package, such as meetings.register.
func caller() string {
	var at [16]uintptr
	frames := runtime.CallersFrames(at[:runtime.Callers(3, at[:])])
	for {
		f, more := frames.Next()
		if f.Function != "" && !strings.HasPrefix(f.Function, ours) {
			name := f.Function[strings.LastIndexByte(f.Function, '/')+1:]
			return closure.ReplaceAllString(receiver.ReplaceAllString(name, ""), "")
		}
		if !more {
			return "store"
		}
	}
}
