package meetings

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"plenary/api"
	"plenary/rules"
	"plenary/words"
)

// calendarFile is a meeting as a calendar entry (RFC 5545): an event for each
// session, with an alarm 30 minutes before, when JOIN becomes live
// (sources/registration-manual). number is the registration's, platform the
// address of the remote platform; both may be empty. made is when the file is
// written.
func calendarFile(w *words.Words, m *api.Meeting, number, platform string, made time.Time) []byte {
	lang := w.Lang()
	cal := ics.NewCalendarFor("Plenary")
	cal.SetMethod(ics.MethodPublish)
	for i := range m.Sessions {
		s := &m.Sessions[i]
		event := cal.AddEvent(rules.SessionUID(m.Code, i+1))
		event.SetSequence(int(m.Version))
		event.SetDtStampTime(made)
		event.SetStartAt(s.Start)
		event.SetEndAt(s.End)
		title := m.Title.In(lang)
		if part := s.Title.In(lang); part != "" && len(m.Sessions) > 1 {
			title += ": " + part
		}
		event.SetSummary(title)
		event.SetLocation(m.Place.In(lang))
		event.SetDescription(calendarNotes(w, m, number, platform))
		if platform != "" {
			event.SetURL(platform)
		}
		alarm := event.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger("-PT30M")
		alarm.SetProperty(ics.ComponentPropertyDescription, title)
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

func calendarNotes(w *words.Words, m *api.Meeting, number, platform string) string {
	var notes []string
	if text := m.Description.In(w.Lang()); text != "" {
		notes = append(notes, text)
	}
	code := w.T("registration.calendar.meeting", map[string]any{"Code": m.Code})
	if number != "" {
		code = w.T("registration.calendar.number", map[string]any{"Code": m.Code, "Number": number})
	}
	notes = append(notes, code)
	if platform != "" {
		notes = append(notes, w.T("registration.calendar.platform", map[string]any{"Address": platform}))
	}
	return strings.Join(notes, "\n")
}
