package localdb

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// recordKind says what a record of the journal did.
type recordKind string

const (
	recordCheckpoint recordKind = "checkpoint" // begins a segment: all that lives follows
	recordOperation  recordKind = "operation"  // a new one, or a copy made by compaction
	recordSettle     recordKind = "settle"
	recordRefuse     recordKind = "refuse"
	recordDismiss    recordKind = "dismiss"
	recordRevoke     recordKind = "revoke"
	recordRewrite    recordKind = "rewrite"
	recordRewind     recordKind = "rewind"
	recordFork       recordKind = "fork"
	recordSettleVoid recordKind = "settle-void"
	recordDraft      recordKind = "draft"
	recordUndraft    recordKind = "undraft"
)

// record is one entry of the journal: one thing that was done. data is an
// operation's payload, also one that takes another one's place, or a draft.
type record struct {
	Kind       recordKind  `json:"kind"`
	At         time.Time   `json:"at,omitzero"`
	Operation  *Operation  `json:"operation,omitempty"` // without payload
	Name       string      `json:"name,omitempty"`      // of a draft
	ID         string      `json:"id,omitempty"`        // of an operation
	Stream     string      `json:"stream,omitempty"`    // of it, or the new one of a fork
	Number     uint64      `json:"number,omitempty"`    // of an operation or void; of a rewind
	Code       string      `json:"code,omitempty"`      // of a refusal
	Reference  string      `json:"reference,omitempty"` // of a refusal
	Order      []string    `json:"order,omitempty"`     // of a fork: ids, numbered from 1
	Void       *Void       `json:"void,omitempty"`      // of a revocation: in the operation's place
	Checkpoint *checkpoint `json:"checkpoint,omitempty"`
	data       []byte
}

// checkpoint is what a segment begins with: the state of the stream, and which
// operations the records after it will bring, so that a missing one is noticed.
type checkpoint struct {
	Stream  string   `json:"stream"`
	Next    uint64   `json:"next"`    // number of the next operation
	Waiting []uint64 `json:"waiting"` // numbers of operations that wait
	Voids   []Void   `json:"voids"`
}

// encode returns the record's bytes: the length of the JSON, the JSON, data.
func (r record) encode() ([]byte, error) {
	meta, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode a record: %w", err)
	}
	b := binary.AppendUvarint(make([]byte, 0, len(meta)+len(r.data)+4), uint64(len(meta)))
	b = append(append(b, meta...), r.data...)
	if len(b) > maxPlain {
		return nil, ErrTooLarge
	}
	return b, nil
}

var errRecord = errors.New("not a record of this format")

// decodeRecord reads what encode wrote; data is a part of b.
func decodeRecord(b []byte) (record, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)-size) {
		return record{}, errRecord
	}
	meta, data := b[size:size+int(n)], b[size+int(n):]
	var r record
	if err := json.Unmarshal(meta, &r); err != nil {
		return record{}, fmt.Errorf("%w: %w", errRecord, err)
	}
	r.data = data
	switch {
	case r.Kind == recordOperation && r.Operation == nil,
		r.Kind == recordRevoke && r.Void == nil,
		r.Kind == recordCheckpoint && r.Checkpoint == nil:
		return record{}, errRecord
	}
	return r, nil
}

// number is the number in the stream that the record consumes, or 0.
func (r record) number() uint64 {
	if r.Kind == recordOperation {
		return r.Operation.Number
	}
	return 0
}

// appendString appends s so that no two sequences of strings look alike.
func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
