package meetings

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/forms"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// changeable is a meeting whose registrations can be changed, with what it asks people to
// agree to.
func changeable() api.Meeting {
	m := screentest.Meetings()[1]
	m.Approval, m.Reapprove = api.ApprovalSecretariat, []string{"/participation", "/answers/role"}
	m.ParticipantList = api.ListForParticipants
	m.Consents = []api.Consent{
		{ID: "conduct", Required: true, Text: api.Text{"en": "I will follow the code of conduct of the meeting."}},
		{ID: "photos", Text: api.Text{"en": "Photos on which I can be seen may be published in reports about the meeting."}},
	}
	m.ChangeUntil = screentest.Now.Add(72 * time.Hour)
	return m
}

// registered is a registration for it.
func registered() app.Mine {
	return app.Mine{State: api.Confirmed, Registration: api.Registration{
		Number: "R-7F3K-92QD", Meeting: "C-00016512", State: api.Confirmed, Participation: api.OnSite, BadgeName: "Elena García",
		Organization: "Telefónica", Country: "ES", Consents: []string{"conduct"},
		Answers:    api.Answers{"role": {"speaker"}, "talk": {"On keys"}, "visa": {"no"}, "passport_country": {"ES"}, "gone": {"x"}},
		Companions: []api.Companion{{Name: "Marta"}},
		History: []api.Event{
			{At: screentest.Now.Add(-400 * time.Hour), What: "sent", By: "person"},
			{At: screentest.Now.Add(-390 * time.Hour), What: "approved", By: "secretariat"},
			{At: screentest.Now.Add(-50 * time.Hour), What: "changed", By: "person", Changed: []api.Changed{
				{Field: "/answers/talk", Before: []string{"On locks"}, After: []string{"On keys"}}, {Field: "/companions", After: []string{"Marta"}},
			}},
		},
	}}
}

// answered is what was answered in it.
func answered() api.Register {
	one := registered()
	return rules.Registered(&one.Registration)
}

func changeInWindow(t *testing.T, e kit.Env, one app.Mine, mine *screentest.Registrations) (*Register, fyne.Window, *screentest.WentTo) {
	t.Helper()
	went := &screentest.WentTo{}
	mine.Mine = []app.Mine{one}
	r := NewChange(e, changeable(), one, mine, RegisterEvents{Submitted: went.With("submitted"), Back: went.To("back")})
	t.Cleanup(r.Close)
	return r, screentest.Show(t, r.Content(), 1000, 700), went
}

// pairsOf is all that is said below an object.
func pairsOf(o fyne.CanvasObject) string {
	var said []string
	var walk func(fyne.CanvasObject)
	walk = func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *parts.Text:
			said = append(said, o.String())
		case *fyne.Container:
			for _, inner := range o.Objects {
				walk(inner)
			}
		}
	}
	walk(o)
	return strings.Join(said, "|")
}

func TestChange_sendsWhatIsDifferent(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, went := changeInWindow(t, screentest.NewEnv(t), registered(), mine)
	if len(mine.Changes) != 0 {
		t.Errorf("opening it leaves the draft %+v", mine.Changes)
	}
	screentest.Says(t, screentest.Said(w, "change.until"), "until")
	in := r.form.Entered()
	in.BadgeName, in.Consents, in.Listed = "Elena G.", []string{"conduct", "photos"}, true
	r.form.Fill(in)
	r.draft.Keep()
	if draft := mine.Changes["R-7F3K-92QD"]; draft.BadgeName != "Elena G." || draft.Changes != 1 {
		t.Errorf("the draft is %+v", draft)
	}
	screentest.Tap(t, w, "register.check")
	said := pairsOf(r.holder)
	for _, want := range []string{
		"What changes", "Name on the badge|before: Elena García; after: Elena G.", "List of participants|Agreed", "Agreed|Photos on",
		"An answer that is not asked for any more|before: x; after: nothing", "code for the desk becomes another one",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q: %s", want, said)
		}
	}
	screentest.Tap(t, w, "register.submit")
	if len(mine.Asked) != 1 || went.Last() != "submitted C-00016512" {
		t.Fatalf("asked for %+v, leads to %q", mine.Asked, went.Last())
	}
	got := mine.Asked[0]
	if got.Registration != "R-7F3K-92QD" || got.Changes != 1 || got.BadgeName != "Elena G." || !got.Listed || len(got.Consents) != 2 ||
		got.Answers["talk"][0] != "On keys" || got.Answers["gone"] != nil || len(got.Companions) != 1 {
		t.Errorf("asked for %+v", got)
	}
	if len(mine.Submitted) != 0 {
		t.Errorf("and registered %+v", mine.Submitted)
	}
}

func TestChange_saysWhatFollows(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(*api.Register)
		state     string
		says, not string
	}{
		"an approval anew":            {func(in *api.Register) { in.Participation = api.Remote }, api.Confirmed, "change.reapproval", "change.code"},
		"another code":                {func(in *api.Register) { in.Companions = nil; in.BadgeName = "E" }, api.Confirmed, "change.code", "change.reapproval"},
		"nothing while it waits":      {func(in *api.Register) { in.Participation = api.Remote }, api.WaitingSecretariat, "", "change.reapproval"},
		"nothing of what is not code": {func(in *api.Register) { in.JobTitle = "Chair" }, api.Confirmed, "", "change.code"},
	} {
		one := registered()
		one.State, one.Registration.State = c.state, c.state
		r, w, _ := changeInWindow(t, screentest.NewEnv(t), one, &screentest.Registrations{})
		in := r.form.Entered()
		c.change(&in)
		r.form.Fill(in)
		screentest.Tap(t, w, "register.check")
		if c.says != "" && screentest.Find(w, c.says) == nil {
			t.Errorf("%s: it is not said", name)
		}
		if screentest.Find(w, c.not) != nil {
			t.Errorf("%s: it says %q", name, screentest.Said(w, c.not))
		}
	}
}

func TestChange_nothingIsNotSent(t *testing.T) {
	one := registered()
	delete(one.Answers, "gone")
	r, w, _ := changeInWindow(t, screentest.NewEnv(t), one, &screentest.Registrations{})
	screentest.Tap(t, w, "register.check")
	if r.checking || !strings.Contains(r.foot.String(), "Nothing is changed") {
		t.Errorf("it says %q", r.foot.String())
	}
}

// What was changed on another computer, before the draft is opened or while it is open, is
// said; what is typed stays, and is sent as a change of what stands there now.
func TestChange_meanwhile(t *testing.T) {
	later := registered()
	later.BadgeName = "E. García"
	later.History = append(later.History, api.Event{What: rules.WhatChanged})
	draft := api.Change{Registration: later.Number, Changes: 1, Register: answered()}
	draft.JobTitle = "Chair"

	mine := &screentest.Registrations{Changes: map[string]api.Change{later.Number: draft}}
	r, w, _ := changeInWindow(t, screentest.NewEnv(t), later, mine)
	screentest.Says(t, r.bar.String(), "changed in the meantime")
	screentest.Tap(t, w, "register.check")
	screentest.Says(t, pairsOf(r.holder), "before: E. García; after: Elena García", "before: nothing; after: Chair")
	screentest.Tap(t, w, "register.submit")
	if len(mine.Asked) != 1 || mine.Asked[0].Changes != 2 || mine.Asked[0].JobTitle != "Chair" {
		t.Errorf("asked for %+v", mine.Asked)
	}

	mine = &screentest.Registrations{}
	r, w, _ = changeInWindow(t, screentest.NewEnv(t), registered(), mine)
	in := r.form.Entered()
	in.JobTitle = "Chair"
	r.form.Fill(in)
	screentest.Tap(t, w, "register.check")
	mine.Mine = []app.Mine{later}
	mine.Tell()
	if r.checking || r.form.Entered().JobTitle != "Chair" {
		t.Errorf("checking %v, typed %+v", r.checking, r.form.Entered())
	}
	screentest.Says(t, r.bar.String(), "changed in the meantime")
}

func TestChange_draftIsDeleted(t *testing.T) {
	draft := api.Change{Registration: "R-7F3K-92QD", Changes: 1, Register: answered()}
	mine := &screentest.Registrations{Changes: map[string]api.Change{"R-7F3K-92QD": draft}}
	_, w, went := changeInWindow(t, screentest.NewEnv(t), registered(), mine)
	screentest.Tap(t, w, "register.forget")
	screentest.Tap(t, w, "register.forget.yes")
	if len(mine.Changes) != 0 || went.Last() != "back" {
		t.Errorf("drafts %+v, leads to %q", mine.Changes, went.Last())
	}
}

// testChangeable is the screen of a registration for the meeting of changeable.
func testChangeable(t *testing.T, mine app.Mine, now time.Time) (fyne.Window, *screentest.WentTo) {
	t.Helper()
	e := screentest.NewEnv(t)
	e.Now = func() time.Time { return now }
	went := &screentest.WentTo{}
	r := NewRegistration(e, &screentest.Catalog{All: []api.Meeting{changeable()}}, &screentest.Registrations{Mine: []app.Mine{mine}}, mine.Meeting, RegistrationEvents{
		Back: went.To("back"), Register: went.With("register"), Change: went.With("change"), Say: func(parts.Notice) {},
	})
	t.Cleanup(r.Close)
	return screentest.Show(t, r.Content(), 900, 700), went
}

func TestRegistration_changeIsThereUntilTheDeadline(t *testing.T) {
	drafted := registered()
	drafted.Changing = true
	over := changeable().ChangeUntil
	for name, c := range map[string]struct {
		mine  app.Mine
		now   time.Time
		want  string // on the button
		until string
	}{
		"before":                  {registered(), screentest.Now, "Change", "You can change"},
		"with a draft":            {drafted, screentest.Now, "Go on changing", "You can change"},
		"at the deadline":         {registered(), over, "", "could be changed"},
		"with a draft, but later": {drafted, over, "Go on changing", "could be changed"},
	} {
		w, went := testChangeable(t, c.mine, c.now)
		screentest.Says(t, screentest.Said(w, "registration.until"), c.until)
		if c.want == "" {
			if screentest.Find(w, "registration.change") != nil {
				t.Errorf("%s: it can be changed", name)
			}
			continue
		}
		if got := screentest.Widget(t, w, "registration.change").(*parts.Button).Text(); got != c.want {
			t.Errorf("%s: the button says %q", name, got)
		}
		screentest.Tap(t, w, "registration.change")
		if went.Last() != "change C-00016512" {
			t.Errorf("%s: it leads to %q", name, went.Last())
		}
	}
}

// While a change waits, what it asks for is shown, and the code is there.
func TestRegistration_changeThatWaits(t *testing.T) {
	mine := registered()
	asked := rules.Registered(&mine.Registration)
	asked.Answers = api.Answers{"role": {"observer"}}
	mine.State, mine.Kind, mine.Operation, mine.Asked = app.StateWaitingToSend, api.OpChange, "op1", &asked
	w, _ := testChangeable(t, mine, screentest.Now)
	screentest.Says(t, screentest.Said(w, "registration.note"), "counts as it was")
	screentest.Says(t, screentest.Said(w, "answer.role"), "Observer")
	for _, id := range []string{"registration.qr.large", "registration.take-back", "registration.send"} {
		if screentest.Find(w, id) == nil {
			t.Errorf("%s is not there", id)
		}
	}
	if tag, _ := stateTag(screentest.NewEnv(t), &mine); tag != "Changed, waits to be sent" {
		t.Errorf("the tag is %q", tag)
	}
}

func TestRegistration_changeThatWasRefused(t *testing.T) {
	for code, c := range map[api.Code]struct {
		says  string
		again bool
	}{
		api.CodeOutdated:   {"changed in the meantime", true},
		api.CodeInvalid:    {"form has changed", true},
		api.CodeTooLate:    {"time for that was over", false},
		api.CodeWrongState: {"present state", true},
	} {
		mine := registered()
		mine.State, mine.Kind, mine.Operation, mine.Code = app.StateNeedsAttention, api.OpChange, "op1", code
		w, went := testChangeable(t, mine, screentest.Now)
		screentest.Says(t, screentest.Said(w, "registration.note"), "did not take your change", c.says)
		if (screentest.Find(w, "registration.change") != nil) != c.again || screentest.Find(w, "registration.dismiss") == nil || screentest.Find(w, "registration.qr.large") == nil {
			t.Errorf("%s: what is there to be done is wrong", code)
		}
		if c.again {
			screentest.Tap(t, w, "registration.change")
			if went.Last() != "change C-00016512" {
				t.Errorf("%s: it leads to %q", code, went.Last())
			}
		}
	}
}

func TestRegistration_historySaysWhatWasChanged(t *testing.T) {
	e := screentest.NewEnv(t)
	m := changeable()
	var said []string
	for _, p := range forms.Changes(e, &m, registered().History[2].Changed) {
		said = append(said, p.Key+" – "+p.Value.(*parts.Text).String())
	}
	if got := strings.Join(said, "; "); got != "Title of your talk – before: On locks; after: On keys; Accompanying persons – before: nothing; after: Marta" {
		t.Errorf("it says %q", got)
	}
}

func TestChange_pictures(t *testing.T) {
	screentest.Capture(t, "change", func(e kit.Env) fyne.CanvasObject {
		one := registered()
		r := NewChange(e, changeable(), one, &screentest.Registrations{Mine: []app.Mine{one}}, RegisterEvents{})
		t.Cleanup(r.Close)
		return r.Content()
	})
	screentest.Capture(t, "change-check", func(e kit.Env) fyne.CanvasObject {
		one := registered()
		r := NewChange(e, changeable(), one, &screentest.Registrations{Mine: []app.Mine{one}}, RegisterEvents{})
		t.Cleanup(r.Close)
		in := r.form.Entered()
		in.Participation, in.JobTitle, in.Consents, in.Listed = api.Remote, "Chair of the working group on post-quantum cryptography", []string{"conduct", "photos"}, true
		r.form.Fill(in)
		r.review()
		return r.Content()
	})
	screentest.Capture(t, "change-consents", func(e kit.Env) fyne.CanvasObject {
		m := changeable()
		m.Form, m.Companions = api.Form{}, 0
		r := NewRegister(e, m, screentest.Account, &screentest.Registrations{}, RegisterEvents{})
		t.Cleanup(r.Close)
		r.review()
		return r.Content()
	})
	for name, change := range map[string]func(*app.Mine){
		"registration-changed": func(*app.Mine) {},
		"registration-change-refused": func(m *app.Mine) {
			m.State, m.Kind, m.Operation, m.Code, m.Reference = app.StateNeedsAttention, api.OpChange, "op1", api.CodeOutdated, "3F7K-92QD"
		},
	} {
		screentest.Capture(t, name, func(e kit.Env) fyne.CanvasObject {
			mine := registered()
			change(&mine)
			r := NewRegistration(e, &screentest.Catalog{All: []api.Meeting{changeable()}}, &screentest.Registrations{Mine: []app.Mine{mine}}, mine.Meeting, RegistrationEvents{})
			t.Cleanup(r.Close)
			return r.Content()
		})
	}
}
