package registrations_test

import (
	"encoding/json"
	"reflect"
	"sync"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

func TestDeliver_sameOperationSameOutcome(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(func(d *api.MeetingDetails) { d.Capacity = 0 })
		ana := w.person("Ana", "en")
		op := w.operation(ana, api.OpRegister, ask(api.OnSite))
		var (
			wg      sync.WaitGroup
			mu      sync.Mutex
			results []api.Result
		)
		for range 10 {
			wg.Go(func() {
				d, err := w.deliver(ana, op)
				mu.Lock()
				defer mu.Unlock()
				if err != nil || d.HighWater != 1 {
					t.Errorf("deliver: %+v, %v", d, err)
					return
				}
				results = append(results, d.Results...)
			})
		}
		wg.Wait()
		for _, r := range results {
			if !reflect.DeepEqual(r, results[0]) {
				t.Errorf("outcomes differ: %+v, %+v", r, results[0])
			}
		}
		if w.taken() != 1 || len(w.mails()) != 1 {
			t.Errorf("registered %d times, %d e-mails", w.taken(), len(w.mails()))
		}
	})
}

func TestDeliver_refusalStandsToo(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	ana := w.person("Ana", "en")
	op := w.operation(ana, api.OpRegister, ask(api.OnSite))
	first, err := w.deliver(ana, op)
	if err != nil || first.Results[0].Code != api.CodeNotFound {
		t.Fatalf("deliver: %+v, %v", first, err)
	}
	w.meeting(nil) // now there is such a meeting, but the answer has been given
	if again, err := w.deliver(ana, op); err != nil || !reflect.DeepEqual(again, first) {
		t.Errorf("again: %+v, %v", again, err)
	}
}

func TestDeliver_sameIDWithOtherContent(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana := w.person("Ana", "en")
	op := w.operation(ana, api.OpRegister, ask(api.OnSite))
	if _, err := w.deliver(ana, op); err != nil {
		t.Fatal(err)
	}
	op.Payload = json.RawMessage(`{"meeting":"C-00016512","participation":"remote","badge_name":"Somebody"}`)
	d, err := w.deliver(ana, op)
	if err != nil || d.Results[0].Code != api.CodeKeyReused {
		t.Errorf("deliver: %+v, %v", d, err)
	}
}

func TestDeliver_numbersOfTheStream(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := newWorld(t, db)
		w.meeting(nil)
		ana := w.person("Ana", "en")
		one, two, three := w.operation(ana, api.OpVoid, nil), w.operation(ana, api.OpRegister, ask(api.OnSite)), w.operation(ana, "dance", nil)

		_, err := w.deliver(ana, two)
		wantCode(t, err, api.CodeNumberGap)

		d, err := w.deliver(ana, one, three)
		if err != nil || len(d.Results) != 1 || d.HighWater != 1 {
			t.Fatalf("a gap in the middle ends the delivery before it: %+v, %v", d, err)
		}
		d, err = w.deliver(ana, one, two, three)
		if err != nil || len(d.Results) != 3 || d.HighWater != 3 {
			t.Fatalf("deliver: %+v, %v", d, err)
		}
		for i, want := range []string{api.Done, api.Done, api.RefusedResult} {
			if d.Results[i].Outcome != want {
				t.Errorf("operation %d: %+v", i+1, d.Results[i])
			}
		}
		if d.Results[2].Code != api.CodeUnknownOperation {
			t.Errorf("unknown kind: %+v", d.Results[2])
		}

		fork := three
		fork.ID = uuid.Must(uuid.NewV7()).String()
		_, err = w.deliver(ana, fork)
		wantCode(t, err, api.CodeStreamForked)

		// The machine opens a new stream, and sends what it is unsure of under its old ids.
		w.stream[ana] = &stream{id: uuid.NewString(), next: 1}
		again := two
		again.Number = 1
		d, err = w.deliver(ana, again)
		if err != nil || d.Results[0].Outcome != api.Done || d.HighWater != 1 {
			t.Fatalf("in a new stream: %+v, %v", d, err)
		}
		if w.taken() != 1 {
			t.Errorf("registered %d times", w.taken())
		}
	})
}

func TestDeliver_streamsBelongToAccounts(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana, bob := w.person("Ana", "en"), w.person("Bob", "en")
	op := w.operation(ana, api.OpRegister, ask(api.OnSite))
	if _, err := w.deliver(ana, op); err != nil {
		t.Fatal(err)
	}
	w.stream[bob].id = w.stream[ana].id
	d, err := w.deliver(bob, op)
	if err != nil || d.Results[0].Registration == nil || w.taken() != 2 {
		t.Errorf("somebody else's operation of the same id is not one's own: %+v, %v", d, err)
	}
}

func TestDeliver_payloadThatCannotBeRead(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana := w.person("Ana", "en")
	op := w.operation(ana, api.OpRegister, map[string]any{"meeting": 5})
	d, err := w.deliver(ana, op)
	if err != nil || d.Results[0].Code != api.CodeInvalid || d.Results[0].Errors[0].Pointer != "/meeting" {
		t.Errorf("deliver: %+v, %v", d, err)
	}
	op = w.operation(ana, api.OpRegister, nil)
	op.Payload = nil
	d, err = w.deliver(ana, op)
	if err != nil || d.Results[0].Code != api.CodeInvalid {
		t.Errorf("deliver: %+v, %v", d, err)
	}
}

// What a payload must not say is refused, and not left out quietly.
func TestDeliver_refusesSmuggledFields(t *testing.T) {
	w := newWorld(t, storetest.SQLite(t))
	w.meeting(nil)
	ana := w.person("Ana", "en")
	for _, more := range []string{`"state":"confirmed"`, `"number":"R-0000-0000"`, `"account_id":"x"`, `"Badge_Name":"B"`} {
		op := w.operation(ana, api.OpRegister, ask(api.OnSite))
		op.Payload = append(append(op.Payload[:len(op.Payload)-1:len(op.Payload)-1], ','), more+"}"...)
		d, err := w.deliver(ana, op)
		if err != nil || d.Results[0].Outcome != api.RefusedResult || d.Results[0].Code != api.CodeInvalid {
			t.Errorf("%s: %+v, %v", more, d.Results, err)
		}
	}
	if w.taken() != 0 {
		t.Errorf("registered %d times", w.taken())
	}
}
