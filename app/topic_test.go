package app

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestTopic_lastCallHasTheLastState(t *testing.T) {
	t.Parallel()
	var (
		top   topic[int64]
		state atomic.Int64
		last  int64
		calls int // one at a time, so without a lock
	)
	top.subscribe(func(n int64) { last = n; calls++ })
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			state.Add(1)
			top.tell(func() (int64, bool) { return state.Load(), true })
		})
	}
	all.Wait()
	if last != 50 || calls == 0 {
		t.Errorf("last is %d after %d calls", last, calls)
	}
}

func TestTopic_subscriberMayCancelAndTell(t *testing.T) {
	t.Parallel()
	var s signal
	calls := 0
	var cancel func()
	cancel = s.subscribe(func() {
		if calls++; calls < 3 {
			s.tell()
			return
		}
		cancel()
		s.tell()
	})
	s.tell()
	s.tell()
	if calls != 3 {
		t.Errorf("called %d times", calls)
	}
}
