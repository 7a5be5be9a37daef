package screentest

import (
	"context"
)

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
	Pieces []func()
}

// Run keeps the work for a later step; what comes then is a step of its own.
func (s *Stepped) Run(ctx context.Context, work func(context.Context), then func()) {
	s.Pieces = append(s.Pieces, func() {
		if ctx.Err() != nil {
			return
		}
		work(ctx)
		s.Post(ctx, then)
	})
}

// Post keeps it for a later step.
func (s *Stepped) Post(ctx context.Context, then func()) {
	s.Pieces = append(s.Pieces, func() {
		if ctx.Err() == nil {
			then()
		}
	})
}

// Len returns how many steps wait.
func (s *Stepped) Len() int { return len(s.Pieces) }

// Step takes the step that has waited longest; it tells whether there was one.
func (s *Stepped) Step() bool { return s.StepAt(0) }

// StepAt takes the waiting step with this number, counted from 0 in the order
// in which they came; it tells whether there was one.
func (s *Stepped) StepAt(i int) bool {
	if i >= len(s.Pieces) {
		return false
	}
	piece := s.Pieces[i]
	s.Pieces = append(s.Pieces[:i:i], s.Pieces[i+1:]...)
	piece()
	return true
}

// All takes steps until none waits.
func (s *Stepped) All() {
	for s.Step() {
	}
}
