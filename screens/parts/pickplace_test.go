package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// pickPage is a page that scrolls, with a picker between two spaces.
func pickPage(t *testing.T, above, below float32) (*Picker, *container.Scroll, fyne.Window) {
	setUp(t, 1)
	p := NewPicker("country", "", "No country has such a name.", countries())
	page := Page(Stack(0, Space(above), p, NewEntry("next"), Space(below)), Space(40))
	w := test.NewTempWindow(t, Root(page))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(400, 500))
	scroll := page.Objects[0].(*fyne.Container).Objects[0].(*container.Scroll)
	w.Canvas().Focus(p.Entry())
	return p, scroll, w
}

// on is where a part of the window is.
func on(t *testing.T, w fyne.Window, o fyne.CanvasObject) area {
	t.Helper()
	where, _, ok := locate(w.Content(), o, fyne.Position{}, area{size: w.Canvas().Size()})
	if !ok {
		t.Fatal("it is not on the screen")
	}
	return where
}

func TestPicker_listLiesOverThePage(t *testing.T) {
	p, _, w := pickPage(t, 20, 0)
	before := on(t, w, p.Entry())
	page := HeightFor(p, 400)
	p.Open()
	if HeightFor(p, 400) != page || on(t, w, p.Entry()) != before {
		t.Error("the list moves the page")
	}
	if len(w.Canvas().Overlays().List()) != 0 || w.Canvas().Focused() != fyne.Focusable(p.Entry()) {
		t.Error("the list takes the keyboard")
	}
	list := on(t, w, p.list)
	if list.pos.X != before.pos.X || list.pos.Y < before.bottom() || list.pos.Y > before.bottom()+4 || list.size.Width < before.size.Width {
		t.Errorf("the input is at %v, the list at %v", before, list)
	}
	if n := p.list.seen(); n != pickerRows || list.bottom() > 500 {
		t.Errorf("%d rows are seen, to %v", n, list.bottom())
	}
}

func TestPicker_listOpensUpwardsWhereThereIsNoRoomBelow(t *testing.T) {
	p, _, w := pickPage(t, 380, 0)
	p.Open()
	input, list := on(t, w, p.Entry()), on(t, w, p.list)
	if list.bottom() > input.pos.Y || list.bottom() < input.pos.Y-4 || list.pos.Y < 0 || p.list.seen() != pickerRows {
		t.Errorf("the input is at %v, the list at %v", input, list)
	}
	test.Type(p.Entry(), "swed") // fewer rows: it stays above, and at the input
	if shorter := on(t, w, p.list); shorter.bottom() != list.bottom() || shorter.size.Height >= list.size.Height {
		t.Errorf("with fewer rows the list goes from %v to %v", list, shorter)
	}
}

func TestPicker_listIsCutToTheRoomThereIs(t *testing.T) {
	p, _, w := pickPage(t, 60, 0)
	w.Resize(fyne.NewSize(400, 200))
	p.Open()
	input, list := on(t, w, p.Entry()), on(t, w, p.list)
	n := p.list.seen()
	if list.bottom() > 200 || list.pos.Y < input.bottom() || n == 0 || n >= pickerRows {
		t.Fatalf("%d rows at %v, the input at %v", n, list, input)
	}
	for range len(countries()) - 1 {
		p.Entry().TypedKey(key(fyne.KeyDown))
		if p.list.chosen < p.list.first || p.list.chosen >= p.list.first+p.list.seen() {
			t.Fatalf("row %d is chosen, %d from %d on are seen", p.list.chosen, p.list.seen(), p.list.first)
		}
	}
	if list := on(t, w, p.list); list.bottom() > 200 {
		t.Errorf("at the end it goes to %v", list.bottom())
	}
}

func TestPicker_listStaysAtItsInput(t *testing.T) {
	p, scroll, w := pickPage(t, 300, 800)
	p.Open()
	gap := on(t, w, p.list).pos.Y - on(t, w, p.Entry()).pos.Y
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -120)})
	if input := on(t, w, p.Entry()); input.pos.Y != 180 || on(t, w, p.list).pos.Y-input.pos.Y != p.Entry().Size().Height+pickListGap {
		t.Errorf("scrolled, the input is at %v, the list at %v (%v before)", input, on(t, w, p.list), gap)
	}
	w.Resize(fyne.NewSize(340, 600))
	if on(t, w, p.list).size.Width != on(t, w, p.Entry()).size.Width {
		t.Error("the list is not as wide as its input after the window has changed")
	}
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -400)})
	if p.list.Visible() || !p.IsOpen() {
		t.Error("the list is seen without its input")
	}
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 400)})
	if !p.list.Visible() {
		t.Error("the list does not come back with its input")
	}
	scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -400)})
	test.Type(p.Entry(), "s")
	if !p.list.Visible() {
		t.Error("what is typed is not seen")
	}
}

func TestPicker_closesOnEscapeTabAndAClickElsewhere(t *testing.T) {
	for name, leave := range map[string]func(*Picker, fyne.Window){
		"Escape": func(p *Picker, w fyne.Window) { w.Canvas().Focused().TypedKey(key(fyne.KeyEscape)) },
		"Tab":    func(p *Picker, w fyne.Window) { w.Canvas().FocusNext() },
		"click":  func(p *Picker, w fyne.Window) { w.Canvas().Unfocus() }, // as Fyne does at a press
	} {
		p, _, w := pickPage(t, 20, 0)
		p.Open()
		leave(p, w)
		if p.IsOpen() || len(rootOf(p.Entry()).layer.Objects) != 0 {
			t.Errorf("%s leaves the list open", name)
		}
	}
}

func TestPicker_listGoesWithItsPage(t *testing.T) {
	setUp(t, 1)
	p := NewPicker("country", "", "", countries())
	holder := Layers(Stack(0, p))
	w := test.NewTempWindow(t, Root(holder))
	w.Resize(fyne.NewSize(400, 500))
	w.Canvas().Focus(p.Entry())
	p.Open()
	holder.Objects = []fyne.CanvasObject{Space(10)} // another page
	Changed(holder)
	if p.list.Visible() {
		t.Error("the list lies over another page")
	}
}

func TestPicker_narrowInputHasAListWideEnough(t *testing.T) {
	setUp(t, 1)
	p := NewPicker("title", "", "Nothing fits what you typed.", []Item{{ID: "", Text: "(none)"}, {ID: "x", Text: "His Excellency the Ambassador"}})
	w := test.NewTempWindow(t, Root(Row(14, Cell{Object: p, Min: 90}, Cell{Object: NewEntry("e"), Min: 100, Weight: 1})))
	w.Resize(fyne.NewSize(600, 400))
	w.Canvas().Focus(p.Entry())
	p.Open()
	row := p.list.rows[1]
	if row.name.Size().Width < row.name.Natural().Width-1 {
		t.Errorf("the name has %v of %v", row.name.Size().Width, row.name.Natural().Width)
	}
}

func TestPicker_whatIsToBeDoneStandsInTheList(t *testing.T) {
	setUp(t, 1)
	done := 0
	var hits []Item
	p := NewSearch("org", "", "Nothing fits.", func(string) []Item {
		return append(hits, Item{ID: "all", Text: "Search in all countries", Do: func() { done++ }})
	})
	w := test.NewTempWindow(t, Root(Stack(0, p)))
	w.Resize(fyne.NewSize(400, 500))
	w.Canvas().Focus(p.Entry())
	test.Type(p.Entry(), "cern")
	p.Entry().TypedKey(key(fyne.KeyReturn)) // nothing is chosen
	if done != 0 || !p.IsOpen() || p.list.rows[0].name.String() != "Nothing fits." || p.list.rows[1].name.String() != "Search in all countries" {
		t.Fatalf("done %d times, open %v, says %q", done, p.IsOpen(), p.list.rows[0].name.String())
	}
	p.Entry().TypedKey(key(fyne.KeyDown))
	p.Entry().TypedKey(key(fyne.KeyReturn))
	if done != 1 || p.PickedID() != "" || p.Entry().Text != "cern" {
		t.Errorf("done %d times, picked %q, text %q", done, p.PickedID(), p.Entry().Text)
	}
	test.Tap(p.list.rows[1])
	if done != 2 {
		t.Error("a click does nothing")
	}
	p.Entry().TypedKey(key(fyne.KeyEscape))
	hits = []Item{{ID: "1", Text: "CERN"}}
	p.Entry().SetText("")
	test.Type(p.Entry(), "cern")
	w.Canvas().Unfocus() // the only one that can be meant
	if p.PickedID() != "1" {
		t.Errorf("picked %q", p.PickedID())
	}
}

func TestPicker_detailsOfRowsThatAreSeenOnly(t *testing.T) {
	setUp(t, 1)
	asked := map[int]bool{}
	var items []Item
	for i := range 50 {
		items = append(items, Item{ID: string(rune('A' + i)), Text: "Regent University College", Detail: func() string { asked[i] = true; return "regent.edu.gh" }})
	}
	p := NewSearch("org", "", "", func(string) []Item { return items }).WithDetailBelow()
	w := test.NewTempWindow(t, Root(Stack(0, p)))
	w.Resize(fyne.NewSize(400, 700))
	w.Canvas().Focus(p.Entry())
	test.Type(p.Entry(), "reg")
	if len(asked) == 0 || len(asked) > pickerRows+1 {
		t.Errorf("the details of %d items", len(asked))
	}
	row := p.list.rows[0]
	if row.detail.Position().Y < row.name.Position().Y+row.name.Size().Height {
		t.Error("the detail does not stand below the name")
	}
}
