package kit_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// proofDesk asks for a proof before what it does, and takes one password and
// one code.
type proofDesk struct {
	factor  bool
	proved  bool
	tries   []string
	done    int
	refused error // to what is proved
}

func (d *proofDesk) prove(_ context.Context, password, code string) error {
	d.tries = append(d.tries, password+"/"+code)
	switch {
	case d.refused != nil:
		return d.refused
	case password != "Correct-Horse-7":
		return &api.Problem{Code: api.CodeCredentials}
	case d.factor && code == "":
		return &api.Problem{Code: api.CodeSecondFactorNeeded}
	case d.factor && code != "123456":
		return &api.Problem{Code: api.CodeSecondFactorWrong}
	}
	d.proved = true
	return nil
}

func (d *proofDesk) work(ctx context.Context) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !d.proved {
		return &api.Problem{Code: api.CodeProofNeeded}
	}
	d.done++
	return nil
}

// proverRig is a page with one input under a prover.
type proverRig struct {
	prover  *kit.Prover
	window  fyne.Window
	input   *parts.Entry
	busy    *parts.Busy
	answers []error
}

func newProverRig(t *testing.T, e kit.Env, d *proofDesk) *proverRig {
	t.Helper()
	r := &proverRig{prover: kit.NewProver(e, "test", d.prove), input: parts.NewEntry("test.input"), busy: parts.NewBusy("test.busy")}
	r.window = screentest.Show(t, r.prover.Over(parts.Stack(parts.Gap12, r.input, r.busy)), 700, 500)
	r.window.Canvas().Focus(r.input)
	r.input.SetText("as typed")
	return r
}

func (r *proverRig) do(d *proofDesk) {
	r.prover.Do(context.Background(), r.busy, "Working …", d.work, func(err error) { r.answers = append(r.answers, err) })
}

func TestProver_asksAndGoesOnByItself(t *testing.T) {
	d := &proofDesk{}
	r := newProverRig(t, screentest.NewEnv(t), d)
	r.do(d)
	if screentest.FocusedID(r.window) != "test.proof.password" || len(r.answers) != 0 || screentest.Find(r.window, "test.input") != nil {
		t.Fatalf("the keyboard is on %q after %v", screentest.FocusedID(r.window), r.answers)
	}
	screentest.Press(t, r.window, fyne.KeyReturn)
	if r.prover.PasswordWrong() == "" || len(d.tries) != 0 {
		t.Error("nothing typed was sent")
	}
	screentest.Write(t, r.window, "wrong")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if r.prover.PasswordWrong() == "" || screentest.FocusedID(r.window) != "test.proof.password" || d.done != 0 {
		t.Errorf("after a wrong password it says %q", r.prover.PasswordWrong())
	}
	r.prover.Password().SetText("Correct-Horse-7")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if d.done != 1 || len(r.answers) != 1 || r.answers[0] != nil || r.prover.Asking() {
		t.Fatalf("done %d times, answers %v", d.done, r.answers)
	}
	if screentest.FocusedID(r.window) != "test.input" || r.input.Text != "as typed" || r.prover.Password().Text != "" {
		t.Errorf("the keyboard is on %q, %q is there, %q in the question", screentest.FocusedID(r.window), r.input.Text, r.prover.Password().Text)
	}
	r.do(d)
	if d.done != 2 || r.prover.Asking() {
		t.Error("a fresh proof was asked for again")
	}
}

func TestProver_secondFactor(t *testing.T) {
	d := &proofDesk{factor: true}
	r := newProverRig(t, screentest.NewEnv(t), d)
	r.do(d)
	screentest.Write(t, r.window, "Correct-Horse-7")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if screentest.FocusedID(r.window) != "test.proof.code" || r.prover.CodeWrong() != "" {
		t.Fatalf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
	screentest.Press(t, r.window, fyne.KeyReturn)
	screentest.Write(t, r.window, "000000")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if r.prover.CodeWrong() == "" || d.done != 0 {
		t.Error("a wrong code is not said")
	}
	r.prover.Code().SetText(" 123456 ")
	screentest.Press(t, r.window, fyne.KeyReturn)
	if d.done != 1 || len(d.tries) != 3 {
		t.Errorf("done %d times after %v", d.done, d.tries)
	}
}

func TestProver_waitIsSaidInWords(t *testing.T) {
	e := screentest.NewEnv(t)
	steps, now := &screentest.Stepped{}, screentest.Now
	e.Run, e.Now = steps, func() time.Time { return now }
	d := &proofDesk{refused: &api.Problem{Code: api.CodeTooMany, RetryAfter: 4 * time.Second, Reference: "REF1"}}
	r := newProverRig(t, e, d)
	r.do(d)
	steps.All()
	screentest.Write(t, r.window, "Correct-Horse-7")
	screentest.Press(t, r.window, fyne.KeyReturn)
	for d.refused != nil && !r.prover.Waits() && steps.Step() {
	}
	screentest.Says(t, r.prover.Says(), "too many")
	screentest.Says(t, r.prover.SubmitButton().Text(), "4 seconds")
	screentest.Press(t, r.window, fyne.KeyReturn)
	now = now.Add(2 * time.Second)
	r.prover.Tick()
	screentest.Says(t, r.prover.SubmitButton().Text(), "2 seconds")
	if !r.prover.Asking() || r.prover.Password().Text != "Correct-Horse-7" || len(d.tries) != 1 {
		t.Errorf("tried %d times; %q stands there", len(d.tries), r.prover.Password().Text)
	}
	d.refused = nil
	now = now.Add(2 * time.Second)
	r.prover.Tick()
	if r.prover.SubmitButton().Disabled() || r.prover.SubmitButton().Text() != "Confirm" {
		t.Errorf("the button says %q after the wait", r.prover.SubmitButton().Text())
	}
	screentest.Press(t, r.window, fyne.KeyReturn)
	steps.All()
	if d.done != 1 {
		t.Error("the right password after the wait is not taken")
	}
}

func TestProver_cancelIsNoFailure(t *testing.T) {
	d := &proofDesk{}
	r := newProverRig(t, screentest.NewEnv(t), d)
	if r.prover.Cancel() {
		t.Error("there was nothing to cancel")
	}
	r.do(d)
	screentest.Write(t, r.window, "half a pass")
	if !r.prover.Cancel() || len(r.answers) != 1 || !errors.Is(r.answers[0], context.Canceled) || d.done != 0 {
		t.Errorf("answers %v", r.answers)
	}
	if screentest.FocusedID(r.window) != "test.input" || r.prover.Password().Text != "" {
		t.Errorf("the keyboard is on %q", screentest.FocusedID(r.window))
	}
}

func TestProver_slowAnswers(t *testing.T) {
	e, d := screentest.NewEnv(t), &proofDesk{}
	steps := &screentest.Stepped{}
	e.Run = steps
	r := newProverRig(t, e, d)
	r.do(d)
	steps.All()
	r.prover.Password().SetText("Correct-Horse-7")
	r.prover.Submitted()
	r.prover.Submitted()
	r.prover.Cancel()
	steps.All()
	if len(r.answers) != 1 || !errors.Is(r.answers[0], context.Canceled) || d.done != 0 || len(d.tries) > 1 {
		t.Errorf("answers %v, done %d, tries %v", r.answers, d.done, d.tries)
	}
	d.proved = false
	r.do(d)
	steps.All()
	r.prover.Password().SetText("Correct-Horse-7")
	r.prover.Submitted()
	steps.All()
	if d.done != 1 || len(r.answers) != 2 || r.answers[1] != nil {
		t.Errorf("answers %v, done %d", r.answers, d.done)
	}
}

func TestProver_leftScreenHearsNothing(t *testing.T) {
	d := &proofDesk{}
	r := newProverRig(t, screentest.NewEnv(t), d)
	ctx, leave := context.WithCancel(context.Background())
	r.prover.Do(ctx, r.busy, "Working …", d.work, func(err error) { r.answers = append(r.answers, err) })
	leave()
	r.prover.Password().SetText("Correct-Horse-7")
	r.prover.Submitted()
	if len(r.answers) != 0 || d.done != 0 {
		t.Errorf("answers %v", r.answers)
	}
}

// What a person has decided is done although the screen is left, and what does not work
// then is told; what was canceled is not done.
func TestProver_carriesOutWhatWasDecided(t *testing.T) {
	for name, c := range map[string]struct {
		password string // "" where nothing is asked
		cancel   bool
		refused  error
		try      bool // it decides nothing
		done     int
		late     api.Code
	}{
		"nothing asked":          {done: 1},
		"nothing asked, a try":   {try: true},
		"a right password":       {password: "Correct-Horse-7", done: 1},
		"a right password, try":  {password: "Correct-Horse-7", try: true},
		"a wrong password":       {password: "x", late: api.CodeCredentials},
		"no more tries":          {password: "x", refused: &api.Problem{Code: api.CodeTooMany}, late: api.CodeTooMany},
		"a question not yet":     {password: "not yet", late: api.CodeProofNeeded},
		"canceled":               {password: "Correct-Horse-7", cancel: true},
		"canceled, and it fails": {password: "x", cancel: true},
	} {
		t.Run(name, func(t *testing.T) {
			e := screentest.NewEnv(t)
			steps := &screentest.Stepped{}
			e.Run = steps
			var late []error
			e.Decisions.Late = func(err error) { late = append(late, err) }
			d := &proofDesk{proved: c.password == "", refused: c.refused}
			r := newProverRig(t, e, d)
			ctx, leave := context.WithCancel(t.Context())
			carry := r.prover.Do
			if c.try {
				carry = r.prover.Try
			}
			carry(ctx, r.busy, "Working …", d.work, func(err error) { r.answers = append(r.answers, err) })
			if c.password != "" && c.password != "not yet" {
				steps.All()
				r.prover.Password().SetText(c.password)
				r.prover.Submitted()
				if c.cancel {
					r.prover.Cancel()
				}
			}
			leave()
			steps.All()
			ended := false
			e.Decisions.After(func() { ended = true })
			if d.done != c.done || len(r.answers) > 0 != c.cancel || !ended {
				t.Errorf("done %d times, answers %v, decisions ended %v", d.done, r.answers, ended)
			}
			if (len(late) > 0) != (c.late != "") || len(late) > 0 && !api.HasCode(late[0], c.late) {
				t.Errorf("told %v, want %q", late, c.late)
			}
		})
	}
}
