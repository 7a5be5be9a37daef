package kit_test

import (
	"context"
	"testing"
	"time"

	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func TestAhead_whatEndsSoonIsThereAtOnce(t *testing.T) {
	a := kit.NewAhead(&screentest.Stepped{}, time.Hour)
	var order []string
	a.Run(t.Context(), func(context.Context) { order = append(order, "work") }, func() { order = append(order, "then") })
	if len(order) != 2 || order[1] != "then" {
		t.Errorf("done: %v", order)
	}
	left, leave := context.WithCancel(t.Context())
	a.Run(left, func(context.Context) { leave() }, func() { t.Error("it comes to a screen that was left") })
}

func TestAhead_whatTakesLongComesLater(t *testing.T) {
	steps := &screentest.Stepped{}
	a := kit.NewAhead(steps, time.Millisecond)
	release, done := make(chan struct{}), false
	a.Run(t.Context(), func(context.Context) { <-release }, func() { done = true })
	if done {
		t.Fatal("it is done before it has ended")
	}
	more := false
	a.Run(t.Context(), func(context.Context) { more = true }, func() {})
	if steps.Len() != 2 || more {
		t.Fatalf("%d pieces for the other executor, more done: %v", steps.Len(), more)
	}
	close(release)
	steps.All()
	if !done {
		t.Error("its end is not brought")
	}
}

func TestAhead_isOverWhenItIsSaid(t *testing.T) {
	steps := &screentest.Stepped{}
	a := kit.NewAhead(steps, time.Hour)
	if a.Over() != kit.Executor(steps) {
		t.Error("another executor comes back")
	}
	a.Run(t.Context(), func(context.Context) {}, func() {})
	if steps.Len() != 1 {
		t.Error("it still waits")
	}
}
