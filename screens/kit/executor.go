package kit

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
)

// Executor runs what takes time beside the window and brings its result back:
// work off the window's goroutine, then on it. then does not run once ctx has
// ended, because the screen that asked was left or does not want it any more.
//
// Post brings what happened elsewhere to the window's goroutine, in the order of the
// calls.
//
// It is the only place in screens with a goroutine.
type Executor interface {
	Run(ctx context.Context, work func(context.Context), then func())
	Post(ctx context.Context, then func())
}

// Concurrent is the program's executor: a goroutine for each piece of work, and
// Fyne's own goroutine for what comes then.
type Concurrent struct{}

// Run starts the work and returns at once.
func (Concurrent) Run(ctx context.Context, work func(context.Context), then func()) {
	go func() {
		work(ctx)
		if ctx.Err() == nil {
			Concurrent{}.Post(ctx, then)
		}
	}()
}

// Post returns at once.
func (Concurrent) Post(ctx context.Context, then func()) {
	fyne.Do(func() {
		if ctx.Err() == nil {
			then()
		}
	})
}

// Ahead is an executor for the time before there is a window, when nobody could look, and
// nothing that is posted is served yet: what ends soon is brought to the goroutine that
// asks for it, before Run returns. What does not, and all after Over, is the other
// executor's.
type Ahead struct {
	inner Executor
	until time.Time
	over  bool
}

// NewAhead waits for patience, from now on, in all.
func NewAhead(inner Executor, patience time.Duration) *Ahead {
	return &Ahead{inner: inner, until: time.Now().Add(patience)}
}

// Over ends the waiting, and returns the other executor.
func (a *Ahead) Over() Executor {
	a.over = true
	return a.inner
}

// Run waits for the work, as long as there is patience.
func (a *Ahead) Run(ctx context.Context, work func(context.Context), then func()) {
	if a.over {
		a.inner.Run(ctx, work, then)
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		work(ctx)
	}()
	timer := time.NewTimer(time.Until(a.until))
	defer timer.Stop()
	select {
	case <-done:
		if ctx.Err() == nil {
			then()
		}
	case <-timer.C:
		a.over = true
		a.inner.Run(ctx, func(context.Context) { <-done }, then)
	}
}

// Post is the other executor's.
func (a *Ahead) Post(ctx context.Context, then func()) { a.inner.Post(ctx, then) }
