package rules

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"plenary/api"
)

// visaForm is a form such as meetings have, with a chain of conditions.
func visaForm() *api.Form {
	en := func(s string) api.Text { return api.Text{"en": s} }
	return &api.Form{Sections: []api.FormSection{
		{Title: en("Your stay"), Questions: []api.Question{
			{ID: "first_time", Kind: api.KindYesNo, Label: en("First time?"), Required: true},
			{ID: "diet", Kind: api.KindChoices, Label: en("Diet"), Choices: []api.Choice{{ID: "vegan", Label: en("Vegan")}, {ID: "halal", Label: en("Halal")}}},
			{ID: "visa", Kind: api.KindYesNo, Label: en("Visa?")},
			{ID: "nationality", Kind: api.KindCountry, Label: en("Nationality"), Required: true, If: &api.ShownIf{Question: "visa", Answer: "yes"}},
			{ID: "why", Kind: api.KindText, Label: en("Why?"), Max: 5, Required: true, If: &api.ShownIf{Question: "nationality", Answer: "CH"}},
		}},
		{Title: en("Other"), Questions: []api.Question{
			{ID: "phone", Kind: api.KindPhone, Label: en("Phone")},
			{ID: "email", Kind: api.KindEmail, Label: en("E-mail")},
			{ID: "arrival", Kind: api.KindDate, Label: en("Arrival")},
			{ID: "papers", Kind: api.KindNumber, Label: en("Papers")},
			{ID: "room", Kind: api.KindChoice, Label: en("Room"), Choices: []api.Choice{{ID: "a", Label: en("A")}}},
			{ID: "remarks", Kind: api.KindLong, Label: en("Remarks")},
		}},
	}}
}

func TestValidateForm(t *testing.T) {
	for _, c := range []struct {
		name    string
		answers api.Answers
		want    string
	}{
		{"nothing", nil, "/answers/first_time required"},
		{"enough", api.Answers{"first_time": {"yes"}}, ""},
		{"blank is none", api.Answers{"first_time": {" "}}, "/answers/first_time required"},
		{"a condition holds", api.Answers{"first_time": {"no"}, "visa": {"yes"}}, "/answers/nationality required"},
		{"a chain holds", api.Answers{"first_time": {"no"}, "visa": {"yes"}, "nationality": {"CH"}}, "/answers/why required"},
		{"a chain is broken", api.Answers{"first_time": {"no"}, "visa": {"no"}, "nationality": {"CH"}}, ""},
		{"answers to what is not shown mean nothing", api.Answers{"first_time": {"no"}, "why": {"far too long"}}, ""},
		{
			"in order of the form",
			api.Answers{"visa": {"yes"}, "nationality": {"XX"}, "papers": {"1,5"}},
			"/answers/first_time required, /answers/nationality invalid, /answers/papers invalid",
		},
		{
			"unknown questions last",
			api.Answers{"zzz": {"1"}, "a/b~c": {"1"}},
			"/answers/first_time required, /answers/a~1b~0c unknown, /answers/zzz unknown",
		},
	} {
		var got []string
		for _, e := range ValidateForm(visaForm(), c.answers) {
			got = append(got, e.Pointer+" "+e.Code)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

func TestValidateAnswer(t *testing.T) {
	form := visaForm()
	for _, c := range []struct {
		question string
		answer   []string
		want     string
	}{
		{"first_time", []string{"maybe"}, api.FieldInvalid},
		{"first_time", []string{"yes", "no"}, api.FieldTooMany},
		{"diet", []string{"vegan", "halal"}, ""},
		{"diet", []string{"vegan", "vegan"}, api.FieldInvalid},
		{"diet", []string{"air"}, api.FieldUnknown},
		{"room", []string{"a"}, ""},
		{"room", []string{"b"}, api.FieldUnknown},
		{"nationality", []string{"CH"}, ""},
		{"nationality", []string{"ch"}, api.FieldInvalid},
		{"why", []string{"éàüöñ"}, ""}, // characters, not bytes
		{"why", []string{"abcdef"}, api.FieldTooLong},
		{"why", []string{"a\nb"}, api.FieldInvalid},
		{"why", []string{"a\x00b"}, api.FieldInvalid},
		{"why", []string{"a\xff"}, api.FieldInvalid},
		{"remarks", []string{"a\r\n\tb"}, ""},
		{"remarks", []string{strings.Repeat("x", 2000)}, ""},
		{"remarks", []string{strings.Repeat("x", 2001)}, api.FieldTooLong},
		{"arrival", []string{"2026-12-31"}, ""},
		{"arrival", []string{"2026-02-30"}, api.FieldInvalid},
		{"arrival", []string{"31.12.2026"}, api.FieldInvalid},
		{"papers", []string{"12"}, ""},
		{"papers", []string{"-0.5"}, ""},
		{"papers", []string{"1e9"}, api.FieldInvalid},
		{"papers", []string{"1/2"}, api.FieldInvalid},
		{"papers", []string{"--1"}, api.FieldInvalid},
		{"papers", []string{"."}, api.FieldInvalid},
		{"papers", []string{strings.Repeat("1", 31)}, api.FieldTooLong},
		{"email", []string{"a@example.org"}, ""},
		{"email", []string{"a@localhost"}, api.FieldInvalid},
		{"phone", []string{"+41 22 730 51 11"}, ""},
	} {
		if got := ValidateAnswer(findQuestion(form, c.question), c.answer); got != c.want {
			t.Errorf("%s %.20q: %q, want %q", c.question, c.answer, got, c.want)
		}
	}
}

func TestCleanAnswers_keepsWhatCounts(t *testing.T) {
	got := CleanAnswers(visaForm(), api.Answers{
		"first_time": {" yes "}, "diet": {"", "vegan"}, "nationality": {"CH"}, "phone": {"  "}, "zzz": {"1"},
	})
	if len(got) != 2 || !slices.Equal(got["first_time"], []string{"yes"}) || !slices.Equal(got["diet"], []string{"vegan"}) {
		t.Errorf("%v", got)
	}
}

func TestCleanAnswers_keepsThemInOneForm(t *testing.T) {
	form := &api.Form{Sections: []api.FormSection{{Questions: []api.Question{
		{ID: "phone", Kind: api.KindPhone},
		{ID: "email", Kind: api.KindEmail},
		{ID: "text", Kind: api.KindText},
		{ID: "long", Kind: api.KindLong},
		{ID: "unseen", Kind: api.KindText},
	}}}}
	answers := api.Answers{
		"phone": {"\u202a+44\u00a020 7946–0018 x7\u202c"}, "email": {"mailto:a\u200b@Example.org"}, "text": {" so\u00adme  text "},
		"long": {"one\r\n\ttwo \u200b"}, "unseen": {"\u200b\ufeff"},
	}
	if errs := ValidateForm(form, answers); len(errs) > 0 {
		t.Errorf("%+v", errs)
	}
	want := api.Answers{"phone": {"+44 20 7946-0018 ext. 7"}, "email": {"a@example.org"}, "text": {"some text"}, "long": {"one\n\ttwo"}}
	if got := CleanAnswers(form, answers); !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	form.Sections[0].Questions[4].Required = true
	if errs := ValidateForm(form, answers); len(errs) != 1 || errs[0].Code != api.FieldRequired {
		t.Errorf("nothing that can be seen is an answer: %+v", errs)
	}
}

func TestCleanRegister_keepsWhatCanBeSeen(t *testing.T) {
	m := &api.Meeting{Participation: []string{api.OnSite}, Companions: 1}
	r := api.Register{
		Participation: api.OnSite, BadgeName: " Amina\u200b  Okafor ", JobTitle: "\ufeffChair",
		Companions: []api.Companion{{Name: "عمر\u200f (Omar)\u200f"}},
	}
	if errs := ValidateRegister(m, &r); len(errs) > 0 {
		t.Fatal(errs)
	}
	got := CleanRegister(m, r)
	if got.BadgeName != "Amina Okafor" || got.JobTitle != "Chair" || got.Companions[0].Name != "عمر\u200f (Omar)" {
		t.Errorf("%+v", got)
	}
	if r.Companions[0].Name == got.Companions[0].Name {
		t.Error("the caller's registration was changed")
	}
}

func TestValidateRegister(t *testing.T) {
	meeting := &api.Meeting{Participation: []string{api.OnSite}, Form: *visaForm(), Companions: 1}
	good := func() *api.Register {
		return &api.Register{Participation: api.OnSite, BadgeName: "Marie Dupont", Answers: api.Answers{"first_time": {"yes"}}}
	}
	for _, c := range []struct {
		name   string
		change func(r *api.Register)
		want   string
	}{
		{"good", func(*api.Register) {}, ""},
		{"no participation", func(r *api.Register) { r.Participation = "" }, "/participation required"},
		{"remote", func(r *api.Register) { r.Participation = api.Remote }, "/participation unknown"},
		{"no name", func(r *api.Register) { r.BadgeName = " " }, "/badge_name required"},
		{"long name", func(r *api.Register) { r.BadgeName = strings.Repeat("é", 101) }, "/badge_name too-long"},
		{"lines", func(r *api.Register) { r.JobTitle = "a\nb" }, "/job_title invalid"},
		{"form", func(r *api.Register) { r.Answers = nil }, "/answers/first_time required"},
		{"companion", func(r *api.Register) { r.Companions = []api.Companion{{Name: ""}} }, "/companions/0/name required"},
		{"companions", func(r *api.Register) { r.Companions = make([]api.Companion, 2) }, "/companions too-many"},
	} {
		r := good()
		c.change(r)
		var got []string
		for _, e := range ValidateRegister(meeting, r) {
			got = append(got, e.Pointer+" "+e.Code)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
}

func TestCheckForm(t *testing.T) {
	if err := CheckForm(visaForm()); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(q *api.Question){
		"id":                 func(q *api.Question) { q.ID = "No Good" },
		"id twice":           func(q *api.Question) { q.ID = "diet" },
		"no label":           func(q *api.Question) { q.Label = api.Text{"fr": "Pays"} },
		"unknown kind":       func(q *api.Question) { q.Kind = "video" },
		"hangs on later":     func(q *api.Question) { q.If.Question = "remarks" },
		"hangs on itself":    func(q *api.Question) { q.If.Question = q.ID },
		"choices for a text": func(q *api.Question) { q.Choices = []api.Choice{{ID: "a", Label: api.Text{"en": "A"}}} },
		"choice without any": func(q *api.Question) { q.Kind = api.KindChoice },
		"choice twice": func(q *api.Question) {
			q.Kind = api.KindChoice
			q.Choices = []api.Choice{{ID: "a", Label: api.Text{"en": "A"}}, {ID: "a", Label: api.Text{"en": "A"}}}
		},
		"choice without text": func(q *api.Question) { q.Kind = api.KindChoice; q.Choices = []api.Choice{{ID: "a"}} },
	} {
		form := visaForm()
		change(&form.Sections[0].Questions[3])
		if err := CheckForm(form); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func FuzzValidateForm(f *testing.F) {
	form, err := json.Marshal(visaForm())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(form, []byte(`{"first_time":["yes"],"visa":["yes"]}`))
	f.Add([]byte(`{"sections":[{"questions":[{"id":"a","if":{"question":"a","answer":"x"}}]}]}`), []byte(`{"a":["x"]}`))
	f.Fuzz(func(t *testing.T, formJSON, answersJSON []byte) {
		var form api.Form
		var answers api.Answers
		if json.Unmarshal(formJSON, &form) != nil || json.Unmarshal(answersJSON, &answers) != nil {
			return
		}
		errs := ValidateForm(&form, answers)
		if CheckForm(&form) != nil || len(errs) > 0 {
			return
		}
		if again := ValidateForm(&form, CleanAnswers(&form, answers)); len(again) > 0 {
			t.Errorf("good answers are wrong once cleaned: %v", again)
		}
	})
}

func TestValidateRegister_refusesMarksThatTurnTextAround(t *testing.T) {
	m := &api.Meeting{Participation: []string{api.OnSite}, Companions: 1}
	for _, c := range []struct {
		name string
		want bool
	}{
		{"Amina Okafor", true},
		{"عمر\u200f (Omar)", true},
		{"می\u200cخواهم", true},
		{"gpj.\u202egnikcatta", false},
		{"\u2067Omar\u2069", false},
		{"two\u2028lines", false},
		{"two\nlines", false},
		{"\x00", false},
	} {
		for field, r := range map[string]*api.Register{
			"/badge_name":        {Participation: api.OnSite, BadgeName: c.name},
			"/job_title":         {Participation: api.OnSite, BadgeName: "x", JobTitle: c.name},
			"/companions/0/name": {Participation: api.OnSite, BadgeName: "x", Companions: []api.Companion{{Name: c.name}}},
		} {
			errs := ValidateRegister(m, r)
			if good := len(errs) == 0; good != c.want || !good && (errs[0].Pointer != field || errs[0].Code != api.FieldInvalid) {
				t.Errorf("%s %q: %+v", field, c.name, errs)
			}
		}
	}
}

func TestValidateRegister_asksWhoDoesNotComeForNoBadge(t *testing.T) {
	m := &api.Meeting{Participation: []string{api.OnSite, api.Remote}, Companions: 1}
	for _, in := range []api.Register{
		{Participation: api.Remote},
		{Participation: api.Remote, BadgeName: strings.Repeat("é", 101), Companions: make([]api.Companion, 2)},
	} {
		if errs := ValidateRegister(m, &in); len(errs) != 0 {
			t.Errorf("remote: %v", errs)
		}
		in.Participation = api.OnSite
		if errs := ValidateRegister(m, &in); len(errs) == 0 || errs[0].Pointer != "/badge_name" {
			t.Errorf("on site: %v", errs)
		}
	}
}

func TestCleanRegister_ofWhoDoesNotComeHasNoBadge(t *testing.T) {
	m := &api.Meeting{Participation: []string{api.OnSite, api.Remote}, Companions: 2}
	in := api.Register{Participation: api.Remote, BadgeName: "Amina Okafor", JobTitle: "Chair", Companions: []api.Companion{{Name: "Omar"}}}
	if got := CleanRegister(m, in); got.BadgeName != "" || len(got.Companions) != 0 || got.JobTitle != "Chair" {
		t.Errorf("remote: %+v", got)
	}
	in.Participation = api.OnSite
	if got := CleanRegister(m, in); got.BadgeName != "Amina Okafor" || len(got.Companions) != 1 {
		t.Errorf("on site: %+v", got)
	}
}
