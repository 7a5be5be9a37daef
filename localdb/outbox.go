package localdb

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
)

// OpState is the state of an operation in the outbox.
type OpState string

const (
	// StateWaiting: the service has not answered for it yet.
	StateWaiting OpState = "waiting"
	// StateAttention: the service refused it, and nobody has dealt with that.
	StateAttention OpState = "attention"
)

// Operation is one entry of the outbox: something that was done here and has to
// reach the service, once.
type Operation struct {
	ID        string          `json:"id"`     // UUIDv7, stays the same for good
	Stream    string          `json:"stream"` // UUIDv7
	Number    uint64          `json:"number"` // in the stream, from 1, without gaps
	Kind      string          `json:"kind"`
	Payload   json.RawMessage `json:"payload,omitempty"`
	Made      time.Time       `json:"made"`             // by the device's clock
	Contact   time.Time       `json:"contact,omitzero"` // Options.Contact then
	State     OpState         `json:"state"`
	Code      string          `json:"code,omitempty"`      // why it was refused
	Reference string          `json:"reference,omitempty"` // of the refusal, in the service's log
}

// Reasons of a void.
const (
	VoidUnreadable = "unreadable" // the operation can be read nowhere
	VoidRevoked    = "revoked"    // see Revoke
)

// Void is a number of the stream whose operation can no longer be read, or was revoked. The
// service is told in the operation's place, so that it does not wait for it
// (security.md, "Streams").
type Void struct {
	ID     string    `json:"id"` // UUIDv7 of the void itself, stays the same
	Stream string    `json:"stream"`
	Number uint64    `json:"number"`
	Reason string    `json:"reason"`
	Made   time.Time `json:"made"` // when it was noticed or revoked, by the device's clock
}

// Enqueue adds an operation with payload, as JSON, to the outbox. When it
// returns, the operation is safe on the disk. Errors to test for: ErrDiskFull,
// ErrTooLarge, ErrStopped, ErrClosed.
func (s *Store) Enqueue(kind string, payload any) (Operation, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return Operation{}, fmt.Errorf("enqueue %s: %w", kind, err)
	}
	if len(data) > MaxRecord {
		return Operation{}, fmt.Errorf("enqueue %s: %w", kind, ErrTooLarge)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Operation{}, fmt.Errorf("enqueue %s: %w", kind, err)
	}
	op := Operation{
		ID: id.String(), Kind: kind, Made: s.o.Now().Round(0).UTC(), Contact: s.o.Contact().Round(0).UTC(), State: StateWaiting,
	}
	err = s.write(newWork, func() (record, error) {
		op.Stream, op.Number = s.state.stream, s.state.next
		return record{Kind: recordOperation, Operation: &op, data: data}, nil
	})
	if err != nil {
		return Operation{}, fmt.Errorf("enqueue %s: %w", kind, err)
	}
	op.Payload = slices.Clone(data)
	return op, nil
}

// Pending returns the operations that wait for the service, in their order.
func (s *Store) Pending() ([]Operation, error) { return s.operations(StateWaiting) }

// NeedAttention returns the operations that the service refused, in their
// order, until Dismiss.
func (s *Store) NeedAttention() ([]Operation, error) { return s.operations(StateAttention) }

func (s *Store) operations(state OpState) ([]Operation, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	return s.state.list(state), nil
}

// Counts returns how many operations wait for the service, and how many it refused.
func (s *Store) Counts() (waiting, attention int, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return 0, 0, ErrClosed
	}
	for _, op := range s.state.unsettled {
		if op.State == StateWaiting {
			waiting++
		} else {
			attention++
		}
	}
	return waiting, attention, nil
}

// Settle ends the operation: the service did it. Settling it again does
// nothing; ErrNotFound if it is unknown.
func (s *Store) Settle(id string) error {
	return s.change("settle", id, func(op *operation) bool { return op.settled.IsZero() },
		record{Kind: recordSettle, At: s.o.Now().UTC()})
}

// Refuse moves the operation to those that need attention. code is the
// service's, reference that of its log. Refusing it again for the same reason
// does nothing; ErrNotFound if it is unknown or settled.
func (s *Store) Refuse(id, code, reference string) error {
	return s.change("refuse", id, func(op *operation) bool {
		return op.State != StateAttention || op.Code != code || op.Reference != reference
	}, record{Kind: recordRefuse, Code: code, Reference: reference})
}

// Dismiss removes a refused operation: a person has dealt with it. Its number
// stays consumed. ErrNotFound if it is unknown or does not need attention.
func (s *Store) Dismiss(id string) error {
	return s.change("dismiss", id, func(*operation) bool { return true }, record{Kind: recordDismiss})
}

// Revoke takes back an operation that waits: it is gone, and its number is a void. If the
// service has it already, of which the answer was lost, it stays done there. Call it while
// nothing is being delivered, so that no result comes for what is not there any more.
// ErrNotFound if it is unknown, settled or refused.
func (s *Store) Revoke(id string) error {
	void, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("revoke an operation: %w", err)
	}
	err = s.write(settlement, func() (record, error) {
		op := s.state.unsettled[id]
		if op == nil || op.State != StateWaiting {
			return record{}, ErrNotFound
		}
		return record{Kind: recordRevoke, ID: op.ID, Stream: op.Stream, Number: op.Number, Void: &Void{
			ID: void.String(), Stream: op.Stream, Number: op.Number, Reason: VoidRevoked, Made: s.o.Now().Round(0).UTC(),
		}}, nil
	})
	if err != nil {
		return fmt.Errorf("revoke an operation: %w", err)
	}
	return nil
}

// Rewrite puts another payload in the place of an operation's, which is kept on under the
// same id: such as one without what is secret in it. What was there before is gone with the
// next compaction of the journal (Compact). ErrNotFound if the operation is unknown.
func (s *Store) Rewrite(id string, payload any) error {
	data, err := json.Marshal(payload)
	if err == nil && len(data) > MaxRecord {
		err = ErrTooLarge
	}
	if err != nil {
		return fmt.Errorf("rewrite an operation: %w", err)
	}
	return s.change("rewrite", id, func(op *operation) bool { return !bytes.Equal(op.Payload, data) },
		record{Kind: recordRewrite, data: data})
}

// change writes r for the operation id, if needed says so.
func (s *Store) change(what, id string, needed func(*operation) bool, r record) error {
	err := s.write(settlement, func() (record, error) {
		op := s.state.operations[id]
		switch {
		case op == nil,
			r.Kind == recordRefuse && !op.settled.IsZero(),
			r.Kind == recordDismiss && (op.State != StateAttention || !op.settled.IsZero()):
			return record{}, ErrNotFound
		case !needed(op):
			return record{}, errNothingToDo
		}
		r.ID, r.Stream, r.Number = op.ID, op.Stream, op.Number
		return r, nil
	})
	if err != nil {
		return fmt.Errorf("%s an operation: %w", what, err)
	}
	return nil
}

// Voids returns the numbers of the stream whose operations can no longer be read or were
// revoked, in order, until SettleVoid or Fork.
func (s *Store) Voids() ([]Void, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return nil, ErrClosed
	}
	return slices.Clone(s.state.voids), nil
}

// SettleVoid ends the void of that number in the current stream: the service
// knows it. Doing it again does nothing.
func (s *Store) SettleVoid(number uint64) error {
	err := s.write(settlement, func() (record, error) {
		if !slices.ContainsFunc(s.state.voids, func(v Void) bool { return v.Number == number }) {
			return record{}, errNothingToDo
		}
		return record{Kind: recordSettleVoid, Stream: s.state.stream, Number: number}, nil
	})
	if err != nil {
		return fmt.Errorf("settle a void: %w", err)
	}
	return nil
}

// Stream returns the id of the stream of operations, and the number of the last
// operation in it, 0 if there was none.
func (s *Store) Stream() (id string, last uint64, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return "", 0, ErrClosed
	}
	return s.state.stream, s.state.next - 1, nil
}

// Fork begins a new stream, after the service has answered `stream-forked`:
// this disk is a restored one. Operations that wait get new numbers and keep
// their ids, so that the service does nothing twice; those that need attention
// stay as they are.
func (s *Store) Fork() error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("fork the stream: %w", err)
	}
	err = s.write(settlement, func() (record, error) {
		return record{Kind: recordFork, Stream: id.String(), Order: s.state.waitingIDs()}, nil
	})
	if err != nil {
		return fmt.Errorf("fork the stream: %w", err)
	}
	return nil
}

// Rewind lets settled operations wait again whose number is above highWater,
// the last one that the service has of this stream: it was restored from a
// backup. Operations are kept for it for Options.KeepSettled. It returns how
// many those were.
func (s *Store) Rewind(highWater uint64) (int, error) {
	n := 0
	err := s.write(settlement, func() (record, error) {
		for _, op := range s.state.operations {
			if !op.settled.IsZero() && op.Stream == s.state.stream && op.Number > highWater {
				n++
			}
		}
		if n == 0 {
			return record{}, errNothingToDo
		}
		return record{Kind: recordRewind, Number: highWater}, nil
	})
	if err != nil {
		return 0, fmt.Errorf("rewind the stream: %w", err)
	}
	return n, nil
}
