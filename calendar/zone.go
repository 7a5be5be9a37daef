package calendar

import (
	"fmt"
	"time"
	_ "time/tzdata" // Windows has no database of time zones

	ics "github.com/arran4/golang-ical"

	"plenary/api"
)

// Forms of times (RFC 5545, 3.3.5).
const (
	local = "20060102T150405"
	utc   = "20060102T150405Z"
)

// zoneOf is the meeting's time zone; UTC where there is none of this name.
func zoneOf(m *api.Meeting) *time.Location {
	if m.Zone == "Local" { // this computer's
		return time.UTC
	}
	location, err := time.LoadLocation(m.Zone)
	if err != nil {
		return time.UTC
	}
	return location
}

// setTime writes a time of a session, in its zone, which is that of the meeting. Where
// clocks that are put back show the same twice, it is written in UTC: the zone's time means
// the first then (RFC 5545, 3.3.5), and not to everybody.
func setTime(event *ics.VEvent, property ics.ComponentProperty, t time.Time) {
	if t.Location() == time.UTC || shownTwice(t) {
		event.SetProperty(property, t.UTC().Format(utc))
		return
	}
	event.SetProperty(property, t.Format(local), ics.WithTZID(t.Location().String()))
}

// shownTwice tells whether the clocks of a time's zone show it twice.
func shownTwice(t time.Time) bool {
	start, end := t.ZoneBounds()
	return !start.IsZero() && t.Sub(start) < putBack(start) || !end.IsZero() && end.Sub(t) <= putBack(end)
}

// putBack is by how much the clocks of a time's zone are put back then.
func putBack(change time.Time) time.Duration {
	_, before := change.Add(-1).Zone()
	_, after := change.Zone()
	return time.Duration(before-after) * time.Second
}

// describe is a zone (RFC 5545, 3.6.5) with every time that its clocks are put forward
// or back in the years of a meeting, as the database of time zones has them: rules that
// repeat each year would say wrongly of some zones when that is.
func describe(location *time.Location, m *api.Meeting) *ics.VTimezone {
	first, last := m.Sessions[0].Start, m.Sessions[0].End
	for _, s := range m.Sessions {
		if s.Start.Before(first) {
			first = s.Start
		}
		if s.End.After(last) {
			last = s.End
		}
	}
	t := time.Date(first.In(location).Year(), time.January, 1, 0, 0, 0, 0, location)
	until := time.Date(last.In(location).Year()+1, time.January, 1, 0, 0, 0, 0, location)
	zone := ics.NewTimezone(location.String())
	for {
		start, end := bounds(t)
		zone.Components = append(zone.Components, observance(t, start))
		if end.IsZero() || !end.Before(until) {
			return zone
		}
		t = end
	}
}

// bounds are from when to when the clocks of a time's zone stand as they do then; zero
// where they always did, or always will. time.Time.ZoneBounds also begins and ends at the
// turn of a year, where nothing changes, for zones that the database gives as rules.
func bounds(t time.Time) (start, end time.Time) {
	start, end = t.ZoneBounds()
	for !start.IsZero() && alike(start.Add(-1), t) {
		start, _ = start.Add(-1).ZoneBounds()
	}
	for !end.IsZero() && alike(end, t) {
		_, end = end.ZoneBounds()
	}
	return start, end
}

// alike tells whether the clocks of a zone stand alike at two times.
func alike(a, b time.Time) bool {
	nameA, offsetA := a.Zone()
	nameB, offsetB := b.Zone()
	return nameA == nameB && offsetA == offsetB && a.IsDST() == b.IsDST()
}

// observance is the part of a zone's description in which a time lies, and which begins
// at start; zero means that it has no beginning.
func observance(t, start time.Time) ics.Component {
	name, to := t.Zone()
	from := to
	begins := time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC).Format(local)
	if !start.IsZero() {
		_, from = start.Add(-1).Zone()
		// By the clocks that are being changed.
		begins = start.UTC().Add(time.Duration(from) * time.Second).Format(local)
	}
	var part ics.ComponentBase
	part.AddProperty(ics.ComponentPropertyDtStart, begins)
	part.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offset(from))
	part.AddProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offset(to))
	part.AddProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	if t.IsDST() && to > from {
		return &ics.Daylight{ComponentBase: part}
	}
	return &ics.Standard{ComponentBase: part}
}

// offset is how far a zone is from UTC (RFC 5545, 3.3.14).
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
