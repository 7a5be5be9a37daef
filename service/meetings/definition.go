package meetings

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

var meetingCode = regexp.MustCompile(`^C-[0-9]{8}$`)

// Report says what became of one row of an import.
type Report struct {
	Code    string
	Outcome string           // "added", "changed", "unchanged", "refused"
	Wrong   []api.FieldError // why it was refused; pointers are into the row
}

// Import takes meetings in, new and changed ones, each in a transaction of its
// own, and reports on each. A row that is wrong stops no other. New ones are
// published, and a changed one keeps its state. Where more people can come than before,
// the waiting list moves up.
func (m *Meetings) Import(ctx context.Context, rows []api.MeetingDetails) ([]Report, error) {
	reports := make([]Report, len(rows))
	for i := range rows {
		d := rules.CleanMeeting(rows[i])
		reports[i] = Report{Code: d.Code, Outcome: "refused", Wrong: rules.CheckMeeting(&rows[i])}
		if !meetingCode.MatchString(d.Code) {
			reports[i].Wrong = append(reports[i].Wrong, api.FieldError{Pointer: "/code", Code: api.FieldInvalid})
		}
		if len(reports[i].Wrong) > 0 {
			continue
		}
		// READ COMMITTED: the meeting is added, or locked before it is read.
		err := m.DB.UpdateCommitted(ctx, func(tx *store.Tx) (err error) {
			reports[i].Outcome, err = m.put(tx, &d)
			return err
		})
		if err != nil {
			return reports[:i], err
		}
	}
	return reports, nil
}

// put writes one meeting and says whether that was news.
func (m *Meetings) put(tx *store.Tx, d *api.MeetingDetails) (string, error) {
	added, err := m.add(tx, d, api.MeetingPublished)
	if err != nil || added {
		return "added", err
	}
	before, err := m.Lock(tx, d.Code)
	if err != nil {
		return "", err
	}
	changed, err := m.describe(tx, before, d, "")
	if err != nil || !changed {
		return "unchanged", err
	}
	return "changed", nil
}

// written is a description as the table holds it.
type written struct {
	document, private string
	start, end        int64
}

// unscheduled is the start of a draft without a session: it stands before all others.
const unscheduled = 1 << 62

func write(d *api.MeetingDetails) (w written, err error) {
	described := d.Meeting
	described.Status, described.Taken, described.ChoiceTaken, described.Revision, described.Version = "", 0, nil, 0, 0
	document, err := json.Marshal(described)
	private, errPrivate := json.Marshal(d.MeetingPrivate)
	if err = errors.Join(err, errPrivate); err != nil {
		return w, fmt.Errorf("meetings: write description: %w", err)
	}
	w = written{string(document), string(private), unscheduled, unscheduled}
	if len(d.Sessions) > 0 {
		w.start, w.end = store.Micros(d.Start()), store.Micros(d.End())
	}
	return w, nil
}

// add writes a meeting under the code that it has, unless there is one already.
func (m *Meetings) add(tx *store.Tx, d *api.MeetingDetails, status string) (added bool, err error) {
	w, err := write(d)
	if err != nil {
		return false, err
	}
	if tx.Do(`INSERT INTO meetings (code, status, document, private, start_at, end_at, edition, revision, changed)
		VALUES ($1, $2, $3, $4, $5, $6, 1, 0, 0) ON CONFLICT (code) DO NOTHING`,
		d.Code, status, w.document, w.private, w.start, w.end) == 0 {
		return false, nil
	}
	tx.Do(`INSERT INTO meeting_counts (meeting, edition, taken, waiting, version) VALUES ($1, 1, 0, 0, 1)`, d.Code)
	numberChange(tx, d.Code)
	retain(tx, d)
	return true, nil
}

// describe gives a locked meeting another description, and says whether it is another
// one. Those who come are told of another time or place. actor is the account that
// changes it, or empty.
func (m *Meetings) describe(tx *store.Tx, before *Row, d *api.MeetingDetails, actor string) (changed bool, err error) {
	w, err := write(d)
	if err != nil {
		return false, err
	}
	if tx.Do(`UPDATE meetings SET document = $1, private = $2, start_at = $3, end_at = $4
		WHERE code = $5 AND (document <> $1 OR private <> $2)`, w.document, w.private, w.start, w.end, d.Code) == 0 {
		return false, nil
	}
	after := *before
	after.MeetingDetails = *d
	after.Status, after.Taken, after.Version, after.Revision = before.Status, before.Taken, before.Version, before.Revision
	if !sameInCalendars(before, &after) {
		m.revise(tx, &after)
	}
	m.edit(tx, &after)
	retain(tx, &after.MeetingDetails)
	m.noticeOfChange(tx, before, &after, actor)
	if err := m.Changed(tx, &after); err != nil {
		return false, err
	}
	after.Save(tx)
	return true, nil
}

// edit counts a change of a locked meeting: whoever has judged something by what it was
// judges it again.
func (m *Meetings) edit(tx *store.Tx, r *Row) {
	r.Edition++
	r.Version++
	tx.Do(`UPDATE meetings SET edition = $1 WHERE code = $2`, r.Edition, r.Code)
	tx.Do(`UPDATE meeting_counts SET edition = $1 WHERE meeting = $2`, r.Edition, r.Code)
	numberChange(tx, r.Code)
}

// revise counts a change of what calendars show of a locked meeting.
func (m *Meetings) revise(tx *store.Tx, r *Row) {
	r.Revision++
	tx.Do(`UPDATE meetings SET revision = $1 WHERE code = $2`, r.Revision, r.Code)
}

// numberChange gives a change of a description the next number among the changes of all
// meetings.
func numberChange(tx *store.Tx, code string) {
	holdChanges(tx)
	tx.Do(`UPDATE meetings SET changed = (SELECT CAST(value AS BIGINT) FROM settings WHERE name = 'meetings-changed')
		WHERE code = $1`, code)
}

// holdChanges counts a change among those of all meetings. Whoever changes another one
// waits until the transaction ends, so that no number is seen before a lower one.
func holdChanges(tx *store.Tx) {
	tx.Do(`INSERT INTO settings (name, value) VALUES ('meetings-changed', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT)`)
}

// sameInCalendars tells whether a calendar shows nothing of a change.
func sameInCalendars(a, b *Row) bool {
	return reflect.DeepEqual(a.Title, b.Title) && reflect.DeepEqual(a.Sessions, b.Sessions) && samePlace(a, b) && a.Platform == b.Platform
}

// samePlace tells whether a meeting is still where it was.
func samePlace(a, b *Row) bool { return a.Zone == b.Zone && reflect.DeepEqual(a.Place, b.Place) }
