package kit_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"plenary/api"
	"plenary/screens/kit"
	"plenary/screens/parts"
	"plenary/screens/screentest"
)

// callsRig is a page with one button.
type callsRig struct {
	*kit.Calls
	steps  *screentest.Stepped
	bar    *parts.Bar
	button *parts.Button
	late   []error
}

func newCallsRig(t *testing.T) *callsRig {
	t.Helper()
	r := &callsRig{steps: &screentest.Stepped{}, bar: parts.NewBar("test.bar")}
	e := screentest.NewEnv(t)
	e.Run = r.steps
	e.Decisions.Late = func(err error) { r.late = append(r.late, err) }
	r.Calls = kit.NewCalls(t.Context(), e, r.bar, parts.NewBusy("test.busy"), nil)
	r.button = r.Button("test.button", "shell.retry", parts.Primary, func() {})
	return r
}

func answer(value string, err error) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return value, err }
}

func TestCalls_oneAtATime(t *testing.T) {
	r := newCallsRig(t)
	var done []string
	take := func(value string) { done = append(done, value) }
	kit.Call(r.Calls, "settings.busy", answer("first", nil), take)
	kit.Call(r.Calls, "settings.busy", answer("second", nil), take)
	if !r.Working() || !r.button.Disabled() {
		t.Error("the button has an effect while a call is under way")
	}
	r.steps.All()
	kit.Call(r.Calls, "settings.busy", answer("third", nil), take)
	r.steps.All()
	if diff := cmp.Diff([]string{"first", "third"}, done); diff != "" || r.Working() || r.button.Disabled() {
		t.Errorf("done (-want +got):\n%s", diff)
	}
}

func TestCalls_anErrorIsDealtWithOnce(t *testing.T) {
	taken := &api.Problem{Code: api.CodeInvalid, Errors: []api.FieldError{{Pointer: "/name", Code: api.FieldTaken}}}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"by the first that can": {taken, "field"},
		"by the second":         {&api.Problem{Code: api.CodeForbidden}, "kind"},
		"by the bar":            {&api.Problem{Code: api.CodeBusy}, "bar"},
		"a change of mind":      {context.Canceled, ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := newCallsRig(t)
			e, got := screentest.NewEnv(t), ""
			field := parts.NewField("test.field", "Name", true, parts.NewEntry("test.name"))
			r.Do("settings.busy", func(context.Context) error { return c.err }, func() { t.Error("it is called done") },
				e.AtFields(func(pointer string) *parts.Field {
					if pointer == "/name" {
						return field
					}
					return nil
				}, nil),
				e.OnCode(func(error) { got += "kind" }, string(api.CodeForbidden)))
			r.steps.All()
			if field.Error() != "" {
				got += "field"
			}
			if r.bar.String() != "" {
				got += "bar"
			}
			if got != c.want {
				t.Errorf("said by %q, want %q", got, c.want)
			}
		})
	}
}

// What was decided is carried out although the page is closed, a try is not.
func TestCalls_aPageThatIsClosed(t *testing.T) {
	r := newCallsRig(t)
	carried := 0
	fails := func(ctx context.Context) error {
		if ctx.Err() == nil {
			carried++
		}
		return errors.New("no")
	}
	r.Do("settings.busy", fails, func() {})
	r.Close()
	r.steps.All()
	if carried != 1 || len(r.late) != 1 || r.bar.String() != "" {
		t.Errorf("carried out %d times, told %v, the bar says %q", carried, r.late, r.bar)
	}
	r = newCallsRig(t)
	r.Try("settings.busy", fails, func() {})
	r.Close()
	r.steps.All()
	if carried != 1 || len(r.late) != 0 {
		t.Errorf("a try was carried out, told %v", r.late)
	}
}

func TestCalls_aTryCanBeCanceled(t *testing.T) {
	r := newCallsRig(t)
	if r.Cancel() {
		t.Error("there was nothing to cancel")
	}
	r.Try("settings.busy", func(context.Context) error { return nil }, func() { t.Error("it goes on") })
	if !r.Cancel() || r.Working() || r.button.Disabled() {
		t.Error("still at it")
	}
	r.steps.All()
	done := false
	r.Try("settings.busy", func(context.Context) error { return nil }, func() { done = true })
	r.steps.All()
	if !done || r.Cancel() {
		t.Error("no other try after it")
	}
}

func TestLoading_asksOnceAndAgainWhenItCan(t *testing.T) {
	r := newCallsRig(t)
	asked, shown := 0, ""
	var err error = &api.Problem{Code: api.CodeBusy}
	l := kit.NewLoading(r.Calls, "settings.busy", func(context.Context) (string, error) { asked++; return "there", err }, func(s string) { shown = s })
	l.Online(true)
	l.Open()
	l.Open()
	r.steps.All()
	if asked != 1 || l.Loaded() || r.bar.String() == "" {
		t.Fatalf("asked %d times, the bar says %q", asked, r.bar)
	}
	l.Online(false)
	l.Online(true)
	r.steps.All()
	if asked != 2 {
		t.Errorf("asked %d times once the service can be reached", asked)
	}
	err = nil
	r.bar.Action().Tapped(nil)
	r.steps.All()
	l.Open()
	l.Online(true)
	r.steps.All()
	if asked != 3 || shown != "there" || !l.Loaded() || r.bar.String() != "" {
		t.Errorf("asked %d times, shows %q, the bar says %q", asked, shown, r.bar)
	}
}

// Of two answers that are under way the later question's counts, whichever comes last.
func TestLoading_dropsTheAnswerToAnEarlierQuestion(t *testing.T) {
	r := newCallsRig(t)
	asked, shown := 0, []int{}
	l := kit.NewLoading(r.Calls, "settings.busy", func(context.Context) (int, error) { asked++; return asked, nil }, func(n int) { shown = append(shown, n) })
	l.Load()
	l.Load()
	r.steps.All()
	if !slices.Equal(shown, []int{2}) {
		t.Errorf("shows %v", shown)
	}
}

func TestAsk_isATryWithAResult(t *testing.T) {
	r := newCallsRig(t)
	got := ""
	kit.Ask(r.Calls, "settings.busy", answer("canceled", nil), func(value string) { got = value })
	r.Cancel()
	r.steps.All()
	kit.Ask(r.Calls, "settings.busy", answer("there", nil), func(value string) { got += value })
	r.steps.All()
	if got != "there" {
		t.Errorf("got %q", got)
	}
}

// The wait that the service asks for outlives the call, and a wait that ends during a call
// does not give the button back before the call has ended.
func TestCalls_aHeldCooldown(t *testing.T) {
	r := newCallsRig(t)
	e, now := screentest.NewEnv(t), screentest.Now
	e.Now = func() time.Time { return now }
	wait := kit.NewCooldown(e, parts.NewButton("test.wait", "Send", parts.Primary, func() {}))
	r.Hold(wait)
	fails := func(context.Context) error {
		return &api.Problem{Code: api.CodeTooMany, RetryAfter: 4 * time.Second}
	}
	r.Try("settings.busy", fails, func() {}, wait.Failed(r.bar))
	r.steps.All()
	if !wait.Active() || !wait.Button.Disabled() || r.button.Disabled() || strings.Contains(r.bar.String(), "seconds") || r.bar.String() == "" {
		t.Fatalf("the button says %q, the bar %q", wait.Button.Text(), r.bar)
	}
	r.Try("settings.busy", func(context.Context) error { return nil }, func() {}, wait.Failed(r.bar))
	r.steps.All()
	if !wait.Button.Disabled() {
		t.Error("another call ends the wait")
	}
	r.Try("settings.busy", func(context.Context) error { return nil }, func() {}, wait.Failed(r.bar))
	now = now.Add(4 * time.Second)
	if !wait.Tick() || !wait.Button.Disabled() {
		t.Error("the end of the wait gives the button back during a call")
	}
	r.steps.All()
	if wait.Button.Disabled() || wait.Button.Text() != "Send" {
		t.Errorf("the button says %q", wait.Button.Text())
	}
	r.Try("settings.busy", func(context.Context) error { return &api.Problem{Code: api.CodeBusy} }, func() {}, wait.Failed(r.bar))
	r.steps.All()
	if wait.Active() || r.bar.String() == "" {
		t.Errorf("an error without a wait: the bar says %q", r.bar)
	}
}
