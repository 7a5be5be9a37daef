package kit_test

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"plenary/screens/kit"
	"plenary/screens/screentest"
)

// copying is an environment whose minute passes when a test takes a step.
func copying(t *testing.T) (kit.Env, *screentest.Clipboard, *screentest.Stepped, *[]time.Duration) {
	e, clipboard, steps, slept := screentest.NewEnv(t), &screentest.Clipboard{}, &screentest.Stepped{}, []time.Duration(nil)
	e.Clipboard, e.Run = clipboard, steps
	e.Sleep = func(_ context.Context, d time.Duration) { slept = append(slept, d) }
	return e, clipboard, steps, &slept
}

func TestCopySecret_leavesTheClipboardAfterAMinuteIfItIsStillThere(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(kit.Env)
		left      string
	}{
		"untouched":                 {func(kit.Env) {}, ""},
		"something else was copied": {func(e kit.Env) { e.Clipboard.SetContent("R-7F3K-92QD") }, "R-7F3K-92QD"},
	} {
		e, clipboard, steps, slept := copying(t)
		e.CopySecret("7F3K9-2QD4X")
		if clipboard.Content() != "7F3K9-2QD4X" || steps.Len() != 1 {
			t.Fatalf("%s: %q is in the clipboard, %d steps wait", name, clipboard.Content(), steps.Len())
		}
		c.meanwhile(e)
		steps.All()
		if clipboard.Content() != c.left || !slices.Equal(*slept, []time.Duration{time.Minute}) {
			t.Errorf("%s: %q is left after %v", name, clipboard.Content(), *slept)
		}
	}
}

// The minute of the second secret is its own, also if it is the first one again.
func TestCopySecret_aSecondTimeBeginsTheMinuteAnew(t *testing.T) {
	for _, second := range []string{"one", "two"} {
		e, clipboard, steps, _ := copying(t)
		e.CopySecret("one")
		e.CopySecret(second)
		steps.Step()
		if clipboard.Content() != second {
			t.Errorf("the first one's minute took %q", second)
		}
		steps.All()
		if clipboard.Content() != "" {
			t.Errorf("%q stays", second)
		}
	}
}

func TestForgetCopied_atOnceAndOnce(t *testing.T) {
	e, clipboard, steps, _ := copying(t)
	clipboard.SetContent("R-7F3K-92QD")
	e.ForgetCopied()
	if clipboard.Content() != "R-7F3K-92QD" {
		t.Error("what is no secret was removed")
	}
	e.CopySecret("7F3K9-2QD4X")
	e.ForgetCopied()
	if clipboard.Content() != "" {
		t.Errorf("%q is left", clipboard.Content())
	}
	clipboard.SetContent("7F3K9-2QD4X") // somebody else's copy
	steps.All()
	if clipboard.Content() != "7F3K9-2QD4X" {
		t.Error("it was removed twice")
	}
}

// Where the system can leave a secret out of what it remembers, it is asked to; where that
// fails, the secret is copied all the same.
func TestCopySecret_isConcealedWhereThatCanBe(t *testing.T) {
	for _, can := range []bool{true, false} {
		e, clipboard, _, _ := copying(t)
		var concealed string
		e.Conceal = func(secret string) bool { concealed = secret; return can }
		e.CopySecret("7F3K9-2QD4X")
		if concealed != "7F3K9-2QD4X" || (len(clipboard.Copied) == 0) != can {
			t.Errorf("concealed %q, copied %q, and it can: %v", concealed, clipboard.Copied, can)
		}
	}
}

func TestPassword_isCopiedAsASecret(t *testing.T) {
	e, clipboard, steps, _ := copying(t)
	input := e.Password("password")
	screentest.Show(t, e.PasswordField("password.field", "Password", true, input), 300, 100)
	plain := &screentest.Clipboard{}
	for _, cut := range []bool{false, true} {
		input.SetText("Correct-Horse-7")
		shortcut := func() {
			input.TypedShortcut(&fyne.ShortcutSelectAll{})
			if cut {
				input.TypedShortcut(&fyne.ShortcutCut{Clipboard: plain})
			} else {
				input.TypedShortcut(&fyne.ShortcutCopy{Clipboard: plain})
			}
		}
		clipboard.Copied = nil
		shortcut()
		if len(clipboard.Copied) != 0 || input.Text != "Correct-Horse-7" {
			t.Errorf("hidden, %q was copied, and %q is left", clipboard.Copied, input.Text)
		}
		input.Password = false // it is shown
		shortcut()
		if !slices.Equal(clipboard.Copied, []string{"Correct-Horse-7"}) || (input.Text == "") != cut {
			t.Errorf("shown, %q was copied, and %q is left", clipboard.Copied, input.Text)
		}
		input.Password = true
		steps.All()
		if clipboard.Content() != "" {
			t.Error("it stays")
		}
	}
	if len(plain.Copied) != 0 {
		t.Errorf("%q was copied as no secret", plain.Copied)
	}
}

// An address that cannot be opened is copied; it may let somebody in.
func TestOpen_copiesWhatFailsAsASecret(t *testing.T) {
	e, clipboard, steps, _ := copying(t)
	e.OpenURL = func(*url.URL) error { return errors.New("no browser") }
	e.Open("https://accounts.example.int/reset#TOKEN")
	for clipboard.Content() == "" && steps.Step() {
	}
	if clipboard.Content() != "https://accounts.example.int/reset#TOKEN" {
		t.Fatalf("%q is in the clipboard", clipboard.Content())
	}
	steps.All()
	if clipboard.Content() != "" {
		t.Error("it stays")
	}
}
