package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// errWaitedTooLong is for work that waited for its turn as long as may be, or that
// found too many waiting already.
var errWaitedTooLong = errors.New("store: too many wait for the database")

const (
	// maxWait is how long work waits for a connection: what would wait longer is
	// refused, so that whoever is let in gets an answer in time.
	maxWait = 5 * time.Second
	// maxWaiting bounds how many wait.
	maxWaiting = 4000
)

// queue lets as many in at once as there are connections; the others wait, in order
// of arrival, but not for long.
type queue struct {
	slots   chan struct{}
	waiting atomic.Int64
}

func newQueue(connections int) *queue { return &queue{slots: make(chan struct{}, connections)} }

// enter waits for a turn, which leave ends. Errors: errWaitedTooLong, and that of
// the context.
func (q *queue) enter(ctx context.Context) error {
	select {
	case q.slots <- struct{}{}:
		return nil
	default:
	}
	if q.waiting.Add(1) > maxWaiting {
		q.waiting.Add(-1)
		return errWaitedTooLong
	}
	defer q.waiting.Add(-1)
	patience := time.NewTimer(maxWait)
	defer patience.Stop()
	select {
	case q.slots <- struct{}{}:
		return nil
	case <-patience.C:
		return errWaitedTooLong
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (q *queue) leave() { <-q.slots }

// lineWidth is how many connections work of one line has at once.
const lineWidth = 4

type lineKey struct{}

// InLine says of the transactions under a context what they all change: such as the
// row of one meeting, for which each waits until the one before has ended. Those of
// one name share a few of the connections, so that the others are free for other
// work while they wait for each other.
func InLine(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, lineKey{}, name)
}

// lines are those that have work now, by name.
type lines struct {
	mu    sync.Mutex
	named map[string]*line
}

type line struct {
	*queue
	users int // in it, or waiting
}

// enter waits for a turn in the line of a context, if that names one.
func (l *lines) enter(ctx context.Context) (leave func(), err error) {
	name, _ := ctx.Value(lineKey{}).(string)
	if name == "" {
		return func() {}, nil
	}
	l.mu.Lock()
	if l.named == nil {
		l.named = map[string]*line{}
	}
	own := l.named[name]
	if own == nil {
		own = &line{queue: newQueue(lineWidth)}
		l.named[name] = own
	}
	own.users++
	l.mu.Unlock()
	gone := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if own.users--; own.users == 0 {
			delete(l.named, name)
		}
	}
	if err := own.queue.enter(ctx); err != nil {
		gone()
		return nil, err
	}
	return func() { own.queue.leave(); gone() }, nil
}
