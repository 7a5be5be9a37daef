package demo

import (
	"fmt"
	"time"
	_ "time/tzdata" // Windows has no database of time zones

	"plenary/api"
)

const (
	contact           = "meetings@example.int"
	youthSummitCode   = "C-00016401"
	youthSummitPlaces = 40
	sixthDayCode      = "C-00016512"
	sixthDayPlaces    = 48
	studyGroupCode    = "C-00016377"
)

// calendar counts from the moment when the demonstration starts.
type calendar struct {
	now     time.Time
	address string
}

// days is midnight, UTC, some days from today.
func (c calendar) days(n int) time.Time {
	y, m, d := c.now.UTC().AddDate(0, 0, n).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// workday is a time of day in a zone, n days from today, or on the Monday after
// if that is a weekend.
func (c calendar) workday(n, hour, minute int, zoneName string) time.Time {
	loc := zone(zoneName)
	y, m, d := c.now.In(loc).AddDate(0, 0, n).Date()
	return onWorkday(time.Date(y, m, d, hour, minute, 0, 0, loc))
}

func onWorkday(t time.Time) time.Time {
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t
}

// daily is a session of the given length on each of n working days.
func daily(first time.Time, n int, length time.Duration) []api.MeetingSession {
	var sessions []api.MeetingSession
	for day := range n {
		sessions = append(sessions, sitting(fmt.Sprintf("Day %d", day+1), fmt.Sprintf("Jour %d", day+1), first, length))
		first = onWorkday(first.AddDate(0, 0, 1))
	}
	return sessions
}

func sitting(en, fr string, start time.Time, length time.Duration) api.MeetingSession {
	return api.MeetingSession{Title: text(en, fr), Start: start.UTC(), End: start.Add(length).UTC()}
}

// documents are pages that exist: those of the service itself.
func (c calendar) documents() []api.Document {
	return []api.Document{
		{Title: text("Practical information", "Informations pratiques"), URL: c.address + "/faq"},
		{Title: text("Privacy notice", "Avis de confidentialité"), URL: c.address + "/privacy"},
	}
}

// platform is where remote participants of a meeting go; a name that leads nowhere.
func platform(code string) string { return "https://remote.example.int/" + code }

func text(en, fr string) api.Text { return api.Text{"en": en, "fr": fr} }

// zone is a time zone that the program brings along (time/tzdata).
func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the names are in this package, and tested
	}
	return loc
}
