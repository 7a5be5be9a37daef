package throttle

import (
	"context"
	"sync"
	"time"
)

// lines are those of tries that wait on this node, by the name of the budget whose
// slots others hold. Of each line the first looks for a slot, and the others wait for
// their turn behind it. So a thousand who wait ask the database no more often than one,
// and those who hold the slots come to their end.
type lines struct {
	mu    sync.Mutex
	named map[string]*line
}

type line struct {
	name  string
	first chan struct{} // full while somebody is the first; who waits does so in order
	users int           // the first, and those behind
	over  chan struct{} // closed once full is what all of them are told
	full  *Full
}

// waitedFor gives of the budgets the first one that others wait for; nil if there is none.
func (l *lines) waitedFor(budgets []Budget) *Budget {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range budgets {
		if l.named[string(budgets[i].name)] != nil {
			return &budgets[i]
		}
	}
	return nil
}

// enter waits until this try is the first of a budget's line. The error is *Full where
// the line's budget refuses all who wait, or where it takes longer than patience; or
// that of the context. The line is to be left.
func (l *lines) enter(ctx context.Context, b *Budget, patience time.Duration) (*line, error) {
	own := l.join(string(b.name))
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case own.first <- struct{}{}:
		return own, nil
	case <-own.over:
		return nil, own.full
	case <-timer.C:
		l.part(own)
		return nil, &Full{Kind: b.Kind, budget: b}
	case <-ctx.Done():
		l.part(own)
		return nil, ctx.Err()
	}
}

func (l *lines) join(name string) *line {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := l.named[name]
	if own == nil {
		own = &line{name: name, first: make(chan struct{}, 1), over: make(chan struct{})}
		if l.named == nil {
			l.named = map[string]*line{}
		}
		l.named[name] = own
	}
	own.users++
	return own
}

func (l *lines) part(own *line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own.users--; own.users == 0 && l.named[own.name] == own {
		delete(l.named, own.name)
	}
}

// leave lets the next one be the first.
func (l *lines) leave(own *line) {
	<-own.first
	l.part(own)
}

// refuse tells all who wait in the line what its first was told: who comes later asks.
func (l *lines) refuse(own *line, full *Full) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if own.full != nil {
		return // one that became the first in the same moment
	}
	if l.named[own.name] == own {
		delete(l.named, own.name)
	}
	own.full = full
	close(own.over)
}
