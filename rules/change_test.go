package rules

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"plenary/api"
)

// changing is a meeting whose registrations can be changed.
func changing() *api.Meeting {
	choice := func(ids ...string) (list []api.Choice) {
		for _, id := range ids {
			list = append(list, api.Choice{ID: id, Label: api.Text{"en": id}})
		}
		return list
	}
	return &api.Meeting{
		Participation: []string{api.OnSite, api.Remote}, Companions: 2, ParticipantList: api.ListForParticipants,
		Consents: []api.Consent{{ID: "photos", Text: api.Text{"en": "Photos"}}, {ID: "rules", Text: api.Text{"en": "Rules"}, Required: true}},
		Form: api.Form{Sections: []api.FormSection{{Questions: []api.Question{
			{ID: "meals", Kind: api.KindText, Label: api.Text{"en": "Meals"}},
			{ID: "topics", Kind: api.KindChoices, Label: api.Text{"en": "Topics"}, Choices: choice("a", "b")},
		}}}},
	}
}

func TestChangeUntil(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2027, 1, day, 0, 0, 0, 0, time.UTC) }
	meeting := func(change, withdraw time.Time) *api.Meeting {
		return &api.Meeting{
			RegistrationUntil: at(5), ChangeUntil: change, WithdrawUntil: withdraw,
			Sessions: []api.MeetingSession{{Start: at(10), End: at(11)}},
		}
	}
	for name, c := range map[string]struct {
		meeting          *api.Meeting
		change, withdraw time.Time
	}{
		"not said":            {meeting(time.Time{}, time.Time{}), at(5), at(11)},
		"said":                {meeting(at(7), at(8)), at(7), at(8)},
		"later than its end":  {meeting(at(20), at(20)), at(11), at(11)},
		"before it is closed": {meeting(at(2), at(3)), at(2), at(3)},
	} {
		if got := ChangeUntil(c.meeting); !got.Equal(c.change) {
			t.Errorf("%s: changes until %v", name, got)
		}
		if got := WithdrawUntil(c.meeting); !got.Equal(c.withdraw) {
			t.Errorf("%s: withdrawals until %v", name, got)
		}
	}
}

func TestDifferences(t *testing.T) {
	before := api.Register{
		Participation: api.OnSite, BadgeName: "Ana", Answers: api.Answers{"meals": {"meat"}, "gone": {"x"}, "topics": {"a"}},
		Companions: []api.Companion{{Name: "Bo"}}, Consents: []string{"rules"},
	}
	same := before
	if got := Differences(changing(), &before, &same); got != nil {
		t.Errorf("of the same: %+v", got)
	}
	after := api.Register{
		Participation: api.Remote, JobTitle: "Engineer", Answers: api.Answers{"meals": {"vegan"}, "topics": {"a", "b"}},
		Consents: []string{"photos", "rules"}, Listed: true,
	}
	want := []api.Changed{
		{Field: "/participation", Before: []string{api.OnSite}, After: []string{api.Remote}},
		{Field: "/badge_name", Before: []string{"Ana"}},
		{Field: "/job_title", After: []string{"Engineer"}},
		{Field: "/answers/meals", Before: []string{"meat"}, After: []string{"vegan"}},
		{Field: "/answers/topics", Before: []string{"a"}, After: []string{"a", "b"}},
		{Field: "/answers/gone", Before: []string{"x"}},
		{Field: "/companions", Before: []string{"Bo"}},
		{Field: "/consents", Before: []string{"rules"}, After: []string{"photos", "rules"}},
		{Field: "/listed", After: []string{"yes"}},
	}
	if got := Differences(changing(), &before, &after); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	for field, on := range map[string]bool{"/participation": true, "/badge_name": true, "/companions": true, "/job_title": false, "/answers/meals": false} {
		if OnCode([]api.Changed{{Field: field}}) != on {
			t.Errorf("beside the code stands %s: %v", field, !on)
		}
	}
}

func TestReapproved(t *testing.T) {
	changed := []api.Changed{{Field: "/answers/meals"}}
	for _, c := range []struct {
		fields []string
		want   bool
	}{
		{nil, false}, {[]string{"/participation"}, false}, {[]string{"/participation", "/answers/meals"}, true}, {[]string{"*"}, true},
	} {
		m := &api.Meeting{Reapprove: c.fields}
		if Reapproved(m, changed) != c.want {
			t.Errorf("%q: %v", c.fields, !c.want)
		}
		if Reapproved(m, nil) {
			t.Errorf("%q: nothing was changed", c.fields)
		}
	}
}

// What stood there before and is not asked for any more goes; what is new is judged.
func TestWithoutGone(t *testing.T) {
	before := api.Register{Answers: api.Answers{"old": {"x"}, "topics": {"a", "z"}, "meals": {"meat"}}, Consents: []string{"rules", "former"}}
	kept := before
	kept.Answers = api.Answers{"old": {"x"}, "topics": {"a", "z"}, "meals": {"vegan"}}
	got := WithoutGone(changing(), &before, kept)
	want := api.Register{Answers: api.Answers{"topics": {"a"}, "meals": {"vegan"}}, Consents: []string{"rules"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	anew := api.Register{Answers: api.Answers{"old": {"y"}, "topics": {"w"}}, Consents: []string{"rules", "other"}}
	if got := WithoutGone(changing(), &before, anew); !reflect.DeepEqual(got, anew) {
		t.Errorf("given anew: %+v", got)
	}
	if !reflect.DeepEqual(before.Answers["topics"], []string{"a", "z"}) {
		t.Errorf("what stood there was changed: %+v", before)
	}
}

func TestValidateRegister_consents(t *testing.T) {
	m := changing()
	m.Form = api.Form{}
	for name, c := range map[string]struct {
		given []string
		want  []api.FieldError
	}{
		"what is required":  {[]string{"rules"}, nil},
		"all, in any order": {[]string{"rules", "photos"}, nil},
		"none":              {nil, []api.FieldError{{Pointer: "/consents/rules", Code: api.FieldRequired}}},
		"an unknown one":    {[]string{"rules", "a/b"}, []api.FieldError{{Pointer: "/consents/a~1b", Code: api.FieldUnknown}}},
	} {
		for _, participation := range m.Participation {
			in := api.Register{Participation: participation, BadgeName: "Ana", Consents: c.given}
			if got := ValidateRegister(m, &in); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s, %s: %+v", name, participation, got)
			}
		}
	}
	clean := CleanRegister(m, api.Register{Participation: api.Remote, Consents: []string{"rules", "photos", "rules"}, Listed: true})
	if !reflect.DeepEqual(clean.Consents, []string{"photos", "rules"}) || !clean.Listed {
		t.Errorf("kept: %+v", clean)
	}
	m.ParticipantList = ""
	if CleanRegister(m, api.Register{Listed: true}).Listed {
		t.Error("listed where there is no list")
	}
}

func TestCheckMeeting_consentsAndChanges(t *testing.T) {
	check := func(m *api.Meeting) []api.FieldError {
		var c meetingCheck
		c.changes(&api.MeetingDetails{Meeting: *m})
		return c.wrong
	}
	if wrong := check(changing()); len(wrong) > 0 {
		t.Errorf("%+v", wrong)
	}
	m := changing()
	m.Reapprove = []string{"*", "/participation", "/answers/meals", "/answers/none", "/answers", "badge_name", "*"}
	m.ParticipantList = "some"
	m.Consents = []api.Consent{{ID: "a", Text: api.Text{"en": "A"}}, {ID: "a", Text: api.Text{"fr": "A"}}, {ID: "A b"}, {}}
	want := []api.FieldError{
		{Pointer: "/consents/1/id", Code: api.FieldRepeated},
		{Pointer: "/consents/1/text/en", Code: api.FieldRequired},
		{Pointer: "/consents/2/id", Code: api.FieldInvalid},
		{Pointer: "/consents/2/text/en", Code: api.FieldRequired},
		{Pointer: "/consents/3/id", Code: api.FieldRequired},
		{Pointer: "/consents/3/text/en", Code: api.FieldRequired},
		{Pointer: "/participant_list", Code: api.FieldUnknown},
		{Pointer: "/reapprove/3", Code: api.FieldUnknown},
		{Pointer: "/reapprove/4", Code: api.FieldUnknown},
		{Pointer: "/reapprove/5", Code: api.FieldUnknown},
		{Pointer: "/reapprove/6", Code: api.FieldRepeated},
	}
	if got := check(m); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	m = changing()
	for range MaxConsents {
		m.Consents = append(m.Consents, m.Consents[0])
	}
	if got := check(m); len(got) == 0 || got[0] != (api.FieldError{Pointer: "/consents", Code: api.FieldTooMany}) {
		t.Errorf("too many: %+v", got)
	}
	m = changing()
	m.Reapprove = []string{"/answers/none"}
	if got := CheckMeeting(&api.MeetingDetails{Meeting: *m}); !slices.Contains(got, api.FieldError{Pointer: "/reapprove/0", Code: api.FieldUnknown}) {
		t.Errorf("a whole meeting: %+v", got)
	}
}
