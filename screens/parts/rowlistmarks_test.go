package parts

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// markedRows is a list of n rows that can be marked, and tells which are.
func markedRows(t *testing.T, n int, headings ...int) (l *RowList, marked func() string) {
	t.Helper()
	l, w, _ := numberedRows(t, n, headings...)
	marks := map[int]bool{}
	l.Marked = func(row int) bool { return marks[row] }
	l.OnMarked = func(from, until int, on bool) {
		for i := from; i < until; i++ {
			if !l.isHeading(i) {
				marks[i] = on
			}
		}
	}
	l.SetLength(n)
	w.Canvas().Focus(l)
	return l, func() string {
		rows := []int{}
		for i := range n {
			if marks[i] {
				rows = append(rows, i)
			}
		}
		return fmt.Sprint(rows)
	}
}

func TestRowList_spaceMarksAndEnterOpens(t *testing.T) {
	l, marked := markedRows(t, 5, 0)
	opened := -1
	l.OnOpened = func(row int) { opened = row }
	keys(l, fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeySpace)
	if got := marked(); got != "[1 3]" || opened >= 0 {
		t.Errorf("marked %s, opened %d", got, opened)
	}
	keys(l, fyne.KeySpace, fyne.KeyReturn)
	if got := marked(); got != "[1]" || opened != 3 {
		t.Errorf("marked %s, opened %d", got, opened)
	}
}

func TestRowList_shiftMarksUpToWhereItLeads(t *testing.T) {
	l, marked := markedRows(t, 9, 4)
	shift := &fyne.KeyEvent{Name: desktop.KeyShiftLeft}
	keys(l, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown) // row 2
	l.KeyDown(shift)
	keys(l, fyne.KeyDown, fyne.KeyDown, fyne.KeyDown)
	if got := marked(); got != "[2 3 5 6]" {
		t.Errorf("downwards: %s", got)
	}
	keys(l, fyne.KeyUp)
	if got := marked(); got != "[2 3 5]" {
		t.Errorf("one back: %s", got)
	}
	keys(l, fyne.KeyHome)
	if got := marked(); got != "[0 1 2]" {
		t.Errorf("beyond the beginning: %s", got)
	}
	l.KeyUp(shift)
	keys(l, fyne.KeyEnd)
	if got := marked(); got != "[0 1 2]" {
		t.Errorf("without Shift: %s", got)
	}
}

func TestRowList_ctrlAMarksAllOrNone(t *testing.T) {
	l, marked := markedRows(t, 4, 2)
	l.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := marked(); got != "[0 1 3]" {
		t.Errorf("marked %s, want all", got)
	}
	l.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := marked(); got != "[]" {
		t.Errorf("marked %s, want none", got)
	}
}

func TestRowList_clicksMark(t *testing.T) {
	l, marked := markedRows(t, 6)
	click := func(row int, x float32, held fyne.KeyModifier) {
		f := l.shown[row]
		f.MouseDown(&desktop.MouseEvent{Modifier: held})
		f.Tapped(&fyne.PointEvent{Position: fyne.NewPos(x, 5)})
	}
	click(1, 20, 0)
	if got := marked(); got != "[1]" {
		t.Errorf("a click on the box marks %s", got)
	}
	click(3, 100, fyne.KeyModifierShortcutDefault)
	if got := marked(); got != "[1 3]" {
		t.Errorf("Ctrl and a click mark %s", got)
	}
	click(5, 100, fyne.KeyModifierShift)
	if got := marked(); got != "[1 3 4 5]" {
		t.Errorf("Shift and a click mark %s", got)
	}
	click(0, 100, 0)
	if got := marked(); got != "[1 3 4 5]" || l.Chosen() != 0 {
		t.Errorf("a plain click marks %s and chooses %d", got, l.Chosen())
	}
}

func TestRowList_windowsShortcutsStayTheWindows(t *testing.T) {
	l, w, _ := numberedRows(t, 5)
	heard := false
	HearShortcuts(w.Canvas(), map[fyne.KeyName]func(){fyne.Key2: func() { heard = true }})
	l.TypedShortcut(&desktop.CustomShortcut{KeyName: fyne.Key2, Modifier: fyne.KeyModifierShortcutDefault})
	if !heard {
		t.Error("the window does not hear Ctrl+2 while a list has the keyboard")
	}
}
