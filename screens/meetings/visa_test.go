package meetings

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func offeringVisas() api.Meeting {
	m := changeable()
	m.Visa, m.Form, m.Companions = true, api.Form{}, 0
	return m
}

// withVisa is a registration with visa support.
func withVisa(state, answer string) app.Mine {
	one := registered()
	one.Visa, one.VisaAnswer, one.Answers, one.Companions = state, answer, nil, nil
	return one
}

func passport() *api.Passport {
	p := screentest.Passport()
	return &p
}

// visaScreen is the screen of a registration.
func visaScreen(t *testing.T, one app.Mine, now time.Time) (fyne.Window, *screentest.Registrations, *screentest.WentTo) {
	t.Helper()
	e := screentest.NewEnv(t)
	e.Now = func() time.Time { return now }
	went, mine := &screentest.WentTo{}, &screentest.Registrations{Mine: []app.Mine{one}}
	r := NewRegistration(e, &screentest.Catalog{All: []api.Meeting{offeringVisas()}}, mine, one.Meeting, RegistrationEvents{
		Back: went.To("back"), Change: went.With("change"), Say: func(parts.Notice) {},
	})
	t.Cleanup(r.Close)
	return screentest.Show(t, r.Content(), 1000, 800), mine, went
}

func TestRegistration_visaPictures(t *testing.T) {
	for name, one := range map[string]app.Mine{
		"visa-waiting": withVisa(api.VisaWaiting, ""),
		"visa-answered": withVisa(api.VisaAnswered, "The letter of invitation was sent to the embassy of Switzerland in Prague on 23 November. "+
			"Please take your registration number with you when you apply."),
	} {
		screentest.Capture(t, name, func(e kit.Env) fyne.CanvasObject {
			r := NewRegistration(e, &screentest.Catalog{All: []api.Meeting{offeringVisas()}}, &screentest.Registrations{Mine: []app.Mine{one}}, one.Meeting, RegistrationEvents{})
			t.Cleanup(r.Close)
			return r.Content()
		})
	}
	form := func(in func(r *Register)) func(e kit.Env) fyne.CanvasObject {
		return func(e kit.Env) fyne.CanvasObject {
			m := offeringVisas()
			m.Consents, m.ParticipantList, m.Participation = nil, "", []string{api.OnSite}
			r := NewRegister(e, m, screentest.Account, &screentest.Registrations{}, RegisterEvents{})
			t.Cleanup(r.Close)
			in(r)
			return r.Content()
		}
	}
	asks := func(p *api.Passport) func(r *Register) {
		return func(r *Register) {
			in := r.form.Entered()
			in.Visa, in.Passport = true, p
			r.form.Fill(in)
			r.review()
		}
	}
	screentest.Capture(t, "visa-form", form(asks(nil)))
	screentest.CaptureFew(t, "visa-check", form(asks(passport())))
	screentest.CaptureFew(t, "visa-correct", func(e kit.Env) fyne.CanvasObject {
		one := withVisa(api.VisaWaiting, "")
		m := offeringVisas()
		m.Consents, m.ParticipantList = nil, ""
		r := NewChange(e, m, one, &screentest.Registrations{Mine: []app.Mine{one}}, RegisterEvents{})
		t.Cleanup(r.Close)
		return r.Content()
	})
}

// How visa support stands is said in words, with what there is to do.
func TestRegistration_visa(t *testing.T) {
	refused := withVisa(api.VisaWaiting, "")
	refused.State, refused.Registration.State = api.Withdrawn, api.Withdrawn
	end := offeringVisas()
	for name, c := range map[string]struct {
		one     app.Mine
		now     time.Time
		note    string
		answer  string
		correct bool
	}{
		"asked":           {withVisa(api.VisaAsked, ""), screentest.Now, "when your registration is confirmed", "", true},
		"waiting":         {withVisa(api.VisaWaiting, ""), screentest.Now, "works on it", "", true},
		"after the end":   {withVisa(api.VisaWaiting, ""), end.End(), "works on it", "", false},
		"granted":         {withVisa(api.VisaAnswered, "Sent to Prague."), screentest.Now, "has granted it", "Sent to Prague.", false},
		"granted, erased": {withVisa(api.VisaAnswered, ""), screentest.Now, "have been erased", "", false},
		"refused":         {withVisa(api.VisaRefused, "Not needed."), screentest.Now, "has refused it", "Not needed.", false},
		"withdrawn":       {refused, screentest.Now, "", "", false},
	} {
		w, _, went := visaScreen(t, c.one, c.now)
		screentest.Says(t, screentest.Said(w, "registration.visa.note"), c.note)
		if got := screentest.Said(w, "registration.visa.answer"); got != c.answer {
			t.Errorf("%s: the answer is %q", name, got)
		}
		if there := screentest.Find(w, "registration.visa.correct") != nil; there != c.correct {
			t.Errorf("%s: it can be corrected: %v", name, there)
		}
		if c.correct {
			screentest.Tap(t, w, "registration.visa.correct")
			if went.Last() != "change C-00016512" {
				t.Errorf("%s leads to %q", name, went.Last())
			}
		}
	}
	w, _, _ := visaScreen(t, registered(), screentest.Now)
	if screentest.Find(w, "registration.visa") != nil {
		t.Error("nothing was asked for")
	}
}

// Taking it back is asked about, and is a change that does nothing else.
func TestRegistration_visaTakenBack(t *testing.T) {
	w, mine, _ := visaScreen(t, withVisa(api.VisaWaiting, ""), screentest.Now)
	screentest.Tap(t, w, "registration.visa.take-back")
	if len(mine.Asked) != 0 {
		t.Fatal("it is not asked about")
	}
	screentest.Tap(t, w, "registration.visa.take-back.yes")
	if len(mine.Asked) != 1 || mine.Asked[0].Visa || mine.Asked[0].Registration != "R-7F3K-92QD" || mine.Asked[0].BadgeName != "Elena García" || mine.Asked[0].Changes != 1 {
		t.Errorf("asked for %+v", mine.Asked)
	}
}

// What is checked before it is sent shows the last signs of the number and no more; what is
// sent is the whole passport.
func TestRegister_visa(t *testing.T) {
	m := offeringVisas()
	m.Consents, m.Participation = nil, []string{api.OnSite}
	mine, went := &screentest.Registrations{Drafts: map[string]api.Register{}}, &screentest.WentTo{}
	r := NewRegister(screentest.NewEnv(t), m, screentest.Account, mine, RegisterEvents{Submitted: went.With("submitted"), Back: went.To("back")})
	t.Cleanup(r.Close)
	w := screentest.Show(t, r.Content(), 1000, 700)
	in := r.form.Entered()
	in.Visa, in.Passport = true, passport()
	r.form.Fill(in)
	screentest.Tap(t, w, "register.check")
	if said := pairsOf(r.holder); !strings.Contains(said, "•••05Q") || strings.Contains(said, "X7731905Q") || strings.Contains(said, "Hradec") {
		t.Errorf("to check: %s", said)
	}
	screentest.Tap(t, w, "register.submit")
	if len(mine.Submitted) != 1 || mine.Submitted[0].Passport == nil || mine.Submitted[0].Passport.Number != "X7731905Q" {
		t.Errorf("submitted %+v", mine.Submitted)
	}
}

// A passport is corrected from what the service has; where that cannot be had it is typed
// anew, and said so.
func TestChange_visa(t *testing.T) {
	for name, there := range map[string]bool{"it is read": true, "it cannot be read": false} {
		one := withVisa(api.VisaWaiting, "")
		mine := &screentest.Registrations{Mine: []app.Mine{one}}
		if there {
			mine.Passports = map[string]api.Passport{one.Number: *passport()}
		}
		r := NewChange(screentest.NewEnv(t), offeringVisas(), one, mine, RegisterEvents{Submitted: func(string) {}, Back: func() {}})
		t.Cleanup(r.Close)
		w := screentest.Show(t, r.Content(), 1000, 700)
		screentest.Tap(t, w, "register.check")
		if screentest.Find(w, "change.what") != nil {
			t.Errorf("%s: opening it is a change", name)
		}
		screentest.Tap(t, w, "register.passport.correct")
		number := screentest.Widget(t, w, "register.passport.number").(*parts.Entry)
		if got := number.Text; (got == "X7731905Q") != there || r.bar.Visible() == there {
			t.Errorf("%s: the number is %q, the bar is shown: %v", name, got, r.bar.Visible())
		}
		in := r.form.Entered()
		p := *passport()
		p.Number = "Y1234567"
		in.Passport = &p
		r.form.Fill(in)
		screentest.Tap(t, w, "register.check")
		if said := pairsOf(r.holder); !strings.Contains(said, "Passport data|Will be replaced") || strings.Contains(said, "Y1234567") {
			t.Errorf("%s: to check: %s", name, said)
		}
		screentest.Tap(t, w, "register.submit")
		if len(mine.Asked) != 1 || mine.Asked[0].Passport == nil || mine.Asked[0].Passport.Number != "Y1234567" {
			t.Errorf("%s: asked for %+v", name, mine.Asked)
		}
	}
}
