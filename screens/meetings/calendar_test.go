package meetings

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"plenary/rules"
	"plenary/screens/screentest"
	"plenary/words"
)

func TestCalendarFile_hasAnEventWithAlarmForEachSession(t *testing.T) {
	m := screentest.Meetings()[0] // three days
	m.Title = map[string]string{"en": "Quantum, safe; and\nsound"}
	data := calendarFile(words.For("en"), &m, "R-7F3K-92QD", "https://platform.example.int/m/1", screentest.Now)
	if !bytes.Contains(data, []byte("\r\n")) || bytes.Contains(bytes.ReplaceAll(data, []byte("\r\n"), nil), []byte("\n")) {
		t.Error("lines do not end in CR LF, as RFC 5545 wants")
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	events := cal.Events()
	if len(events) != 3 {
		t.Fatalf("%d events, want 3", len(events))
	}
	seen := map[string]bool{}
	for i, e := range events {
		start, err := e.GetStartAt()
		if err != nil || !start.Equal(m.Sessions[i].Start) {
			t.Errorf("event %d starts at %v (%v), want %v", i, start, err, m.Sessions[i].Start)
		}
		if len(e.Alarms()) != 1 {
			t.Errorf("event %d has %d alarms, want one", i, len(e.Alarms()))
		}
		if seen[e.Id()] {
			t.Errorf("event %d has the id of another one", i)
		}
		seen[e.Id()] = true
	}
	unfolded := strings.ReplaceAll(string(data), "\r\n ", "")
	for _, want := range []string{"R-7F3K-92QD", "platform.example.int", "TRIGGER:-PT30M", `Quantum\, safe\; and\nsound`} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("the file does not hold %q:\n%s", want, unfolded)
		}
	}
}

func TestCalendarFile_sameMeetingSameIDs(t *testing.T) {
	m := screentest.Meetings()[1]
	a := calendarFile(words.For("en"), &m, "R-7F3K-92QD", "", screentest.Now)
	b := calendarFile(words.For("en"), &m, "R-7F3K-92QD", "", screentest.Now)
	if !bytes.Equal(a, b) {
		t.Error("a second file would be a second entry in the calendar")
	}
	m.Sessions[0].Start, m.Version = m.Sessions[0].Start.Add(time.Hour), m.Version+1
	later := string(calendarFile(words.For("en"), &m, "R-7F3K-92QD", "", screentest.Now))
	for _, want := range []string{"UID:" + rules.SessionUID(m.Code, 1), fmt.Sprintf("SEQUENCE:%d", m.Version)} {
		if !strings.Contains(later, want) {
			t.Errorf("%s is missing once the session has another time:\n%s", want, later)
		}
	}
}
