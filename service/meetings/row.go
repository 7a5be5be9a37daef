package meetings

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Row is a meeting with what participants do not see. What its Meeting points to
// belongs to all who have the same description, and is not changed.
type Row struct {
	api.MeetingDetails
	Edition int64 // of the description, the state and the managers
	Waiting int   // how many stand on the waiting list
	// Limits are the choices of its form that have places of their own.
	Limits    []rules.Limit
	recounted map[rules.Limit]bool // whose counts are to be saved
}

// descriptions are those that this node has read last, one of each meeting, with the
// counts of then.
type descriptions struct {
	mu     sync.Mutex
	byCode map[string]Row
}

// get gives a description of this edition, if the node has it.
func (d *descriptions) get(code string, edition int64) (Row, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.byCode[code]
	return r, ok && r.Edition == edition
}

func (d *descriptions) put(r Row) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byCode == nil {
		d.byCode = map[string]Row{}
	}
	d.byCode[r.Code] = r
}

// Last gives a meeting as this node has read it last, if it has: what is judged by it
// has to be judged again where its Edition or its counts are others by then.
func (m *Meetings) Last(code string) (Row, bool) {
	m.descriptions.mu.Lock()
	defer m.descriptions.mu.Unlock()
	r, ok := m.descriptions.byCode[code]
	return r, ok
}

// Read gives a meeting as it stands, or refuses with api.CodeNotFound: also what can
// be no code, since not every database takes every byte.
func (m *Meetings) Read(tx *store.Tx, code string) (*Row, error) {
	return m.counted(tx, code, `SELECT taken, waiting, version, edition FROM meeting_counts WHERE meeting = $1`)
}

// Lock is Read, and makes all other changes to the meeting's registrations wait
// until the transaction ends. It must be the transaction's first look at the meeting.
func (m *Meetings) Lock(tx *store.Tx, code string) (*Row, error) {
	return m.counted(tx, code,
		`UPDATE meeting_counts SET version = version WHERE meeting = $1 RETURNING taken, waiting, version, edition`)
}

// counted gives a meeting with the counts that a statement finds.
func (m *Meetings) counted(tx *store.Tx, code, statement string) (*Row, error) {
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
	r.Taken, r.Waiting, r.Version = taken, waiting, version
	r.readChoices(tx)
	m.descriptions.put(r)
	return &r, nil
}

// readDescription reads a meeting without its counts.
func (m *Meetings) readDescription(tx *store.Tx, code string) (Row, error) {
	var (
		r                         Row
		document, private, status string
		revision                  int64
	)
	if !tx.Get(`SELECT document, private, status, edition, revision FROM meetings WHERE code = $1`, code).
		Into(&document, &private, &status, &r.Edition, &revision) {
		return r, api.Refuse(api.CodeNotFound)
	}
	if err := errors.Join(json.Unmarshal([]byte(document), &r.Meeting), json.Unmarshal([]byte(private), &r.MeetingPrivate)); err != nil {
		return r, fmt.Errorf("meetings: read description of %s: %w", code, err)
	}
	r.Status, r.Revision, r.Limits = status, revision, rules.Limits(&r.Form)
	return r, nil
}

// Save writes the counts of a locked meeting.
func (r *Row) Save(tx *store.Tx) {
	tx.Do(`UPDATE meeting_counts SET taken = $1, waiting = $2, version = $3 WHERE meeting = $4`, r.Taken, r.Waiting, r.Version, r.Code)
	r.saveChoices(tx)
}

// Line names a meeting's registrations for store.InLine.
func Line(code string) string { return "meeting " + code }
