package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

func TestQueue_letsInAsManyAsThereAreConnections(t *testing.T) {
	q := newQueue(3)
	var inside, most atomic.Int64
	var work sync.WaitGroup
	for range 200 {
		work.Go(func() {
			if err := q.enter(t.Context()); err != nil {
				t.Error(err)
				return
			}
			defer q.leave()
			now := inside.Add(1)
			defer inside.Add(-1)
			for {
				if was := most.Load(); now <= was || most.CompareAndSwap(was, now) {
					return
				}
			}
		})
	}
	work.Wait()
	if n := most.Load(); n == 0 || n > 3 || q.waiting.Load() != 0 {
		t.Errorf("%d at once, %d left", n, q.waiting.Load())
	}
}

func TestQueue_refusesWhenTooManyWaitAndWhoGivesUp(t *testing.T) {
	q := newQueue(1)
	if err := q.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := q.enter(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	q.waiting.Store(maxWaiting)
	if err := q.enter(t.Context()); !errors.Is(err, errWaitedTooLong) {
		t.Errorf("behind too many: %v", err)
	}
	q.waiting.Store(0)
	q.leave()
	if err := q.enter(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLines_endWithTheirUsers(t *testing.T) {
	var l lines
	if leave, err := l.enter(t.Context()); err != nil || len(l.named) != 0 {
		t.Errorf("in no line: %v, %v", l.named, err)
	} else {
		leave()
	}
	ctx := InLine(t.Context(), "a")
	var leaving []func()
	for range lineWidth {
		leave, err := l.enter(ctx)
		if err != nil {
			t.Fatal(err)
		}
		leaving = append(leaving, leave)
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := l.enter(over); !errors.Is(err, context.Canceled) {
		t.Errorf("a full line: %v", err)
	}
	if leave, err := l.enter(InLine(t.Context(), "b")); err != nil || len(l.named) != 2 {
		t.Errorf("another line: %v, %v", l.named, err)
	} else {
		leave()
	}
	for _, leave := range leaving {
		leave()
	}
	if len(l.named) != 0 {
		t.Errorf("left: %v", l.named)
	}
}
