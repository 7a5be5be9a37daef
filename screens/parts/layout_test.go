package parts

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

func box(w, h float32) *Box {
	b := NewBox("", "", 0)
	b.min = fyne.NewSize(w, h)
	return b
}

func TestRow_breaksWhereTheWidthDoesNotSuffice(t *testing.T) {
	setUp(t, 1)
	a, b := box(10, 20), box(10, 30)
	row := Row(10, Cell{Object: a, Min: 100}, Cell{Object: b, Min: 100, Weight: 1})
	if h := HeightFor(row, 210); h != 30 {
		t.Errorf("side by side: height %v", h)
	}
	if h := HeightFor(row, 200); h != 20+Gap12+30 {
		t.Errorf("below each other: height %v", h)
	}
	row.Resize(fyne.NewSize(300, 30))
	if a.Size().Width != 100 || b.Size().Width != 190 || b.Position().X != 110 {
		t.Errorf("a %v, b %v at %v", a.Size(), b.Size(), b.Position())
	}
}

func TestRow_growsWithTheText(t *testing.T) {
	setUp(t, 2)
	row := Row(10, Cell{Object: box(10, 20), Min: 100}, Cell{Object: box(10, 30), Min: 100, Weight: 1})
	if h := HeightFor(row, 210); h != 20+Gap12+30 {
		t.Errorf("at 200 %%: height %v", h)
	}
}

func TestColumns_stackInNarrowWindows(t *testing.T) {
	setUp(t, 1)
	c := Columns(0.5, box(10, 100), box(10, 200))
	if h := HeightFor(c, 1000); h != 200 {
		t.Errorf("wide: %v", h)
	}
	if h := HeightFor(c, 700); h != 100+Gap22+200 {
		t.Errorf("narrow: %v", h)
	}
}

func TestPage_footStaysInSight(t *testing.T) {
	setUp(t, 1)
	foot := box(10, 50)
	body := Stack(0, box(10, 2000))
	p := Page(body, foot)
	test.NewTempWindow(t, p).Resize(fyne.NewSize(300, 400))
	p.Resize(fyne.NewSize(300, 400))
	if foot.Position().Y != 350 {
		t.Errorf("foot at %v", foot.Position())
	}
	if m := p.MinSize(); m.Height > 200 {
		t.Errorf("demands %v", m)
	}
	if body.Size().Height != 2000 {
		t.Errorf("body is %v high", body.Size().Height)
	}
}

func TestScroll_isRightAtOnce(t *testing.T) {
	setUp(t, 1)
	text := Body(longName + " " + longName)
	s := Scroll(text)
	s.Resize(fyne.NewSize(150, 100))
	inner := s.Objects[0].(*container.Scroll).Content
	if inner.Size().Height != text.HeightFor(150) || inner.Size().Width != 150 {
		t.Errorf("content %v, text needs %v", inner.Size(), text.HeightFor(150))
	}
}

func TestChanged_makesRoom(t *testing.T) {
	setUp(t, 1)
	text, below := Body("short"), box(10, 10)
	w := test.NewTempWindow(t, Stack(0, text, below))
	w.SetPadded(false)
	w.Resize(fyne.NewSize(150, 400))
	before := below.Position().Y
	text.SetText(longName)
	if below.Position().Y <= before {
		t.Error("what is below has not moved")
	}
}

func TestEnds_goBelowEachOtherRatherThanBeyondTheEdge(t *testing.T) {
	setUp(t, 1)
	title, tag := Bold(longName), NewTag("Waiting for your focal point", Warning)
	e := Ends(title, tag)
	for _, width := range []float32{120, 240, 600} {
		e.Resize(fyne.NewSize(width, HeightFor(e, width)))
		if right := tag.Position().X + tag.Size().Width; right > width+1 {
			t.Errorf("at %v the tag ends at %v", width, right)
		}
		if bottom := tag.Position().Y + tag.Size().Height; bottom > e.Size().Height+1 {
			t.Errorf("at %v the tag ends below", width)
		}
	}
}

func TestHolds_findsWhatWasNotDrawnYet(t *testing.T) {
	setUp(t, 1)
	p := NewPicker("p", "", "", nil)
	page := Page(Card(NewField("f", "Country", true, p)), box(1, 1))
	if !holds(page, p.Entry()) {
		t.Error("does not find an input in a field in a card in a page")
	}
	if holds(page, NewEntry("e")) {
		t.Error("finds what is not there")
	}
}

func TestLeading_beginsWhereTheTitleDoes(t *testing.T) {
	setUp(t, 1)
	inner := box(10, 40)
	leading := Leading(300, inner)
	leading.Resize(fyne.NewSize(800, 200))
	if at, size := inner.Position(), inner.Size(); at != fyne.NewPos(0, 0) || size.Width != 300 {
		t.Errorf("at %v, %v", at, size)
	}
	leading.Resize(fyne.NewSize(200, 200))
	if inner.Size().Width != 200 {
		t.Errorf("%v in a narrow place", inner.Size())
	}
}

func TestBeside_beginsAtTheSameHeightWhereThereIsRoom(t *testing.T) {
	setUp(t, 1)
	mine, theirs := box(10, 300), box(10, 100)
	side := Stack(0, box(10, 50), theirs)
	b := Beside(Stack(0, box(10, 400), mine), side, 400, 300, func() (fyne.CanvasObject, fyne.CanvasObject) { return mine, theirs })
	for _, c := range []struct{ width, height, at float32 }{
		{1000, 700, 350}, {700, 700 + Gap22 + 150, 700 + Gap22},
	} {
		if h := HeightFor(b, c.width); h != c.height {
			t.Errorf("at %v: height %v", c.width, h)
		}
		b.Resize(fyne.NewSize(c.width, c.height))
		if y := side.Position().Y; y != c.at {
			t.Errorf("at %v: the side begins at %v", c.width, y)
		}
	}
	mine = box(10, 300) // nowhere: the side begins at the top
	b.Resize(fyne.NewSize(1001, 700))
	if y := side.Position().Y; y != 0 {
		t.Errorf("the side begins at %v", y)
	}
}

// drawn counts how often it is drawn.
type drawn struct {
	Box
	refreshed int
}

func (d *drawn) Refresh() { d.refreshed++ }

func TestFill_drawsAnewOnlyWhatWasShownBefore(t *testing.T) {
	setUp(t, 1)
	shown, fresh := &drawn{}, &drawn{}
	for _, o := range []*drawn{shown, fresh} {
		o.ExtendBaseWidget(o)
	}
	holder := Stack(0)
	Fill(holder, shown)
	if shown.Size() != (fyne.Size{}) || shown.refreshed != 0 {
		t.Error("it is drawn where there is no place")
	}
	holder.Resize(fyne.NewSize(200, 100))
	if shown.Size().Width != 200 {
		t.Errorf("in its place it is %v", shown.Size())
	}
	Fill(holder, fresh, PadAll(0, shown)) // which is new, around what is not
	if fresh.Size().Width != 200 || fresh.refreshed != 0 || shown.refreshed != 1 {
		t.Errorf("new: %v, drawn %d times; what was shown before: drawn %d times", fresh.Size(), fresh.refreshed, shown.refreshed)
	}
}

// What was never shown, such as the other tabs of a page, costs nothing: its texts would be
// broken into letters.
func TestRelayout_leavesWhatHasNoPlace(t *testing.T) {
	setUp(t, 1)
	text, hidden := Body(longName), Body(longName)
	unseen := PadAll(Gap8, hidden)
	unseen.Hide()
	page := Stack(0, text, unseen)
	page.Resize(fyne.NewSize(300, 400))
	Relayout(page)
	if hidden.cached != nil || text.cached == nil {
		t.Errorf("hidden: %d lines, seen: %d", len(hidden.cached), len(text.cached))
	}
	unseen.Show()
	Relayout(page)
	if hidden.Size().Width != 300-2*Gap8 {
		t.Errorf("in sight it is %v", hidden.Size())
	}
}
