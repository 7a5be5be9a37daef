package rules

import "strconv"

// SessionUID is the UID (RFC 5545) of a session of a meeting, the first being 1: the
// same in the e-mail's calendar entry and in the program's, and also once the session
// has another time, so that a calendar has each session once.
func SessionUID(meetingCode string, n int) string {
	return meetingCode + "-" + strconv.Itoa(n) + "@plenary"
}
