package operation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/operation"
	"plenary/service/secret"
	"plenary/service/store"
	"plenary/service/store/storetest"
)

var start = time.Date(2026, 5, 10, 8, 0, 0, 0, time.UTC)

// noteKind adds a row under the operation's id, which goes once only; its payload
// says what goes wrong.
const noteKind = "note"

type note struct {
	Text    string   `json:"text"`
	Refused api.Code `json:"refused,omitempty"` // by the step
	Early   api.Code `json:"early,omitempty"`   // when it is prepared
}

var errTrouble = errors.New("disk on fire")

// desk is operations on a database, with people a and b, and a clock.
type desk struct {
	*operation.Operations
	t  *testing.T
	db *store.DB

	mu       sync.Mutex
	now      time.Time
	trouble  error           // of the step
	changed  int             // how often the step finds that all has changed
	again    []bool          // Asked.Again of all that were prepared
	roles    []string        // Asked.Roles of the last one
	step     func()          // called in the step, if set
	stepping func(*store.Tx) // likewise, with its transaction
}

func newDesk(t *testing.T, db *store.DB) *desk {
	t.Helper()
	storetest.Owners(t, db, "a", "b")
	d := &desk{t: t, db: db, now: start}
	d.Operations = operation.New(operation.Deps{DB: db, Key: secret.Generate(), Now: d.clock}, map[string]operation.Kind{
		noteKind: {Prepare: d.prepare, Show: d.show},
		"staff":  {Prepare: d.prepare, Show: d.show, Role: api.RoleMeetingManager},
	}, map[string]operation.Kind{
		"passport": {Secret: []string{"/text"}, Prepare: d.prepare, Show: d.show},
	})
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

func (d *desk) prepare(_ context.Context, a operation.Asked) (p operation.Prepared, err error) {
	var asked note
	if err := operation.Decode(a.Payload, &asked); err != nil {
		return p, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.again, d.roles = append(d.again, a.Again), a.Roles
	if asked.Early != "" {
		return p, &api.Problem{Code: asked.Early}
	}
	p.Line = "notes"
	p.Do = func(tx *store.Tx, r *api.Result) (operation.Done, error) {
		d.mu.Lock()
		trouble, step, stepping := d.trouble, d.step, d.stepping
		d.mu.Unlock()
		if step != nil {
			step()
		}
		if asked.Refused != "" {
			return operation.Done{}, fmt.Errorf("note: %w", &api.Problem{Code: asked.Refused})
		}
		tx.WriteSetting("note "+a.Actor+a.ID, asked.Text)
		if stepping != nil {
			stepping(tx)
		}
		if trouble != nil {
			return operation.Done{}, trouble
		}
		r.Registration = &api.Registration{Number: a.Actor + a.ID}
		done := operation.Done{Subject: a.Actor + a.ID}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.changed > 0 {
			d.changed--
			done.Last = []*store.Statement{
				store.Change(nil, `UPDATE settings SET value = NULL WHERE name = $1`, "note "+a.Actor+a.ID).Or(operation.ErrChanged),
			}
		}
		return done, nil
	}
	return p, nil
}

func (d *desk) show(_ *store.Tx, subject string, r *api.Result) error {
	r.Registration = &api.Registration{Number: subject}
	return nil
}

func (d *desk) op(number uint64, n note) api.Operation {
	d.t.Helper()
	payload, err := json.Marshal(n)
	if err != nil {
		d.t.Fatal(err)
	}
	return api.Operation{ID: uuid.Must(uuid.NewV7()).String(), Number: number, Kind: noteKind, Payload: payload}
}

func (d *desk) deliver(who, stream string, ops ...api.Operation) (api.Delivered, error) {
	d.t.Helper()
	return d.Deliver(d.t.Context(), caller.Caller{AccountID: who, Reference: "REF"}, api.Deliver{Stream: stream, Operations: ops})
}

// one delivers an operation as the first of a new stream, and gives its result.
func (d *desk) one(who string, op api.Operation) (api.Result, error) {
	d.t.Helper()
	op.Number = 1
	delivered, err := d.deliver(who, uuid.NewString(), op)
	if err != nil {
		return api.Result{}, err
	}
	return delivered.Results[0], nil
}

func (d *desk) count(query string, args ...any) (n int) {
	d.t.Helper()
	if err := d.db.View(d.t.Context(), func(tx *store.Tx) error {
		tx.Get(query, args...).Into(&n)
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) notes() int {
	return d.count(`SELECT COUNT(*) FROM settings WHERE name LIKE 'note %'`)
}

func wantCode(t *testing.T, err error, code api.Code) {
	t.Helper()
	if !api.HasCode(err, code) {
		t.Errorf("error %v, want %s", err, code)
	}
}

func each(t *testing.T, test func(t *testing.T, d *desk)) {
	storetest.Each(t, func(t *testing.T, db *store.DB) { test(t, newDesk(t, db)) })
}

func TestDeliver_givesOneOutcome(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := d.op(1, note{Text: "x"})
		want := api.Result{ID: op.ID, Outcome: api.Done, Registration: &api.Registration{Number: "a" + op.ID}}
		for range 3 { // in whatever stream
			if r, err := d.one("a", op); err != nil || !reflect.DeepEqual(r, want) {
				t.Errorf("got %+v, %v", r, err)
			}
		}
		if n := d.notes(); n != 1 {
			t.Errorf("done %d times", n)
		}
		other := op
		other.Payload = json.RawMessage(`{"text":"y"}`)
		if r, err := d.one("a", other); err != nil || r.Code != api.CodeKeyReused || r.Registration != nil {
			t.Errorf("with other content: %+v, %v", r, err)
		}
		spaced := op
		spaced.Payload = json.RawMessage(` {"text" : "x"} `)
		if r, err := d.one("a", spaced); err != nil || r.Outcome != api.Done {
			t.Errorf("with space: %+v, %v", r, err)
		}
		if r, err := d.one("b", op); err != nil || r.Outcome != api.Done || d.notes() != 2 {
			t.Errorf("somebody else's of the same id: %+v, %v", r, err)
		}
	})
}

func TestDeliver_onceAmong50(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := d.op(1, note{Text: "x"})
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if r, err := d.one("a", op); err != nil || r.Outcome != api.Done {
					t.Errorf("got %+v, %v", r, err)
				}
			})
		}
		wg.Wait()
		if n := d.notes(); n != 1 {
			t.Errorf("done %d times", n)
		}
	})
}

func TestDeliver_keepsRefusalsButNotTrouble(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for name, n := range map[string]note{
			"by the step": {Text: "x", Refused: api.CodeWrongState}, "prepared": {Text: "x", Early: api.CodeWrongState},
		} {
			op := d.op(1, n)
			want := api.Result{ID: op.ID, Outcome: api.RefusedResult, Code: api.CodeWrongState, Reference: "REF"}
			for range 2 {
				if r, err := d.one("a", op); err != nil || !reflect.DeepEqual(r, want) {
					t.Errorf("%s: %+v, %v", name, r, err)
				}
			}
		}
		op := d.op(1, note{Text: "x"})
		d.trouble = errTrouble
		if _, err := d.one("a", op); !errors.Is(err, errTrouble) || d.notes() != 0 {
			t.Errorf("trouble: %v, done %d times", err, d.notes())
		}
		d.trouble = nil
		if r, err := d.one("a", op); err != nil || r.Outcome != api.Done || d.notes() != 1 {
			t.Errorf("then: %+v, %v", r, err)
		}
	})
}

// A fault of the database takes all back, or nothing: who sends again gets one outcome.
func TestDeliver_onceWithFaults(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for _, fault := range []storetest.Fault{storetest.FaultSerialization, storetest.FaultRollback, storetest.FaultLostAnswer} {
			before := d.notes()
			op, stream := d.op(1, note{Text: "x"}), uuid.NewString()
			stop := storetest.InjectFaults(d.db, storetest.FaultsOf(fault))
			_, first := d.deliver("a", stream, op)
			stop()
			got, err := d.deliver("a", stream, op)
			if err != nil || got.Results[0].Outcome != api.Done || got.HighWater != 1 || d.notes() != before+1 {
				t.Errorf("fault %d (%v): %+v, %v; done %d times", fault, first, got, err, d.notes()-before)
			}
		}
	})
}

func TestDeliver_needsTheRoleOfTheKind(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := d.op(1, note{Text: "x"})
		op.Kind = "staff"
		for role, want := range map[string]api.Code{api.RoleParticipant: api.CodeForbidden, api.RoleMeetingManager: ""} {
			op.ID = uuid.NewString()
			got, err := d.Deliver(t.Context(), caller.Caller{AccountID: "a", Roles: []string{role}},
				api.Deliver{Stream: uuid.NewString(), Operations: []api.Operation{op}})
			if err != nil || got.Results[0].Code != want {
				t.Errorf("%s: %+v, %v", role, got, err)
			}
			if want == "" && !reflect.DeepEqual(d.roles, []string{role}) {
				t.Errorf("prepared for the roles %v", d.roles)
			}
		}
		op.Kind = "dance"
		if r, err := d.one("a", op); err != nil || r.Code != api.CodeKeyReused {
			t.Errorf("another kind under the same id: %+v, %v", r, err)
		}
		op.ID = uuid.NewString()
		if r, err := d.one("a", op); err != nil || r.Code != api.CodeUnknownOperation {
			t.Errorf("unknown: %+v, %v", r, err)
		}
	})
}

// The same id with another secret is the same operation; with anything else that is
// another, it is not.
func TestDeliver_secretFieldsAreNotInTheFingerprint(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := api.Operation{ID: uuid.NewString(), Kind: "passport", Payload: json.RawMessage(`{"text":"X123","early":""}`)}
		for _, c := range []struct {
			name, payload string
			want          api.Code
		}{
			{"the first time", `{"text":"X123","early":""}`, ""},
			{"another secret", `{"text":"Y987","early":""}`, ""},
			{"in other letters' case", `{"TEXT":"Y987", "early":""}`, ""},
			{"without it", `{"early":""}`, ""},
			{"something else", `{"text":"X123","early":"forbidden"}`, api.CodeKeyReused},
			{"nothing that can be read", `"X123"`, api.CodeKeyReused},
		} {
			op.Payload = json.RawMessage(c.payload)
			if r, err := d.one("a", op); err != nil || r.Code != c.want {
				t.Errorf("%s: %+v, %v", c.name, r, err)
			}
		}
		if n := d.notes(); n != 1 {
			t.Errorf("done %d times", n)
		}
	})
}

func TestNew_refusesAKindTwice(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two kinds have one name")
		}
	}()
	kinds := map[string]operation.Kind{"a": {}}
	operation.New(operation.Deps{}, kinds, map[string]operation.Kind{"b": {}}, kinds)
}

// What an operation was prepared for may have changed: it is prepared once more, and
// nothing of the first time stays.
func TestDeliver_preparesAgainWhatHasChanged(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		d.changed = 1
		if r, err := d.one("a", d.op(1, note{Text: "x"})); err != nil || r.Outcome != api.Done {
			t.Errorf("got %+v, %v", r, err)
		}
		if !reflect.DeepEqual(d.again, []bool{false, true}) || d.notes() != 1 {
			t.Errorf("prepared %v, done %d times", d.again, d.notes())
		}
	})
}

// An operation whose row somebody else is changing waits for its turn: it is not
// begun anew each time, as it would be under serializable isolation.
func TestDeliver_atOnceWithOthersOnTheSameRowRunsOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		write := func(tx *store.Tx) { tx.Do(`UPDATE owners SET turn = turn + 1 WHERE id = 'b'`) }
		ran := 0
		d.step = func() { ran++ }
		d.stepping = write
		op := d.op(1, note{Text: "x"})
		storetest.Pair(t, d.db, 1, func(ctx context.Context) {
			// READ COMMITTED: one statement.
			if err := d.db.UpdateCommitted(ctx, func(tx *store.Tx) error { write(tx); return nil }); err != nil {
				t.Error(err)
			}
		}, func(ctx context.Context) {
			if _, err := d.Deliver(ctx, caller.Caller{AccountID: "a"}, api.Deliver{Stream: uuid.NewString(), Operations: []api.Operation{op}}); err != nil {
				t.Error(err)
			}
		})
		if ran != 1 {
			t.Errorf("it was run %d times", ran)
		}
	})
}
