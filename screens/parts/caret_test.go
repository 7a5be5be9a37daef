package parts

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestCaret_stepsAndRests(t *testing.T) {
	setUp(t, 1)
	e := NewEntry("e")
	w := test.NewTempWindow(t, Stack(Gap12, e, NewEntry("next")))
	w.Resize(fyne.NewSize(300, 200))
	w.Canvas().Focus(e)
	anim := caretOf(&e.Entry)
	if anim == nil {
		t.Fatal("Fyne's caret is not found: its fields are named otherwise")
	}
	for progress, want := range map[float32]float32{0: 0, 0.3: 0, 0.49: 0, 0.51: 1, 0.55: 1, 1: 1} {
		if got := anim.Curve(progress); got != want {
			t.Errorf("at %v it is at %v", progress, got)
		}
	}
	e.caret.used = time.Now().Add(-caretRest - time.Second)
	if got := anim.Curve(0.9); got != 0 || !e.caret.resting {
		t.Error("it does not rest, or rests unseen")
	}
	test.Type(e, "a")
	if e.caret.resting || anim.Curve(0.9) != 1 {
		t.Error("it does not blink after a letter")
	}
	for name, use := range map[string]func(){
		"a key":   func() { e.TypedKey(key(fyne.KeyLeft)) },
		"a paste": func() { paste(e, "b") },
	} {
		e.caret.used = time.Now().Add(-caretRest - time.Second)
		anim.Curve(0.9)
		if use(); e.caret.resting {
			t.Errorf("it does not blink after %s", name)
		}
	}
	w.Canvas().FocusNext()
	w.Canvas().FocusPrevious()
	if again := caretOf(&e.Entry); again == anim || again.Curve(0.45) != 0 || again.Curve(0.55) != 1 {
		t.Error("it fades when the input gets the keyboard again")
	}
}
