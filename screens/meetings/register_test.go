package meetings

import (
	"errors"
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/app"
	"plenary/localdb"
	"plenary/screens/kit"
	"plenary/screens/screentest"
)

func TestRegister_pictures(t *testing.T) {
	screentest.Capture(t, "register", func(e kit.Env) fyne.CanvasObject {
		return NewRegister(e, screentest.Meetings()[1], screentest.Account, screentest.NewRegistrations(), RegisterEvents{}).Content()
	})
	screentest.Capture(t, "register-missing", func(e kit.Env) fyne.CanvasObject {
		r := NewRegister(e, screentest.Meetings()[1], screentest.Account, screentest.NewRegistrations(), RegisterEvents{})
		r.SetOnline(false)
		r.send()
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

// complete fills in what must be.
func complete(r *Register) {
	r.participation.Set(api.OnSite)
	r.question("role").set([]string{"delegate"})
	r.question("visa").set([]string{"no"})
}

func TestRegister_fillsInWhatIsKnown(t *testing.T) {
	r, _, _ := formInWindow(t, screentest.NewEnv(t), &screentest.Registrations{})
	in := r.entered()
	want := api.Register{Meeting: "C-00016512", BadgeName: "Elena García", Answers: api.Answers{"passport_country": {"ES"}, "phone": {"+34 600 123 456"}}}
	if diff := cmp.Diff(want, in); diff != "" {
		t.Errorf("the form begins with (-want +got):\n%s", diff)
	}
}

func TestRegister_countryOfAPassportIsFoundAsPeopleTypeIt(t *testing.T) {
	r, w, _ := formInWindow(t, screentest.NewEnv(t), &screentest.Registrations{})
	r.question("visa").set([]string{"yes"})
	screentest.TabTo(t, w, "register.passport_country.entry")
	screentest.Write(t, w, "holland")
	if screentest.Find(w, "register.passport_country.row0") == nil {
		t.Fatal("no list opens")
	}
	screentest.Press(t, w, fyne.KeyReturn)
	if got := r.entered().Answers["passport_country"]; len(got) != 1 || got[0] != "NL" {
		t.Errorf("the answer is %v", got)
	}
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
	screentest.Tap(t, w, "register.participation.remote")
	screentest.Tap(t, w, "register.companions.add")
	test.Type(screentest.Widget(t, w, "register.companions.0").(fyne.Focusable), "李娜")
	r.Close()
	if mine.Flushed != 1 {
		t.Errorf("flushed %d times when the form was left", mine.Flushed)
	}
	again, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	if diff := cmp.Diff(r.entered(), again.entered()); diff != "" {
		t.Errorf("restored (-before +after):\n%s", diff)
	}
	if in := again.entered(); in.JobTitle != "Engineer" || len(in.Companions) != 1 || in.Companions[0].Name != "李娜" {
		t.Errorf("restored %+v", in)
	}
	screentest.Tap(t, w, "register.forget")
	screentest.Tap(t, w, "register.forget.yes")
	if len(mine.Drafts) != 0 {
		t.Error("the draft is still there after it was deleted")
	}
}

func TestRegister_newerDraftIsNeverOvertaken(t *testing.T) {
	e := screentest.NewEnv(t)
	mine := &screentest.Registrations{}
	r, w, _ := formInWindow(t, e, mine)
	steps := &screentest.Stepped{}
	r.env.Run = steps
	test.Type(screentest.Widget(t, w, "register.job").(fyne.Focusable), "Engineer")
	if steps.Len() != 1 {
		t.Fatalf("%d saves at the same time", steps.Len())
	}
	r.Close()
	steps.All()
	if got := mine.Drafts["C-00016512"].JobTitle; got != "Engineer" {
		t.Errorf("the draft holds %q, want all that was typed", got)
	}
	if mine.Flushed != 1 {
		t.Errorf("flushed %d times", mine.Flushed)
	}
}

func TestRegister_noDraftAfterSubmit(t *testing.T) {
	mine := &screentest.Registrations{}
	r, w, went := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	steps := &screentest.Stepped{}
	r.env.Run = steps
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
	mine := &screentest.Registrations{}
	r, _, _ := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	steps := &screentest.Stepped{}
	r.env.Run = steps
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
	screentest.Tap(t, w, "register.submit")
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
	screentest.Tap(t, w, "register.submit")
	if len(mine.Submitted) != 1 {
		t.Fatal("not submitted")
	}
	if _, there := mine.Submitted[0].Answers["talk"]; there {
		t.Error("the answer to a question that is not asked was sent")
	}
}

func TestRegister_mistakeStandsAtItsFieldOnceItIsLeft(t *testing.T) {
	for _, c := range []struct{ id, text, want string }{
		{"arrival", "12 May", "Please enter a day as year-month-day, such as 2026-12-31."},
		{"arrival", "2027-02-30", "Please enter a day as year-month-day, such as 2026-12-31."},
		{"arrival", "20270228", ""},
		{"nights", "three", "Please enter a number, such as 12 or 0.5."},
		{"nights", "2,5", ""},
		{"phone", "call me", "Please enter a phone number, such as +41 22 730 51 11."},
	} {
		t.Run(c.id+" "+c.text, func(t *testing.T) {
			r, w, _ := formInWindow(t, screentest.NewEnv(t), &screentest.Registrations{})
			q := r.question(c.id)
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

func TestRegister_refusalOfTheDiskIsSaidAndLosesNothing(t *testing.T) {
	mine := &screentest.Registrations{Err: errors.New("forced: no room")}
	r, w, _ := formInWindow(t, screentest.NewEnv(t), mine)
	complete(r)
	screentest.Tap(t, w, "register.submit")
	if r.bar.String() == "" || r.submit.Disabled() {
		t.Errorf("says %q; Submit disabled: %v", r.bar.String(), r.submit.Disabled())
	}
	mine.Err = nil
	screentest.Tap(t, w, "register.submit")
	if len(mine.Submitted) != 1 {
		t.Error("a second try does not work")
	}
}

func TestRegister_againBeginsWithTheEarlierAnswers(t *testing.T) {
	mine := &screentest.Registrations{Mine: []app.Mine{{State: app.StateNeedsAttention, Registration: api.Registration{
		Meeting: "C-00016512", Participation: api.Remote, BadgeName: "E. García", Answers: api.Answers{"role": {"observer"}},
	}}}}
	r, _, _ := formInWindow(t, screentest.NewEnv(t), mine)
	in := r.entered()
	if in.Participation != api.Remote || in.BadgeName != "E. García" || in.Answers["role"][0] != "observer" {
		t.Errorf("begins with %+v", in)
	}
}

func TestRegister_companionsUpToTheLimit(t *testing.T) {
	r, w, _ := formInWindow(t, screentest.NewEnv(t), &screentest.Registrations{})
	screentest.Tap(t, w, "register.companions.add")
	screentest.Tap(t, w, "register.companions.add")
	if screentest.Find(w, "register.companions.add") != nil {
		t.Error("more than the meeting allows")
	}
	test.Type(screentest.Widget(t, w, "register.companions.1").(fyne.Focusable), "Omar")
	if got := r.entered().Companions; len(got) != 1 || got[0].Name != "Omar" {
		t.Errorf("companions %v, want the one that has a name", got)
	}
}

func TestDayOf(t *testing.T) {
	for typed, want := range map[string]string{
		"2026-12-31": "2026-12-31", "2026/1/2": "2026-01-02", "2026.1.2": "2026-01-02", " 20261231 ": "2026-12-31", "٢٠٢٦-١٢-٣١": "2026-12-31",
		"2026年12月31日": "2026-12-31", "31.12.2026": "", "2026-13-01": "", "2026-02-30": "", "": "", "26-12-31": "", "2026-12": "",
	} {
		if got, _ := kit.DayOf(typed); got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

func FuzzDayOf(f *testing.F) {
	for _, s := range []string{"2026-12-31", "20261231", "0000-00-00", "9999999999999999999-1-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, ok := kit.DayOf(s)
		if !ok {
			return
		}
		if again, ok := kit.DayOf(day); !ok || again != day {
			t.Errorf("%q is %q, which is %q", s, day, again)
		}
	})
}

// Whoever has submitted and goes elsewhere has registered; what then went wrong is said.
func TestRegister_isSubmittedAlthoughTheFormIsLeft(t *testing.T) {
	for name, trouble := range map[string]error{"kept": nil, "not kept": localdb.ErrDiskFull} {
		t.Run(name, func(t *testing.T) {
			var late []error
			e := screentest.NewEnv(t)
			e.Decisions.Late = func(err error) { late = append(late, err) }
			mine := &screentest.Registrations{Err: trouble}
			r, w, went := formInWindow(t, e, mine)
			complete(r)
			steps := &screentest.Stepped{}
			r.env.Run = steps
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
		r.jobEntry.SetText("Engineer")
		mine.Err = fmt.Errorf("register: %w", tt.err)
		screentest.Tap(t, w, "register.submit")
		screentest.Says(t, r.bar.String(), tt.says...)
		if r.jobEntry.Text != "Engineer" || len(went.Places) != 0 || r.submit.Disabled() {
			t.Errorf("job title %q, led to %v", r.jobEntry.Text, went.Places)
		}
		mine.Err = nil
		screentest.Tap(t, w, "register.submit")
		if went.Last() != "submitted C-00016512" {
			t.Errorf("led to %q once there was room", went.Last())
		}
	}
}
