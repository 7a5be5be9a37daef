package meetings

import (
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/service/store"
)

// Retain notes when something of a meeting's registrations is to be erased next; zero for
// never. The meeting is locked.
func Retain(tx *store.Tx, code string, next time.Time) {
	if next.IsZero() {
		tx.Do(`DELETE FROM meeting_retention WHERE meeting = $1`, code)
		return
	}
	tx.Do(`INSERT INTO meeting_retention (meeting, due_at) VALUES ($1, $2)
		ON CONFLICT (meeting) DO UPDATE SET due_at = excluded.due_at, reached = 0, erased = 0`, code, store.Micros(next))
}

// retain notes when a meeting as it is described now begins to be erased: what is erased
// already has nothing any more.
func retain(tx *store.Tx, d *api.MeetingDetails) {
	Retain(tx, d.Code, rules.ErasureBy(d, time.Time{}).Next)
}
