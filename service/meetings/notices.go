package meetings

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"plenary/api"
	"plenary/service/store"
)

// Kinds of a Notice.
const (
	NoticeCancelled = "cancelled"
	NoticeChanged   = "changed"
)

// Notice is what everybody whom it concerns is to be told about a meeting. Package
// registrations works it off, a part at a time.
type Notice struct {
	ID, Meeting, Kind string
	Filter            NoticeFilter
	Reason            string // for NoticeCancelled
	// Reached is the place in line up to which people have been told.
	Reached int64
}

// NoticeFilter says whom a notice concerns: of those with a registration that is neither
// refused nor withdrawn, all but who has come later than UpTo.
type NoticeFilter struct {
	UpTo int64 `json:"up_to"` // place in line
	// Remote: only who is confirmed to take part remotely.
	Remote bool `json:"remote,omitempty"`
}

// noticeTexts is what a manager says in a notice.
type noticeTexts struct {
	Reason string `json:"reason,omitempty"`
}

// noticeOfChange sees to it that those who come learn of another time or place, and
// remote ones of another address, as long as there is something to come to. One that is
// being worked off gives way: whoever it has not reached is told of both at once.
func (m *Meetings) noticeOfChange(tx *store.Tx, before, after *Row, actor string) {
	if after.Status != api.MeetingPublished && after.Status != api.MeetingClosed || !m.Now().Before(after.End()) {
		return
	}
	var filter NoticeFilter
	switch {
	case !sameTimes(before.Sessions, after.Sessions) || !samePlace(before, after):
	case before.Platform != after.Platform:
		filter.Remote = true
	default:
		return
	}
	for _, open := range openNotices(tx, `WHERE meeting = $1 AND kind = $2 AND done_at = 0`, after.Code, NoticeChanged) {
		filter.Remote = filter.Remote && open.Filter.Remote
		tx.Do(`UPDATE meeting_notices SET done_at = $1 WHERE id = $2`, store.Micros(m.Now()), open.ID)
	}
	m.notify(tx, after, NoticeChanged, filter, "", actor)
}

// sameTimes tells whether sessions are when they were.
func sameTimes(a, b []api.MeetingSession) bool {
	return slices.EqualFunc(a, b, func(a, b api.MeetingSession) bool { return a.Start.Equal(b.Start) && a.End.Equal(b.End) })
}

// notify writes a notice about a locked meeting for all who have a place or wait by now.
func (m *Meetings) notify(tx *store.Tx, r *Row, kind string, filter NoticeFilter, reason, actor string) {
	filter.UpTo = r.Version
	chosen, err := json.Marshal(filter)
	tx.Fail(err)
	texts, err := json.Marshal(noticeTexts{Reason: reason})
	tx.Fail(err)
	id, err := uuid.NewV7()
	tx.Fail(err)
	tx.Do(`INSERT INTO meeting_notices (id, meeting, kind, filter, texts, by_whom, made_at, total) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		id.String(), r.Code, kind, string(chosen), string(texts), actor, store.Micros(m.Now()), chosenBy(tx, r.Code, filter))
}

// chosenBy is how many a filter chooses by now.
func chosenBy(tx *store.Tx, code string, f NoticeFilter) (n int) {
	if !f.Remote {
		return living(tx, code)
	}
	tx.Get(`SELECT COUNT(*) FROM registrations WHERE meeting = $1 AND state = $2 AND participation = $3`, code, api.Confirmed, api.Remote).Into(&n)
	return n
}

// living is how many registrations a meeting has that are neither refused nor withdrawn.
func living(tx *store.Tx, code string) (n int) {
	tx.Get(`SELECT COUNT(*) FROM registrations WHERE meeting = $1 AND state <> $2 AND state <> $3`, code, api.Refused, api.Withdrawn).Into(&n)
	return n
}

// NoticesWait says in SQL whether OpenNotices gives any.
const NoticesWait = `EXISTS (SELECT 1 FROM meeting_notices WHERE done_at = 0)`

// OpenNotices are those that are not worked off, oldest first.
func (m *Meetings) OpenNotices(tx *store.Tx) []Notice {
	return openNotices(tx, `WHERE done_at = 0 ORDER BY made_at, id`)
}

// Notice gives one that is not worked off. The meeting is locked.
func (m *Meetings) Notice(tx *store.Tx, id string) (n Notice, open bool) {
	list := openNotices(tx, `WHERE done_at = 0 AND id = $1`, id)
	if len(list) == 0 {
		return n, false
	}
	return list[0], true
}

func openNotices(tx *store.Tx, where string, args ...any) (list []Notice) {
	for scan := range tx.Each(`SELECT id, meeting, kind, filter, texts, reached FROM meeting_notices `+where, args...) {
		var (
			n                      Notice
			filter, texts, reached string
			said                   noticeTexts
		)
		if !scan(&n.ID, &n.Meeting, &n.Kind, &filter, &texts, &reached) {
			break
		}
		tx.Fail(json.Unmarshal([]byte(filter), &n.Filter))
		tx.Fail(json.Unmarshal([]byte(texts), &said))
		if reached != "" {
			tx.Fail(json.Unmarshal([]byte(reached), &n.Reached))
		}
		n.Reason = said.Reason
		list = append(list, n)
	}
	return list
}

// SaveNotice says up to where people have been told, how many more, and whether those are
// all. It is part of the transaction that tells them, so that each is told once.
func (m *Meetings) SaveNotice(tx *store.Tx, n Notice, told int, over bool) {
	reached, err := json.Marshal(n.Reached)
	tx.Fail(err)
	done := int64(0)
	if over {
		done = store.Micros(m.Now())
	}
	tx.Do(`UPDATE meeting_notices SET reached = $1, queued = queued + $2, done_at = $3 WHERE id = $4`, string(reached), told, done, n.ID)
}
