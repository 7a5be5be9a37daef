package manage

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func TestValues_thereAndBack(t *testing.T) {
	m := screentest.NewManager().Meetings[0]
	m.Reapprove = append([]string{"/what the form does not show"}, m.Reapprove...)
	m.Form.Sections[1].Questions[1].Known = "phone" // of another kind of question
	m.Form.Sections[1].Questions = append(m.Form.Sections[1].Questions,
		api.Question{ID: "letter", Kind: api.KindFile, Label: api.Text{"en": "Letter"}, MaxBytes: 3 << 19}) // no whole number of MB
	d := rules.CleanMeeting(m.MeetingDetails)
	v := valuesOf(&d)
	back, wrong := v.details(&api.MeetingDetails{Meeting: api.Meeting{Code: d.Code, Status: d.Status, Taken: d.Taken, Reapprove: d.Reapprove}})
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	if back = rules.CleanMeeting(back); !reflect.DeepEqual(back, d) {
		t.Errorf("%+v\nis not\n%+v", back, d)
	}
}

func TestValues_check(t *testing.T) {
	m := screentest.NewManager().Meetings[0].MeetingDetails
	for _, c := range []struct {
		name, input, value, want string
		draft                    bool
	}{
		{"good", "zone", "Europe/Zurich", "", false},
		{"no time", "sessions.0.start", "tomorrow", "/sessions/0/start invalid", false},
		{"no number", "capacity", "many", "/capacity invalid", false},
		{"in Arabic figures", "capacity", "٤٠", "", false},
		{"no zone", "zone", "", "/zone required", false},
		{"no zone in a draft", "zone", "", "", true},
		{"ends before", "sessions.0.end", "2020-01-01 09:00", "/sessions/0/end out-of-range", false},
	} {
		v := valuesOf(&m)
		v[c.input] = c.value
		_, wrong := v.check(&m, c.draft)
		var got []string
		for _, e := range wrong {
			got = append(got, e.Pointer+" "+e.Code)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestValues_removeRow(t *testing.T) {
	v := values{"sessions": "3", "sessions.0.start": "a", "sessions.1.start": "b", "sessions.1.title.fr": "B", "sessions.2.start": "c", "title.en": "x"}
	v.removeRow(sessionRows, 1)
	want := values{"sessions": "2", "sessions.0.start": "a", "sessions.1.start": "c", "title.en": "x"}
	if !reflect.DeepEqual(v, want) {
		t.Errorf("%v", v)
	}
}

func TestMomentOf(t *testing.T) {
	zone := kit.Zone("Europe/Zurich")
	want := time.Date(2026, 12, 22, 8, 5, 0, 0, time.UTC)
	for text, ok := range map[string]bool{
		"2026-12-22 09:05": true, "2026/12/22  9:05": true, "20261222 9.05": true, "٢٠٢٦-١٢-٢٢ ٠٩:٠٥": true,
		"22.12.2026 09:05": true, "3/4/2026 09:05": false, "2026-12-22": false, "2026-12-22 9": false, "09:05": false, "2026-13-22 09:05": false, "2026-12-22 25:05": false,
	} {
		if got, is := momentOf(text, zone); is != ok || ok && !got.Equal(want) {
			t.Errorf("%q: %v %v", text, got, is)
		}
	}
	if moment(want, zone) != "2026-12-22 09:05" || moment(time.Time{}, zone) != "" {
		t.Error(moment(want, zone))
	}
}
