package rules

import "plenary/api"

// MeetingAct is what a manager does with a meeting as a whole.
type MeetingAct string

// Acts, as the contract names them.
const (
	ActPublish MeetingAct = "publish"
	ActClose   MeetingAct = "close"  // nobody can register any more
	ActReopen  MeetingAct = "reopen" // they can again
	ActCancel  MeetingAct = "cancel" // everybody is told and withdrawn
	ActDelete  MeetingAct = "delete"
)

// meetingActs is every change of a meeting's state. What was published stays known to
// those who registered for it: it is cancelled, for good, and never deleted.
var meetingActs = []struct {
	From string
	Act  MeetingAct
	To   string // empty: it is there no more
}{
	{api.MeetingDraft, ActPublish, api.MeetingPublished},
	{api.MeetingDraft, ActDelete, ""},
	{api.MeetingPublished, ActClose, api.MeetingClosed},
	{api.MeetingPublished, ActCancel, api.MeetingCancelled},
	{api.MeetingClosed, ActReopen, api.MeetingPublished},
	{api.MeetingClosed, ActCancel, api.MeetingCancelled},
}

// AfterAct gives the state of a meeting after an act; ok is false where the state has
// no such act.
func AfterAct(status string, act MeetingAct) (next string, ok bool) {
	for _, a := range meetingActs {
		if a.From == status && a.Act == act {
			return a.To, true
		}
	}
	return "", false
}
