package operation_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/caller"
	"plenary/service/store"
)

func TestOnce_carriesOutOnce(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := api.Operation{ID: uuid.NewString(), Kind: "call", Payload: []byte(`{"a": 1}`)}
		who := caller.Caller{AccountID: "a"}
		times := 0
		once := func(who caller.Caller, op api.Operation, refusal error) (bool, error) {
			subject, before, err := d.Once(t.Context(), who, op, "line", func(*store.Tx) (string, error) {
				if refusal == nil {
					times++
				}
				return "what it led to", refusal
			})
			if want := map[bool]string{true: "what it led to"}[err == nil]; subject != want {
				t.Errorf("it led to %q, want %q", subject, want)
			}
			return before, err
		}
		// What is refused leaves no trace.
		if before, err := once(who, op, api.Refuse(api.CodeForbidden)); before || !api.HasCode(err, api.CodeForbidden) {
			t.Fatalf("refused: %v, %v", before, err)
		}
		for n, want := range []bool{false, true, true} {
			if before, err := once(who, op, nil); err != nil || before != want || times != 1 {
				t.Fatalf("%d: %v, %v, done %d times", n, before, err, times)
			}
		}
		another := op
		another.Payload = []byte(`{"a": 2}`)
		_, err := once(who, another, nil)
		wantCode(t, err, api.CodeKeyReused)
		_, err = once(who, api.Operation{ID: "none", Kind: "call"}, nil)
		wantCode(t, err, api.CodeInvalid)
		_, err = once(caller.Caller{AccountID: "gone"}, op, nil)
		wantCode(t, err, api.CodeNotFound)
		if before, err := once(caller.Caller{AccountID: "b"}, op, nil); err != nil || before || times != 2 {
			t.Errorf("the same id of somebody else: %v, %v", before, err)
		}
	})
}

func TestOnce_parallel(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		op := api.Operation{ID: uuid.NewString(), Kind: "call", Payload: []byte(`{}`)}
		var first atomic.Int32
		done := make(chan error)
		for range 8 {
			go func() {
				_, before, err := d.Once(t.Context(), caller.Caller{AccountID: "a"}, op, "line", func(*store.Tx) (string, error) { return "", nil })
				if !before {
					first.Add(1)
				}
				done <- err
			}()
		}
		var all error
		for range 8 {
			all = errors.Join(all, <-done)
		}
		if all != nil || first.Load() != 1 {
			t.Errorf("carried out by %d, %v", first.Load(), all)
		}
	})
}
