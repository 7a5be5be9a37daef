package screens

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

// Synchronous does everything before Run returns: for tests.
type Synchronous struct{}

// Run works, and then goes on.
func (s Synchronous) Run(ctx context.Context, work func(context.Context), then func()) {
	if ctx.Err() != nil {
		return
	}
	work(ctx)
	s.Post(ctx, then)
}

// Post does it before it returns.
func (Synchronous) Post(ctx context.Context, then func()) {
	if ctx.Err() == nil {
		then()
	}
}

// Stepped keeps what is to be done until a test says so: for slow answers and
// for answers that nobody waits for any more.
type Stepped struct {
	pieces []func()
}

// Run keeps the work for a later step; what comes then is a step of its own.
func (s *Stepped) Run(ctx context.Context, work func(context.Context), then func()) {
	s.pieces = append(s.pieces, func() {
		if ctx.Err() != nil {
			return
		}
		work(ctx)
		s.Post(ctx, then)
	})
}

// Post keeps it for a later step.
func (s *Stepped) Post(ctx context.Context, then func()) {
	s.pieces = append(s.pieces, func() {
		if ctx.Err() == nil {
			then()
		}
	})
}

// Len returns how many steps wait.
func (s *Stepped) Len() int { return len(s.pieces) }

// Step takes the step that has waited longest; it tells whether there was one.
func (s *Stepped) Step() bool { return s.StepAt(0) }

// StepAt takes the waiting step with this number, counted from 0 in the order
// in which they came; it tells whether there was one.
func (s *Stepped) StepAt(i int) bool {
	if i >= len(s.pieces) {
		return false
	}
	piece := s.pieces[i]
	s.pieces = append(s.pieces[:i:i], s.pieces[i+1:]...)
	piece()
	return true
}

// All takes steps until none waits.
func (s *Stepped) All() {
	for s.Step() {
	}
}
