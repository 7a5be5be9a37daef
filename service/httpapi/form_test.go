package httpapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"plenary/api"
)

// formOf is a form of one section.
func formOf(questions ...api.Question) api.Form {
	return api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "Your stay"}, Questions: questions}}}
}

func textQuestion(id string) api.Question {
	return api.Question{ID: id, Kind: api.KindText, Label: api.Text{"en": "What?"}}
}

// saveForm gives the meeting a form, as its manager read it.
func (s *server) saveForm(manager api.Session, form api.Form, known ...api.FormEffect) (saved api.ManagedMeeting, problem api.Problem) {
	s.t.Helper()
	var m api.ManagedMeeting
	if a := s.as(manager, "GET", "/v1/managed/meetings/"+meetingCode, nil, &m); a.StatusCode != 200 {
		s.t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	m.Form = form
	a := s.as(manager, "PUT", "/v1/managed/meetings/"+meetingCode, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition, Effects: known}, &saved)
	if a.StatusCode >= 300 {
		if err := json.Unmarshal(a.body, &problem); err != nil {
			s.t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	return saved, problem
}

// What no program of ours sends is refused in words of the contract, and by its place.
func TestSaveMeeting_refusesFormsThatCannotBeAsked(t *testing.T) {
	s := serve(t, nil)
	s.meeting()
	manager := s.account("manager", api.RoleMeetingManager)
	many := make([]api.Question, 10_000)
	for i := range many {
		many[i] = api.Question{ID: fmt.Sprintf("q%d", i), Kind: api.KindText, Label: api.Text{"en": "?"}}
	}
	hanging := func(id, on, answer string) api.Question {
		q := textQuestion(id)
		q.If = &api.ShownIf{Question: on, Answer: answer}
		return q
	}
	choice := func(change func(*api.Question)) api.Question {
		q := api.Question{ID: "c", Kind: api.KindChoice, Label: api.Text{"en": "Which?"}, Choices: []api.Choice{{ID: "a", Label: api.Text{"en": "A"}}}}
		change(&q)
		return q
	}
	first := "/form/sections/0/questions/0"
	for _, c := range []struct {
		name string
		form api.Form
		want string
	}{
		{"10,000 questions", formOf(many...), "/form/sections too-many"},
		{"10,000 sections", api.Form{Sections: slices.Repeat(formOf(textQuestion("a")).Sections, 10_000)}, "/form/sections too-many"},
		{"a condition on itself", formOf(hanging("a", "a", "x")), first + "/if/question unknown"},
		{"a condition on a later question", formOf(hanging("a", "b", "x"), textQuestion("b")), first + "/if/question unknown"},
		{"a condition on no question", formOf(hanging("a", "nothing", "x")), first + "/if/question unknown"},
		{
			"two conditions in a circle", formOf(hanging("a", "b", "x"), hanging("b", "a", "x")),
			first + "/if/question unknown",
		},
		{
			"a section on its own question",
			api.Form{Sections: []api.FormSection{{Title: api.Text{}, If: &api.ShownIf{Question: "a", Answer: "x"}, Questions: []api.Question{textQuestion("a")}}}},
			"/form/sections/0/if/question unknown",
		},
		{
			"a condition on no answer", formOf(choice(func(*api.Question) {}), hanging("b", "c", "z")),
			"/form/sections/0/questions/1/if/answer unknown",
		},
		{
			"HTML in a label", formOf(choice(func(q *api.Question) {
				q.Label["fr"] = `Quoi <img src=x onerror="alert(1)">`
				q.Choices[0].Label = api.Text{"en": "<b>A</b>"}
				q.Help = api.Text{"en": "under 18 < x > y"} // is none
			})),
			first + "/label/fr not-accepted, " + first + "/choices/0/label/en not-accepted",
		},
		{"HTML in a title", api.Form{Sections: []api.FormSection{{Title: api.Text{"en": "</div>"}, Questions: []api.Question{}}}}, "/form/sections/0/title/en not-accepted"},
		{"too many choices", formOf(choice(func(q *api.Question) { q.Choices = slices.Repeat(q.Choices, 301) })), first + "/choices too-many"},
		{"kept for ever and a day", formOf(choice(func(q *api.Question) { q.Retention = 3651 })), first + "/retention out-of-range"},
		{"an answer like a book", formOf(choice(func(q *api.Question) { q.Max = 10_001 })), first + "/max out-of-range"},
	} {
		_, p := s.saveForm(manager, c.form)
		var got []string
		for _, e := range p.Errors {
			got = append(got, e.Pointer+" "+e.Code)
		}
		if said := strings.Join(got, ", "); p.Code != api.CodeInvalid || !strings.HasPrefix(said, c.want) {
			t.Errorf("%s: %s %s, want %s", c.name, p.Code, said, c.want)
		}
	}
	// More than a description can need is not read at all.
	var m api.ManagedMeeting
	s.as(manager, "GET", "/v1/managed/meetings/"+meetingCode, nil, &m)
	m.Description = api.Text{"en": strings.Repeat("x", maxMeetingBody)}
	if a := s.as(manager, "PUT", "/v1/managed/meetings/"+meetingCode, api.SaveMeeting{MeetingDetails: m.MeetingDetails, Edition: m.Edition}, nil); a.StatusCode != 413 {
		t.Errorf("a description of a megabyte: %d", a.StatusCode)
	}
}

// A change of a form that has answers says what it does to them, and is made once exactly
// that is acknowledged.
func TestSaveMeeting_saysWhatItDoesToAnswers(t *testing.T) {
	s := serve(t, nil)
	s.meeting()
	manager := s.account("manager", api.RoleMeetingManager)
	diet := api.Question{ID: "diet", Kind: api.KindChoices, Label: api.Text{"en": "Diet"}, Choices: []api.Choice{
		{ID: "vegan", Label: api.Text{"en": "Vegan"}}, {ID: "halal", Label: api.Text{"en": "Halal"}},
	}}
	if saved, p := s.saveForm(manager, formOf(diet, textQuestion("role"))); p.Code != "" || len(saved.Form.Sections) != 1 {
		t.Fatalf("saved %+v, %+v", saved.Form, p)
	}
	for i, name := range []string{"amina", "boris", "chloe"} {
		answers := api.Answers{"diet": []string{"vegan", "halal"}[:1+i%2], "role": {"chair"}}
		payload, err := json.Marshal(api.Register{Meeting: meetingCode, Participation: api.OnSite, BadgeName: name, Answers: answers})
		if err != nil {
			t.Fatal(err)
		}
		r := s.deliver(s.account(name), api.Operation{ID: uuid.Must(uuid.NewV7()).String(), Number: 1, Kind: api.OpRegister, Made: time.Now(), Payload: payload})
		if r.Registration == nil {
			t.Fatalf("%+v", r)
		}
	}
	less := diet
	less.Choices = diet.Choices[:1]
	_, p := s.saveForm(manager, formOf(less))
	want := []api.FormEffect{
		{Kind: api.EffectChoiceRemoved, Question: "diet", Choice: "halal", Registrations: 1},
		{Kind: api.EffectRemoved, Question: "role", Registrations: 3},
	}
	if p.Code != api.CodeEffects || p.Status != 409 || !slices.Equal(p.Effects, want) {
		t.Fatalf("refused with %+v", p)
	}
	if _, p := s.saveForm(manager, formOf(less), want[0]); p.Code != api.CodeEffects {
		t.Errorf("half of it acknowledged: %+v", p)
	}
	relabelled := diet
	relabelled.Label = api.Text{"en": "What do you eat?"}
	if _, p := s.saveForm(manager, formOf(relabelled, textQuestion("role"))); p.Code != "" {
		t.Errorf("another label: %+v", p)
	}
	// Who does not manage the meeting is told nothing of its answers.
	var (
		m   api.ManagedMeeting
		all api.Managers
	)
	s.as(manager, "GET", "/v1/managed/meetings/"+meetingCode, nil, &m)
	s.as(manager, "GET", "/v1/managed/managers", nil, &all)
	if a := s.as(manager, "PUT", "/v1/managed/meetings/"+meetingCode+"/managers", api.SaveManagers{Managers: []string{all.Managers[0].ID}, Edition: m.Edition}, &m); a.StatusCode != 200 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	other := m.MeetingDetails
	other.Form = formOf(less)
	a := s.as(s.account("stranger", api.RoleMeetingManager), "PUT", "/v1/managed/meetings/"+meetingCode, api.SaveMeeting{MeetingDetails: other, Edition: m.Edition}, nil)
	if a.StatusCode != 404 || strings.Contains(string(a.body), "diet") {
		t.Errorf("another manager: %d %s", a.StatusCode, a.body)
	}
	if saved, p := s.saveForm(manager, formOf(less), want...); p.Code != "" || len(saved.Form.Sections[0].Questions) != 1 {
		t.Errorf("acknowledged: %+v", p)
	}
}
