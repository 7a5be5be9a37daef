package localdb

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// state is what the journal's records amount to: the outbox and the drafts. It
// is kept in memory as a whole.
type state struct {
	stream     string
	next       uint64 // number of the stream's next operation
	operations map[string]*operation
	unsettled  map[string]*operation // those of operations that are not settled
	drafts     map[string][]byte
	voids      []Void
	expected   map[uint64]bool // numbers promised by a checkpoint, not read yet
}

type operation struct {
	Operation
	settled time.Time // zero until then
}

func (o *operation) settledBefore(t time.Time) bool {
	return !o.settled.IsZero() && o.settled.Before(t)
}

func newState(stream string) *state {
	return &state{
		stream:     stream,
		next:       1,
		operations: map[string]*operation{},
		unsettled:  map[string]*operation{},
		drafts:     map[string][]byte{},
		expected:   map[uint64]bool{},
	}
}

// apply does what r says. Records come in the journal's order, but some may be
// missing.
func (s *state) apply(r record) {
	switch r.Kind {
	case recordCheckpoint:
		*s = *newState(r.Checkpoint.Stream)
		s.next = max(r.Checkpoint.Next, 1)
		s.voids = slices.Clone(r.Checkpoint.Voids)
		for _, number := range r.Checkpoint.Waiting {
			s.expected[number] = true
		}
	case recordOperation:
		s.addOperation(r)
	case recordSettle:
		s.end(r, func(op *operation) {
			op.settled = r.At
			op.State, op.Code, op.Reference = StateWaiting, "", ""
			delete(s.unsettled, op.ID)
		})
	case recordRefuse:
		s.end(r, func(op *operation) {
			op.State, op.Code, op.Reference = StateAttention, r.Code, r.Reference
		})
	case recordDismiss:
		s.end(r, nil)
	case recordRewrite:
		if op := s.operations[r.ID]; op != nil {
			op.Payload = r.data
		}
	case recordRevoke:
		s.revoke(r)
	case recordRewind:
		for _, op := range s.operations {
			if !op.settled.IsZero() && op.Stream == s.stream && op.Number > r.Number {
				op.settled = time.Time{}
				s.unsettled[op.ID] = op
			}
		}
	case recordFork:
		s.fork(r.Stream, r.Order)
	case recordSettleVoid:
		s.settleVoid(r)
	case recordDraft:
		s.drafts[r.Name] = r.data
	case recordUndraft:
		delete(s.drafts, r.Name)
	}
}

func (s *state) addOperation(r record) {
	op := &operation{Operation: *r.Operation, settled: r.At}
	op.Payload = r.data
	if op.Stream == s.stream {
		delete(s.expected, op.Number)
		s.voidUpTo(op.Number)
		s.next = max(s.next, op.Number+1)
	}
	s.operations[op.ID] = op
	delete(s.unsettled, op.ID) // an earlier copy, where the record that settled it was lost
	if op.settled.IsZero() {
		s.unsettled[op.ID] = op
	}
}

// voidUpTo notes the numbers from the next one up to n, without n, as void:
// each was given to an operation whose record is missing.
func (s *state) voidUpTo(n uint64) {
	for ; s.next < n; s.next++ {
		s.void(s.next)
	}
}

// void notes one number. The void's id is new: it stays once a checkpoint has
// it, and nothing is delivered before that.
func (s *state) void(number uint64) {
	s.voids = append(s.voids, Void{
		ID: uuid.Must(uuid.NewV7()).String(), Stream: s.stream, Number: number, Reason: VoidUnreadable, // Made is set by recover
	})
}

// end applies what ended the operation r.ID, or removes the operation where
// change is nil. If its own record is missing, its number is not void: the
// service or a person has dealt with it.
func (s *state) end(r record, change func(*operation)) {
	op := s.operations[r.ID]
	switch {
	case op != nil && change != nil:
		change(op)
	case op != nil:
		delete(s.operations, r.ID)
		delete(s.unsettled, r.ID)
	case r.Stream == s.stream && r.Number >= s.next:
		s.voidUpTo(r.Number)
		s.next = r.Number + 1
	case r.Stream == s.stream:
		delete(s.expected, r.Number)
		s.settleVoid(r)
	}
}

// revoke puts a void in the place of an operation. An operation of another stream has no
// number in this one.
func (s *state) revoke(r record) {
	s.end(r, nil)
	if r.Stream == s.stream {
		s.voids = append(s.voids, *r.Void)
		s.sortVoids()
	}
}

func (s *state) sortVoids() {
	slices.SortFunc(s.voids, func(a, b Void) int { return cmp.Compare(a.Number, b.Number) })
}

func (s *state) settleVoid(r record) {
	s.voids = slices.DeleteFunc(s.voids, func(v Void) bool {
		return v.Stream == r.Stream && v.Number == r.Number
	})
}

// fork begins a new stream, in which the operations of order are numbered anew.
// The old stream's voids end with it.
func (s *state) fork(stream string, order []string) {
	s.stream, s.next, s.voids = stream, 1, nil
	clear(s.expected)
	for _, id := range order {
		if op := s.operations[id]; op != nil {
			op.Stream, op.Number = stream, s.next
		} else {
			s.expected[s.next] = true
		}
		s.next++
	}
}

// finish ends the reading: what a checkpoint promised and nothing brought is
// void.
func (s *state) finish() {
	for number := range s.expected {
		s.void(number)
	}
	clear(s.expected)
	s.sortVoids()
}

// list returns copies of the operations that are not settled and in that state, in their
// order.
func (s *state) list(in OpState) []Operation {
	list := []Operation{}
	for _, op := range s.unsettled {
		if op.State == in {
			copied := op.Operation
			copied.Payload = slices.Clone(op.Payload)
			list = append(list, copied)
		}
	}
	slices.SortFunc(list, func(a, b Operation) int {
		// UUIDv7 sort by the time they were made: for operations of old streams.
		if a.Stream != b.Stream {
			return cmp.Compare(a.ID, b.ID)
		}
		return cmp.Compare(a.Number, b.Number)
	})
	return list
}

func (s *state) waitingIDs() []string {
	ids := []string{}
	for _, op := range s.list(StateWaiting) {
		ids = append(ids, op.ID)
	}
	return ids
}

// records returns what a compaction writes: a checkpoint, and what lives.
// Operations settled before keep are left out.
func (s *state) records(keep time.Time) []record {
	c := &checkpoint{Stream: s.stream, Next: s.next, Voids: s.voids}
	records := []record{{Kind: recordCheckpoint, Checkpoint: c}}
	for _, op := range s.operations {
		switch {
		case op.settled.IsZero() && op.State == StateWaiting && op.Stream == s.stream:
			c.Waiting = append(c.Waiting, op.Number)
		case op.settledBefore(keep):
			continue
		}
		meta := op.Operation
		meta.Payload = nil
		records = append(records, record{
			Kind: recordOperation, At: op.settled, Operation: &meta, data: op.Payload,
		})
	}
	for name, data := range s.drafts {
		records = append(records, record{Kind: recordDraft, Name: name, data: data})
	}
	return records
}

// forget drops the operations that records leaves out.
func (s *state) forget(keep time.Time) {
	maps.DeleteFunc(s.operations, func(_ string, op *operation) bool { return op.settledBefore(keep) })
}
