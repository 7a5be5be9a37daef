package meetings

import (
	"strings"
	"time"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/words"
)

// zoneOf is a meeting's own time zone.
func zoneOf(m *api.Meeting) *time.Location { return kit.Zone(m.Zone) }

// meetingDays are the days of a meeting at its place: "2 – 4 Dec 2026".
func meetingDays(w *words.Words, m *api.Meeting) string {
	zone := zoneOf(m)
	return w.DateRange(m.Start().In(zone), m.End().In(zone))
}

// span is from when to when on the clock of a zone: "09:30 – 17:30".
func span(w *words.Words, s *api.MeetingSession, zone *time.Location) string {
	return w.Time(s.Start.In(zone)) + " – " + w.Time(s.End.In(zone))
}

// town is a short name for where a meeting is: its place up to the first
// comma, else, and for one that is remote only, the city of its zone.
func town(w *words.Words, m *api.Meeting) string {
	place, _, _ := strings.Cut(m.Place.In(w.Lang()), ",")
	if place = strings.TrimSpace(place); place != "" && len([]rune(place)) <= 28 && allows(m, api.OnSite) {
		return place
	}
	return strings.ReplaceAll(m.Zone[strings.LastIndexByte(m.Zone, '/')+1:], "_", " ")
}

// where is the town and the ways to take part: "Geneva and remote".
func where(w *words.Words, m *api.Meeting) string {
	onSite, remote := allows(m, api.OnSite), allows(m, api.Remote)
	switch {
	case onSite && remote:
		return w.T("meetings.where.both", map[string]any{"Town": town(w, m)})
	case remote:
		return w.T("meetings.where.remote")
	default:
		return town(w, m)
	}
}

func allows(m *api.Meeting, participation string) bool {
	for _, p := range m.Participation {
		if p == participation {
			return true
		}
	}
	return false
}

// localSpan is a session at the meeting's place with the place's name and
// offset, and, where the clock of this machine shows something else, the same in
// "your time" (with the day where that is another one); else empty.
func localSpan(w *words.Words, m *api.Meeting, s *api.MeetingSession, local *time.Location) (there, here string) {
	zone := zoneOf(m)
	start := s.Start.In(zone)
	there = w.T("meetings.time.there", map[string]any{
		"Span": span(w, s, zone), "Town": town(w, m), "Offset": words.Offset(start),
	})
	mine := s.Start.In(local)
	_, thereOffset := start.Zone()
	if _, hereOffset := mine.Zone(); thereOffset == hereOffset {
		return there, ""
	}
	times := span(w, s, local)
	if mine.YearDay() != start.YearDay() {
		times = w.ShortDate(mine) + ", " + times
	}
	return there, w.T("meetings.time.here", map[string]any{"Span": times})
}

// moment is a time on the clock of a meeting's place and, where the clock of this machine
// shows something else, on that too: "09:30 Geneva (03:30 your time)".
func moment(w *words.Words, m *api.Meeting, at time.Time, local *time.Location) string {
	there, here := at.In(zoneOf(m)), at.In(local)
	data := map[string]any{"Time": w.Time(there), "Town": town(w, m)}
	_, thereOffset := there.Zone()
	if _, hereOffset := here.Zone(); thereOffset == hereOffset {
		return w.T("meetings.moment", data)
	}
	data["Here"] = w.Time(here)
	if here.YearDay() != there.YearDay() {
		data["Here"] = w.ShortDate(here) + ", " + w.Time(here)
	}
	return w.T("meetings.moment.here", data)
}
