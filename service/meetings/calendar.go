package meetings

import (
	ics "github.com/arran4/golang-ical"

	"plenary/api"
	"plenary/rules"
)

// calendarOf is the calendar entry (RFC 5545) of a confirmed registration: one
// event for each session, each with an alarm 30 minutes before, which is when
// JOIN becomes live (sources/registration-manual.txt, Remote Participation).
func (m *Meetings) calendarOf(lang string, meeting *row, r *registration) string {
	c := ics.NewCalendarFor("Plenary")
	c.SetMethod(ics.MethodPublish)
	title := meeting.Title.In(lang)
	for i, s := range meeting.Sessions {
		e := c.AddEvent(rules.SessionUID(meeting.Code, i+1))
		e.SetSequence(int(meeting.Version))
		e.SetDtStampTime(m.Now())
		e.SetStartAt(s.Start)
		e.SetEndAt(s.End)
		summary := title
		if len(meeting.Sessions) > 1 {
			summary += " – " + s.Title.In(lang)
		}
		e.SetSummary(summary)
		e.SetDescription(meeting.Code + " · " + r.Number)
		if r.Participation == api.Remote {
			e.SetLocation(meeting.Platform)
		} else {
			e.SetLocation(meeting.Place.In(lang))
		}
		e.SetURL(m.Address() + "/m/" + meeting.Code)
		alarm := e.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger("-PT30M")
		alarm.SetProperty(ics.ComponentPropertyDescription, summary)
	}
	return c.Serialize(ics.WithNewLineWindows)
}
