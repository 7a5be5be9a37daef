// Package calendar writes meetings as calendar files (RFC 5545), for e-mails and for
// the program alike, so that a meeting is the same entry in a calendar wherever it
// came from: each session is an event with a UID of its own that never changes, and
// the file that was made last is the one that counts.
//
// Start reading at Write; zone.go describes time zones.
package calendar

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"plenary/api"
	"plenary/words"
)

// Method is what a calendar is to do with a file (RFC 5546).
type Method string

// Methods.
const (
	Publish Method = "PUBLISH" // take the sessions in
	Request Method = "REQUEST" // take them in, also in place of what they were before
	Cancel  Method = "CANCEL"  // strike them out
)

// Entry is a meeting as it stands in the calendar of one person.
type Entry struct {
	Meeting *api.Meeting
	// Sequence grows with each change of what the file shows.
	Sequence int64
	// Number is the registration's; it may be empty.
	Number string
	// Remote is whether the person takes part remotely, and Platform where; empty where
	// that is not known.
	Remote   bool
	Platform string
	// Page is the web address of the meeting's page.
	Page string
	// Attendee is the person's e-mail address; only Request and Cancel need it.
	Attendee string
	// Made is when the file is written.
	Made time.Time
}

// alarm is how long before a session calendars remind of it: since then JOIN is live
// (sources/registration-manual.txt, Remote Participation).
const alarm = "-PT30M"

// UID is the UID of a session of a meeting, the first being 1. It stays the same when
// the session has another time.
func UID(meetingCode string, n int) string {
	return meetingCode + "-" + strconv.Itoa(n) + "@plenary"
}

// Write gives an entry in the language of the words. It is one calendar object with all
// sessions, or for Request and Cancel one for each session, one after the other, since
// such an object may have one UID only (RFC 5546, 3.2.2 and 3.2.5). Objects takes them
// apart. Lines end in CR LF.
func Write(w *words.Words, e Entry, method Method) string {
	if method == Publish {
		c := e.object(method)
		for i := range e.Meeting.Sessions {
			e.addSession(c, w, i, method)
		}
		return c.Serialize(ics.WithNewLineWindows)
	}
	var all strings.Builder
	for i := range e.Meeting.Sessions {
		c := e.object(method)
		e.addSession(c, w, i, method)
		all.WriteString(c.Serialize(ics.WithNewLineWindows))
	}
	return all.String()
}

// object is a calendar object without a session yet.
func (e *Entry) object(method Method) *ics.Calendar {
	c := ics.NewCalendarFor("Plenary")
	c.SetMethod(ics.Method(method))
	if location := zoneOf(e.Meeting); location != time.UTC {
		c.AddVTimezone(describe(location, e.Meeting))
	}
	return c
}

func (e *Entry) addSession(c *ics.Calendar, w *words.Words, i int, method Method) {
	var (
		m        = e.Meeting
		s        = &m.Sessions[i]
		lang     = w.Lang()
		location = zoneOf(m)
		title    = m.Title.In(lang)
	)
	if part := s.Title.In(lang); part != "" && len(m.Sessions) > 1 {
		title += " – " + part
	}
	title = plain(title)
	event := c.AddEvent(UID(m.Code, i+1))
	event.SetSequence(int(e.Sequence))
	event.SetDtStampTime(e.Made)
	setTime(event, ics.ComponentPropertyDtStart, s.Start.In(location))
	setTime(event, ics.ComponentPropertyDtEnd, s.End.In(location))
	event.SetSummary(title)
	event.SetDescription(plain(e.notes(w)))
	place, page := m.Place.In(lang), e.Page
	if e.Remote {
		place = e.Platform
		if e.Platform != "" {
			page = e.Platform
		}
	}
	if place = plain(place); place != "" {
		event.SetLocation(place)
	}
	if u, err := url.Parse(page); err == nil && page != "" {
		event.SetURL(u.String())
	}
	if m.Contact != "" {
		event.SetProperty(ics.ComponentPropertyOrganizer, mailto(m.Contact))
	}
	if method != Publish {
		event.SetProperty(ics.ComponentPropertyAttendee, mailto(e.Attendee),
			ics.ParticipationStatusAccepted, &ics.KeyValues{Key: string(ics.ParameterRsvp), Value: []string{"FALSE"}})
	}
	if method == Cancel {
		event.SetStatus(ics.ObjectStatusCancelled)
		return
	}
	event.SetStatus(ics.ObjectStatusConfirmed)
	reminder := event.AddAlarm()
	reminder.SetAction(ics.ActionDisplay)
	reminder.SetTrigger(alarm)
	reminder.SetProperty(ics.ComponentPropertyDescription, title)
}

// notes are what an event says about itself.
func (e *Entry) notes(w *words.Words) string {
	var notes []string
	if text := e.Meeting.Description.In(w.Lang()); text != "" {
		notes = append(notes, text)
	}
	if e.Number != "" {
		notes = append(notes, w.T("calendar.number", map[string]any{"Code": e.Meeting.Code, "Number": e.Number}))
	} else {
		notes = append(notes, w.T("calendar.meeting", map[string]any{"Code": e.Meeting.Code}))
	}
	if e.Remote && e.Platform != "" {
		notes = append(notes, w.T("calendar.platform", map[string]any{"Address": e.Platform}))
	}
	return strings.Join(notes, "\n")
}

// mailto is an e-mail address as RFC 5545 wants it.
func mailto(address string) string { return "mailto:" + url.PathEscape(address) }

// plain is a text of several lines without the control characters that an iCalendar
// text may not have.
func plain(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// Object is one calendar object of a file.
type Object struct {
	Method Method
	Text   string
}

// Objects takes what Write gave apart.
func Objects(file string) []Object {
	const end = "\r\nEND:VCALENDAR\r\n"
	var all []Object
	for text := range strings.SplitAfterSeq(file, end) {
		if !strings.HasSuffix(text, end) {
			continue
		}
		o := Object{Method: Publish, Text: text}
		for line := range strings.SplitSeq(text, "\r\n") {
			if method, ok := strings.CutPrefix(line, "METHOD:"); ok {
				o.Method = Method(method)
				break
			}
		}
		all = append(all, o)
	}
	return all
}
