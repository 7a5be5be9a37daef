package kit

import (
	"context"

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
