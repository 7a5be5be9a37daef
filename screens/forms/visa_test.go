package forms

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/rules"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// offering is a meeting that offers visa support.
func offering() api.Meeting {
	m := screentest.Meetings()[0]
	m.Visa, m.Participation, m.Consents, m.Form = true, []string{api.OnSite, api.Remote}, nil, api.Form{}
	return m
}

func visaForm(t *testing.T) (*Form, fyne.Window) {
	t.Helper()
	m := offering()
	f := New(screentest.NewEnv(t), &m, func() {})
	w := screentest.Show(t, f.Content(), 900, 900)
	f.Fill(api.Register{Participation: api.OnSite, BadgeName: "Elena García"})
	return f, w
}

// It is asked where the meeting offers it, of who comes and says that they need it; what was
// typed is there again for who changes their mind.
func TestVisa_askedOfWhoNeedsIt(t *testing.T) {
	f, w := visaForm(t)
	shown := func() []bool {
		return []bool{screentest.Find(w, "register.visa-support") != nil, screentest.Find(w, "register.passport.number") != nil}
	}
	if !slices.Equal(shown(), []bool{true, false}) {
		t.Errorf("at first: %v", shown())
	}
	screentest.Widget(t, w, "register.visa-support").(*parts.Check).SetChecked(true)
	test.Type(screentest.Widget(t, w, "register.passport.number").(fyne.Focusable), "X7731905Q")
	screentest.Tap(t, w, "register.participation.remote")
	if in := f.Asked(); !slices.Equal(shown(), []bool{false, false}) || in.Visa || in.Passport != nil {
		t.Errorf("remote: %v, %+v", shown(), in)
	}
	screentest.Tap(t, w, "register.participation.onsite")
	if in := f.Entered(); !slices.Equal(shown(), []bool{true, true}) || !in.Visa || in.Passport == nil || in.Passport.Number != "X7731905Q" {
		t.Errorf("on site: %v, %+v", shown(), in)
	}
	screentest.Widget(t, w, "register.visa-support").(*parts.Check).SetChecked(false)
	if in := f.Entered(); in.Visa || in.Passport != nil || len(f.Judge()) != 0 {
		t.Errorf("not needed: %+v, %q", in, f.Judge())
	}
	m := offering()
	if other := NewFor(screentest.NewEnv(t), &m, "Somebody", func() {}); other.visa != nil {
		t.Error("one is asked for somebody else's passport")
	}
	m.Visa = false
	if other := New(screentest.NewEnv(t), &m, func() {}); other.visa != nil {
		t.Error("a meeting without visa support asks for a passport")
	}
}

// Each field says what is wrong with it.
func TestVisa_mistakes(t *testing.T) {
	f, w := visaForm(t)
	screentest.Widget(t, w, "register.visa-support").(*parts.Check).SetChecked(true)
	want := []string{"Family name", "Nationality", "Passport number", "Date of birth", "Place of birth", "Date of issue", "Date of expiry"}
	if got := f.Judge(); !slices.Equal(got, want) {
		t.Errorf("missing %q", got)
	}
	end := f.meeting.End()
	p := screentest.Passport()
	p.Number, p.Expires, p.Issued, p.Birth = "É12", end.AddDate(0, 0, -1).Format(time.DateOnly), "1970-01-01", "29.2.80"
	f.Fill(api.Register{Participation: api.OnSite, BadgeName: "Elena", Visa: true, Passport: &p})
	if got := f.Judge(); !slices.Equal(got, []string{"Passport number", "Date of birth", "Date of expiry"}) {
		t.Errorf("wrong %q", got)
	}
	for field, says := range map[string]string{"birth": "year-month-day", "number": "Latin", "expires": "beyond the end"} {
		if got := screentest.Mistake(w, "register.passport."+field+".field"); !strings.Contains(got, says) {
			t.Errorf("%s says %q", field, got)
		}
	}
	p = screentest.Passport()
	p.Number = "x 773-1905q"
	f.Fill(api.Register{Participation: api.OnSite, BadgeName: "Elena", Visa: true, Passport: &p})
	if got := f.Judge(); len(got) != 0 || f.Asked().Passport.Number != "X7731905Q" {
		t.Errorf("right: %q, %+v", got, f.Asked().Passport)
	}
}

// One that was given before is not shown, and stays where it is not corrected.
func TestVisa_givenBefore(t *testing.T) {
	f, w := visaForm(t)
	asked := 0
	p := screentest.Passport()
	f.GivenBefore(api.VisaWaiting, func(fill func(*api.Passport)) {
		asked++
		fill(&p)
	})
	f.Fill(api.Register{Participation: api.OnSite, BadgeName: "Elena García", Visa: true})
	if in := f.Asked(); !in.Visa || in.Passport != nil || len(f.Judge()) != 0 || screentest.Find(w, "register.passport.number") != nil {
		t.Errorf("as before: %+v, %q", in, f.Judge())
	}
	screentest.Tap(t, w, "register.passport.correct")
	if in := f.Asked(); asked != 1 || in.Passport == nil || *in.Passport != rules.CleanPassport(p) {
		t.Errorf("corrected: %+v", in.Passport)
	}
	for _, state := range []string{api.VisaAnswered, api.VisaRefused} {
		f, w := visaForm(t)
		f.GivenBefore(state, func(func(*api.Passport)) { t.Error("it is asked for") })
		f.Fill(api.Register{Participation: api.OnSite, BadgeName: "Elena García", Visa: true})
		if screentest.Find(w, "register.passport.correct") != nil || screentest.Find(w, "register.passport.given") == nil {
			t.Errorf("%s: it can be corrected", state)
		}
		f.Fill(api.Register{Participation: api.OnSite, BadgeName: "Elena García", Visa: true, Passport: &p})
		if in := f.Asked(); in.Passport != nil || screentest.Find(w, "register.passport.number") != nil {
			t.Errorf("%s: what was typed before the answer is sent after it", state)
		}
	}
}

// What is read says the last signs of the number, and nothing else of the passport.
func TestVisa_toRead(t *testing.T) {
	e := screentest.NewEnv(t)
	p := screentest.Passport()
	in := api.Register{Visa: true, Passport: &p}
	if got := said(Visa(e, &in)); !slices.Equal(got, []string{"Visa support: Visa support: Yes", "Visa support: Passport data: •••05Q"}) {
		t.Errorf("%q", got)
	}
	in.Passport = nil
	if got := said(Visa(e, &in)); !strings.Contains(got[1], "before") {
		t.Errorf("%q", got)
	}
	if got := Visa(e, &api.Register{}); len(got.Pairs) != 0 {
		t.Errorf("nothing: %q", said(got))
	}
	m := offering()
	changed := Changes(e, &m, []api.Changed{{Field: "/passport"}, {Field: "/visa", After: []string{"yes"}}, {Field: "/visa", Before: []string{"yes"}}})
	if got := said(Section{Pairs: changed}); !slices.Equal(got, []string{": Passport data: Will be replaced", ": Visa support: Asked for", ": Visa support: Not asked for any more"}) {
		t.Errorf("changes: %q", got)
	}
}
