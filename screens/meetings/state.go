package meetings

import (
	"time"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
)

// stateOfMeeting is what one can do about a meeting at a moment.
type stateOfMeeting int

const (
	meetingOpen      stateOfMeeting = iota // one can register
	MeetingWaitlist                        // one can register for the waiting list
	meetingEarly                           // registration has not opened
	meetingFull                            // no place, no waiting list
	meetingClosed                          // registration is over
	meetingOver                            // the meeting is over
	meetingCancelled                       // there will be none
)

// MeetingState tells what one can do about a meeting now. Places are as of the
// last refresh: the service decides.
func MeetingState(m *api.Meeting, now time.Time) stateOfMeeting {
	full := m.Capacity > 0 && m.Taken >= m.Capacity
	switch {
	case m.Status == api.MeetingCancelled:
		return meetingCancelled
	case now.After(m.End()):
		return meetingOver
	case now.After(m.RegistrationUntil) || m.Status == api.MeetingClosed:
		return meetingClosed
	case now.Before(m.RegistrationFrom):
		return meetingEarly
	case full && m.WaitingList:
		return MeetingWaitlist
	case full:
		return meetingFull
	default:
		return meetingOpen
	}
}

// meetingTag is that in a word or two.
func meetingTag(env kit.Env, m *api.Meeting) (string, parts.Tone) {
	now := env.Now()
	switch MeetingState(m, now) {
	case meetingCancelled:
		return env.T("meetings.tag.cancelled"), parts.Bad
	case meetingOver:
		return env.T("meetings.tag.over"), parts.Info
	case meetingClosed:
		if now.After(m.Start()) {
			return env.T("meetings.tag.live"), parts.Info
		}
		return env.T("meetings.tag.closed"), parts.Warning
	case meetingEarly:
		day := env.Words.ShortDate(m.RegistrationFrom.In(zoneOf(m)))
		return env.T("meetings.tag.early", map[string]any{"Date": day}), parts.Info
	case meetingFull:
		return env.T("meetings.tag.full"), parts.Bad
	case MeetingWaitlist:
		return env.T("meetings.tag.full-list"), parts.Warning
	default:
		return env.T("meetings.tag.open"), parts.Info
	}
}

// stateTag is the state of the person's registration in a word or two.
func stateTag(env kit.Env, mine *app.Mine) (string, parts.Tone) {
	key := "registration.state." + mine.State
	if mine.Kind == api.OpWithdraw && mine.State == app.StateWaitingToSend {
		key = "registration.state.withdrawing"
	}
	if mine.Kind == api.OpChange && mine.State == app.StateWaitingToSend {
		key = "registration.state.changing"
	}
	if mine.Kind == api.OpAnswerOffer && mine.State == app.StateWaitingToSend {
		key = "offer.state." + waitingAnswer(mine)
	}
	tone := parts.Info
	switch mine.State {
	case api.Confirmed:
		tone = parts.Success
	case api.WaitingFocalPoint, api.WaitingSecretariat, api.WaitingList, api.Offered, app.StateWaitingToSend:
		tone = parts.Warning
	case api.Refused, app.StateNeedsAttention:
		tone = parts.Bad
	}
	return env.T(key), tone
}
