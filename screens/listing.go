package screens

import (
	"context"
	"time"

	"plenary/screens/parts"
)

// request asks the service for one page of a list; next is where the page after
// it begins, empty at the end.
type request[T any] func(ctx context.Context) (rows []T, next string, err error)

// listing is a list that the service gives page by page. Whatever is asked for
// later counts: the answer to an earlier question is dropped.
type listing[T any] struct {
	env     Env
	bar     *parts.Bar
	busy    *parts.Busy
	waiting string // what it says after a second
	// ask is called on the window's goroutine, where it reads the filter.
	ask func(after string) request[T]
	// changed is told that rows, next or err are others now.
	changed func()

	screen context.Context
	ctx    context.Context // of the question under way
	stop   context.CancelFunc

	rows    []T
	next    string
	err     error // why the last question got no answer
	loaded  bool  // there was an answer
	waits   bool  // for an answer to the filter as it is now
	loading bool
}

// typingPause is how long a search waits for the next letter.
const typingPause = 250 * time.Millisecond

// newListing returns an empty list that asks for nothing yet; screen ends with
// its screen.
func newListing[T any](screen context.Context, env Env, bar *parts.Bar, busy *parts.Busy, waiting string) *listing[T] {
	return &listing[T]{env: env, bar: bar, busy: busy, waiting: waiting, screen: screen, stop: func() {}}
}

// begin ends the question under way.
func (l *listing[T]) begin() {
	l.stop()
	l.ctx, l.stop = context.WithCancel(l.screen)
	l.loading = false
	l.busy.Say("")
}

// soon asks anew once nothing has been typed for a moment.
func (l *listing[T]) soon() {
	l.begin()
	l.waits = true
	l.env.Run.Run(l.ctx, func(ctx context.Context) { l.env.Sleep(ctx, typingPause) }, l.load)
}

// load asks anew, from the first page on.
func (l *listing[T]) load() {
	l.begin()
	l.waits = true
	l.get("")
}

// more asks for the next page, unless an answer is still awaited.
func (l *listing[T]) more() {
	if l.next == "" || l.loading || l.waits {
		return
	}
	l.begin()
	l.get(l.next)
}

func (l *listing[T]) get(after string) {
	l.loading = true
	work := l.ask(after)
	var rows []T
	var next string
	l.env.Do(l.ctx, l.busy, l.waiting, func(ctx context.Context) (err error) {
		rows, next, err = work(ctx)
		return err
	}, func(err error) {
		l.loading, l.waits = false, false
		if err != nil {
			l.failed(err, after)
			return
		}
		if l.err != nil {
			l.err = nil
			l.bar.Clear()
		}
		l.loaded, l.next = true, next
		if after == "" {
			l.rows = rows
		} else {
			l.rows = append(l.rows, rows...)
		}
		l.changed()
	})
}

func (l *listing[T]) failed(err error, after string) {
	l.err = err
	n := l.env.Problem(err)
	n.Action, n.Act = l.env.T("shell.retry"), l.load
	if after != "" {
		n.Act = l.more
	}
	l.bar.Say(n)
	l.changed()
}

// online asks again once the service can be reached, if it could not be before.
func (l *listing[T]) online(online bool) {
	if online && l.err != nil && !l.loading {
		l.load()
	}
}
