package operation_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/operation"
	"plenary/service/store"
)

func void(number uint64) api.Operation {
	return api.Operation{ID: uuid.NewString(), Number: number, Kind: api.OpVoid}
}

func TestDeliver_numbersWithoutGaps(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		stream := uuid.NewString()
		one, two, three := void(1), d.op(2, note{Text: "two"}), d.op(3, note{Text: "three"})
		_, err := d.deliver("a", stream, two)
		wantCode(t, err, api.CodeNumberGap)
		got, err := d.deliver("a", stream, one, three)
		if err != nil || len(got.Results) != 1 || got.HighWater != 1 {
			t.Fatalf("a gap in the middle ends the delivery before it: %+v, %v", got, err)
		}
		for range 2 {
			got, err = d.deliver("a", stream, one, two, three)
			if err != nil || len(got.Results) != 3 || got.HighWater != 3 || d.notes() != 2 {
				t.Fatalf("deliver: %+v, %v", got, err)
			}
		}
		if got, err = d.deliver("a", stream); err != nil || len(got.Results) != 0 || got.HighWater != 3 {
			t.Errorf("an empty delivery: %+v, %v", got, err)
		}
		fork := d.op(3, note{Text: "another"})
		_, err = d.deliver("a", stream, fork)
		wantCode(t, err, api.CodeStreamForked)
		// Taken back, after the answer was lost.
		if got, err = d.deliver("a", stream, void(3)); err != nil || len(got.Results) != 1 || got.HighWater != 3 || d.notes() != 2 {
			t.Errorf("a void of a number that was carried out: %+v, %v", got, err)
		}
		if got, err := d.deliver("b", stream, d.op(1, note{Text: "b"})); err != nil || got.HighWater != 1 {
			t.Errorf("a stream of the same id is somebody else's: %+v, %v", got, err)
		}
	})
}

func TestDeliver_refusesWhatIsNoDelivery(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		good := void(1)
		for name, delivery := range map[string]api.Deliver{
			"stream":   {Stream: "nothing", Operations: []api.Operation{good}},
			"id":       {Stream: uuid.NewString(), Operations: []api.Operation{{ID: "{" + good.ID + "}", Number: 1}}},
			"number":   {Stream: uuid.NewString(), Operations: []api.Operation{{ID: good.ID, Number: 0}}},
			"too many": {Stream: uuid.NewString(), Operations: make([]api.Operation, operation.MaxInDelivery+1)},
		} {
			_, err := d.Deliver(t.Context(), caller.Caller{AccountID: "a"}, delivery)
			if !api.HasCode(err, api.CodeInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		_, err := d.deliver("gone", uuid.NewString(), good)
		wantCode(t, err, api.CodeNotFound)
	})
}

// Voids leave no record, and streams that are opened one after the other do not
// gather: an account has as many rows as it has machines and did something.
func TestDeliver_nothingGrowsWithVoidsAndNewStreams(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		used := uuid.NewString()
		if _, err := d.deliver("a", used, void(1)); err != nil {
			t.Fatal(err)
		}
		for range 120 {
			d.pass(time.Second)
			if _, err := d.deliver("a", uuid.NewString(), void(1), void(2)); err != nil {
				t.Fatal(err)
			}
		}
		if n := d.count(`SELECT COUNT(*) FROM operations`); n != 0 {
			t.Errorf("%d records of nothing", n)
		}
		if n := d.count(`SELECT COUNT(*) FROM streams`); n != 100 {
			t.Errorf("%d streams", n)
		}
		_, err := d.deliver("a", used, void(2))
		wantCode(t, err, api.CodeNumberGap) // as after a restored backup: the machine opens a new one
	})
}

// An account has so many new operations in an hour; those of before are told their
// outcome in any case.
func TestDeliver_newOperationsHaveABudget(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		if err := d.db.Update(t.Context(), func(tx *store.Tx) error {
			for range 999 {
				tx.Do(`INSERT INTO operations (account_id, id, kind, fingerprint, outcome, code, reference, errors, subject, made_at, done_at)
					VALUES ('a', $1, 'note', $2, 'done', '', '', '[]', '', 0, $3)`, uuid.NewString(), []byte{1}, store.Micros(start))
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		stream := uuid.NewString()
		last, over := d.op(1, note{Text: "last"}), d.op(2, note{Text: "over"})
		got, err := d.deliver("a", stream, last, over)
		if err != nil || len(got.Results) != 1 || got.HighWater != 1 {
			t.Fatalf("got %+v, %v", got, err)
		}
		_, err = d.deliver("a", stream, over)
		wantCode(t, err, api.CodeTooMany)
		if got, err := d.deliver("a", stream, last); err != nil || got.Results[0].Outcome != api.Done {
			t.Errorf("the last one again: %+v, %v", got, err)
		}
		if r, err := d.one("b", d.op(1, note{})); err != nil || r.Outcome != api.Done {
			t.Errorf("somebody else: %+v, %v", r, err)
		}
		d.pass(time.Hour + time.Second)
		if got, err := d.deliver("a", stream, over); err != nil || got.HighWater != 2 {
			t.Errorf("an hour later: %+v, %v", got, err)
		}
	})
}

func TestHousekeep_forgetsWhatIsOlderThanAnyMachineKeeps(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		old, stream := d.op(1, note{Text: "x"}), uuid.NewString()
		if _, err := d.deliver("a", stream, old); err != nil {
			t.Fatal(err)
		}
		d.pass(operation.Keep - time.Hour)
		young := d.op(1, note{Text: "y"})
		if _, err := d.one("a", young); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := d.Housekeep(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n, m := d.count(`SELECT COUNT(*) FROM operations`), d.count(`SELECT COUNT(*) FROM streams`); n > 2 || m > 2 {
				t.Errorf("%d operations, %d streams", n, m)
			}
			d.pass(2 * time.Hour)
		}
		if n, m := d.count(`SELECT COUNT(*) FROM operations`), d.count(`SELECT COUNT(*) FROM streams`); n != 1 || m != 1 {
			t.Errorf("%d operations, %d streams stay", n, m)
		}
		if r, err := d.one("a", young); err != nil || r.Outcome != api.Done || d.notes() != 2 {
			t.Errorf("the younger one: %+v, %v", r, err)
		}
	})
}

// When the person did it is kept by the service's clock, as far as the device's is
// known.
func TestDeliver_putsTheDevicesClockRight(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := d.op(1, note{Text: "x"})
		fast := 3 * time.Hour
		op.Made = start.Add(fast).Add(-time.Minute)
		if _, err := d.Deliver(t.Context(), caller.Caller{AccountID: "a"}, api.Deliver{
			Stream: uuid.NewString(), Sent: start.Add(fast), Operations: []api.Operation{op},
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.db.View(t.Context(), func(tx *store.Tx) error {
			all := operation.Of(tx, "a")
			if len(all) != 1 || !all[0].Made.Equal(start.Add(-time.Minute)) || !all[0].Done.Equal(start) || all[0].Subject != "a"+op.ID {
				t.Errorf("got %+v", all)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}
