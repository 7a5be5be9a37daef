package app

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/localdb"
)

// waitingBench has one registration that waits to be sent.
func waitingBench(t *testing.T) (b *bench, in api.Register, operation string) {
	t.Helper()
	b = newBench(t, t.TempDir())
	t.Cleanup(b.server.Close)
	t.Cleanup(func() { b.close(t) })
	in = api.Register{Meeting: "C-00000011", Participation: api.Remote, BadgeName: "Elena", Answers: api.Answers{"role": {"speaker"}}}
	if err := b.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	return b, in, b.mine(t, in.Meeting).Operation
}

func (b *bench) mine(t failer, meeting string) Mine {
	t.Helper()
	mine, ok := b.app.Registrations.Get(meeting)
	if !ok {
		t.Fatalf("there is nothing for %s", meeting)
	}
	return mine
}

func (b *bench) reopen(t failer) {
	t.Helper()
	b.close(t)
	b.open(t)
}

func TestTakeBack_beforeItIsSent(t *testing.T) {
	b, in, operation := waitingBench(t)
	if err := b.app.Registrations.TakeBack(t.Context(), operation); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if mine := b.mine(t, in.Meeting); mine.State != StateDraft {
			t.Errorf("it is %q", mine.State)
		}
		if draft, ok := b.app.Registrations.Draft(in.Meeting); !ok || !sameJSON(draft, in) {
			t.Errorf("the draft is %+v", draft)
		}
		b.reopen(t)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if done := b.service.snapshot().performed; len(done) > 1 || done[operation] != 0 {
		t.Errorf("done: %v", done)
	}
	if voids, err := b.vault.store.Voids(); err != nil || len(voids) != 0 {
		t.Errorf("the service was not told: %+v, %v", voids, err)
	}
	if err := b.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if mine := b.mine(t, in.Meeting); mine.State != api.Confirmed || mine.TakenBack {
		t.Errorf("submitted anew: %+v", mine)
	}
	if err := b.app.Registrations.TakeBack(t.Context(), operation); !errors.Is(err, ErrSent) {
		t.Errorf("once more: %v", err)
	}
}

func TestTakeBack_ofAWithdrawal(t *testing.T) {
	b, in, _ := waitingBench(t)
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if err := b.app.Registrations.Withdraw(t.Context(), b.mine(t, in.Meeting).Number, ""); err != nil {
		t.Fatal(err)
	}
	if err := b.app.Registrations.TakeBack(t.Context(), b.mine(t, in.Meeting).Operation); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if mine := b.mine(t, in.Meeting); mine.State != api.Confirmed {
		t.Errorf("it is %+v", mine)
	}
	if _, ok := b.app.Registrations.Draft(in.Meeting); ok {
		t.Error("a withdrawal became a draft")
	}
}

// The answer comes while one waits for it: it was too late.
func TestTakeBack_whileItIsBeingSent(t *testing.T) {
	b, in, operation := waitingBench(t)
	b.vault.aligned = true
	under, release := make(chan struct{}, 1), make(chan struct{})
	b.service.locked(func() {
		b.service.hook = func(path string) {
			if path == "POST /v1/operations" {
				under <- struct{}{}
				<-release
			}
		}
	})
	sent := make(chan error, 1)
	go func() { sent <- b.app.Sync.deliver(t.Context(), b.vault) }()
	<-under
	ctx, giveUp := context.WithCancel(t.Context())
	giveUp()
	if err := b.app.Registrations.TakeBack(ctx, operation); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	taken := make(chan error, 1)
	go func() { taken <- b.app.Registrations.TakeBack(t.Context(), operation) }()
	close(release)
	if err := <-sent; err != nil {
		t.Fatal(err)
	}
	if err := <-taken; !errors.Is(err, ErrSent) {
		t.Errorf("taken back: %v", err)
	}
	if mine := b.mine(t, in.Meeting); mine.State != api.Confirmed || mine.TakenBack {
		t.Errorf("it is %+v", mine)
	}
	if _, ok := b.app.Registrations.Draft(in.Meeting); ok {
		t.Error("there is a draft")
	}
}

// The service has it, and nobody here knows: it comes back, and says so.
func TestTakeBack_afterItArrivedAndTheAnswerWasLost(t *testing.T) {
	b, in, operation := waitingBench(t)
	b.service.locked(func() { b.service.faults = slices.Repeat([]fault{faultLostAfter}, 9) }) // of each try
	b.vault.aligned = true
	if err := b.app.Sync.deliver(t.Context(), b.vault); err == nil {
		t.Fatal("the answer was not lost")
	}
	b.service.locked(func() { b.service.faults = nil })
	if err := b.app.Registrations.TakeBack(t.Context(), operation); err != nil {
		t.Fatal(err)
	}
	if mine := b.mine(t, in.Meeting); mine.State != StateDraft {
		t.Errorf("before the service was asked: %+v", mine)
	}
	b.reopen(t)
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if stream, last, err := b.vault.store.Stream(); err != nil || last != 1 {
		t.Errorf("a new stream %s was begun: %v", stream, err)
	}
	b.reopen(t)
	mine := b.mine(t, in.Meeting)
	if mine.State != api.Confirmed || !mine.TakenBack {
		t.Errorf("it is %+v", mine)
	}
	if err := b.app.Registrations.Withdraw(t.Context(), mine.Number, ""); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if mine := b.mine(t, in.Meeting); mine.TakenBack {
		t.Errorf("withdrawn: %+v", mine)
	}
}

// A kill between any two writes of the disk loses nothing of what was filled in.
func TestTakeBack_killedInBetween(t *testing.T) {
	for name, kill := range map[string]func(b *bench, in api.Register, operation string) error{
		"before the operation is gone": func(b *bench, in api.Register, _ string) error {
			return putDraft(b.vault.store, ownDraft(&api.Change{Register: in}), time.Now())
		},
		"before it is noted": func(b *bench, in api.Register, operation string) error {
			return errors.Join(putDraft(b.vault.store, ownDraft(&api.Change{Register: in}), time.Now()), b.vault.store.Revoke(operation))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, in, operation := waitingBench(t)
			if err := kill(b, in, operation); err != nil {
				t.Fatal(err)
			}
			b.reopen(t)
			if mine := b.mine(t, in.Meeting); mine.State == StateWaitingToSend {
				if err := b.app.Registrations.TakeBack(t.Context(), mine.Operation); err != nil {
					t.Fatal(err)
				}
			}
			if draft, ok := b.app.Registrations.Draft(in.Meeting); !ok || !sameJSON(draft, in) {
				t.Errorf("the draft is %+v", draft)
			}
			if err := b.round(); err != nil {
				t.Fatal(err)
			}
			if n := b.service.snapshot().performed[operation]; n != 0 {
				t.Errorf("done %d times", n)
			}
		})
	}
}

func TestTakeBack_onAFullDisk(t *testing.T) {
	b, in, operation := waitingBench(t)
	b.close(t)
	b.openWith(t, 1<<62)
	if err := b.app.Registrations.TakeBack(t.Context(), operation); !errors.Is(err, localdb.ErrDiskFull) {
		t.Errorf("taken back: %v", err)
	}
	if mine := b.mine(t, in.Meeting); mine.State != StateWaitingToSend {
		t.Errorf("it is %+v", mine)
	}
}

func TestSend_triesAtOnceButNotBeforeTheServiceAllowsIt(t *testing.T) {
	b, in, _ := waitingBench(t)
	b.service.locked(func() { b.service.faults = []fault{faultBusy, faultBusy, faultBusy, faultBusy} })
	err := b.app.Registrations.Send(t.Context())
	if Explain(err).RetryAfter == 0 {
		t.Fatalf("a busy service: %v", err)
	}
	b.service.locked(func() { b.service.faults = nil })
	asked := b.service.count("POST /v1/operations")
	if err := b.app.Registrations.Send(t.Context()); Explain(err).Kind != string(api.CodeBusy) || b.service.count("POST /v1/operations") != asked {
		t.Errorf("asked while it wants to be left alone: %v", err)
	}
	b.clocks.set(0, time.Minute)
	if err := b.app.Registrations.Send(t.Context()); err != nil {
		t.Fatal(err)
	}
	if mine := b.mine(t, in.Meeting); mine.State != api.Confirmed {
		t.Errorf("it is %+v", mine)
	}
}
