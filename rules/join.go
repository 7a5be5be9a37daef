package rules

import (
	"time"

	"plenary/api"
)

// JoinAhead is how long before a session its platform can be joined.
const JoinAhead = 30 * time.Minute

// Joinable tells whether the platform of a session can be joined: from JoinAhead before its
// start until its end.
func Joinable(s *api.MeetingSession, at time.Time) bool {
	return !at.Before(s.Start.Add(-JoinAhead)) && at.Before(s.End)
}

// NextSession is the session of a meeting that is under way or comes next, and whether its
// platform can be joined. It is -1 when all are over.
func NextSession(m *api.Meeting, now time.Time) (index int, live bool) {
	for i := range m.Sessions {
		if s := &m.Sessions[i]; now.Before(s.End) {
			return i, Joinable(s, now)
		}
	}
	return -1, false
}
