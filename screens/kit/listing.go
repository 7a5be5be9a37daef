package kit

import (
	"context"
	"time"

	"plenary/screens/parts"
)

// Request asks the service for one page of a list; next is where the page after
// it begins, empty at the end.
type Request[T any] func(ctx context.Context) (rows []T, next string, err error)

// Listing is a list that the service gives page by page. Whatever is asked for
// later counts: the answer to an earlier question is dropped.
type Listing[T any] struct {
	env     Env
	bar     *parts.Bar
	busy    *parts.Busy
	waiting string // what it says after a second
	// Ask is called on the window's goroutine, where it reads the filter.
	Ask func(after string) Request[T]
	// Changed shows rows, next and err as they are now; the browser's.
	Changed func()
	// Answered is told after each answer, once the rows are shown: what else was answered may
	// be looked at from then on. Nil for nobody.
	Answered func()

	screen context.Context
	ctx    context.Context // of the question under way
	stop   context.CancelFunc

	Rows    []T
	next    string
	Err     error // why the last question got no answer
	loaded  bool  // there was an answer
	waits   bool  // for an answer to the filter as it is now
	loading bool
}

// TypingPause is how long a search waits for the next letter.
const TypingPause = 250 * time.Millisecond

// NewListing returns an empty list that asks for nothing yet; screen ends with
// its screen.
func NewListing[T any](screen context.Context, env Env, bar *parts.Bar, busy *parts.Busy, waiting string) *Listing[T] {
	return &Listing[T]{env: env, bar: bar, busy: busy, waiting: waiting, screen: screen, stop: func() {}}
}

// begin ends the question under way.
func (l *Listing[T]) begin() {
	l.stop()
	l.ctx, l.stop = context.WithCancel(l.screen)
	l.loading = false
	l.busy.Say("")
}

// Soon asks anew once nothing has been typed for a moment.
func (l *Listing[T]) Soon() {
	l.begin()
	l.waits = true
	l.env.Run.Run(l.ctx, func(ctx context.Context) { l.env.Sleep(ctx, TypingPause) }, l.Load)
}

// Load asks anew, from the first page on.
func (l *Listing[T]) Load() {
	l.begin()
	l.waits = true
	l.get("")
}

// more asks for the next page, unless an answer is still awaited.
func (l *Listing[T]) more() {
	if l.next == "" || l.loading || l.waits {
		return
	}
	l.begin()
	l.get(l.next)
}

func (l *Listing[T]) get(after string) {
	l.loading = true
	work := l.Ask(after)
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
		if l.Err != nil {
			l.Err = nil
			l.bar.Clear()
		}
		l.loaded, l.next = true, next
		if after == "" {
			l.Rows = rows
		} else {
			l.Rows = append(l.Rows, rows...)
		}
		l.Changed()
		if l.Answered != nil {
			l.Answered()
		}
	})
}

func (l *Listing[T]) failed(err error, after string) {
	l.Err = err
	n := l.env.Problem(err)
	n.Action, n.Act = l.env.T("shell.retry"), l.Load
	if after != "" {
		n.Act = l.more
	}
	l.bar.Say(n)
	l.Changed()
}

// The listing is what a browser shows.

func (l *Listing[T]) list() []T                  { return l.Rows }
func (l *Listing[T]) awaits() (first, next bool) { return !l.loaded, l.waits }
func (l *Listing[T]) goesOn() bool               { return l.next != "" }
func (l *Listing[T]) typed()                     { l.Soon() }
func (l *Listing[T]) again()                     { l.Load() }
func (l *Listing[T]) tell(changed func())        { l.Changed = changed }

// Online asks again once the service can be reached, if it could not be before.
func (l *Listing[T]) Online(online bool) {
	if online && l.Err != nil && !l.loading {
		l.Load()
	}
}
