package account

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
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
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
	workKept   bool
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

func (f *fakeSession) WorkIsKept() bool { return f.workKept }

func (f *fakeSession) LogOut(context.Context, app.Unsent) error {
	f.loggedOut++
	return nil
}

func newTestLogin(e kit.Env, acc *fakeSession) (*Login, *screentest.WentTo) {
	w := &screentest.WentTo{}
	return NewLogin(e, acc, LoginEvents{
		LoggedIn: func(a api.Account) { w.With("in")(a.Username) },
		SignUp:   w.To("sign up"), Forgot: w.With("forgot"), Meeting: func(m rules.MeetingRef) { w.With("meeting")(m.String()) }, Unlocked: w.To("unlocked"),
	}), w
}

func TestLogin_pictures(t *testing.T) {
	screentest.Capture(t, "login", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.SetIdentifier("elena.garcia@example.org")
		l.password.SetText("correct horse")
		return l.Content()
	}, func(w fyne.Window) { w.Canvas().FocusNext() })
	screentest.Capture(t, "login-migrated", func(e kit.Env) fyne.CanvasObject {
		e.Info.Migrated = true
		l, _ := newTestLogin(e, &fakeSession{})
		return l.Content()
	})
	screentest.Capture(t, "login-work-kept", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{workKept: true})
		return l.Content()
	})
	screentest.Capture(t, "login-second", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.second.ask(app.LogIn{Identifier: "elena.garcia"})
		for range 2 { // the second time at greater length
			l.second.failed(&api.Problem{Code: api.CodeSecondFactorWrong})
		}
		return l.Content()
	})
	screentest.Capture(t, "login-wait", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.SetIdentifier("elena.garcia@example.org")
		l.Failed(&api.Problem{Code: api.CodeTooMany, RetryAfter: 8 * time.Second})
		return l.Content()
	})
	screentest.Capture(t, "login-deactivated", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.Failed(&api.Problem{Code: api.CodeDeactivated, Reference: "3F7K-92QD"})
		return l.Content()
	})
	screentest.CaptureFew(t, "login-meeting-none", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.on.Find = func(context.Context, string) error { return &api.Problem{Code: api.CodeNotFound} }
		l.meeting.SetText("C-99999999")
		l.goToMeeting()
		return l.Content()
	})
	screentest.Capture(t, "login-keyring", func(e kit.Env) fyne.CanvasObject {
		l, _ := newTestLogin(e, &fakeSession{})
		l.keyring.ask(false)
		return l.Content()
	})
}

func TestLogin_byKeyboardAlone(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	l, to := newTestLogin(e, acc)
	w := screentest.Show(t, l.Content(), 1100, 740)
	w.Canvas().Focus(l.First())
	screentest.Write(t, w, " elena.garcia ")
	screentest.TabTo(t, w, "login.password")
	screentest.Write(t, w, "Correct-horse8")
	screentest.TabTo(t, w, "login.keep")
	screentest.Press(t, w, fyne.KeySpace)
	screentest.TabTo(t, w, "login.submit")
	screentest.Press(t, w, fyne.KeyReturn)
	if acc.identifier != "elena.garcia" || acc.password != "Correct-horse8" || acc.keep {
		t.Errorf("asked with %+v", acc)
	}
	if to.Last() != "in elena.garcia" {
		t.Errorf("led to %q", to.Last())
	}
	if l.password.Text != "" {
		t.Error("the password is still in its input")
	}
}

func TestLogin_orderOfTab(t *testing.T) {
	l, _ := newTestLogin(screentest.NewEnv(t), &fakeSession{})
	want := []string{
		"login.identifier", "login.password", "login.password.show", "login.keep", "login.forgot", "login.submit",
		"login.signup", "login.meeting", "login.go", "login.faq", "login.servicedesk", "account.support",
		"display.fr", "display.smaller", "display.larger",
	}
	if got := screentest.Order(screentest.Show(t, l.Content(), 1100, 740)); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestLogin_enterSubmitsFromBothInputs(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{err: errors.New("no")}
	l, _ := newTestLogin(e, acc)
	w := screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	for i, input := range []fyne.Focusable{l.identifier, l.password} {
		w.Canvas().Focus(input)
		screentest.Press(t, w, fyne.KeyReturn)
		if acc.logIns != i+1 {
			t.Errorf("input %d: %d log-ins", i, acc.logIns)
		}
	}
}

func TestLogin_saysWhatIsMissing(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	l, _ := newTestLogin(e, acc)
	w := screentest.Show(t, l.Content(), 1100, 740)
	test.Tap(l.submit)
	if acc.logIns != 0 || l.identifierField.Error() == "" || l.passwordField.Error() == "" || screentest.FocusedID(w) != "login.identifier" {
		t.Errorf("%d log-ins, %q, %q, focus %s", acc.logIns, l.identifierField.Error(), l.passwordField.Error(), screentest.FocusedID(w))
	}
	screentest.Write(t, w, "e")
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
			e, acc := screentest.NewEnv(t), &fakeSession{err: &api.Problem{Code: c.code, Reference: "REF1"}}
			l, to := newTestLogin(e, acc)
			screentest.Show(t, l.Content(), 1100, 740)
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
			if got := to.Last(); c.leads != "resent" && got != c.leads {
				t.Errorf("leads to %q", got)
			}
			if c.leads == "resent" && (len(acc.resent) != 1 || !strings.Contains(l.bar.String(), "An email was sent to your inbox.")) {
				t.Errorf("sent %v, says %q", acc.resent, l.bar.String())
			}
		})
	}
}

func TestLogin_slowAnswer(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	s := &screentest.Stepped{}
	e.Run = s
	l, to := newTestLogin(e, acc)
	s.All() // what it looks for by itself
	screentest.Show(t, l.Content(), 1100, 740)
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
	if acc.logIns != 1 || to.Last() != "in elena.garcia" || l.busy.String() != "" {
		t.Errorf("%d log-ins, led to %q", acc.logIns, to.Last())
	}
}

func TestLogin_answerAfterLeaving(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	s := &screentest.Stepped{}
	e.Run = s
	l, to := newTestLogin(e, acc)
	s.All() // what it looks for by itself
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	s.Step()
	l.Close()
	s.All()
	if len(to.Places) != 0 {
		t.Errorf("led to %v", to.Places)
	}
}

func TestLogin_keyringThatWaitsCanBeCancelled(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	s := &screentest.Stepped{}
	e.Run = s
	var ctx context.Context
	acc.withCtx = func(c context.Context) { ctx = c }
	l, to := newTestLogin(e, acc)
	s.All() // what it looks for by itself
	screentest.Show(t, l.Content(), 1100, 740)
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
	if ctx.Err() == nil || len(to.Places) != 0 || l.submit.Disabled() || l.bar.String() != "" {
		t.Errorf("cancelled: %v, led to %v, says %q", ctx.Err(), to.Places, l.bar.String())
	}
}

// The answer was there already when "Cancel" was pressed, but not seen.
func TestLogin_thatSucceededBehindCancelIsTakenBack(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{}
	s := &screentest.Stepped{}
	e.Run = s
	l, to := newTestLogin(e, acc)
	s.All() // what it looks for by itself
	screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	s.Step() // the service has answered
	l.stopWaiting()
	s.All()
	if acc.loggedOut != 1 || len(to.Places) != 0 || l.submit.Disabled() {
		t.Errorf("logged out %d times, led to %v", acc.loggedOut, to.Places)
	}
}

func TestLogin_withoutKeyring(t *testing.T) {
	missing := func(error) app.Explanation { return app.Explanation{Kind: "keyring-missing"} }
	t.Run("passphrase", func(t *testing.T) {
		e, acc := screentest.NewEnv(t), &fakeSession{err: errors.New("no keyring")}
		e.Explain = missing
		l, to := newTestLogin(e, acc)
		w := screentest.Show(t, l.Content(), 1100, 740)
		l.SetIdentifier("elena")
		l.password.SetText("x")
		l.logIn()
		if screentest.FocusedID(w) != "login.passphrase" {
			t.Fatalf("focus is on %q", screentest.FocusedID(w))
		}
		screentest.Write(t, w, "short")
		screentest.Press(t, w, fyne.KeyReturn)
		if l.keyring.field.Error() == "" || acc.passphrase != "" {
			t.Error("takes a short one")
		}
		acc.err = nil
		screentest.Write(t, w, " but longer now")
		screentest.Press(t, w, fyne.KeyReturn)
		if acc.passphrase != "short but longer now" || to.Last() != "in elena.garcia" || l.keyring.passphrase.Text != "" {
			t.Errorf("passphrase %q, led to %q", acc.passphrase, to.Last())
		}
	})
	t.Run("forgotten at the end", func(t *testing.T) {
		e, acc := screentest.NewEnv(t), &fakeSession{err: errors.New("no keyring")}
		e.Explain = missing
		l, _ := newTestLogin(e, acc)
		screentest.Show(t, l.Content(), 1100, 740)
		l.SetIdentifier("elena")
		l.password.SetText("x")
		l.logIn()
		test.Tap(l.keyring.forget)
		if acc.keep || acc.logIns != 2 {
			t.Errorf("keep %v after %d log-ins", acc.keep, acc.logIns)
		}
	})
	t.Run("at the start", func(t *testing.T) {
		e, acc := screentest.NewEnv(t), &fakeSession{}
		l, to := newTestLogin(e, acc)
		w := screentest.Show(t, l.Content(), 1100, 740)
		l.AskPassphrase()
		screentest.Write(t, w, "correct horse battery")
		screentest.Press(t, w, fyne.KeyReturn)
		if to.Last() != "unlocked" || acc.logIns != 0 {
			t.Errorf("led to %q", to.Last())
		}
	})
}

func TestLogin_dataWhoseKeyIsLost(t *testing.T) {
	e, acc := screentest.NewEnv(t), &fakeSession{err: errors.New("key lost")}
	e.Explain = func(error) app.Explanation { return app.Explanation{Kind: "wrong-key"} }
	l, _ := newTestLogin(e, acc)
	screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	l.password.SetText("x")
	l.logIn()
	test.Tap(l.bar.Action())
	if acc.setAside != 1 || !strings.Contains(l.bar.String(), "nothing was deleted") {
		t.Errorf("set aside %d times, says %q", acc.setAside, l.bar.String())
	}
}

func TestLogin_meetingCodeOrLink(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Info.ServiceID, e.Info.Address, e.Address = "s1", "https://accounts.itu.int", "https://10.0.0.5:8443"
	l, to := newTestLogin(e, &fakeSession{})
	w := screentest.Show(t, l.Content(), 1100, 740)
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
		to.Places = nil
		l.meeting.SetText(c.typed)
		screentest.Press(t, w, fyne.KeyReturn)
		if to.Last() != c.leads {
			t.Errorf("%q leads to %q", c.typed, to.Last())
		}
		if c.leads != "" {
			if screentest.FocusedID(w) != "login.identifier" {
				t.Errorf("%q leaves the keyboard on %q", c.typed, screentest.FocusedID(w))
			}
			w.Canvas().Focus(l.meeting)
		}
		if (l.meetingField.Error() == "") != (c.wrong == "") || !strings.Contains(l.meetingField.Error(), c.wrong) {
			t.Errorf("%q: %q", c.typed, l.meetingField.Error())
		}
	}
}

func TestLogin_links(t *testing.T) {
	e := screentest.NewEnv(t)
	e.Info.Migrated = true
	l, to := newTestLogin(e, &fakeSession{})
	w := screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier(" elena ")
	for id, want := range map[string]string{"login.forgot": "forgot elena", "login.first-time": "forgot elena", "login.signup": "sign up"} {
		screentest.TabTo(t, w, id)
		screentest.Press(t, w, fyne.KeyReturn)
		if to.Last() != want {
			t.Errorf("%s leads to %q", id, to.Last())
		}
	}
	l.SetNotice(parts.Notice{Words: []parts.Span{{Text: "Your session has ended."}}})
	if l.bar.String() != "Your session has ended." {
		t.Errorf("says %q", l.bar.String())
	}
}

func TestLogin_pastedPasswordIsTheOneThatWasMeant(t *testing.T) {
	acc := &fakeSession{err: &api.Problem{Code: api.CodeCredentials}}
	l, _ := newTestLogin(screentest.NewEnv(t), acc)
	w := screentest.Show(t, l.Content(), 1100, 740)
	l.SetIdentifier("elena")
	w.Canvas().Focus(l.password)
	screentest.Paste(l.password, "Correct-Horse7\r\n")
	l.password.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if acc.password != "Correct-Horse7" || l.passwordField.Note() != "" {
		t.Errorf("logged in with %q, and it says %q", acc.password, l.passwordField.Note())
	}
	l.password.SetText("Correct-Horse7 ")
	l.password.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if acc.password != "Correct-Horse7 " || l.passwordField.Note() != "The password ends with a space." {
		t.Errorf("logged in with %q, and it says %q", acc.password, l.passwordField.Note())
	}
}

func TestLogin_saysThatWorkIsKeptForItsOwner(t *testing.T) {
	for _, kept := range []bool{true, false} {
		l, _ := newTestLogin(screentest.NewEnv(t), &fakeSession{workKept: kept})
		w := test.NewTempWindow(t, l.Content())
		if shown := screentest.Find(w, "login.work-kept") != nil; shown != kept {
			t.Errorf("kept %v: shown %v", kept, shown)
		}
	}
}

// lateRun does work at once; what comes then is for the test to call.
type lateRun struct {
	kit.Executor
	then []func()
}

func (r *lateRun) Run(ctx context.Context, work func(context.Context), then func()) {
	work(ctx)
	r.then = append(r.then, func() {
		if ctx.Err() == nil {
			then()
		}
	})
}

func (r *lateRun) answer() {
	then := r.then
	r.then = nil
	for _, f := range then {
		f()
	}
}

// A meeting's code is believed once the service knows it, or cannot be asked; a wrong one is
// said at its field. Nothing waits for that.
func TestLogin_meetingIsSought(t *testing.T) {
	none, away := &api.Problem{Status: 404, Code: api.CodeNotFound}, errors.New("no network")
	for _, c := range []struct {
		name      string
		found     error
		meanwhile func(t *testing.T, l *Login, w fyne.Window)
		leads     []string
		wrong     bool
		keyboard  string
	}{
		{name: "there is one", leads: []string{"meeting C-00016105"}, keyboard: "login.identifier"},
		{name: "there is none", found: none, wrong: true, keyboard: "login.meeting"},
		{
			name: "there is none, and somebody types already", found: none, wrong: true, keyboard: "login.identifier",
			meanwhile: func(t *testing.T, _ *Login, w fyne.Window) { screentest.Write(t, w, "elena") },
		},
		{name: "no network", found: away, leads: []string{"meeting C-00016105"}, keyboard: "login.identifier"},
		{
			name: "another one is typed", found: none, keyboard: "login.identifier",
			meanwhile: func(_ *testing.T, l *Login, _ fyne.Window) { l.meeting.SetText("C-0001") },
		},
		{
			name: "logged in meanwhile", found: none, leads: []string{"meeting C-00016105", "in elena.garcia"}, keyboard: "login.password",
			meanwhile: func(t *testing.T, l *Login, w fyne.Window) {
				screentest.Write(t, w, "elena")
				w.Canvas().Focus(l.password)
				screentest.Write(t, w, "password")
				screentest.Press(t, w, fyne.KeyReturn)
			},
		},
		{
			name: "to sign up meanwhile", found: none, leads: []string{"meeting C-00016105", "sign up"}, keyboard: "login.identifier",
			meanwhile: func(_ *testing.T, l *Login, _ fyne.Window) { l.signUp() },
		},
		{
			name: "left meanwhile", found: none, leads: []string{"meeting C-00016105"}, keyboard: "login.identifier",
			meanwhile: func(_ *testing.T, l *Login, _ fyne.Window) { l.Close() },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := screentest.NewEnv(t)
			run := &lateRun{Executor: e.Run}
			e.Run = run
			l, to := newTestLogin(e, &fakeSession{})
			l.on.Find = func(_ context.Context, code string) error {
				if code != "C-00016105" {
					t.Errorf("asked for %s", code)
				}
				return c.found
			}
			run.answer()
			w := screentest.Show(t, l.Content(), 1100, 740)
			w.Canvas().Focus(l.meeting)
			screentest.Write(t, w, "C-00016105")
			screentest.Press(t, w, fyne.KeyReturn)
			if screentest.FocusedID(w) != "login.identifier" || len(to.Places) > 0 {
				t.Errorf("while it is sought, the keyboard is on %q; it leads to %q", screentest.FocusedID(w), to.Places)
			}
			seek := run.then
			run.then = nil
			if c.meanwhile != nil {
				c.meanwhile(t, l, w)
			}
			run.answer() // the log-in's
			run.then = seek
			run.answer()
			if !slices.Equal(to.Places, c.leads) {
				t.Errorf("it leads to %q, want %q", to.Places, c.leads)
			}
			if wrong := l.meetingField.Error(); (wrong != "") != c.wrong || c.wrong && !strings.Contains(wrong, "C-00016105") {
				t.Errorf("at the field: %q", wrong)
			}
			if screentest.FocusedID(w) != c.keyboard {
				t.Errorf("the keyboard is on %q", screentest.FocusedID(w))
			}
		})
	}
}
