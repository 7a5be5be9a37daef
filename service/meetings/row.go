package meetings

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"plenary/api"
	"plenary/service/store"
)

// row is a meeting with what participants do not see. What its Meeting points to
// belongs to all who have the same description, and is not changed.
type row struct {
	api.Meeting
	Private
	edition int64 // of the description
	waiting int   // how many stand on the waiting list
}

// descriptions are those that this node has read last, one of each meeting, with the
// counts of then.
type descriptions struct {
	mu     sync.Mutex
	byCode map[string]row
}

// get gives a description of this edition, if the node has it.
func (d *descriptions) get(code string, edition int64) (row, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.byCode[code]
	return r, ok && r.edition == edition
}

// last gives a meeting as the node has read it last, if it has.
func (d *descriptions) last(code string) (row, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.byCode[code]
	return r, ok
}

func (d *descriptions) put(r row) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byCode == nil {
		d.byCode = map[string]row{}
	}
	d.byCode[r.Code] = r
}

// read gives a meeting as it stands, or refuses with api.CodeNotFound: also what can
// be no code, since not every database takes every byte.
func (m *Meetings) read(tx *store.Tx, code string) (*row, error) {
	return m.counted(tx, code, `SELECT taken, waiting, version, edition FROM meeting_counts WHERE meeting = $1`)
}

// lock is read, and makes all other changes to the meeting's registrations wait
// until the transaction ends. It must be the transaction's first look at the meeting.
func (m *Meetings) lock(tx *store.Tx, code string) (*row, error) {
	return m.counted(tx, code,
		`UPDATE meeting_counts SET version = version WHERE meeting = $1 RETURNING taken, waiting, version, edition`)
}

// counted gives a meeting with the counts that a statement finds.
func (m *Meetings) counted(tx *store.Tx, code, statement string) (*row, error) {
	var (
		taken, waiting   int
		version, edition int64
	)
	if !meetingCode.MatchString(code) || !tx.Get(statement, code).Into(&taken, &waiting, &version, &edition) {
		return nil, api.Refuse(api.CodeNotFound)
	}
	r, ok := m.descriptions.get(code, edition)
	if !ok {
		var err error
		if r, err = m.readDescription(tx, code); err != nil {
			return nil, err
		}
	}
	r.Taken, r.waiting, r.Version = taken, waiting, version
	m.descriptions.put(r)
	return &r, nil
}

// readDescription reads a meeting without its counts.
func (m *Meetings) readDescription(tx *store.Tx, code string) (row, error) {
	var (
		r                 row
		document, private string
		revision          int64
	)
	if !tx.Get(`SELECT document, private, edition, revision FROM meetings WHERE code = $1`, code).Into(&document, &private, &r.edition, &revision) {
		return r, api.Refuse(api.CodeNotFound)
	}
	if err := errors.Join(json.Unmarshal([]byte(document), &r.Meeting), json.Unmarshal([]byte(private), &r.Private)); err != nil {
		return r, fmt.Errorf("meetings: read description of %s: %w", code, err)
	}
	r.Revision = revision
	return r, nil
}

// save writes the counts of a locked meeting.
func (r *row) save(tx *store.Tx) {
	tx.Do(`UPDATE meeting_counts SET taken = $1, waiting = $2, version = $3 WHERE meeting = $4`, r.Taken, r.waiting, r.Version, r.Code)
}

// placeFree says whether one more can come.
func (r *row) placeFree() bool { return r.Capacity == 0 || r.Taken < r.Capacity }

// line names a meeting's registrations for store.InLine.
func line(code string) string { return "meeting " + code }
