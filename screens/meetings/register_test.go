package meetings

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/app"
	"plenary/localdb"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

func TestRegister_pictures(t *testing.T) {
	screentest.Capture(t, "register", func(e kit.Env) fyne.CanvasObject {
		return NewRegister(e, screentest.Meetings()[1], screentest.Account, screentest.NewRegistrations(), RegisterEvents{}).Content()
	})
	screentest.Capture(t, "register-missing", func(e kit.Env) fyne.CanvasObject {
		r := NewRegister(e, screentest.Meetings()[1], screentest.Account, screentest.NewRegistrations(), RegisterEvents{})
		r.SetOnline(false)
		r.review()
		return r.Content()
	})
}

func TestRegister_checkPictures(t *testing.T) {
	screentest.Capture(t, "register-check", func(e kit.Env) fyne.CanvasObject {
		r := NewRegister(e, screentest.Meetings()[1], screentest.Account, screentest.NewRegistrations(), RegisterEvents{})
		complete(r)
		r.review()
		return r.Content()
	})
}

// formInWindow is the form of the second meeting in a window.
func formInWindow(t *testing.T, e kit.Env, mine *screentest.Registrations) (*Register, fyne.Window, *screentest.WentTo) {
	t.Helper()
	went := &screentest.WentTo{}
	r := NewRegister(e, screentest.Meetings()[1], screentest.Account, mine, RegisterEvents{Submitted: went.With("submitted"), Back: went.To("back")})
	return r, screentest.Show(t, r.Content(), 1000, 700), went
}

// In a narrow window the buttons below what is to be checked stand beside each other.
func TestRegister_buttonsInANarrowWindow(t *testing.T) {
	r, w, _ := formInWindow(t, screentest.NewEnv(t), screentest.NewRegistrations())
	w.Resize(fyne.NewSize(408, 400)) // what is left of 500 beside the navigation
	complete(r)
	r.review()
	at := func(id string) float32 {
		return fyne.CurrentApp().Driver().AbsolutePositionForObject(screentest.Widget(t, w, id)).Y
	}
	if change, submit := at("register.change"), at("register.submit"); change != submit {
		t.Errorf("one is at %v, the other at %v", change, submit)
	}
}

// submit submits what was checked.
func submit(t *testing.T, w fyne.Window) {
	t.Helper()
	if screentest.Find(w, "register.check") != nil {
		screentest.Tap(t, w, "register.check")
	}
	screentest.Tap(t, w, "register.submit")
}

// complete fills in what must be.
func complete(r *Register) {
	in := r.form.Entered()
	in.Participation = api.OnSite
	in.Answers["role"], in.Answers["visa"] = []string{"delegate"}, []string{"no"}
	r.form.Fill(in)
}

func TestRegister_openingTheFormLeavesNoDraft(t *testing.T) {
	mine := &screentest.Registrations{}
	r, _, _ := formInWindow(t, screentest.NewEnv(t), mine)
	r.Close()
	if len(mine.Drafts) != 0 {
		t.Errorf("drafts: %v", mine.Drafts)
	}
}

func TestRegister_draftIsKeptAndRestored(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Engineer")
	screentest.Tap(t, w, "register.participation.onsite")
	screentest.Tap(t, w, "register.companions.add")
	test.Type(screentest.Widget(t, w, "register.companions.0").(fyne.Focusable), "李娜")
	mine.Flushed = 0
	r.Close()
	if mine.Flushed != 1 {
		t.Errorf("flushed %d times when the form was left", mine.Flushed)
	}
	again, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	if diff := cmp.Diff(r.form.Entered(), again.form.Entered()); diff != "" {
		t.Errorf("restored (-before +after):\n%s", diff)
	}
	if in := again.form.Entered(); in.JobTitle != "Engineer" || len(in.Companions) != 1 || in.Companions[0].Name != "李娜" {
		t.Errorf("restored %+v", in)
	}
	screentest.Tap(t, w, "register.forget")
	screentest.Tap(t, w, "register.forget.yes")
	if len(mine.Drafts) != 0 {
		t.Error("the draft is still there after it was deleted")
	}
}

func TestRegister_newerDraftIsNeverOvertaken(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, e, mine)
	test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Engineer")
	if steps.Len() != 1 {
		t.Fatalf("%d saves at the same time", steps.Len())
	}
	r.Close()
	steps.All()
	if got := mine.Drafts["C-00016512"].JobTitle; got != "Engineer" {
		t.Errorf("the draft holds %q, want all that was typed", got)
	}
	if mine.Flushed == 0 {
		t.Error("it was not written")
	}
}

// The foot says that a draft is kept once it is on the disk, and not before.
func TestRegister_draftIsSaidToBeKeptOnceItIs(t *testing.T) {
	for _, refused := range []error{nil, localdb.ErrDiskFull} {
		e, steps := screentest.NewEnv(t), &screentest.Stepped{}
		e.Run = steps
		mine := &screentest.Registrations{FlushErr: refused}
		r, w, _ := formInWindow(t, e, mine)
		t.Cleanup(r.Close)
		test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "E")
		for mine.Flushed == 0 {
			if said := r.foot.String(); strings.Contains(said, "kept") || steps.Len() == 0 {
				t.Fatalf("says %q before it is written", said)
			}
			steps.Step()
		}
		steps.All()
		if said := r.foot.String(); strings.Contains(said, "kept") != (refused == nil) {
			t.Errorf("refused by the disk %v: says %q", refused, said)
		}
		if said := r.bar.String(); (said != "") != (refused != nil) {
			t.Errorf("refused by the disk %v: the bar says %q", refused, said)
		}
	}
}

// What is missing stays said when the draft is written a moment after somebody wanted to send
// the form, until something more is typed.
func TestRegister_draftHidesNotWhatIsMissing(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, e, mine)
	t.Cleanup(r.Close)
	job := screentest.Widget(t, w, "register.job").(fyne.Focusable)
	for range 2 {
		test.Type(job, "E")
		steps.Step() // saved
		steps.Step()
		r.review()
		missing := r.foot.String()
		steps.All()
		if mine.Flushed == 0 || missing == "" || r.foot.String() != missing {
			t.Fatalf("says %q, then %q", missing, r.foot.String())
		}
	}
	test.Type(job, "E")
	steps.All()
	if said := r.foot.String(); !strings.Contains(said, "kept") {
		t.Errorf("says %q", said)
	}
}

func TestRegister_noDraftAfterSubmit(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	mine := &screentest.Registrations{}
	r, w, went := formInWindow(t, e, mine)
	complete(r)
	test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Engineer")
	r.send() // while a draft is being saved
	steps.All()
	r.Close()
	steps.All()
	if len(mine.Submitted) != 1 || went.Last() != "submitted C-00016512" {
		t.Fatalf("submitted %d times, went to %q", len(mine.Submitted), went.Last())
	}
	if len(mine.Drafts) != 0 {
		t.Error("a draft came back after Submit")
	}
}

func TestRegister_submitsOnce(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	mine := &screentest.Registrations{}
	r, _, _ := formInWindow(t, e, mine)
	complete(r)
	r.send()
	r.send()
	steps.All()
	if len(mine.Submitted) != 1 {
		t.Errorf("submitted %d times", len(mine.Submitted))
	}
}

func TestRegister_submitSaysWhatIsMissingAndGoesThere(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	screentest.Tap(t, w, "register.check")
	if got := r.foot.String(); got != "Still missing: Participation, Role, Do you need a visa?" {
		t.Errorf("says %q", got)
	}
	if screentest.FocusedID(w) != "register.participation" {
		t.Errorf("the keyboard is at %q", screentest.FocusedID(w))
	}
	if len(mine.Submitted) != 0 {
		t.Error("submitted all the same")
	}
}

func TestRegister_questionThatAnotherAnswerLeadsTo(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	if screentest.Find(w, "register.talk") != nil {
		t.Fatal("asked too early")
	}
	screentest.Tap(t, w, "register.role.speaker")
	test.Type(screentest.Widget(t, w, "register.talk").(fyne.Focusable), "On keys")
	screentest.Tap(t, w, "register.role.delegate")
	if screentest.Find(w, "register.talk") != nil {
		t.Error("still asked")
	}
	submit(t, w)
	if len(mine.Submitted) != 1 {
		t.Fatal("not submitted")
	}
	if _, there := mine.Submitted[0].Answers["talk"]; there {
		t.Error("the answer to a question that is not asked was sent")
	}
}

func TestRegister_refusalOfTheDiskIsSaidAndLosesNothing(t *testing.T) {
	mine := &screentest.Registrations{Err: errors.New("forced: no room")}
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	submit(t, w)
	if r.bar.String() == "" || r.submit.Disabled() {
		t.Errorf("says %q; Submit disabled: %v", r.bar.String(), r.submit.Disabled())
	}
	mine.Err = nil
	submit(t, w)
	if len(mine.Submitted) != 1 {
		t.Error("a second try does not work")
	}
}

func TestRegister_againBeginsWithTheEarlierAnswers(t *testing.T) {
	mine := &screentest.Registrations{Mine: []app.Mine{{State: app.StateNeedsAttention, Registration: api.Registration{
		Meeting: "C-00016512", Participation: api.Remote, BadgeName: "E. García", Answers: api.Answers{"role": {"observer"}},
	}}}}
	r, _, _ := formInWindow(t, screentest.NewEnv(t), mine)
	in := r.form.Entered()
	if in.Participation != api.Remote || in.BadgeName != "E. García" || in.Answers["role"][0] != "observer" {
		t.Errorf("begins with %+v", in)
	}
}

// Whoever has submitted and goes elsewhere has registered; what then went wrong is said.
func TestRegister_isSubmittedAlthoughTheFormIsLeft(t *testing.T) {
	for name, trouble := range map[string]error{"kept": nil, "not kept": localdb.ErrDiskFull} {
		t.Run(name, func(t *testing.T) {
			var late []error
			e := screentest.NewEnv(t)
			e.Decisions.Late = func(err error) { late = append(late, err) }
			mine := &screentest.Registrations{Err: trouble}
			steps := &screentest.Stepped{}
			e.Run = steps
			r, w, went := formInWindow(t, e, mine)
			complete(r)
			test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Engineer")
			r.send() // while a draft is being saved
			r.Close()
			steps.All()
			if (len(mine.Submitted) == 1) != (trouble == nil) || went.Last() != "" {
				t.Errorf("submitted %d times, went to %q", len(mine.Submitted), went.Last())
			}
			if len(late) > 1 || (len(late) == 1) != (trouble != nil) {
				t.Errorf("told %v", late)
			}
			if draft := mine.Drafts["C-00016512"].JobTitle; (draft == "Engineer") != (trouble != nil) {
				t.Errorf("the draft has %q", draft)
			}
		})
	}
}

// A disk without room at Submit: the form says so, keeps what was typed, and
// submits once there is room.
func TestFaults_diskFullAtSubmit(t *testing.T) {
	for _, tt := range []struct {
		err  error
		says []string
	}{
		{localdb.ErrDiskFull, []string{"disk is full", "Make room", "is safe"}},
		{localdb.ErrStopped, []string{"did not confirm", "start it again"}},
	} {
		mine := &screentest.Registrations{}
		r, w, went := formInWindow(t, screentest.NewEnv(t), mine)
		complete(r)
		job := screentest.Widget(t, w, "register.job").(*parts.Entry)
		job.SetText("Engineer")
		mine.Err = fmt.Errorf("register: %w", tt.err)
		submit(t, w)
		screentest.Says(t, r.bar.String(), tt.says...)
		if job.Text != "Engineer" || len(went.Places) != 0 || r.submit.Disabled() {
			t.Errorf("job title %q, led to %v", job.Text, went.Places)
		}
		mine.Err = nil
		submit(t, w)
		if went.Last() != "submitted C-00016512" {
			t.Errorf("led to %q once there was room", went.Last())
		}
	}
}

func TestRegister_isCheckedBeforeItIsSent(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, went := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	screentest.Tap(t, w, "register.check")
	if screentest.FocusedID(w) != "register.submit" || screentest.Find(w, "register.job") != nil || len(mine.Submitted) != 0 {
		t.Fatalf("the keyboard is at %q", screentest.FocusedID(w))
	}
	for id, want := range map[string]string{"answer.role": "Delegate", "answer.visa": "No", "answer.nights": "No answer"} {
		if got := screentest.Said(w, id); got != want {
			t.Errorf("%s says %q, want %q", id, got, want)
		}
	}
	for _, back := range []func(){func() { screentest.Tap(t, w, "register.change") }, func() { r.Back() }} {
		back()
		if screentest.FocusedID(w) != "register.badge" || screentest.Find(w, "register.submit") != nil || went.Last() != "" {
			t.Errorf("back to the form: the keyboard is at %q, went to %q", screentest.FocusedID(w), went.Last())
		}
		test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Chair")
		screentest.Tap(t, w, "register.check")
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if len(mine.Submitted) != 1 || mine.Submitted[0].JobTitle != "ChairChair" {
		t.Errorf("submitted %+v", mine.Submitted)
	}
}

// The second click of a double click, and a key that is held, send nothing.
func TestRegister_aDoubleClickSendsNothing(t *testing.T) {
	e, steps := screentest.NewEnv(t), &screentest.Stepped{}
	e.Run = steps
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, e, mine)
	complete(r)
	screentest.Tap(t, w, "register.check")
	screentest.Tap(t, w, "register.submit")
	if screentest.FocusedID(w) != "" {
		t.Errorf("a key that is held meets %q", screentest.FocusedID(w))
	}
	steps.All()
	if len(mine.Submitted) != 0 {
		t.Fatal("submitted by the click that led there")
	}
	screentest.Tap(t, w, "register.submit")
	steps.All()
	if len(mine.Submitted) != 1 {
		t.Errorf("submitted %d times", len(mine.Submitted))
	}
}

// What the service's rules do not take shows at its field, also from where it is checked.
func TestRegister_aMistakeThatIsFoundWhenItIsSentLeadsToItsField(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	screentest.Tap(t, w, "register.check")
	mine.Err = api.Invalid(api.FieldError{Pointer: "/answers/nights", Code: api.FieldOutOfRange})
	screentest.Tap(t, w, "register.submit")
	if screentest.FocusedID(w) != "register.nights" || r.bar.String() == "" {
		t.Errorf("the keyboard is at %q, and it says %q", screentest.FocusedID(w), r.bar.String())
	}
}
