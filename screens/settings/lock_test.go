package settings

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/app"
	"plenary/screens/screentest"
)

func lockRig(t *testing.T, lock screentest.Lock) *settingsRig {
	t.Helper()
	return newLockedRig(t, screentest.NewEnv(t), screentest.NewSelf(), SectionProgram, lock)
}

func (r *settingsRig) lockForm() *lockForm { return r.settings.section().(*programSection).lock }

func (r *settingsRig) fillLock(values map[string]string) {
	for name, value := range values {
		r.lockForm().form.Set(name, value)
	}
}

func TestLock_isSetUp(t *testing.T) {
	r := lockRig(t, screentest.Lock{State: app.LockState{Can: true}})
	if screentest.Find(r.window, "settings.lock.present") != nil || screentest.Find(r.window, "settings.lock-now") != nil {
		t.Error("without a PIN it asks for the present one, or offers to lock")
	}
	for pin, says := range map[string]string{
		"": "six digits", "48151": "six digits", "481 516": "digits only", "123456": "easy", strings.Repeat("481516", 4): "at most",
	} {
		r.fillLock(map[string]string{"after": "15", "pin": pin, "again": pin})
		screentest.Tap(t, r.window, "settings.lock.save")
		if got := screentest.Mistake(r.window, "settings.lock.pin.field"); !strings.Contains(got, says) || r.lock.State.On {
			t.Errorf("%q: says %q", pin, got)
		}
	}
	r.fillLock(map[string]string{"pin": "481516", "again": "481517"})
	screentest.Tap(t, r.window, "settings.lock.save")
	if screentest.Mistake(r.window, "settings.lock.again.field") == "" || r.lock.State.On {
		t.Error("another PIN the second time is taken")
	}
	if !slices.Contains(r.settings.Unsaved(), "Settings – This computer") {
		t.Error("a PIN that is typed is not named")
	}
	r.fillLock(map[string]string{"again": "481516"})
	screentest.Input(t, r.window, "settings.lock.again").TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if lock := r.lock.State; !lock.On || lock.After != 15*time.Minute || r.lock.Now != "481516" {
		t.Errorf("%+v", lock)
	}
	if screentest.Said(r.window, "settings.lock.bar") == "" || len(r.settings.Unsaved()) != 0 || screentest.FocusedID(r.window) != "settings.lock.after" {
		t.Errorf("not said, or unsaved: %v, the keyboard is on %q", r.settings.Unsaved(), screentest.FocusedID(r.window))
	}
	screentest.Tap(t, r.window, "settings.lock-now")
	if r.went.Last() != "lock" {
		t.Error("beside the log-out nothing locks")
	}
}

func TestLock_isChangedWithThePresentPIN(t *testing.T) {
	lock := screentest.NewLock()
	lock.State.After = 5 * time.Minute
	r := lockRig(t, lock)
	if got := r.lockForm().form.Text("after"); got != "5" {
		t.Errorf("shows %q minutes", got)
	}
	r.fillLock(map[string]string{"after": "60"})
	screentest.Tap(t, r.window, "settings.lock.save")
	if screentest.Mistake(r.window, "settings.lock.present.field") == "" || r.lock.State.After != 5*time.Minute {
		t.Error("it is changed without the PIN")
	}
	r.fillLock(map[string]string{"present": "481517"})
	screentest.Tap(t, r.window, "settings.lock.save")
	if got := screentest.Mistake(r.window, "settings.lock.present.field"); !strings.Contains(got, "9 tries") || screentest.FocusedID(r.window) != "settings.lock.present" {
		t.Errorf("a wrong PIN: says %q", got)
	}
	r.fillLock(map[string]string{"present": screentest.PIN})
	screentest.Tap(t, r.window, "settings.lock.save")
	if r.lock.State.After != time.Hour || r.lock.Now != screentest.PIN {
		t.Errorf("%+v", r.lock)
	}
	r.fillLock(map[string]string{"present": screentest.PIN, "pin": "271828", "again": "271828"})
	screentest.Tap(t, r.window, "settings.lock.save")
	if r.lock.Now != "271828" {
		t.Errorf("the PIN is %q", r.lock.Now)
	}
	screentest.Tap(t, r.window, "settings.lock.remove")
	if screentest.Mistake(r.window, "settings.lock.present.field") == "" || !r.lock.State.On {
		t.Error("it is removed without the PIN")
	}
	r.fillLock(map[string]string{"present": "271828"})
	screentest.Tap(t, r.window, "settings.lock.remove")
	if r.lock.State.On || screentest.Find(r.window, "settings.lock-now") != nil {
		t.Errorf("%+v", r.lock.State)
	}
}

// Whoever has just unlocked by the password may choose another PIN without the one that was
// forgotten.
func TestLock_afterThePassword(t *testing.T) {
	lock := screentest.NewLock()
	lock.State.Free = true
	r := lockRig(t, lock)
	if screentest.Find(r.window, "settings.lock.present") != nil {
		t.Error("the present PIN is asked for")
	}
	r.fillLock(map[string]string{"pin": "271828", "again": "271828"})
	screentest.Tap(t, r.window, "settings.lock.save")
	if r.lock.Now != "271828" || screentest.Find(r.window, "settings.lock.present") == nil {
		t.Errorf("the PIN is %q", r.lock.Now)
	}
}

// The organization's time is the longest to choose, and the lock cannot be given up.
func TestLock_asTheOrganizationWants(t *testing.T) {
	r := lockRig(t, screentest.NewLock())
	form := r.lockForm()
	form.on.LockAfter = 15 * time.Minute
	form.build()
	if got := len(form.times()); got != 2 || form.form.Text("after") != "15" {
		t.Errorf("%d times, %q is chosen", got, form.form.Text("after"))
	}
	if screentest.Find(r.window, "settings.lock.remove") != nil {
		t.Error("it can be given up")
	}
}

func TestLock_thatCannotBe(t *testing.T) {
	r := lockRig(t, screentest.Lock{})
	if screentest.Said(r.window, "settings.lock.cannot") == "" || screentest.Find(r.window, "settings.lock.save") != nil {
		t.Error("it is offered, or not said why not")
	}
}

func TestLock_errorsAreSaid(t *testing.T) {
	lock := screentest.NewLock()
	lock.Err = app.ErrKeyringLocked
	r := lockRig(t, lock)
	r.fillLock(map[string]string{"present": screentest.PIN})
	screentest.Tap(t, r.window, "settings.lock.save")
	if said := screentest.Said(r.window, "settings.lock.bar"); !strings.Contains(said, "keyring is locked") {
		t.Errorf("says %q", said)
	}
	r.lock.Err, r.lock.State.Left = nil, 1
	r.fillLock(map[string]string{"present": "481517"})
	screentest.Tap(t, r.window, "settings.lock.remove")
	if r.went.Last() != "locked out" {
		t.Errorf("leads to %v", r.went.Places)
	}
}
