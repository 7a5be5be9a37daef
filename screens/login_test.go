package screens

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"plenary/api"
	"plenary/app"
	"plenary/rules"
	"plenary/screens/parts"
)

// fakeSession answers as a test says.
type fakeSession struct {
	err        error
	identifier string
	password   string
	keep       bool
	second     string
	logIns     int
	resent     []string
	passphrase string
	setAside   int
	loggedOut  int
	keyring    func(bool)
	withCtx    func(context.Context)
}

func (f *fakeSession) LogIn(ctx context.Context, in app.LogIn) (api.Account, error) {
	f.identifier, f.password, f.keep, f.second = in.Identifier, in.Password, in.Keep, in.SecondFactor
	f.logIns++
	if f.withCtx != nil {
		f.withCtx(ctx)
	}
	return api.Account{Username: "elena.garcia"}, f.err
}

func (f *fakeSession) ResendActivation(_ context.Context, identifier, _ string) error {
	f.resent = append(f.resent, identifier)
	return nil
}

func (f *fakeSession) SubscribeKeyring(k func(bool)) func() {
	f.keyring = k
	return func() { f.keyring = nil }
}

func (f *fakeSession) UsePassphrase(_ context.Context, p string) error {
	f.passphrase = p
	return nil
}

func (f *fakeSession) SetAside(context.Context) error {
	f.setAside++
	return nil
}

func (f *fakeSession) LogOut(context.Context, app.Unsent) error {
	f.loggedOut++
	return nil
}

// wentTo notes where a screen led.
type wentTo struct{ places []string }

func (w *wentTo) to(place string) func() { return func() { w.places = append(w.places, place) } }
func (w *wentTo) with(place string) func(what string) {
	return func(what string) { w.places = append(w.places, place+" "+what) }
}

func (w *wentTo) last() string {
	if len(w.places) == 0 {
		return ""
	}
	return w.places[len(w.places)-1]
}

func newTestLogin(e Env, acc *fakeSession) (*Login, *wentTo) {
	w := &wentTo{}
	return NewLogin(e, acc, LoginEvents{
		LoggedIn: func(a api.Account) { w.with("in")(a.Username) },
		SignUp:   w.to("sign up"), Forgot: w.with("forgot"), Meeting: func(m rules.MeetingRef) { w.with("meeting")(m.String()) }, Unlocked: w.to("unlocked"),
	}), w
}

func TestLogin_pictures(t *testing.T) {
	capture(t, "login", func(e Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.SetIdentifier("elena.garcia@example.org")
		l.password.SetText("correct horse")
		return l.Content()
	}, func(w fyne.Window) { w.Canvas().FocusNext() })
	capture(t, "login-migrated", func(e Env) fyne.CanvasObject {
		e.Info.Migrated = true
		l, _ := newTestLogin(e, &fakeSession{})
		return l.Content()
	})
	capture(t, "login-second", func(e Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.second.ask(app.LogIn{Identifier: "elena.garcia"})
		for range 2 { // the second time at greater length
			l.second.failed(&api.Problem{Code: api.CodeSecondFactorWrong})
		}
		return l.Content()
	})
	capture(t, "login-wait", func(e Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.SetIdentifier("elena.garcia@example.org")
		l.failed(&api.Problem{Code: api.CodeTooMany, RetryAfter: 8 * time.Second})
		return l.Content()
	})
	capture(t, "login-deactivated", func(e Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.failed(&api.Problem{Code: api.CodeDeactivated, Reference: "3F7K-92QD"})
		return l.Content()
	})
	capture(t, "login-keyring", func(e Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.keyring.ask(false)
		return l.Content()
	})
}

func TestLogin_byKeyboardAlone(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{}
	l, to := newTestLogin(e, acc)
	w := show(t, l.Content(), 1100, 740)
	w.Canvas().Focus(l.First())
	write(t, w, " elena.garcia ")
	tabTo(t, w, "login.password")
	write(t, w, "Correct-horse8")
	tabTo(t, w, "login.keep")
	press(t, w, fyne.KeySpace)
	tabTo(t, w, "login.submit")
	press(t, w, fyne.KeyReturn)
	if acc.identifier != "elena.garcia" || acc.password != "Correct-horse8" || acc.keep {
		t.Errorf("asked with %+v", acc)
	}
	if to.last() != "in elena.garcia" {
		t.Errorf("led to %q", to.last())
	}
	if l.password.Text != "" {
		t.Error("the password is still in its input")
	}
}

func TestLogin_orderOfTab(t *testing.T) {
	l, _ := newTestLogin(testEnv(t), &fakeSession{})
	want := []string{
		"login.identifier", "login.password", "login.password.show", "login.keep", "login.forgot", "login.submit",
		"login.signup", "login.meeting", "login.go", "login.faq", "login.servicedesk", "account.support",
	}
	if got := order(show(t, l.Content(), 1100, 740)); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestLogin_enterSubmitsFromBothInputs(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{err: errors.New("no")}
	l, _ := newTestLogin(e, acc)
	w := show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	for i, input := range []fyne.Focusable{l.identifier, l.password} {
		w.Canvas().Focus(input)
		press(t, w, fyne.KeyReturn)
		if acc.logIns != i+1 {
			t.Errorf("input %d: %d log-ins", i, acc.logIns)
		}
	}
}

func TestLogin_saysWhatIsMissing(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{}
	l, _ := newTestLogin(e, acc)
	w := show(t, l.Content(), 1100, 740)
	test.Tap(l.submit)
	if acc.logIns != 0 || l.identifierField.Error() == "" || l.passwordField.Error() == "" || focusedID(w) != "login.identifier" {
		t.Errorf("%d log-ins, %q, %q, focus %s", acc.logIns, l.identifierField.Error(), l.passwordField.Error(), focusedID(w))
	}
	write(t, w, "e")
	if l.identifierField.Error() != "" {
		t.Error("the mistake stays while it is being mended")
	}
}

func TestLogin_eachRefusalSaysWhatToDo(t *testing.T) {
	for _, c := range []struct {
		code   api.Code
		says   string
		action string
		leads  string
	}{
		{api.CodeCredentials, "is not right", "", ""},
		{api.CodeNotActive, "not active yet", "Send again", "resent"},
		{api.CodeDeactivated, "deactivated for security", "Forgot password?", "forgot elena"},
		{api.CodeDeactivatedByStaff, "service desk", "", ""}, // a new password would not help
		{api.CodeTooMany, "too many tries", "", ""},
		{api.CodeVersionTooOld, "newer Plenary", "", ""},
	} {
		t.Run(string(c.code), func(t *testing.T) {
			e, acc := testEnv(t), &fakeSession{err: &api.Problem{Code: c.code, Reference: "REF1"}}
			l, to := newTestLogin(e, acc)
			show(t, l.Content(), 1100, 740)
			l.SetIdentifier("elena")
			l.password.SetText("wrong")
			l.logIn()
			if !strings.Contains(l.bar.String(), c.says) {
				t.Errorf("says %q", l.bar.String())
			}
			if l.submit.Disabled() {
				t.Error("one cannot try again")
			}
			action := l.bar.Action()
			if c.action == "" {
				if action != nil {
					t.Errorf("offers %q", action.Text())
				}
				return
			}
			if action == nil || action.Text() != c.action {
				t.Fatalf("offers %v", action)
			}
			test.Tap(action)
			if got := to.last(); c.leads != "resent" && got != c.leads {
				t.Errorf("leads to %q", got)
			}
			if c.leads == "resent" && (len(acc.resent) != 1 || !strings.Contains(l.bar.String(), "An email was sent to your inbox.")) {
				t.Errorf("sent %v, says %q", acc.resent, l.bar.String())
			}
		})
	}
}

func TestLogin_slowAnswer(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{}
	s := &Stepped{}
	e.Run = s
	l, to := newTestLogin(e, acc)
	show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	l.logIn() // impatient
	s.StepAt(1)
	s.StepAt(1)
	if l.busy.String() == "" || !l.submit.Disabled() {
		t.Errorf("after a second: %q", l.busy.String())
	}
	l.password.SetText("one may go on typing")
	s.All()
	if acc.logIns != 1 || to.last() != "in elena.garcia" || l.busy.String() != "" {
		t.Errorf("%d log-ins, led to %q", acc.logIns, to.last())
	}
}

func TestLogin_answerAfterLeaving(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{}
	s := &Stepped{}
	e.Run = s
	l, to := newTestLogin(e, acc)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	s.Step()
	l.Close()
	s.All()
	if len(to.places) != 0 {
		t.Errorf("led to %v", to.places)
	}
}

func TestLogin_keyringThatWaitsCanBeCancelled(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{}
	s := &Stepped{}
	e.Run = s
	var ctx context.Context
	acc.withCtx = func(c context.Context) { ctx = c }
	l, to := newTestLogin(e, acc)
	show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	acc.keyring(true)
	s.StepAt(2)
	s.StepAt(2)
	if !strings.Contains(l.bar.String(), "keyring") || !l.stop.Visible() {
		t.Fatalf("says %q, Cancel visible: %v", l.bar.String(), l.stop.Visible())
	}
	s.Step() // the call that waits
	test.Tap(l.stop)
	s.All()
	if ctx.Err() == nil || len(to.places) != 0 || l.submit.Disabled() || l.bar.String() != "" {
		t.Errorf("cancelled: %v, led to %v, says %q", ctx.Err(), to.places, l.bar.String())
	}
}

// The answer was there already when "Cancel" was pressed, but not seen.
func TestLogin_thatSucceededBehindCancelIsTakenBack(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{}
	s := &Stepped{}
	e.Run = s
	l, to := newTestLogin(e, acc)
	show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	s.Step() // the service has answered
	l.stopWaiting()
	s.All()
	if acc.loggedOut != 1 || len(to.places) != 0 || l.submit.Disabled() {
		t.Errorf("logged out %d times, led to %v", acc.loggedOut, to.places)
	}
}

func TestLogin_withoutKeyring(t *testing.T) {
	missing := func(error) app.Explanation { return app.Explanation{Kind: "keyring-missing"} }
	t.Run("passphrase", func(t *testing.T) {
		e, acc := testEnv(t), &fakeSession{err: errors.New("no keyring")}
		e.Explain = missing
		l, to := newTestLogin(e, acc)
		w := show(t, l.Content(), 1100, 740)
		l.SetIdentifier("elena")
		l.password.SetText("x")
		l.logIn()
		if focusedID(w) != "login.passphrase" {
			t.Fatalf("focus is on %q", focusedID(w))
		}
		write(t, w, "short")
		press(t, w, fyne.KeyReturn)
		if l.keyring.field.Error() == "" || acc.passphrase != "" {
			t.Error("takes a short one")
		}
		acc.err = nil
		write(t, w, " but longer now")
		press(t, w, fyne.KeyReturn)
		if acc.passphrase != "short but longer now" || to.last() != "in elena.garcia" || l.keyring.passphrase.Text != "" {
			t.Errorf("passphrase %q, led to %q", acc.passphrase, to.last())
		}
	})
	t.Run("forgotten at the end", func(t *testing.T) {
		e, acc := testEnv(t), &fakeSession{err: errors.New("no keyring")}
		e.Explain = missing
		l, _ := newTestLogin(e, acc)
		show(t, l.Content(), 1100, 740)
		l.SetIdentifier("elena")
		l.password.SetText("x")
		l.logIn()
		test.Tap(l.keyring.forget)
		if acc.keep || acc.logIns != 2 {
			t.Errorf("keep %v after %d log-ins", acc.keep, acc.logIns)
		}
	})
	t.Run("at the start", func(t *testing.T) {
		e, acc := testEnv(t), &fakeSession{}
		l, to := newTestLogin(e, acc)
		w := show(t, l.Content(), 1100, 740)
		l.AskPassphrase()
		write(t, w, "correct horse battery")
		press(t, w, fyne.KeyReturn)
		if to.last() != "unlocked" || acc.logIns != 0 {
			t.Errorf("led to %q", to.last())
		}
	})
}

func TestLogin_dataWhoseKeyIsLost(t *testing.T) {
	e, acc := testEnv(t), &fakeSession{err: errors.New("key lost")}
	e.Explain = func(error) app.Explanation { return app.Explanation{Kind: "wrong-key"} }
	l, _ := newTestLogin(e, acc)
	show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	test.Tap(l.bar.Action())
	if acc.setAside != 1 || !strings.Contains(l.bar.String(), "nothing was deleted") {
		t.Errorf("set aside %d times, says %q", acc.setAside, l.bar.String())
	}
}

func TestLogin_meetingCodeOrLink(t *testing.T) {
	e := testEnv(t)
	e.Info.ServiceID, e.Info.Address, e.Address = "s1", "https://accounts.itu.int", "https://10.0.0.5:8443"
	l, to := newTestLogin(e, &fakeSession{})
	w := show(t, l.Content(), 1100, 740)
	w.Canvas().Focus(l.meeting)
	for _, c := range []struct{ typed, leads, wrong string }{
		{"", "", "such as C-00016105"},
		{"a meeting", "", "looks like C-00016105"},
		{"C-00016105", "meeting C-00016105", ""},
		{"C-00016105, Fifth X.509 Day", "meeting C-00016105", ""},
		{"https://accounts.itu.int/m/C-00016105", "meeting plenary://accounts.itu.int/m/C-00016105", ""},
		{"https://10.0.0.5:8443/m/C-00016105", "meeting plenary://10.0.0.5:8443/m/C-00016105", ""},
		{"https://accounts.itu.int/m/C-000 16105", "meeting plenary://accounts.itu.int/m/C-00016105", ""},
		{
			"https://www.itu.int/net4/CRM/xreg/web/Login.aspx?src=Registration&Event=C-00016105",
			"meeting https://www.itu.int/?Event=C-00016105", "",
		},
		{"https://example.int/m/C-00016105", "", "another service, example.int. Here you use accounts.itu.int"},
		{"https://protect.example.net/s/XYZ", "", "looks like C-00016105"},
	} {
		to.places = nil
		l.meeting.SetText(c.typed)
		press(t, w, fyne.KeyReturn)
		if to.last() != c.leads {
			t.Errorf("%q leads to %q", c.typed, to.last())
		}
		if (l.meetingField.Error() == "") != (c.wrong == "") || !strings.Contains(l.meetingField.Error(), c.wrong) {
			t.Errorf("%q: %q", c.typed, l.meetingField.Error())
		}
	}
}

func TestLogin_links(t *testing.T) {
	e := testEnv(t)
	e.Info.Migrated = true
	l, to := newTestLogin(e, &fakeSession{})
	w := show(t, l.Content(), 1100, 740)
	l.SetIdentifier(" elena ")
	for id, want := range map[string]string{"login.forgot": "forgot elena", "login.first-time": "forgot elena", "login.signup": "sign up"} {
		tabTo(t, w, id)
		press(t, w, fyne.KeyReturn)
		if to.last() != want {
			t.Errorf("%s leads to %q", id, to.last())
		}
	}
	l.SetNotice(parts.Notice{Words: []parts.Span{{Text: "Your session has ended."}}})
	if l.bar.String() != "Your session has ended." {
		t.Errorf("says %q", l.bar.String())
	}
}
