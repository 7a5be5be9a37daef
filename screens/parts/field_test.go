package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestField_mistakeIsShownWhenTheInputIsLeft(t *testing.T) {
	setUp(t, 1)
	e := NewEntry("email")
	f := NewField("email.field", "Email", true, e).CheckWith(func() string {
		if e.Text == "" {
			return "Enter your e-mail address."
		}
		return ""
	})
	w := test.NewTempWindow(t, Stack(Gap12, f, NewEntry("next")))
	w.Resize(fyne.NewSize(300, 300))
	w.Canvas().Focus(e)
	if f.Error() != "" {
		t.Errorf("a mistake before anything was entered: %q", f.Error())
	}
	before := f.Size().Height
	w.Canvas().FocusNext()
	if f.Error() != "Enter your e-mail address." || !e.wrong {
		t.Errorf("after leaving: %q", f.Error())
	}
	if f.Size().Height <= before {
		t.Error("the mistake has no room")
	}
	w.Canvas().Focus(e)
	test.Type(e, "a")
	w.Canvas().FocusNext()
	if f.Error() != "" || e.wrong {
		t.Errorf("still wrong: %q", f.Error())
	}
}

func TestEntry_handsOnTheKeysThatCountEverywhere(t *testing.T) {
	setUp(t, 1)
	e, b, c := NewEntry("e"), NewButton("b", "B", Outlined, nil), NewCheck("c", Span{Text: "C"})
	w := test.NewTempWindow(t, Stack(0, e, b, c))
	var heard []fyne.KeyName
	w.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { heard = append(heard, k.Name) })
	for _, o := range []fyne.Focusable{e, b, c.tick} {
		for _, k := range []fyne.KeyName{fyne.KeyEscape, fyne.KeyF2, fyne.KeyA} {
			o.TypedKey(key(k))
		}
	}
	if len(heard) != 6 {
		t.Errorf("heard %v", heard)
	}
}

func TestButton_keyboardAndDisabled(t *testing.T) {
	setUp(t, 1)
	done := 0
	b := NewButton("b", "Log in", Primary, func() { done++ })
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace, fyne.KeyA} {
		b.TypedKey(key(k))
	}
	b.Disable()
	b.TypedKey(key(fyne.KeyReturn))
	test.Tap(b)
	if done != 3 {
		t.Errorf("done %d times", done)
	}
}

func TestCheck_labelTicksAndLinksDoNot(t *testing.T) {
	setUp(t, 1)
	opened := 0
	c := NewCheck("c", Span{Text: "I accept the "}, Span{Text: "terms", OnTapped: func() { opened++ }})
	w := test.NewTempWindow(t, c)
	w.Resize(fyne.NewSize(300, 60))
	test.TapCanvas(w.Canvas(), fyne.NewPos(40, 16))
	if !c.Checked() || opened != 0 {
		t.Errorf("checked %v, opened %d", c.Checked(), opened)
	}
	test.Tap(c.label.links[1])
	if !c.Checked() || opened != 1 {
		t.Errorf("checked %v, opened %d", c.Checked(), opened)
	}
	c.tick.TypedKey(key(fyne.KeySpace))
	if c.Checked() {
		t.Error("Space does not untick")
	}
}

func TestPassword_showAndHide(t *testing.T) {
	setUp(t, 1)
	e := NewPassword("p", "Show", "Hide")
	w := test.NewTempWindow(t, e)
	w.Resize(fyne.NewSize(300, 60))
	if e.revealer.text.Text != "Show" || !e.Password {
		t.Fatal("not hidden at first")
	}
	e.revealer.TypedKey(key(fyne.KeyReturn))
	if e.revealer.text.Text != "Hide" || e.Password {
		t.Error("not shown on Enter")
	}
	if e.revealer.WidgetID() != "p.show" {
		t.Error(e.revealer.WidgetID())
	}
}

func TestBar_saysAndClears(t *testing.T) {
	setUp(t, 1)
	b := NewBar("bar")
	acted := 0
	b.Say(Notice{Tone: Bad, Words: []Span{{Text: "The service cannot be reached."}}, Reference: "Reference: 1", Action: "Try again", Act: func() { acted++ }})
	test.Tap(b.action)
	if b.String() != "The service cannot be reached." || acted != 1 || !b.refs.Visible() {
		t.Errorf("%q, acted %d", b.String(), acted)
	}
	b.Say(Notice{Tone: Success, Words: []Span{{Text: "Done."}}})
	if b.action.Visible() || b.refs.Visible() {
		t.Error("button or reference of the last notice is still there")
	}
	b.Clear()
	if b.String() != "" {
		t.Error("still there")
	}
}

func TestField_resetBeginsAnew(t *testing.T) {
	test.NewTempApp(t)
	e := NewEntry("x")
	f := NewField("x.field", "X", true, e).CheckWith(func() string {
		if e.Text == "" {
			return "missing"
		}
		return ""
	})
	w := test.NewTempWindow(t, f)
	f.Check()
	f.SetRight(true)
	f.Reset()
	if f.Error() != "" || f.sign.Visible() {
		t.Errorf("says %q", f.Error())
	}
	w.Canvas().Focus(e)
	e.SetText("taken")
	w.Canvas().Unfocus() // judged a little later
	e.SetText("")
	f.Reset()
	if f.Error() != "" {
		t.Errorf("what was taken is called %q", f.Error())
	}
}
