package account

import (
	"context"
	"errors"
	"slices"
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

// fakeLocked is a locked session in memory.
type fakeLocked struct {
	screentest.Lock
	phase   app.Phase
	keyring func(bool)
	during  func() // called by each try
}

func (f *fakeLocked) Unlock(_ context.Context, pin string) (api.Account, error) {
	if f.during != nil {
		f.during()
	}
	return screentest.Account, f.Try(pin)
}

func (f *fakeLocked) UnlockByPassword(_ context.Context, password, code string) (api.Account, error) {
	return screentest.Account, f.Prove(password, code)
}

func (f *fakeLocked) SubscribeKeyring(k func(bool)) func() {
	f.keyring = k
	return func() { f.keyring = nil }
}

func (f *fakeLocked) State() app.SessionState {
	return app.SessionState{Phase: f.phase, Lock: f.Lock.State, Account: api.Account{
		ID: screentest.Account.ID, FirstName: "Elena", FamilyName: "García", Username: "elena.garcia",
	}}
}

func newFakeLocked() *fakeLocked { return &fakeLocked{Lock: screentest.NewLock(), phase: app.Locked} }

func newTestLock(e kit.Env, session *fakeLocked) (*Lock, *screentest.WentTo) {
	w := &screentest.WentTo{}
	return NewLock(e, session, LockEvents{
		Unlocked: func(a api.Account) { w.With("in")(a.Username) }, LogOut: w.To("log out"),
		LoggedOut: func(err error) { w.With("out")(app.Explain(err).Kind) },
	}), w
}

// typeInto enters a text into the input that has the keyboard, and presses Enter.
func typeInto(t *testing.T, w fyne.Window, id, text string) {
	t.Helper()
	if got := screentest.FocusedID(w); got != id {
		t.Fatalf("the keyboard is on %q, not %q", got, id)
	}
	screentest.Input(t, w, id).SetText(text)
	screentest.Press(t, w, fyne.KeyReturn)
}

func shownLock(t *testing.T, e kit.Env, session *fakeLocked) (*Lock, fyne.Window, *screentest.WentTo) {
	t.Helper()
	l, went := newTestLock(e, session)
	w := screentest.Show(t, l.Content(), 1024, 700)
	parts.Focus(l.First())
	return l, w, went
}

func TestLock_byThePIN(t *testing.T) {
	session := newFakeLocked()
	_, w, went := shownLock(t, screentest.NewEnv(t), session)
	typeInto(t, w, "lock.pin", "")
	if screentest.Mistake(w, "lock.pin.field") == "" || session.State().Lock.Left != 10 {
		t.Error("nothing typed is compared")
	}
	for left := 9; left > 0; left-- {
		typeInto(t, w, "lock.pin", "481517")
		says := "tries left"
		if left == 1 {
			says = "1 try left"
		}
		if got := screentest.Mistake(w, "lock.pin.field"); !strings.Contains(got, says) || screentest.FocusedID(w) != "lock.pin" {
			t.Errorf("%d left: says %q", left, got)
		}
		if warned := strings.Contains(screentest.Said(w, "lock.bar"), "logs out"); warned != (left < 4) {
			t.Errorf("%d left: warned: %v", left, warned)
		}
	}
	typeInto(t, w, "lock.pin", screentest.PIN)
	if went.Last() != "in elena.garcia" {
		t.Errorf("leads to %v", went.Places)
	}
}

func TestLock_ends(t *testing.T) {
	for want, prepare := range map[string]func(f *fakeLocked){
		"out " + app.KindLockedOut: func(f *fakeLocked) { f.Lock.State.Left = 1 },
		"out " + app.KindNoSession: func(f *fakeLocked) { f.Err = app.ErrNoSession },
	} {
		session := newFakeLocked()
		prepare(session)
		_, w, went := shownLock(t, screentest.NewEnv(t), session)
		typeInto(t, w, "lock.pin", "481517")
		if went.Last() != want {
			t.Errorf("leads to %v, not %q", went.Places, want)
		}
	}
}

func TestLock_byThePassword(t *testing.T) {
	session := newFakeLocked()
	session.Code = "123456"
	l, w, went := shownLock(t, screentest.NewEnv(t), session)
	screentest.Tap(t, w, "lock.to-password")
	typeInto(t, w, "lock.password", "")
	if screentest.Mistake(w, "lock.password.field") == "" {
		t.Error("nothing typed is asked about")
	}
	typeInto(t, w, "lock.password", "wrong")
	if !strings.Contains(screentest.Mistake(w, "lock.password.field"), "not the password") {
		t.Errorf("says %q", screentest.Mistake(w, "lock.password.field"))
	}
	typeInto(t, w, "lock.password", screentest.Password)
	typeInto(t, w, "lock.code", "000000")
	if screentest.Mistake(w, "lock.code.field") == "" {
		t.Error("a wrong code is not said")
	}
	if !l.Back() || screentest.FocusedID(w) != "lock.pin" || l.password.Text("password") != "" {
		t.Error("Escape does not lead back to the PIN, or keeps the password")
	}
	if l.Back() {
		t.Error("there is something before the PIN")
	}
	screentest.Tap(t, w, "lock.to-password")
	typeInto(t, w, "lock.password", screentest.Password)
	typeInto(t, w, "lock.code", "123456")
	if went.Last() != "in elena.garcia" {
		t.Errorf("leads to %v", went.Places)
	}
}

// What the screen cannot deal with is said, and stays to be tried again.
func TestLock_saysOtherErrors(t *testing.T) {
	for kind, err := range map[string]error{
		app.KindKeyringLocked: app.ErrKeyringLocked, app.KindWrongKey: app.ErrKeyLost,
		string(api.CodeInternal): errors.New("nobody foresaw it"),
	} {
		session := newFakeLocked()
		session.Err = err
		e := screentest.NewEnv(t)
		_, w, _ := shownLock(t, e, session)
		typeInto(t, w, "lock.pin", screentest.PIN)
		if said := screentest.Said(w, "lock.bar"); !strings.Contains(said, e.T("error."+kind)) {
			t.Errorf("%s: says %q", kind, said)
		}
	}
	session := newFakeLocked()
	session.Err = app.ErrNoPIN
	_, w, _ := shownLock(t, screentest.NewEnv(t), session)
	typeInto(t, w, "lock.pin", screentest.PIN)
	if screentest.FocusedID(w) != "lock.password" || screentest.Said(w, "lock.bar") == "" {
		t.Errorf("without a PIN the keyboard is on %q", screentest.FocusedID(w))
	}
	session.Err = &api.Problem{Status: 429, Code: api.CodeTooMany, RetryAfter: 8 * time.Second}
	typeInto(t, w, "lock.password", screentest.Password)
	session.Err = nil
	tries := session.State().Lock
	typeInto(t, w, "lock.password", screentest.Password)
	if session.State().Lock != tries {
		t.Error("the service is asked before it wants to be")
	}
}

// A keyring that keeps somebody waiting is said, and the try can be given up.
func TestLock_keyringWaits(t *testing.T) {
	e := screentest.NewEnv(t)
	run := &screentest.Stepped{}
	e.Run = run
	session := newFakeLocked()
	l, w, went := shownLock(t, e, session)
	typeInto(t, w, "lock.pin", screentest.PIN)
	session.keyring(true)
	run.StepAt(run.Len() - 1)
	if !strings.Contains(screentest.Said(w, "lock.bar"), "keyring") {
		t.Fatalf("says %q", screentest.Said(w, "lock.bar"))
	}
	screentest.Tap(t, w, "lock.cancel")
	for run.Step() {
	}
	if !l.Settled() || went.Last() != "" || screentest.Find(w, "lock.cancel") != nil {
		t.Errorf("after the cancel: leads to %v", went.Places)
	}
	typeInto(t, w, "lock.pin", screentest.PIN)
	for run.Step() {
	}
	if went.Last() != "in elena.garcia" {
		t.Errorf("another try leads to %v", went.Places)
	}
}

func TestLock_byTheKeyboardAlone(t *testing.T) {
	_, w, _ := shownLock(t, screentest.NewEnv(t), newFakeLocked())
	order := screentest.Order(w)
	for _, id := range []string{"lock.submit", "lock.to-password", "lock.logout"} {
		if !slices.Contains(order, id) {
			t.Errorf("Tab leads to %v, and not to %s", order, id)
		}
	}
}

func TestLock_pictures(t *testing.T) {
	show := func(name string, prepare func(f *fakeLocked), then func(l *Lock)) {
		var l *Lock
		screentest.Capture(t, "lock-"+name, func(e kit.Env) fyne.CanvasObject {
			session := newFakeLocked()
			prepare(session)
			l, _ = newTestLock(e, session)
			return l.Content()
		}, func(fyne.Window) {
			parts.Focus(l.First())
			then(l)
		})
	}
	try := func(l *Lock) {
		l.pin.Set("pin", "481517")
		l.byThePIN()
	}
	nothing := func(*fakeLocked) {}
	show("wrong", nothing, try)
	show("last", func(f *fakeLocked) { f.Lock.State.Left = 2 }, try)
	show("start", func(f *fakeLocked) { f.Lock.State.Left = 3 }, func(*Lock) {})
	show("password", nothing, func(l *Lock) { l.choose(false) })
	show("code", func(f *fakeLocked) { f.Code = "123456" }, func(l *Lock) {
		l.choose(false)
		l.password.Set("password", screentest.Password)
		l.byThePassword()
		l.password.Set("code", "000000")
		l.byThePassword()
	})
}
