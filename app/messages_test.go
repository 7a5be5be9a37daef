package app

import (
	"context"
	"fmt"
	"sync"
	"testing"
)

// delivered runs Deliver until a message has come, and gives what it was.
func delivered(t *testing.T, m *Messages) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), answerLimit)
	defer cancel()
	got := "nothing"
	m.Deliver(ctx, func(f func()) { f() }, func(link string) {
		got = link
		cancel()
	})
	return got
}

func TestMessages_theLastLinkCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		put  []string
		want string
	}{
		"only to the front":    {[]string{MessageRaise}, ""},
		"a link":               {[]string{"C-00016105"}, "C-00016105"},
		"two links":            {[]string{"C-00016105", "C-00016342"}, "C-00016342"},
		"a link, to the front": {[]string{"C-00016105", MessageRaise}, "C-00016105"},
		"to the front, a link": {[]string{MessageRaise, "C-00016105"}, "C-00016105"},
	} {
		m := NewMessages()
		for _, message := range c.put { // before anybody hears them
			if !m.Put(message) {
				t.Errorf("%s: not taken", name)
			}
		}
		if got := delivered(t, m); got != c.want {
			t.Errorf("%s: %q", name, got)
		}
		m.Put(MessageRaise)
		if got := delivered(t, m); got != "" {
			t.Errorf("%s: delivered twice: %q", name, got)
		}
	}
}

// However many come at the same time, nobody waits, and the window hears of them.
func TestMessages_manyAtOnce(t *testing.T) {
	t.Parallel()
	m := NewMessages()
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() { m.Put(fmt.Sprintf("C-%08d", 10000+i)) })
	}
	all.Wait()
	m.Put("C-00016105")
	if got := delivered(t, m); got != "C-00016105" {
		t.Errorf("delivered %q, want the last one", got)
	}
}

func TestMessages_refusesOnceItEnds(t *testing.T) {
	t.Parallel()
	m := NewMessages()
	m.Refuse()
	if m.Put("C-00016105") || m.Put(MessageRaise) {
		t.Error("taken, and nobody will see it")
	}
}
