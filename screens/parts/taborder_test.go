package parts

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

func TestTab_shiftTabIsTheSameWayBack(t *testing.T) {
	setUp(t, 1)
	nothing := func() {}
	terms := NewCheck("terms", Span{Text: "I accept the "}, Span{Text: "terms", ID: "terms.link", OnTapped: nothing})
	w := test.NewTempWindow(t, Stack(Gap12,
		NewField("name.field", "Name", true, NewEntry("name")),
		NewField("password.field", "Password", true, NewPassword("password", "Show", "Hide")),
		NewField("diet.field", "Diet", true, NewRadios("diet", []Item{{ID: "a", Text: "A"}, {ID: "b", Text: "B"}})),
		terms,
		NewButton("go", "Go", Primary, nothing),
	))
	w.Resize(fyne.NewSize(300, 400))
	focused := func() string { return w.Canvas().Focused().(interface{ WidgetID() string }).WidgetID() }
	want := []string{"name", "password", "password.show", "diet", "terms", "terms.link", "go"}
	var there, back []string
	for range want {
		w.Canvas().FocusNext()
		there = append(there, focused())
	}
	for range want {
		back = append(back, focused())
		w.Canvas().FocusPrevious()
	}
	slices.Reverse(back)
	if !slices.Equal(there, want) || !slices.Equal(back, want) {
		t.Errorf("Tab goes %v and Shift+Tab comes back over %v", there, back)
	}
	terms.Disable()
	w.Canvas().Focus(terms.label.links[1])
	w.Canvas().FocusPrevious()
	if focused() != "diet" {
		t.Errorf("a box that is not to be ticked takes the keyboard: %s", focused())
	}
}

func TestPassword_showStandsInTheInput(t *testing.T) {
	setUp(t, 1)
	e := NewPassword("p", "Show", "Hide")
	f := NewField("f", "Password", true, e)
	w := test.NewTempWindow(t, f)
	w.Resize(fyne.NewSize(300, 100))
	at := func(o fyne.CanvasObject) (fyne.Position, fyne.Position) {
		p := fyne.CurrentApp().Driver().AbsolutePositionForObject(o)
		return p, p.AddXY(o.Size().Width, o.Size().Height)
	}
	inner, innerEnd := at(e.revealer)
	outer, outerEnd := at(e)
	if inner.X < outer.X+150 || inner.Y < outer.Y || innerEnd.X > outerEnd.X || innerEnd.Y > outerEnd.Y {
		t.Errorf("Show is at %v to %v, the input at %v to %v", inner, innerEnd, outer, outerEnd)
	}
	test.Tap(e.revealer)
	if e.Password || w.Canvas().Focused() != fyne.Focusable(e) {
		t.Error("a click on Show does not show the password, or takes the keyboard from it")
	}
	for _, o := range test.WidgetRenderer(e).Objects() {
		if s, ok := o.(*container.Scroll); ok {
			if _, end := at(s); end.X > inner.X+1 {
				t.Errorf("the text goes to %v and runs under Show, which begins at %v", end.X, inner.X)
			}
		}
	}
}
