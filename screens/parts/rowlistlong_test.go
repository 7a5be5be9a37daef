package parts

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// longRows is a list of n rows, of which every fifth is a heading and every third
// has more lines than the others; filled counts how often a row was filled.
func longRows(t testing.TB, n int, filled *int) *RowList {
	t.Helper()
	test.NewTempApp(t)
	fyne.CurrentApp().Settings().SetTheme(NewTheme(AppearanceLight, 1))
	l := NewRowList("rows", func() fyne.CanvasObject { return Body("") }, func(row int, o fyne.CanvasObject) {
		*filled++
		o.(*Text).SetText(rowText(row))
	})
	l.Heading = func(row int) bool { return row%5 == 0 }
	w := test.NewWindow(l)
	t.Cleanup(w.Close)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(300, 400))
	l.SetLength(n)
	return l
}

func rowText(row int) string {
	return "row " + strconv.Itoa(row) + strings.Repeat("\nmore", row%3)
}

// seen are the rows on the screen, in order, each with its place in the window.
func seen(t *testing.T, l *RowList) map[int]float32 {
	t.Helper()
	places := map[int]float32{}
	var bottom float32
	for i, o := range l.body.Objects {
		f := o.(*rowFrame)
		y := f.Position().Y - l.scroll.Offset.Y
		if got := f.content.(*Text).String(); got != rowText(f.row) {
			t.Fatalf("row %d shows %q", f.row, got)
		}
		if i > 0 && y != bottom {
			t.Fatalf("row %d begins at %v, the one above ends at %v", f.row, y, bottom)
		}
		if need := f.heightFor(l.width); f.Size().Height != float32(need) {
			t.Fatalf("row %d is %v high, and needs %d", f.row, f.Size().Height, need)
		}
		bottom = y + f.Size().Height
		places[f.row] = y
	}
	first, last := float32(0), float32(400)
	if len(places) > 0 {
		first = l.body.Objects[0].Position().Y - l.scroll.Offset.Y
		last = bottom
	}
	if first > 0 || last < 400 && len(places) > 0 && len(places) < l.length && bottom+l.scroll.Offset.Y < float32(l.heights.top(l.length)) {
		t.Fatalf("the rows go from %v to %v, the list from 0 to 400", first, last)
	}
	return places
}

func TestRowList_fillsOnlyWhatIsSeen(t *testing.T) {
	var filled int
	l := longRows(t, 100_000, &filled)
	view := len(l.body.Objects)
	if view == 0 || view > 20 {
		t.Fatalf("%d rows exist", view)
	}
	for what, do := range map[string]func(){
		"a change":   func() { l.SetLength(99_999) },
		"the end":    func() { keys(l, fyne.KeyEnd) },
		"the middle": func() { l.Choose(50_001) },
		"a step":     func() { l.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -30)}) },
		"a key":      func() { keys(l, fyne.KeyUp) },
		"the focus":  l.FocusGained,
	} {
		filled = 0
		do()
		if filled > 3*view {
			t.Errorf("%s filled %d rows, %d can be seen", what, filled, view)
		}
		seen(t, l)
	}
}

func TestRowList_scrollingUpKeepsWhatIsSeenInItsPlace(t *testing.T) {
	var filled int
	l := longRows(t, 10_000, &filled)
	l.Choose(9_001)
	for range 200 {
		before := seen(t, l)
		l.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 37)})
		moved := map[float32]bool{}
		for row, y := range seen(t, l) {
			if was, ok := before[row]; ok {
				moved[y-was] = true
			}
		}
		if len(moved) != 1 || !moved[37] {
			t.Fatalf("the rows moved by %v, want 37", moved)
		}
	}
}

func TestRowList_keysReachEveryRow(t *testing.T) {
	var filled int
	l := longRows(t, 200, &filled)
	for _, key := range []fyne.KeyName{fyne.KeyDown, fyne.KeyUp} {
		for range 160 {
			keys(l, key)
			y, ok := seen(t, l)[l.Chosen()]
			if !ok || y < 0 || y+float32(l.heights.height(l.Chosen())) > 400 {
				t.Fatalf("row %d was chosen and is at %v", l.Chosen(), y)
			}
		}
	}
	keys(l, fyne.KeyEnd)
	if y := seen(t, l)[199]; y+float32(l.heights.height(199)) != 400 {
		t.Errorf("End leaves the last row at %v", y)
	}
	keys(l, fyne.KeyHome)
	if y := seen(t, l)[0]; l.Chosen() != 1 || y != 0 {
		t.Errorf("Home chose %d, and the heading above is at %v", l.Chosen(), y)
	}
}

func TestRowList_enterOpensTheRowWithTheRing(t *testing.T) {
	l, w, events := numberedRows(t, 5, 0)
	w.Canvas().Focus(l)
	keys(l, fyne.KeyReturn)
	if got := fmt.Sprint(*events); got != "[chosen 1 opened 1]" {
		t.Errorf("got %s", got)
	}
}

func TestRowList_beginsAtTheTopOrAtTheChosenRow(t *testing.T) {
	for chosen, want := range map[int]float32{-1: 0, 1: 0, 120: 1} {
		var filled int
		l := longRows(t, 0, &filled)
		l = NewRowList("rows", l.create, l.update)
		l.SetLength(300)
		l.Choose(chosen)
		w := test.NewTempWindow(t, l)
		w.Resize(fyne.NewSize(300, 400))
		if y, _ := l.Scrolled(); min(y, 1) != want {
			t.Errorf("with row %d chosen the list is scrolled by %v", chosen, y)
		}
		if _, ok := seen(t, l)[chosen]; !ok && chosen >= 0 {
			t.Errorf("the chosen row %d is not in view", chosen)
		}
	}
}

func TestRowList_withoutAPlaceHasNoRows(t *testing.T) {
	var filled int
	l := longRows(t, 300, &filled)
	l.Resize(fyne.NewSize(200, 5))
	if n := len(l.body.Objects); n != 0 {
		t.Errorf("%d rows are left as they were", n)
	}
	l.Resize(fyne.NewSize(200, 400))
	if len(seen(t, l)) == 0 {
		t.Error("the rows do not come back")
	}
}

func TestRowHeights_agreeWithAPlainSum(t *testing.T) {
	var h rowHeights
	h.reset(60)
	n := 1
	for step := range 3000 {
		switch step % 7 {
		case 0:
			n = (n*7 + step) % 700
			h.setLength(n)
		case 3:
			h.estimate = 40 + step%50
		default:
			if n > 0 {
				h.set((step*31)%n, 20+step%90)
			}
		}
		y := 0
		for row := range n {
			if got := h.top(row); got != y {
				t.Fatalf("step %d: row %d of %d begins at %d, want %d", step, row, n, got, y)
			}
			if got := h.at(float32(y)); got != row {
				t.Fatalf("step %d: at %d is row %d, want %d", step, y, got, row)
			}
			y += h.height(row)
		}
		if got := h.at(float32(y)); got != n {
			t.Fatalf("step %d: below all is row %d of %d", step, got, n)
		}
	}
}

func BenchmarkRowList_setLength(b *testing.B) {
	var filled int
	l := longRows(b, 100_000, &filled)
	for i := 0; b.Loop(); i++ {
		l.SetLength(100_000 - i%2)
	}
}

func BenchmarkRowList_scroll(b *testing.B) {
	var filled int
	l := longRows(b, 100_000, &filled)
	for b.Loop() {
		if y, height := l.Scrolled(); y+400 >= height {
			l.Choose(1)
		}
		l.scroll.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -40)})
	}
}

func BenchmarkRowList_choose(b *testing.B) {
	var filled int
	l := longRows(b, 100_000, &filled)
	for i := 0; b.Loop(); i++ {
		l.Choose((i * 7919) % 100_000)
	}
}
