package rules

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"plenary/api"
)

func question(f *api.Form, id string) *api.Question { return findQuestion(f, id) }

func TestFormChange_effects(t *testing.T) {
	remove := func(f *api.Form, id string) {
		for s := range f.Sections {
			f.Sections[s].Questions = slices.DeleteFunc(f.Sections[s].Questions, func(q api.Question) bool { return q.ID == id })
		}
	}
	all := []api.Answers{
		{"first_time": {"yes"}, "diet": {"vegan", "halal"}, "visa": {"yes"}, "nationality": {"CH"}, "why": {"fun"}, "room": {"a"}, "remarks": {"12"}},
		{"first_time": {"no"}, "diet": {"vegan"}, "visa": {"no"}, "remarks": {"a lot to say"}, "arrival": {"2026-12-31"}},
		{"first_time": {"no"}},
	}
	all[0]["pass_photo"] = []string{"0190a1b2-0000-7000-8000-000000000000", "me.jpg"}
	form := func() *api.Form {
		f := visaForm()
		f.Sections[1].Questions = append(f.Sections[1].Questions, api.Question{ID: "pass_photo", Kind: api.KindPhoto, Label: api.Text{"en": "Photo"}})
		return f
	}
	for _, c := range []struct {
		name   string
		change func(*api.Form)
		want   string // kind question/choice registrations
	}{
		{"a photo becomes a file", func(f *api.Form) { question(f, "pass_photo").Kind = api.KindFile }, ""},
		{"a photo becomes a text", func(f *api.Form) { question(f, "pass_photo").Kind = api.KindText }, "unfit pass_photo/ 1"},
		{"nothing", func(*api.Form) {}, ""},
		{"words, places and retention", func(f *api.Form) {
			q := question(f, "diet")
			q.Label, q.Help, q.Retention, q.Choices[0].Places, q.Choices[0].Label = api.Text{"en": "Food"}, api.Text{"en": "x"}, 30, 5, api.Text{"en": "x"}
			f.Sections[0].Title = api.Text{"en": "x"}
		}, ""},
		{"another order", func(f *api.Form) {
			q := f.Sections[1].Questions
			q[0], q[1] = q[1], q[0]
			slices.Reverse(question(f, "diet").Choices)
		}, ""},
		{"a question goes", func(f *api.Form) { remove(f, "remarks") }, "removed remarks/ 2"},
		{"one that nobody has answered goes", func(f *api.Form) { remove(f, "papers") }, ""},
		{"a choice goes", func(f *api.Form) { q := question(f, "diet"); q.Choices = q.Choices[:1] }, "choice-removed diet/halal 1"},
		{"all choices go", func(f *api.Form) { question(f, "diet").Choices = nil }, "choice-removed diet/halal 1, choice-removed diet/vegan 2"},
		{"a choice of one is a choice of several", func(f *api.Form) { question(f, "room").Kind = api.KindChoices }, ""},
		{"several are one", func(f *api.Form) { question(f, "diet").Kind = api.KindChoice }, "unfit diet/ 1"},
		{"a choice becomes a text", func(f *api.Form) { q := question(f, "diet"); q.Kind, q.Choices = api.KindText, nil }, "unfit diet/ 2"},
		{"a text becomes a number", func(f *api.Form) { question(f, "remarks").Kind = api.KindNumber }, "unfit remarks/ 1"},
		{"a date becomes a text", func(f *api.Form) { question(f, "arrival").Kind = api.KindText }, ""},
		{"shorter", func(f *api.Form) { question(f, "remarks").Max = 5 }, "unfit remarks/ 1"},
		{"required", func(f *api.Form) { question(f, "arrival").Required = true }, "required arrival/ 2"},
		{"a new one is required", func(f *api.Form) {
			f.Sections[1].Questions = append(f.Sections[1].Questions, api.Question{ID: "new", Kind: api.KindText, Required: true})
		}, "required new/ 3"},
		{"required of those that are asked it", func(f *api.Form) {
			f.Sections[1].Questions = append(f.Sections[1].Questions,
				api.Question{ID: "new", Kind: api.KindText, Required: true, If: &api.ShownIf{Question: "visa", Answer: "yes"}})
		}, "required new/ 1"},
		{"a condition hides", func(f *api.Form) { question(f, "remarks").If = &api.ShownIf{Question: "visa", Answer: "yes"} }, "hidden remarks/ 1"},
		{"a condition goes", func(f *api.Form) { question(f, "nationality").If = nil }, "required nationality/ 2"},
		{"another condition in a chain", func(f *api.Form) { question(f, "nationality").If.Answer = "no" }, "required nationality/ 1, hidden nationality/ 1, hidden why/ 1"},
		{"a section gets a condition", func(f *api.Form) {
			f.Sections[1].If = &api.ShownIf{Question: "visa", Answer: "yes"}
		}, "hidden arrival/ 1, hidden remarks/ 1"},
		{"what another one hangs on goes", func(f *api.Form) { remove(f, "visa") }, "removed visa/ 2, hidden nationality/ 1, hidden why/ 1"},
	} {
		after := form()
		c.change(after)
		change := NewFormChange(form(), after)
		for _, answers := range all {
			change.Count(answers)
		}
		var got []string
		for _, e := range change.Effects() {
			got = append(got, fmt.Sprintf("%s %s/%s %d", e.Kind, e.Question, e.Choice, e.Registrations))
		}
		want := strings.Split(c.want, ", ")
		slices.Sort(want)
		said := slices.Clone(got)
		slices.Sort(said)
		if strings.Join(said, ", ") != strings.Join(want, ", ") {
			t.Errorf("%s: %s, want %s", c.name, strings.Join(got, ", "), c.want)
		}
		if len(got) > 0 && !change.Matters() {
			t.Errorf("%s: does not matter, and does something", c.name)
		}
		if slices.Contains([]string{"nothing", "words, places and retention", "another order"}, c.name) && change.Matters() {
			t.Errorf("%s: matters", c.name)
		}
		if !Acknowledged(change.Effects(), change.Effects()) || len(got) > 0 && Acknowledged(change.Effects(), change.Effects()[1:]) {
			t.Errorf("%s: acknowledged wrongly", c.name)
		}
	}
}

func TestFormChange_inTheOrderOfTheForm(t *testing.T) {
	change := NewFormChange(visaForm(), &api.Form{})
	change.Count(api.Answers{"remarks": {"x"}, "diet": {"vegan"}, "first_time": {"no"}})
	var got []string
	for _, e := range change.Effects() {
		got = append(got, e.Question)
	}
	if s := strings.Join(got, " "); s != "first_time diet remarks" {
		t.Error(s)
	}
}

func TestAsked_sections(t *testing.T) {
	form := visaForm()
	form.Sections[1].If = &api.ShownIf{Question: "visa", Answer: "yes"}
	for _, c := range []struct {
		name    string
		answers api.Answers
		want    bool
	}{
		{"nothing", nil, false},
		{"the other answer", api.Answers{"visa": {"no"}}, false},
		{"this one", api.Answers{"visa": {"yes"}}, true},
	} {
		if got := Asked(form, c.answers)["phone"]; got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	form.Sections[1].If = &api.ShownIf{Question: "phone", Answer: "1"}
	if Asked(form, api.Answers{"phone": {"1"}})["phone"] {
		t.Error("a section that hangs on its own question is asked")
	}
}
