package app

import (
	"errors"
	"slices"
	"testing"
	"time"

	"plenary/api"
	"plenary/localdb"
	"plenary/rules"
)

const changedMeeting = "C-00000011"

// registeredBench has one registration that is confirmed, and a change of it.
func registeredBench(t *testing.T) (*bench, api.Change) {
	t.Helper()
	b := newBench(t, t.TempDir())
	t.Cleanup(b.server.Close)
	t.Cleanup(func() { b.close(t) })
	in := api.Register{Meeting: changedMeeting, Participation: api.Remote, BadgeName: "Elena", Answers: api.Answers{"role": {"speaker"}}}
	if err := b.app.Registrations.Submit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	mine := b.mine(t, in.Meeting)
	change := api.Change{Registration: mine.Number, Register: rules.Registered(&mine.Registration)}
	change.JobTitle = "Chair"
	return b, change
}

func (b *bench) refusedChange(t *testing.T, in api.Change) Mine {
	t.Helper()
	if err := b.app.Registrations.Change(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	mine := b.mine(t, changedMeeting)
	if mine.State != StateNeedsAttention || mine.Kind != api.OpChange {
		t.Fatalf("it is %+v", mine)
	}
	return mine
}

// What is typed stays, over a restart too, beside the registration as it is.
func TestChange_draft(t *testing.T) {
	b, in := registeredBench(t)
	if err := errors.Join(b.app.Registrations.SaveChange(t.Context(), in), b.app.Registrations.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		mine := b.mine(t, changedMeeting)
		if mine.State != api.Confirmed || !mine.Changing || mine.JobTitle != "" {
			t.Errorf("it is %+v", mine)
		}
		if list := b.app.Registrations.List(); len(list) != 1 || !list[0].Changing {
			t.Errorf("the list is %+v", list)
		}
		if draft, ok := b.app.Registrations.ChangeDraft(in.Registration); !ok || !sameJSON(draft, in) {
			t.Errorf("the draft is %+v", draft)
		}
		if _, ok := b.app.Registrations.Draft(changedMeeting); ok {
			t.Error("it is a draft of another registration as well")
		}
		b.reopen(t)
	}
	if err := b.app.Registrations.DeleteChange(t.Context(), in.Registration); err != nil {
		t.Fatal(err)
	}
	b.reopen(t)
	if mine := b.mine(t, changedMeeting); mine.Changing {
		t.Errorf("deleted: %+v", mine)
	}
}

// Offline it waits, and what the registration is worth does not suffer from that.
func TestChange_waitsAndIsDelivered(t *testing.T) {
	b, in := registeredBench(t)
	if err := b.app.Registrations.SaveChange(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	for range 2 { // pressed twice
		if err := b.app.Registrations.Change(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		mine := b.mine(t, changedMeeting)
		if mine.State != StateWaitingToSend || mine.Kind != api.OpChange || mine.Standing() != api.Confirmed || mine.JobTitle != "" ||
			mine.Asked == nil || !sameJSON(*mine.Asked, in.Register) || mine.Changing {
			t.Errorf("it is %+v", mine)
		}
		if list := b.app.Registrations.List(); len(list) != 1 {
			t.Errorf("the list is %+v", list)
		}
		b.reopen(t)
	}
	other := in
	other.JobTitle = "Vice-Chair"
	if err := b.app.Registrations.Change(t.Context(), other); !api.HasCode(err, api.CodeWrongState) {
		t.Errorf("another one while it waits: %v", err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	mine := b.mine(t, changedMeeting)
	if mine.State != api.Confirmed || mine.JobTitle != "Chair" || mine.Changing || rules.ChangesOf(mine.History) != 1 {
		t.Errorf("it is %+v", mine)
	}
	if work, err := b.vault.localWork(); err != nil || work.Any() {
		t.Errorf("work is left: %+v, %v", work, err)
	}
}

// A refusal comes back with its reason, and what was typed as a draft.
func TestChange_refused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(b *bench, in *api.Change)
		want   api.Code
	}{
		"changed on another computer": {func(b *bench, in *api.Change) {
			b.service.locked(func() {
				one := b.service.state.registrations[in.Registration]
				one.BadgeName, one.History, one.Version = "E. G.", append(slices.Clone(one.History), api.Event{What: rules.WhatChanged}), one.Version+1
				b.service.state.registrations[in.Registration] = one
			})
		}, api.CodeOutdated},
		"after the deadline": {func(_ *bench, in *api.Change) { in.JobTitle = "too late" }, api.CodeTooLate},
		"withdrawn on another computer": {func(b *bench, in *api.Change) {
			b.service.locked(func() {
				one := b.service.state.registrations[in.Registration]
				one.State, one.Version = api.Withdrawn, one.Version+1
				b.service.state.registrations[in.Registration] = one
			})
		}, api.CodeWrongState},
	} {
		t.Run(name, func(t *testing.T) {
			b, in := registeredBench(t)
			c.change(b, &in)
			mine := b.refusedChange(t, in)
			if mine.Code != c.want {
				t.Errorf("it is %+v", mine)
			}
			if work, err := b.vault.localWork(); err != nil || work != (LocalWork{Refused: 1}) {
				t.Errorf("work that is here: %+v, %v", work, err)
			}
			b.reopen(t)
			if draft, ok := b.app.Registrations.ChangeDraft(in.Registration); !ok || !sameJSON(draft, in) {
				t.Errorf("the draft is %+v", draft)
			}
			if c.want == api.CodeWrongState {
				if err := b.app.Registrations.Dismiss(t.Context(), mine.Operation); err != nil {
					t.Fatal(err)
				}
				if draft, ok := b.app.Registrations.Draft(changedMeeting); !ok || draft.JobTitle != "Chair" {
					t.Errorf("to register anew there is %+v", draft)
				}
				if err := b.app.Registrations.DeleteDraft(t.Context(), changedMeeting); err != nil {
					t.Fatal(err)
				}
				if _, ok := b.app.Registrations.Draft(changedMeeting); ok {
					t.Error("a draft that was deleted is there")
				}
				return
			}
			if mine.Standing() != api.Confirmed {
				t.Errorf("it stands as %s", mine.Standing())
			}
			now, _ := b.app.Registrations.ChangeDraft(in.Registration)
			now.Changes, now.JobTitle = 1, "Chair"
			if c.want == api.CodeTooLate {
				now.Changes = 0
			}
			if err := b.app.Registrations.Change(t.Context(), now); err != nil {
				t.Fatal(err)
			}
			if err := b.round(); err != nil {
				t.Fatal(err)
			}
			if mine := b.mine(t, changedMeeting); mine.State != api.Confirmed || mine.JobTitle != "Chair" {
				t.Errorf("submitted anew it is %+v", mine)
			}
			if work, err := b.vault.localWork(); err != nil || work.Any() {
				t.Errorf("work is left: %+v, %v", work, err)
			}
		})
	}
}

func TestChange_takenBack(t *testing.T) {
	b, in := registeredBench(t)
	if err := b.app.Registrations.Change(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := b.app.Registrations.TakeBack(t.Context(), b.mine(t, changedMeeting).Operation); err != nil {
		t.Fatal(err)
	}
	b.reopen(t)
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if mine := b.mine(t, changedMeeting); mine.State != api.Confirmed || !mine.Changing || mine.JobTitle != "" {
		t.Errorf("it is %+v", mine)
	}
	if draft, ok := b.app.Registrations.ChangeDraft(in.Registration); !ok || !sameJSON(draft, in) {
		t.Errorf("the draft is %+v", draft)
	}
	if err := b.app.Registrations.Withdraw(t.Context(), in.Registration, "ill"); err != nil {
		t.Fatal(err)
	}
	if work, err := b.vault.localWork(); err != nil || work != (LocalWork{Waiting: 1}) {
		t.Errorf("who withdraws changes nothing: %+v, %v", work, err)
	}
}

// A kill between any two writes of the disk loses nothing, and doubles nothing.
func TestChange_killedInBetween(t *testing.T) {
	for name, kill := range map[string]func(store *localdb.Store, in api.Change) error{
		"before the draft is gone": func(store *localdb.Store, in api.Change) error {
			_, err := store.Enqueue(api.OpChange, in)
			return errors.Join(putDraft(store, ownDraft(&in), time.Now()), err)
		},
		"before a refused one is dismissed": func(store *localdb.Store, in api.Change) error {
			op, err := store.Enqueue(api.OpChange, in)
			if err == nil {
				err = store.Refuse(op.ID, string(api.CodeOutdated), "ref")
			}
			_, again := store.Enqueue(api.OpChange, in)
			return errors.Join(err, again, putDraft(store, ownDraft(&in), time.Now()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, in := registeredBench(t)
			if err := kill(b.vault.store, in); err != nil {
				t.Fatal(err)
			}
			b.reopen(t)
			if mine := b.mine(t, changedMeeting); mine.State != StateWaitingToSend || mine.Asked == nil {
				t.Errorf("it is %+v", mine)
			}
			if err := b.app.Registrations.Change(t.Context(), in); err != nil { // the person presses again
				t.Fatal(err)
			}
			if err := b.round(); err != nil {
				t.Fatal(err)
			}
			if one := b.service.snapshot().registrations[in.Registration]; one.JobTitle != "Chair" || rules.ChangesOf(one.History) != 1 {
				t.Errorf("the service has %+v", one)
			}
		})
	}
}

// What the service has done, although its answer was lost, is shown as done: another change
// and another registration follow it at once.
func TestChange_followsOneWhoseAnswerWasLost(t *testing.T) {
	b, in := registeredBench(t)
	lost := func(what error) {
		t.Helper()
		b.service.locked(func() { b.service.faults = []fault{faultLostAfter} })
		if what != nil || b.app.Sync.deliver(t.Context(), b.vault) == nil {
			t.Fatal(what)
		}
		if err := b.app.Registrations.refresh(t.Context(), b.vault); err != nil {
			t.Fatal(err)
		}
	}
	lost(b.app.Registrations.Change(t.Context(), in))
	mine := b.mine(t, changedMeeting)
	if mine.State != api.Confirmed || mine.JobTitle != in.JobTitle {
		t.Fatalf("it is %+v", mine)
	}
	in.JobTitle, in.Changes = "Rapporteur", rules.ChangesOf(mine.History)
	if err := b.app.Registrations.Change(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if mine = b.mine(t, changedMeeting); mine.JobTitle != in.JobTitle {
		t.Fatalf("it is %+v", mine)
	}
	if err := errors.Join(b.app.Registrations.Withdraw(t.Context(), in.Registration, ""), b.round()); err != nil {
		t.Fatal(err)
	}
	again := in.Register
	again.JobTitle = "Guest"
	lost(b.app.Registrations.Submit(t.Context(), again))
	if mine = b.mine(t, changedMeeting); mine.State != api.Confirmed || mine.JobTitle != again.JobTitle {
		t.Fatalf("it is %+v", mine)
	}
	lost(b.app.Registrations.Withdraw(t.Context(), mine.Number, ""))
	again.JobTitle = "Guest again"
	if err := b.app.Registrations.Submit(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if err := b.round(); err != nil {
		t.Fatal(err)
	}
	if mine = b.mine(t, changedMeeting); mine.State != api.Confirmed || mine.JobTitle != "Guest again" || b.app.Sync.Status().Waiting != 0 {
		t.Errorf("it is %+v", mine)
	}
	for id, n := range b.service.snapshot().performed {
		if n != 1 {
			t.Errorf("operation %s was done %d times", id, n)
		}
	}
}
