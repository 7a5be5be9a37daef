package screentest

import (
	"slices"
	"sync"
)

// Listeners hear of changes. As with the program's, they can go on any
// goroutine.
type Listeners struct {
	mu  sync.Mutex
	all []*func()
}

// Subscribe has f called at each change, until cancel.
func (l *Listeners) Subscribe(f func()) (cancel func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := &f
	l.all = append(l.all, one)
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all = slices.DeleteFunc(l.all, func(o *func()) bool { return o == one })
	}
}

// Tell says that something has changed.
func (l *Listeners) Tell() {
	l.mu.Lock()
	all := slices.Clone(l.all)
	l.mu.Unlock()
	for _, f := range all {
		(*f)()
	}
}
