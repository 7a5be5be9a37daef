package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// A SQLite commit waits for the disk, and that is most of what a write costs.
// So writes that come while another one commits share the next commit: each
// runs in a savepoint of one transaction, in order, and is told of success only
// when all of it is on disk. One that fails takes back its own savepoint only.

const (
	// maxGroup and maxGroupTime bound how long the first of a group waits for
	// the others.
	maxGroup     = 64
	maxGroupTime = 10 * time.Millisecond
)

var (
	errClosed = errors.New("store: closed")
	// errGroupLost is for those whose transaction SQLite gave up because of
	// another one's failure (disk full, I/O error); they are tried again.
	errGroupLost = errors.New("store: the shared transaction was given up")
	errPanicked  = errors.New("store: the function did not return")
)

// grouper runs the writes of a SQLite database.
type grouper struct {
	db   *DB
	pool *sql.DB
	jobs chan *job
	quit chan struct{}
	done chan struct{}
	stop func() // closes quit, once

	waiting atomic.Int64 // and running
}

// job is one write. Its function runs in the goroutine of whoever asked for
// it, when the grouper gives it its turn.
type job struct {
	ctx       context.Context
	turn      chan *Tx
	ran       chan error
	committed chan error
}

func newGrouper(db *DB) *grouper {
	g := &grouper{db: db, pool: db.writing, jobs: make(chan *job), quit: make(chan struct{}), done: make(chan struct{})}
	g.stop = sync.OnceFunc(func() { close(g.quit) })
	go g.work()
	return g
}

// close ends the grouper; writes that have not begun fail.
func (g *grouper) close() {
	g.stop()
	<-g.done
}

// write runs fn and returns when it is committed.
func (g *grouper) write(ctx context.Context, fn func(*Tx) error) error {
	j := &job{ctx: ctx, turn: make(chan *Tx), ran: make(chan error, 1), committed: make(chan error, 1)}
	if g.waiting.Add(1) > maxWaiting {
		g.waiting.Add(-1)
		return errWaitedTooLong
	}
	defer g.waiting.Add(-1)
	patience := time.NewTimer(maxWait)
	defer patience.Stop()
	select {
	case g.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
		return errWaitedTooLong
	case <-g.quit:
		return errClosed
	}
	select {
	case tx := <-j.turn:
		if err := j.run(tx, fn); err != nil {
			return err
		}
		return <-j.committed
	case <-ctx.Done():
		return ctx.Err()
	case err := <-j.committed: // the transaction did not begin
		return err
	}
}

// run runs fn and reports, also when fn panics or ends its goroutine.
func (j *job) run(tx *Tx, fn func(*Tx) error) (err error) {
	err = errPanicked
	defer func() { j.ran <- err }()
	if err = tx.run(fn); err == nil {
		err = j.ctx.Err()
	}
	return err
}

func (g *grouper) work() {
	defer close(g.done)
	for {
		select {
		case j := <-g.jobs:
			g.group(j)
		case <-g.quit:
			return
		}
	}
}

// group runs a job, and those that come meanwhile, in one transaction.
func (g *grouper) group(j *job) {
	g.db.statements.Add(2) // BEGIN, and COMMIT or ROLLBACK
	tx, err := g.pool.BeginTx(context.Background(), nil)
	if err != nil {
		// Nor would it begin for those who wait behind, each after a second.
		err = fmt.Errorf("store: begin: %w", err)
		for j != nil {
			j.committed <- err
			j = g.next()
		}
		return
	}
	var members []*job // that ran well
	end := time.Now().Add(maxGroupTime)
	for j != nil && err == nil {
		var ok bool
		if ok, err = g.member(tx, j); ok {
			members = append(members, j)
		}
		if j = nil; err == nil && len(members) < maxGroup && time.Now().Before(end) {
			j = g.next()
		}
	}
	if err == nil {
		if err = tx.Commit(); err != nil {
			err = &commitError{err, false}
			g.rollBack()
		}
	} else if e := tx.Rollback(); e != nil {
		err = fmt.Errorf("%w (and rolling back: %w)", err, e)
	}
	for _, m := range members {
		m.committed <- err
	}
}

// next is a job that waits, or nil.
func (g *grouper) next() *job {
	select {
	case j := <-g.jobs:
		return j
	default:
		return nil
	}
}

// rollBack ends a transaction that could not be committed. SQLite leaves it open
// after some failures, and Go's database/sql takes it for ended in any case.
func (g *grouper) rollBack() {
	// An error means that there is none any more.
	_, _ = g.pool.Exec("ROLLBACK")
}

// member gives a job its turn. It returns whether the job belongs to the group
// now, and an error when the whole group is lost.
func (g *grouper) member(tx *sql.Tx, j *job) (ok bool, lost error) {
	g.db.statements.Add(2)
	if _, err := tx.Exec("SAVEPOINT member"); err != nil {
		j.committed <- fmt.Errorf("%w: %w", errGroupLost, err)
		return false, fmt.Errorf("%w: %w", errGroupLost, err)
	}
	failed := error(nil)
	select {
	case j.turn <- &Tx{db: g.db, ctx: j.ctx, on: tx, shared: true}:
		failed = <-j.ran
	case <-j.ctx.Done():
		failed = j.ctx.Err()
	}
	end := "RELEASE member"
	if failed != nil {
		end = "ROLLBACK TO member; RELEASE member"
	}
	if _, err := tx.Exec(end); err != nil {
		lost = fmt.Errorf("%w: %w", errGroupLost, err)
		if failed == nil {
			j.committed <- lost
		}
		return false, lost
	}
	return failed == nil, nil
}
