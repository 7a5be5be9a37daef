package calendar_test

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"plenary/api"
	"plenary/calendar"
	"plenary/words"
)

var made = time.Date(2026, time.October, 2, 9, 30, 0, 0, time.UTC)

// at is a time by the clocks of a zone.
func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", text, location)
	if err != nil {
		t.Fatal(err)
	}
	return when.UTC()
}

// meeting has sessions of 90 minutes.
func meeting(zone string, starts ...time.Time) *api.Meeting {
	m := &api.Meeting{
		Code: "C-00016105", Zone: zone, Contact: "meetings@example.int",
		Title:       api.Text{"en": "Sixth X.509 Day", "fr": "Sixième Journée X.509"},
		Description: api.Text{"en": "Certificates, keys; and\nwhat goes wrong.", "fr": "Certificats."},
		Place:       api.Text{"en": "Room A, Geneva", "fr": "Salle A, Genève"},
	}
	for i, start := range starts {
		m.Sessions = append(m.Sessions, api.MeetingSession{
			Title: api.Text{"en": "Day " + strconv.Itoa(i+1)}, Start: start, End: start.Add(90 * time.Minute),
		})
	}
	return m
}

func entry(m *api.Meeting) calendar.Entry {
	return calendar.Entry{
		Meeting: m, Sequence: 3, Number: "R-7F3K-92QD", Page: "https://accounts.example.int/m/" + m.Code,
		Attendee: "ana+x@example.org", Made: made,
	}
}

// read takes a file apart with another library than the one that wrote it. That one also
// checks, by writing it again, which properties must be there, and how often.
func read(t *testing.T, file string) (objects []*ical.Calendar) {
	t.Helper()
	for d := ical.NewDecoder(strings.NewReader(file)); ; {
		c, err := d.Decode()
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, file)
		}
		if err := ical.NewEncoder(io.Discard).Encode(c); err != nil {
			t.Errorf("not as RFC 5545 wants it: %v in\n%s", err, file)
		}
		objects = append(objects, c)
	}
}

func text(t *testing.T, c *ical.Component, name string) string {
	t.Helper()
	p := c.Props.Get(name)
	if p == nil {
		return ""
	}
	if p.ValueType() != ical.ValueText {
		return p.Value
	}
	value, err := p.Text()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return value
}

// Each zone's clocks are told rightly by the file alone, throughout the years of the
// meeting: forward and back, by half an hour, on a day that no yearly rule gives, and
// not at all.
func TestWrite_tellsTheTimesOfAnyZone(t *testing.T) {
	for _, c := range []struct {
		zone   string
		starts []string
		parts  int // of the zone's description
	}{
		{"Europe/Zurich", []string{"2027-03-27 10:00", "2027-03-28 10:00"}, 3},                        // forward in between
		{"Europe/Zurich", []string{"2027-10-30 10:00", "2027-10-31 00:15", "2027-10-31 10:00"}, 3},    // back
		{"America/New_York", []string{"2026-12-31 22:30", "2027-01-01 09:00", "2027-06-01 09:00"}, 5}, // two years
		{"America/Montevideo", []string{"2027-01-15 09:00"}, 1},                                       // no longer changes
		{"America/Montevideo", []string{"2014-10-05 09:00", "2015-03-08 09:00"}, 4},                   // but did
		{"Africa/Cairo", []string{"2027-04-29 20:00", "2027-04-30 09:00", "2027-10-29 09:00"}, 3},
		{"Africa/Casablanca", []string{"2026-02-10 09:00", "2026-02-20 09:00", "2026-03-25 09:00"}, 3}, // Ramadan
		{"Asia/Kathmandu", []string{"2027-05-01 09:15"}, 1},
		{"Australia/Lord_Howe", []string{"2027-04-03 09:00", "2027-04-04 09:00", "2027-10-03 09:00"}, 3}, // half an hour
		{"Europe/Dublin", []string{"2027-03-27 10:00", "2027-03-28 10:00"}, 3},
		{"Pacific/Apia", []string{"2011-12-29 09:00", "2011-12-31 09:00"}, 4}, // without the 30th
	} {
		var starts []time.Time
		for _, s := range c.starts {
			starts = append(starts, at(t, c.zone, s))
		}
		m := meeting(c.zone, starts...)
		file := calendar.Write(words.For("en"), entry(m), calendar.Publish)
		objects := read(t, file)
		if len(objects) != 1 || len(objects[0].Events()) != len(starts) {
			t.Fatalf("%s: %d objects in\n%s", c.zone, len(objects), file)
		}
		zone := objects[0].Children[0]
		if zone.Name != ical.CompTimezone || text(t, zone, ical.PropTimezoneID) != c.zone || len(zone.Children) != c.parts {
			t.Errorf("%s: described in %d parts, want %d:\n%s", c.zone, len(zone.Children), c.parts, file)
		}
		for i, e := range objects[0].Events() {
			for name, want := range map[string]time.Time{ical.PropDateTimeStart: m.Sessions[i].Start, ical.PropDateTimeEnd: m.Sessions[i].End} {
				got, err := e.Props.DateTime(name, nil)
				if err != nil || !got.Equal(want) {
					t.Errorf("%s, session %d: %s %v (%v), want %v", c.zone, i+1, name, got, err, want)
				}
				p := e.Props.Get(name)
				if got := byTheFile(t, zone, p.Value); p.Params.Get(ical.ParamTimezoneID) != c.zone || !got.Equal(want) {
					t.Errorf("%s, session %d: by the file %s is %v, want %v", c.zone, i+1, name, got, want)
				}
			}
		}
		location, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from := time.Date(starts[0].In(location).Year(), time.January, 1, 0, 0, 0, 0, location)
		for hour := from; hour.Year() <= starts[len(starts)-1].In(location).Year(); hour = hour.Add(time.Hour) {
			if again := hour.Add(-time.Hour); again.Format(local) == hour.Format(local) {
				continue // shown twice
			}
			if got := byTheFile(t, zone, hour.Format(local)); !got.Equal(hour) {
				if _, ends := hour.Add(-time.Hour).ZoneBounds(); ends.Equal(hour) || ends.After(hour.Add(-time.Hour)) && !ends.After(hour) {
					continue // within the hour that is shown twice
				}
				t.Fatalf("%s: by the file, %s is %v", c.zone, hour, got)
			}
		}
	}
}

const local = "20060102T150405"

// byTheFile is when a zone's clocks show a time, by nothing but the description of the
// zone: that of the part that began last counts (RFC 5545, 3.6.5).
func byTheFile(t *testing.T, zone *ical.Component, shown string) time.Time {
	t.Helper()
	var offset string
	begun := ""
	for _, part := range zone.Children {
		if start := text(t, part, ical.PropDateTimeStart); start <= shown && start >= begun {
			begun, offset = start, part.Props.Get(ical.PropTimezoneOffsetTo).Value
		}
	}
	when, err := time.Parse(local+"-0700", shown+offset)
	if err != nil {
		t.Fatalf("%s: %v", shown, err)
	}
	return when
}

// In the hour that clocks show twice, neither time is taken for the other.
func TestWrite_theHourThatComesTwice(t *testing.T) {
	for zone, first := range map[string]time.Time{
		"Europe/Zurich":       time.Date(2027, time.October, 31, 0, 30, 0, 0, time.UTC),
		"America/New_York":    time.Date(2027, time.November, 7, 5, 30, 0, 0, time.UTC),
		"Australia/Lord_Howe": time.Date(2027, time.April, 3, 14, 45, 0, 0, time.UTC), // 01:45, clocks go back half an hour at 02:00
	} {
		again := time.Hour
		if zone == "Australia/Lord_Howe" {
			again = 30 * time.Minute
		}
		m := meeting(zone, first, first.Add(again))
		c := read(t, calendar.Write(words.For("en"), entry(m), calendar.Publish))[0]
		for i, e := range c.Events() {
			start := e.Props.Get(ical.PropDateTimeStart)
			if got, err := start.DateTime(nil); err != nil || !got.Equal(m.Sessions[i].Start) || start.Params.Get(ical.ParamTimezoneID) != "" {
				t.Errorf("%s: session %d begins at %v (%v), %v", zone, i+1, got, err, start)
			}
		}
		near := calendar.Write(words.For("en"), entry(meeting(zone, first.Add(-again), first.Add(2*again))), calendar.Publish)
		for _, e := range read(t, near)[0].Events() {
			if start := e.Props.Get(ical.PropDateTimeStart); start.Params.Get(ical.ParamTimezoneID) != zone {
				t.Errorf("%s: beside that hour: %v", zone, start)
			}
		}
	}
}

func TestWrite_universalTimeNeedsNoZone(t *testing.T) {
	for _, zone := range []string{"UTC", "", "Local", "Mars/Olympus"} {
		m := meeting(zone, made)
		c := read(t, calendar.Write(words.For("en"), entry(m), calendar.Publish))[0]
		if p := c.Events()[0].Props.Get(ical.PropDateTimeStart); len(c.Children) != 1 || p.Value != "20261002T093000Z" || len(p.Params) != 0 {
			t.Errorf("%q: %+v", zone, p)
		}
	}
}

func TestWrite_saysWhatItIs(t *testing.T) {
	const zone, platform = "Europe/Zurich", "https://remote.example.int/1?room=a,b;c"
	for name, c := range map[string]struct {
		lang                        string
		change                      func(*calendar.Entry)
		location, url, notes, title string
	}{
		"on site": {
			"en", func(*calendar.Entry) {}, "Room A, Geneva", "https://accounts.example.int/m/C-00016105",
			"Certificates, keys; and\nwhat goes wrong.\nMeeting C-00016105, registration R-7F3K-92QD", "Sixth X.509 Day – Day 2",
		},
		"remote, in French": {
			"fr", func(e *calendar.Entry) { e.Remote, e.Platform = true, platform }, platform, platform,
			"Certificats.\nRéunion C-00016105, inscription R-7F3K-92QD\nParticipation à distance\u00a0: " + platform, "Sixième Journée X.509 – Day 2",
		},
		"remote, where is not known yet": {
			"en", func(e *calendar.Entry) { e.Remote = true }, "", "https://accounts.example.int/m/C-00016105",
			"Certificates, keys; and\nwhat goes wrong.\nMeeting C-00016105, registration R-7F3K-92QD", "Sixth X.509 Day – Day 2",
		},
		"nothing known": {
			"en", func(e *calendar.Entry) {
				e.Number, e.Page, e.Meeting.Description, e.Meeting.Place, e.Meeting.Contact = "", "", nil, nil, ""
			}, "", "", "Meeting C-00016105", "Sixth X.509 Day – Day 2",
		},
		"one session": {
			"en", func(e *calendar.Entry) { e.Meeting.Sessions = e.Meeting.Sessions[1:] }, "Room A, Geneva",
			"https://accounts.example.int/m/C-00016105",
			"Certificates, keys; and\nwhat goes wrong.\nMeeting C-00016105, registration R-7F3K-92QD", "Sixth X.509 Day",
		},
		"control characters": {
			"en", func(e *calendar.Entry) {
				e.Meeting.Title = api.Text{"en": "A\x00\x1b[1m\r\nATTENDEE:mailto:all@example.org"}
				e.Meeting.Place, e.Page = api.Text{"en": "B\rC\u0085"}, "https://x.example/\r\nX:1"
			}, "B\nC", "", "Certificates, keys; and\nwhat goes wrong.\nMeeting C-00016105, registration R-7F3K-92QD",
			"A[1m\nATTENDEE:mailto:all@example.org – Day 2",
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := entry(meeting(zone, at(t, zone, "2027-03-27 10:00"), at(t, zone, "2027-03-28 10:00")))
			c.change(&e)
			events := read(t, calendar.Write(words.For(c.lang), e, calendar.Publish))[0].Events()
			last := events[len(events)-1].Component
			for name, want := range map[string]string{
				ical.PropLocation: c.location, ical.PropURL: c.url, ical.PropDescription: c.notes, ical.PropSummary: c.title,
				ical.PropUID: "C-00016105-" + strconv.Itoa(len(events)) + "@plenary", ical.PropSequence: "3",
				ical.PropDateTimeStamp: "20261002T093000Z", ical.PropStatus: "CONFIRMED",
			} {
				if got := text(t, last, name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			if len(last.Children) != 1 || last.Children[0].Name != ical.CompAlarm || text(t, last.Children[0], ical.PropTrigger) != "-PT30M" ||
				text(t, last.Children[0], ical.PropDescription) != c.title || text(t, last.Children[0], ical.PropAction) != "DISPLAY" {
				t.Errorf("alarm: %+v", last.Children)
			}
		})
	}
}

// Lines are folded between characters, and are the same text again when they are put
// together.
func TestWrite_foldsLongTexts(t *testing.T) {
	for lang, title := range map[string]string{
		"ar": strings.Repeat("الاجتماع السادس حول البنية التحتية للمفاتيح العمومية ", 8),
		"zh": strings.Repeat("第六届公钥基础设施会议，第一次全体会议；讨论证书与密钥", 12),
		"en": strings.Repeat("x", 300) + " " + strings.Repeat("👩🏽‍💻", 40) + " end",
	} {
		m := meeting("Asia/Shanghai", made)
		m.Title, m.Description = api.Text{"en": title, lang: title}, api.Text{"en": title + "\n" + title, lang: title + "\n" + title}
		file := calendar.Write(words.ForLetters(lang), entry(m), calendar.Publish)
		for line := range strings.SplitSeq(file, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsAny(line, "\r\n") {
				t.Errorf("%s: a line of %d bytes: %q", lang, len(line), line)
			}
		}
		event := read(t, file)[0].Events()[0].Component
		if got := text(t, event, ical.PropSummary); got != title {
			t.Errorf("%s: %q, want %q", lang, got, title)
		}
		if got := text(t, event, ical.PropDescription); !strings.HasPrefix(got, title+"\n"+title+"\n") {
			t.Errorf("%s: %q", lang, got)
		}
	}
}

// shelf is a person's calendar, which does with files what RFC 5546 says (2.1.4, 2.1.5).
type shelf map[string]*ical.Component

func (s shelf) take(t *testing.T, file string) {
	t.Helper()
	for _, o := range read(t, file) {
		uids := map[string]bool{}
		for _, e := range o.Events() {
			uid := text(t, e.Component, ical.PropUID)
			uids[uid] = true
			if old := s[uid]; old != nil && newer(t, old, e.Component) {
				continue
			}
			if text(t, o.Component, ical.PropMethod) == string(calendar.Cancel) {
				if text(t, e.Component, ical.PropStatus) != "CANCELLED" {
					t.Errorf("struck out, and %q", text(t, e.Component, ical.PropStatus))
				}
				delete(s, uid)
				continue
			}
			s[uid] = e.Component
		}
		if method := text(t, o.Component, ical.PropMethod); method != string(calendar.Publish) && len(uids) != 1 {
			t.Errorf("%s of %d events at once", method, len(uids))
		}
	}
}

// newer tells whether a is newer than b.
func newer(t *testing.T, a, b *ical.Component) bool {
	t.Helper()
	of := func(c *ical.Component) int {
		n, err := c.Props.Get(ical.PropSequence).Int()
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if of(a) != of(b) {
		return of(a) > of(b)
	}
	return text(t, a, ical.PropDateTimeStamp) > text(t, b, ical.PropDateTimeStamp)
}

func TestWrite_aCalendarHasEachSessionOnce(t *testing.T) {
	const zone = "Europe/Zurich"
	first := at(t, zone, "2027-03-27 10:00")
	e := entry(meeting(zone, first, first.AddDate(0, 0, 1)))
	w, s := words.For("en"), shelf{}
	s.take(t, calendar.Write(w, e, calendar.Publish))
	s.take(t, calendar.Write(words.For("fr"), e, calendar.Publish)) // once more, from elsewhere
	if len(s) != 2 {
		t.Errorf("taken in twice: %d events, want 2", len(s))
	}
	before := e
	e.Meeting = meeting(zone, first.Add(time.Hour), first.AddDate(0, 0, 1))
	e.Sequence++
	s.take(t, calendar.Write(w, e, calendar.Request))
	s.take(t, calendar.Write(w, before, calendar.Publish)) // late
	moved, err := s[calendar.UID(e.Meeting.Code, 1)].Props.DateTime(ical.PropDateTimeStart, nil)
	if err != nil || len(s) != 2 || !moved.Equal(first.Add(time.Hour)) {
		t.Errorf("%d events, the first at %v (%v)", len(s), moved, err)
	}
	e.Sequence++
	s.take(t, calendar.Write(w, e, calendar.Cancel))
	if len(s) != 0 {
		t.Errorf("cancelled, and there are %d events", len(s))
	}
}

func TestWrite_invitationsNameWhoIsMeant(t *testing.T) {
	e := entry(meeting("UTC", made))
	e.Attendee = "ana+50%@example.org"
	for method, attendees := range map[calendar.Method]int{calendar.Publish: 0, calendar.Request: 1, calendar.Cancel: 1} {
		event := read(t, calendar.Write(words.For("en"), e, method))[0].Events()[0]
		if got := text(t, event.Component, ical.PropOrganizer); got != "mailto:meetings@example.int" {
			t.Errorf("%s: organized by %q", method, got)
		}
		got := event.Props.Values(ical.PropAttendee)
		if len(got) != attendees || attendees == 1 && (got[0].Value != "mailto:ana+50%25@example.org" || got[0].Params.Get("PARTSTAT") != "ACCEPTED") {
			t.Errorf("%s: attendees %+v", method, got)
		}
	}
}

func TestObjects(t *testing.T) {
	m := meeting("Europe/Zurich", made, made.AddDate(0, 0, 1))
	// A line that is folded behind what looks like an object's end.
	m.Title = api.Text{"en": strings.Repeat("x", 52) + "END:VCALENDAR METHOD:CANCEL"}
	for method, want := range map[calendar.Method]int{calendar.Publish: 1, calendar.Request: 2, calendar.Cancel: 2} {
		file := calendar.Write(words.For("en"), entry(m), method)
		objects := calendar.Objects(file)
		var together strings.Builder
		for _, o := range objects {
			together.WriteString(o.Text)
			if o.Method != method || len(read(t, o.Text)) != 1 {
				t.Errorf("%s: %+v", method, o)
			}
		}
		if len(objects) != want || together.String() != file {
			t.Errorf("%s: %d objects, want %d", method, len(objects), want)
		}
	}
	if got := calendar.Objects(""); !slices.Equal(got, nil) {
		t.Errorf("of nothing: %+v", got)
	}
}
