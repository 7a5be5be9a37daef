package app

import "sync"

// topic tells its subscribers about a change. The zero value is ready.
type topic[T any] struct {
	mu   sync.Mutex
	next int
	subs map[int]func(T)
}

// subscribe adds f, which is called on any goroutine, one call at a time for
// each tell, until cancel is called. A call under way may still end after that.
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

// tell calls every subscriber. No lock is held meanwhile, so that a subscriber
// may subscribe, cancel or ask for the state.
func (t *topic[T]) tell(v T) {
	t.mu.Lock()
	subs := make([]func(T), 0, len(t.subs))
	for _, f := range t.subs {
		subs = append(subs, f)
	}
	t.mu.Unlock()
	for _, f := range subs {
		f(v)
	}
}
