package app

import (
	"maps"
	"slices"
	"sync"
)

// topic tells its subscribers about a state that changes. The zero value is
// ready.
type topic[T any] struct {
	mu      sync.Mutex
	next    int
	subs    map[int]func(T)
	telling bool // somebody tells
	again   bool // and has to look once more
}

// subscribe adds f, which is called on any goroutine, one call at a time, until
// cancel is called. A call under way may still end after that.
func (t *topic[T]) subscribe(f func(T)) (cancel func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.subs == nil {
		t.subs = map[int]func(T){}
	}
	id := t.next
	t.next++
	t.subs[id] = f
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.subs, id)
	}
}

// tell calls every subscriber with the state, as now gives it; false from now
// means that there is no news. Whoever tells while another one does leaves it to
// that one: so the last call has the last state. No lock is held meanwhile, so a
// subscriber may ask, change, subscribe and cancel.
func (t *topic[T]) tell(now func() (state T, news bool)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.again = true; t.telling {
		return
	}
	t.telling = true
	for t.again {
		t.again = false
		t.mu.Unlock()
		state, news := now()
		t.mu.Lock()
		if !news {
			continue
		}
		subs := slices.Collect(maps.Values(t.subs))
		t.mu.Unlock()
		for _, f := range subs {
			f(state)
		}
		t.mu.Lock()
	}
	t.telling = false
}

// signal is a topic without a state: something has changed.
type signal struct{ topic topic[struct{}] }

func (s *signal) subscribe(f func()) (cancel func()) {
	return s.topic.subscribe(func(struct{}) { f() })
}

func (s *signal) tell() {
	s.topic.tell(func() (struct{}, bool) { return struct{}{}, true })
}
