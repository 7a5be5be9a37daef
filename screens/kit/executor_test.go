package kit_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestExecutors_nothingFollowsOnceTheScreenWasLeft(t *testing.T) {
	screentest.NewApp(t)
	stepped := &screentest.Stepped{}
	for _, c := range []struct {
		name string
		run  kit.Executor
	}{{"synchronous", screentest.Synchronous{}}, {"stepped", stepped}, {"concurrent", kit.Concurrent{}}} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			worked := make(chan struct{})
			c.run.Run(ctx, func(context.Context) {
				cancel()
				close(worked)
			}, func() { t.Error("then ran") })
			stepped.All()
			<-worked
			c.run.Run(ctx, func(context.Context) {}, func() { t.Error("then ran after the end") })
			stepped.All()
		})
	}
}

func TestConcurrent_worksBesideAndComesBack(t *testing.T) {
	screentest.NewApp(t)
	var done sync.WaitGroup
	done.Add(1)
	order := make(chan string, 3)
	release := make(chan struct{})
	kit.Concurrent{}.Run(t.Context(), func(context.Context) {
		<-release
		order <- "work"
	}, func() {
		order <- "then"
		done.Done()
	})
	order <- "returned"
	close(release)
	done.Wait()
	for _, want := range []string{"returned", "work", "then"} {
		if got := <-order; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestStepped_takesOnePieceAtATime(t *testing.T) {
	s := &screentest.Stepped{}
	var did []string
	for _, name := range []string{"a", "b"} {
		s.Run(t.Context(), func(context.Context) { did = append(did, name+" work") }, func() { did = append(did, name+" then") })
	}
	if len(did) != 0 || s.Len() != 2 {
		t.Fatalf("did %v, %d wait", did, s.Len())
	}
	s.StepAt(1)
	s.StepAt(1)
	s.All()
	want := []string{"b work", "b then", "a work", "a then"}
	for i := range want {
		if did[i] != want[i] {
			t.Fatalf("did %v, want %v", did, want)
		}
	}
	if s.Step() {
		t.Error("a step where none waits")
	}
}

func TestDo_saysWhatItWaitsForAfterASecond(t *testing.T) {
	e := screentest.NewEnv(t)
	s := &screentest.Stepped{}
	e.Run = s
	var slept time.Duration
	e.Sleep = func(_ context.Context, d time.Duration) { slept = d }
	busy := parts.NewBusy("busy")
	finished := false
	e.Do(t.Context(), busy, "Logging in …", func(context.Context) error { return nil }, func(error) { finished = true })
	if busy.String() != "" {
		t.Error("says so at once")
	}
	s.StepAt(1) // the second passes
	s.StepAt(1)
	if slept != time.Second || busy.String() != "Logging in …" {
		t.Errorf("after %v: %q", slept, busy.String())
	}
	s.All()
	if busy.String() != "" || !finished {
		t.Errorf("at the end: %q, finished %v", busy.String(), finished)
	}
}

func TestDo_saysNothingWhenItWasQuick(t *testing.T) {
	e := screentest.NewEnv(t)
	s := &screentest.Stepped{}
	e.Run = s
	busy := parts.NewBusy("busy")
	e.Do(t.Context(), busy, "Logging in …", func(context.Context) error { return nil }, func(error) {})
	s.Step()    // the work
	s.StepAt(1) // and its end, before the second is over
	s.All()
	if busy.String() != "" {
		t.Errorf("says %q", busy.String())
	}
}
