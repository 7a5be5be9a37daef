package app

import (
	"testing"

	"plenary/api"
)

// What the service answers to a decision is a registration of somebody else.
func TestResults_ofOthersRegistrationsDoNotEnterOnesOwnList(t *testing.T) {
	tests := map[string]struct {
		kind    string
		payload any
	}{
		"a decision":                            {api.OpDecide, api.Decide{Registration: "R-other", Approve: true}},
		"a withdrawal of what is not one's own": {api.OpWithdraw, api.Withdraw{Registration: "R-other"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, t.TempDir())
			t.Cleanup(b.server.Close)
			t.Cleanup(func() { b.close(t) })
			b.service.locked(func() {
				b.service.state.registrations["R-other"] = api.Registration{Number: "R-other", Meeting: "C-1", State: api.Confirmed}
			})
			if _, err := b.vault.store.Enqueue(tt.kind, tt.payload); err != nil {
				t.Fatal(err)
			}
			if err := b.app.Sync.deliver(t.Context(), b.vault); err != nil {
				t.Fatal(err)
			}
			waiting, attention, err := b.vault.store.Counts()
			if err != nil || waiting+attention != 0 {
				t.Fatalf("%d wait, %d were refused: %v", waiting, attention, err)
			}
			if own := b.app.Registrations.List(); len(own) != 0 {
				t.Errorf("among one's own: %+v", own)
			}
			stored := map[string]api.Registration{}
			if loadRows(b.vault.store, registrationsSet, stored); len(stored) != 0 {
				t.Errorf("kept as one's own: %+v", stored)
			}
		})
	}
}

func TestResults_ofOnesOwnRegistrationsAreThereAtOnce(t *testing.T) {
	b := newBench(t, t.TempDir())
	defer b.server.Close()
	defer b.close(t)
	if err := b.app.Registrations.Submit(t.Context(), api.Register{Meeting: "C-1"}); err != nil {
		t.Fatal(err)
	}
	if err := b.app.Sync.deliver(t.Context(), b.vault); err != nil {
		t.Fatal(err)
	}
	mine, ok := b.app.Registrations.Get("C-1")
	if !ok || mine.State != api.Confirmed {
		t.Fatalf("registered: %+v", mine)
	}
	if err := b.app.Registrations.Withdraw(t.Context(), mine.Number, ""); err != nil {
		t.Fatal(err)
	}
	if err := b.app.Sync.deliver(t.Context(), b.vault); err != nil {
		t.Fatal(err)
	}
	if mine, _ := b.app.Registrations.Get("C-1"); mine.State != api.Withdrawn {
		t.Errorf("withdrawn: %+v", mine)
	}
}
