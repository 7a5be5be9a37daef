package rules

import (
	"reflect"
	"testing"
	"time"

	"plenary/api"
)

func TestErasureBy(t *testing.T) {
	end := time.Date(2027, 3, 27, 17, 0, 0, 0, time.UTC) // summer time begins the day after
	after := func(days int) time.Time { return end.Add(time.Duration(days) * 24 * time.Hour) }
	meeting := func(all int, names bool, questions ...int) *api.MeetingDetails {
		d := &api.MeetingDetails{}
		d.Sessions = []api.MeetingSession{{Start: end.Add(-9 * time.Hour), End: end}, {Start: end.Add(-2 * time.Hour), End: end.Add(-time.Hour)}}
		d.Retention, d.RetentionNames = all, names
		for i, days := range questions {
			d.Form.Sections = append(d.Form.Sections, api.FormSection{Questions: []api.Question{{ID: string(rune('a' + i)), Retention: days}}})
		}
		return d
	}
	for name, c := range map[string]struct {
		d    *api.MeetingDetails
		now  time.Time
		want Erasure
	}{
		"never":           {meeting(0, true, 0), after(9999), Erasure{}},
		"a draft":         {&api.MeetingDetails{MeetingPrivate: api.MeetingPrivate{Retention: 1}}, after(9999), Erasure{}},
		"not yet":         {meeting(30, false, 0), after(30).Add(-1), Erasure{Next: after(30)}},
		"all":             {meeting(30, false, 7), after(30), Erasure{All: true}},
		"all, with names": {meeting(30, true), after(31), Erasure{All: true, Names: true}},
		"a question":      {meeting(30, true, 7, 0, 40), after(7), Erasure{Questions: []string{"a"}, Next: after(30)}},
		"questions":       {meeting(0, false, 7, 3, 40), after(7), Erasure{Questions: []string{"a", "b"}, Next: after(40)}},
		"before all":      {meeting(30, false, 7, 3), time.Time{}, Erasure{Next: after(3)}},
	} {
		if got := ErasureBy(c.d, c.now); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
