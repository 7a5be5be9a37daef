package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func countries() []Item {
	return []Item{
		{ID: "CI", Text: "Côte d'Ivoire", Keys: []string{"Ivory Coast"}},
		{ID: "ES", Text: "Spain", Keys: []string{"España", "Испания"}},
		{ID: "SE", Text: "Sweden"},
		{ID: "CH", Text: "Switzerland"},
		{ID: "SR", Text: "Suriname"},
		{ID: "SD", Text: "Sudan"},
		{ID: "LK", Text: "Sri Lanka"},
		{ID: "SB", Text: "Solomon Islands"},
	}
}

func newTestPicker(t *testing.T) (*Picker, fyne.Window, *[]string) {
	setUp(t, 1)
	p := NewPicker("country", "Type to search", "No country has such a name.", countries())
	var picked []string
	p.OnChange = func(i Item) { picked = append(picked, i.ID) }
	w := test.NewTempWindow(t, Root(Stack(Gap12, p, NewEntry("next"))))
	w.Resize(fyne.NewSize(400, 500))
	w.Canvas().Focus(p.Entry())
	return p, w, &picked
}

func ids(items []Item) string {
	s := ""
	for _, i := range items {
		s += i.ID + " "
	}
	return s
}

func TestPicker_typingFilters(t *testing.T) {
	p, _, _ := newTestPicker(t)
	if p.IsOpen() {
		t.Error("open on focus alone")
	}
	for _, c := range []struct{ query, want string }{
		{"sw", "SE CH "}, {"cote", "CI "}, {"ivory", "CI "}, {"исп", "ES "}, {"LANKA", "LK "}, {"zz", ""}, {"s l", "LK "},
	} {
		p.Entry().SetText("")
		test.Type(p.Entry(), c.query)
		if got := ids(p.Items()); got != c.want {
			t.Errorf("%q finds %q, want %q", c.query, got, c.want)
		}
	}
}

func TestPicker_keyboard(t *testing.T) {
	p, _, picked := newTestPicker(t)
	test.Type(p.Entry(), "sw")
	p.Entry().TypedKey(key(fyne.KeyDown))
	p.Entry().TypedKey(key(fyne.KeyReturn))
	if p.PickedID() != "CH" || p.Entry().Text != "Switzerland" || p.IsOpen() {
		t.Errorf("picked %q, shows %q, open %v", p.PickedID(), p.Entry().Text, p.IsOpen())
	}
	test.Type(p.Entry(), "s") // replaces what is selected
	if p.Entry().Text != "s" {
		t.Errorf("typing adds to the choice: %q", p.Entry().Text)
	}
	p.Entry().TypedKey(key(fyne.KeyEscape))
	if p.PickedID() != "CH" || p.Entry().Text != "Switzerland" || p.IsOpen() {
		t.Errorf("Escape leaves %q, %q", p.PickedID(), p.Entry().Text)
	}
	p.Entry().TypedKey(key(fyne.KeyDown))
	if !p.IsOpen() || len(p.Items()) != len(countries()) {
		t.Error("Down does not open the whole list")
	}
	if i, _ := p.list.current(); i.ID != "CH" {
		t.Errorf("the list opens at %q", i.ID)
	}
	if len(*picked) != 1 {
		t.Errorf("told of %v", *picked)
	}
}

func TestPicker_movesThroughMoreThanItShows(t *testing.T) {
	p, _, _ := newTestPicker(t)
	p.Open()
	for range 20 {
		p.Entry().TypedKey(key(fyne.KeyDown))
	}
	p.Entry().TypedKey(key(fyne.KeyEnter))
	if p.PickedID() != "SB" {
		t.Errorf("picked %q", p.PickedID())
	}
}

func TestPicker_leaving(t *testing.T) {
	p, w, picked := newTestPicker(t)
	left := 0
	f := NewField("f", "Country", true, p).CheckWith(func() string { left++; return "" })
	_ = f
	test.Type(p.Entry(), "swed") // only one
	w.Canvas().FocusNext()
	if p.PickedID() != "SE" || len(*picked) != 1 {
		t.Errorf("picked %q, told %v", p.PickedID(), *picked)
	}
	w.Canvas().Focus(p.Entry())
	test.Type(p.Entry(), "s") // several: what was picked stays
	w.Canvas().FocusNext()
	if p.PickedID() != "SE" || p.Entry().Text != "Sweden" {
		t.Errorf("picked %q, shows %q", p.PickedID(), p.Entry().Text)
	}
	if left != 2 {
		t.Errorf("judged %d times", left)
	}
}

// Only what need not be chosen is taken back by emptying the input.
func TestPicker_emptied(t *testing.T) {
	for name, c := range map[string]struct {
		optional bool
		leave    func(p *Picker, w fyne.Window)
		picked   string
		told     int
	}{
		"left":            {true, func(_ *Picker, w fyne.Window) { w.Canvas().FocusNext() }, "", 2},
		"Enter":           {true, func(p *Picker, _ fyne.Window) { p.Entry().TypedKey(key(fyne.KeyEnter)) }, "", 2},
		"Escape":          {true, func(p *Picker, _ fyne.Window) { p.Entry().TypedKey(key(fyne.KeyEscape)) }, "SE", 1},
		"required, left":  {false, func(_ *Picker, w fyne.Window) { w.Canvas().FocusNext() }, "SE", 1},
		"required, Enter": {false, func(p *Picker, _ fyne.Window) { p.Entry().TypedKey(key(fyne.KeyEnter)) }, "CI", 2},
		"Down and Enter": {true, func(p *Picker, _ fyne.Window) {
			p.Entry().TypedKey(key(fyne.KeyDown))
			p.Entry().TypedKey(key(fyne.KeyEnter))
		}, "CI", 2},
		"another, by a click": {true, func(p *Picker, w fyne.Window) {
			row := p.list.rows[1]
			row.MouseIn(nil)
			row.MouseDown(nil)
			w.Canvas().Unfocus()
			row.MouseUp(nil)
			test.Tap(row)
		}, "ES", 2},
	} {
		t.Run(name, func(t *testing.T) {
			p, w, told := newTestPicker(t)
			if c.optional {
				p.WithNothing()
			}
			test.Type(p.Entry(), "swed")
			p.Entry().TypedKey(key(fyne.KeyEnter))
			p.Entry().SelectAll()
			p.Entry().TypedKey(key(fyne.KeyBackspace))
			c.leave(p, w)
			if p.PickedID() != c.picked || len(*told) != c.told || (*told)[c.told-1] != c.picked {
				t.Errorf("picked %q, told %q", p.PickedID(), *told)
			}
			if c.picked == "" && (p.Entry().Text != "" || p.IsOpen()) {
				t.Errorf("shows %q, open %v", p.Entry().Text, p.IsOpen())
			}
		})
	}
}

func TestPicker_clickOnARow(t *testing.T) {
	p, w, _ := newTestPicker(t)
	test.Type(p.Entry(), "sw")
	row := p.list.rows[1]
	row.MouseIn(nil)
	row.MouseDown(nil)
	w.Canvas().Unfocus() // Fyne takes the focus away before it taps
	if !p.IsOpen() {
		t.Fatal("the list closes before the click arrives")
	}
	row.MouseUp(nil)
	test.Tap(row)
	if p.PickedID() != "CH" || w.Canvas().Focused() != fyne.Focusable(p.Entry()) {
		t.Errorf("picked %q, %T has the focus", p.PickedID(), w.Canvas().Focused())
	}
}

func TestPicker_leavingWhileTheMouseRestsOnTheList(t *testing.T) {
	p, w, _ := newTestPicker(t)
	test.Type(p.Entry(), "swed")
	p.list.rows[0].MouseIn(nil)
	w.Canvas().FocusNext()
	if p.IsOpen() || p.PickedID() != "SE" {
		t.Errorf("open %v, picked %q", p.IsOpen(), p.PickedID())
	}
}

func TestPicker_pressThatEndsElsewhere(t *testing.T) {
	p, w, _ := newTestPicker(t)
	test.Type(p.Entry(), "sw")
	row := p.list.rows[1]
	row.MouseDown(nil)
	w.Canvas().Unfocus()
	row.MouseOut()
	if p.IsOpen() || p.PickedID() != "" {
		t.Errorf("open %v, picked %q", p.IsOpen(), p.PickedID())
	}
}

func TestPicker_opensOnAClick(t *testing.T) {
	p, _, _ := newTestPicker(t)
	p.SetID("CH")
	test.Tap(p.Entry())
	if i, _ := p.list.current(); !p.IsOpen() || i.ID != "CH" || p.Entry().SelectedText() != "Switzerland" {
		t.Errorf("open %v, at %q, selected %q", p.IsOpen(), i.ID, p.Entry().SelectedText())
	}
}

func TestPicker_nothingFits(t *testing.T) {
	p, _, picked := newTestPicker(t)
	test.Type(p.Entry(), "zz")
	p.Entry().TypedKey(key(fyne.KeyReturn))
	test.Tap(p.list.rows[0])
	if got := p.list.rows[0].name.String(); got != "No country has such a name." || len(*picked) != 0 {
		t.Errorf("says %q, picked %v", got, *picked)
	}
}

func TestSearch_asksAtEachKeystrokeAndForgetsTheChoice(t *testing.T) {
	setUp(t, 1)
	var asked []string
	p := NewSearch("org", "", "", func(q string) []Item {
		asked = append(asked, q)
		return []Item{{ID: "1", Text: "Telefónica", Detail: func() string { return "Spain" }}}
	})
	test.NewTempWindow(t, Root(Stack(0, p)))
	test.Type(p.Entry(), "tel")
	p.Entry().TypedKey(key(fyne.KeyReturn))
	if len(asked) != 3 || p.PickedID() != "1" {
		t.Errorf("asked %q, picked %q", asked, p.PickedID())
	}
	p.Entry().TypedKey(key(fyne.KeyEnd))
	test.Type(p.Entry(), "x")
	if p.PickedID() != "" {
		t.Error("another text is still the old choice")
	}
}
