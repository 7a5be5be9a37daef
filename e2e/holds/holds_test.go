package holds

import (
	"testing"
	"time"
)

// loop is a goroutine as the window's: it runs what it is given.
type loop chan func()

func (l loop) runsHere() {
	for do := range l {
		do()
	}
}

func TestWatched_tellsWhatHolds(t *testing.T) {
	l := make(loop, 8)
	go l.runsHere()
	defer close(l)
	w := Watched{Do: func(do func()) { l <- do }, Runs: "holds.loop.runsHere(", Aside: []string{"holds.paint("}}
	stacks := make([]byte, 1<<20)
	for _, c := range []struct {
		name  string
		do    func(release <-chan struct{})
		holds bool
	}{
		{"handle", handle, true},
		{"paint", paint, false},
	} {
		release := make(chan struct{})
		l <- func() { c.do(release) }
		time.AfterFunc(10*noted, func() { close(release) })
		list := w.next(stacks)
		if got := len(list) == 1; got != c.holds {
			t.Errorf("%s: %v", c.name, list)
		}
		for _, h := range list {
			if h.time < noted || h.in == "" {
				t.Errorf("%s: %v in %q", c.name, h.time, h.in)
			}
		}
	}
	if list := w.next(stacks); len(list) > 0 {
		t.Errorf("held while it is free: %v", list)
	}
}

func handle(release <-chan struct{}) { <-release }

func paint(release <-chan struct{}) { <-release }
