package forms

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// formInWindow is the form of the second meeting in a window, with what is known.
func formInWindow(t *testing.T) (*Form, fyne.Window) {
	t.Helper()
	meeting := screentest.Meetings()[1]
	f := New(screentest.NewEnv(t), &meeting, func() {})
	f.Fill(f.Known(&screentest.Account))
	return f, screentest.Show(t, parts.Scroll(parts.Margins(f.Content())), 1000, 700)
}

func TestForm_fillsInWhatIsKnown(t *testing.T) {
	f, _ := formInWindow(t)
	in := f.Entered()
	want := api.Register{Meeting: "C-00016512", BadgeName: "Elena García", Answers: api.Answers{"passport_country": {"ES"}, "phone": {"+34 600 123 456"}}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Errorf("the form begins with (-want +got):\n%s", diff)
	}
}

func TestForm_countryOfAPassportIsFoundAsPeopleTypeIt(t *testing.T) {
	f, w := formInWindow(t)
	f.question("visa").set([]string{"yes"})
	screentest.TabTo(t, w, "register.passport_country.entry")
	screentest.Write(t, w, "holland")
	if screentest.Find(w, "register.passport_country.row0") == nil {
		t.Fatal("no list opens")
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if got := f.Entered().Answers["passport_country"]; len(got) != 1 || got[0] != "NL" {
		t.Errorf("the answer is %v", got)
	}
}

// An answer that need not be given can be taken back, whatever it is given with.
func TestForm_takesAnswersBack(t *testing.T) {
	meeting := screentest.Meetings()[1]
	meeting.Form = api.Form{Sections: []api.FormSection{{Questions: []api.Question{
		{ID: "help", Kind: api.KindYesNo, Label: api.Text{"en": "Do you need help?"}},
		{ID: "sure", Kind: api.KindYesNo, Label: api.Text{"en": "Are you sure?"}, Required: true},
		{ID: "country", Kind: api.KindCountry, Label: api.Text{"en": "Country"}},
	}}}}
	changed := 0
	f := New(screentest.NewEnv(t), &meeting, func() { changed++ })
	w := screentest.Show(t, parts.Scroll(parts.Margins(f.Content())), 1000, 700)
	if screentest.Find(w, "register.help.clear") != nil {
		t.Error("there is nothing to be cleared yet")
	}
	for _, id := range []string{"help", "sure"} {
		screentest.TabTo(t, w, "register."+id)
		screentest.Press(t, w, fyne.KeySpace)
	}
	screentest.TabTo(t, w, "register.country.entry")
	screentest.Write(t, w, "holland")
	screentest.Press(t, w, fyne.KeyReturn)
	want := api.Answers{"help": {"yes"}, "sure": {"yes"}, "country": {"NL"}}
	if diff := cmp.Diff(want, f.Entered().Answers); diff != "" {
		t.Fatalf("entered (-want +got):\n%s", diff)
	}
	before := changed
	screentest.TabTo(t, w, "register.help.clear")
	screentest.Press(t, w, fyne.KeyReturn)
	if w.Canvas().Focused() != f.question("help").first {
		t.Errorf("%T has the focus", w.Canvas().Focused())
	}
	screentest.TabTo(t, w, "register.country.entry")
	screentest.Press(t, w, fyne.KeyBackspace)
	screentest.Press(t, w, fyne.KeyReturn)
	if diff := cmp.Diff(api.Answers{"sure": {"yes"}}, f.Entered().Answers); diff != "" {
		t.Errorf("cleared (-want +got):\n%s", diff)
	}
	if changed != before+2 || screentest.Find(w, "register.help.clear") != nil || screentest.Find(w, "register.sure.clear") != nil {
		t.Errorf("told %d times", changed-before)
	}
}

func TestForm_mistakeStandsAtItsFieldOnceItIsLeft(t *testing.T) {
	for _, c := range []struct{ id, text, want string }{
		{"arrival", "12 May", "Please enter a day as year-month-day, such as 2026-12-31."},
		{"arrival", "2027-02-30", "Please enter a day as year-month-day, such as 2026-12-31."},
		{"arrival", "20270228", ""},
		{"nights", "three", "Please enter a number, such as 12 or 0.5."},
		{"nights", "2,5", ""},
		{"phone", "call me", "Please enter a phone number, such as +41 22 730 51 11."},
	} {
		t.Run(c.id+" "+c.text, func(t *testing.T) {
			f, w := formInWindow(t)
			q := f.question(c.id)
			q.set(nil)
			w.Canvas().Focus(q.first)
			test.Type(q.first, c.text)
			if q.field.Error() != "" {
				t.Errorf("says %q while it is typed", q.field.Error())
			}
			w.Canvas().FocusNext()
			if got := q.field.Error(); got != c.want {
				t.Errorf("says %q, want %q", got, c.want)
			}
		})
	}
}

func TestForm_companionsUpToTheLimit(t *testing.T) {
	f, w := formInWindow(t)
	screentest.Tap(t, w, "register.companions.add")
	screentest.Tap(t, w, "register.companions.add")
	if screentest.Find(w, "register.companions.add") != nil {
		t.Error("more than the meeting allows")
	}
	test.Type(screentest.Widget(t, w, "register.companions.1").(fyne.Focusable), "Omar")
	if got := f.Entered().Companions; len(got) != 1 || got[0].Name != "Omar" {
		t.Errorf("companions %v, want the one that has a name", got)
	}
}

// Who does not come needs neither a badge nor companions; what was typed is there again for
// who comes after all.
func TestForm_remoteAsksForNoBadge(t *testing.T) {
	f, w := formInWindow(t)
	screentest.Tap(t, w, "register.companions.add")
	test.Type(screentest.Widget(t, w, "register.companions.0").(fyne.Focusable), "Omar")
	screentest.Tap(t, w, "register.participation.remote")
	for _, id := range []string{"register.badge", "register.companions.0", "register.companions.add"} {
		if screentest.Find(w, id) != nil {
			t.Errorf("%s is asked for", id)
		}
	}
	if in := f.Asked(); in.BadgeName != "" || len(in.Companions) != 0 {
		t.Errorf("asked: %+v", in)
	}
	if in := f.Entered(); in.BadgeName != "Elena García" || len(in.Companions) != 1 {
		t.Errorf("the draft has lost what was typed: %+v", in)
	}
	for _, mistake := range f.Judge() {
		if mistake == "Name on the badge" {
			t.Error("a name on the badge is missing")
		}
	}
	if f.First() != fyne.Focusable(f.jobEntry) {
		t.Errorf("the keyboard goes to %T", f.First())
	}
	screentest.Tap(t, w, "register.participation.onsite")
	if in := f.Asked(); in.BadgeName != "Elena García" || len(in.Companions) != 1 {
		t.Errorf("on site: %+v", in)
	}
}

func said(sections ...Section) (list []string) {
	for _, s := range sections {
		for _, p := range s.Pairs {
			list = append(list, s.Title+": "+p.Key+": "+p.Value.(*parts.Text).String())
		}
	}
	return list
}

func TestAnswers_areThoseToWhatWasAsked(t *testing.T) {
	env, meeting := screentest.NewEnv(t), screentest.Meetings()[1]
	in := api.Register{
		Meeting: meeting.Code, Participation: api.OnSite, BadgeName: "Elena García",
		Answers: api.Answers{
			"role": {"delegate"}, "talk": {"not asked"}, "topics": {"pki", "pqc"}, "arrival": {"2027-01-11"},
			"passport_country": {"ES"}, "nights": {"2"}, "visa": {"no"}, "gone": {"asked no more"},
		},
	}
	want := []string{
		"You: Participation: On site", "You: Name on the badge: Elena García", "You: Accompanying: none",
		"Your participation: Role: Delegate", "Your participation: Topics: PKI, Post-quantum cryptography",
		"Practical: Day of arrival: Monday, 11 January 2027", "Practical: Country of passport: Spain", "Practical: Phone during the meeting: No answer",
		"Practical: Nights in a hotel: 2", "Practical: Do you need a visa?: No", "Practical: Remarks: No answer",
	}
	if diff := cmp.Diff(want, said(append([]Section{Person(env, &meeting, &in)}, Answers(env, &meeting, in.Answers, nil)...)...)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	in.Participation, in.BadgeName = api.Remote, ""
	if diff := cmp.Diff([]string{"You: Participation: Remote"}, said(Person(env, &meeting, &in))); diff != "" {
		t.Errorf("remote (-want +got):\n%s", diff)
	}
}

// Nobody gets past a consent that is required; what was agreed to stands in the form again,
// and is read with its text.
func TestForm_consents(t *testing.T) {
	e := screentest.NewEnv(t)
	m := screentest.Meetings()[0]
	m.ParticipantList = api.ListForAll
	m.Consents = []api.Consent{{ID: "photos", Text: api.Text{"en": "Photos"}}, {ID: "conduct", Required: true, Text: api.Text{"en": "Conduct"}}}
	changes := 0
	f := New(e, &m, func() { changes++ })
	w := screentest.Show(t, f.Content(), 900, 700)
	f.Fill(api.Register{Participation: api.Remote, Consents: []string{"photos"}})
	if changes != 0 {
		t.Errorf("filling it in tells of %d changes", changes)
	}
	if got := f.Judge(); !slices.Equal(got, []string{"Your agreement"}) {
		t.Errorf("missing: %q", got)
	}
	if got := screentest.Mistake(w, "register.consent.conduct.field"); got == "" {
		t.Error("the box does not say that it is missing")
	}
	screentest.Widget(t, w, "register.consent.conduct").(*parts.Check).SetChecked(true)
	screentest.Widget(t, w, "register.listed").(*parts.Check).SetChecked(true)
	if screentest.Mistake(w, "register.consent.conduct.field") != "" || len(f.Judge()) != 0 || changes != 2 {
		t.Errorf("ticked, %d changes: %q", changes, f.Judge())
	}
	in := f.Asked()
	if !slices.Equal(in.Consents, []string{"photos", "conduct"}) || !in.Listed {
		t.Errorf("asked for %+v", in)
	}
	in.Consents = in.Consents[:1]
	if got := said(Consents(e, &m, &in)); !slices.Equal(got[:2], []string{"Your agreement: Agreed: Photos", "Your agreement: Not agreed: Conduct"}) {
		t.Errorf("to read: %q", got)
	}
	m.Consents, m.ParticipantList = nil, ""
	if got := All(e, &m, &in, nil); got[len(got)-1].Title == "Your agreement" {
		t.Error("there is nothing to agree to")
	}
}
