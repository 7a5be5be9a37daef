package app

import (
	"testing"

	"plenary/api"
)

// An answer to an offer is kept like everything else that one does, arrives once, and can
// be taken back before.
func TestAnswerOffer(t *testing.T) {
	for _, accept := range []bool{true, false} {
		b := newBench(t, t.TempDir())
		t.Cleanup(b.server.Close)
		t.Cleanup(func() { b.close(t) })
		b.service.locked(func() {
			b.service.state.registrations["R-1"] = api.Registration{Number: "R-1", Meeting: "C-1", State: api.Offered, Version: 1}
		})
		if err := b.round(); err != nil {
			t.Fatal(err)
		}
		answer := func(accept bool) Mine {
			t.Helper()
			if err := b.app.Registrations.AnswerOffer(t.Context(), "R-1", accept); err != nil {
				t.Fatal(err)
			}
			return b.mine(t, "C-1")
		}
		if mine := answer(!accept); mine.State != StateWaitingToSend || mine.Kind != api.OpAnswerOffer || mine.Accept == accept {
			t.Fatalf("kept: %+v", mine)
		}
		if err := b.app.Registrations.TakeBack(t.Context(), b.mine(t, "C-1").Operation); err != nil {
			t.Fatal(err)
		}
		if mine := b.mine(t, "C-1"); mine.State != api.Offered {
			t.Fatalf("taken back: %+v", mine)
		}
		answer(accept)
		answer(accept) // pressed twice
		if mine := answer(!accept); mine.Accept != accept {
			t.Errorf("the answer that waits was replaced: %+v", mine)
		}
		if err := b.round(); err != nil {
			t.Fatal(err)
		}
		want := map[bool]string{true: api.Confirmed, false: api.Withdrawn}[accept]
		if mine := b.mine(t, "C-1"); mine.State != want {
			t.Errorf("answered: %+v", mine)
		}
	}
}
