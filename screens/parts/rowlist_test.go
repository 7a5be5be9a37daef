package parts

import (
	"slices"
	"strconv"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// numberedRows is a list of n rows in a window; rows whose number is in
// headings cannot be chosen.
func numberedRows(t *testing.T, n int, headings ...int) (*RowList, fyne.Window, *[]string) {
	t.Helper()
	test.NewTempApp(t)
	events := &[]string{}
	l := NewRowList("rows", func() fyne.CanvasObject { return Body("") }, func(row int, o fyne.CanvasObject) {
		o.(*Text).SetText("row " + strconv.Itoa(row))
	})
	l.Heading = func(row int) bool { return slices.Contains(headings, row) }
	l.RowID = func(row int) ID { return ID("rows." + strconv.Itoa(row)) }
	l.OnChosen = func(row int) { *events = append(*events, "chosen "+strconv.Itoa(row)) }
	l.OnOpened = func(row int) { *events = append(*events, "opened "+strconv.Itoa(row)) }
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(300, 400))
	l.SetLength(n)
	return l, w, events
}

func keys(l *RowList, names ...fyne.KeyName) {
	for _, k := range names {
		l.TypedKey(&fyne.KeyEvent{Name: k})
	}
}

func TestRowList_keysChooseOverHeadings(t *testing.T) {
	l, _, events := numberedRows(t, 5, 0, 2)
	keys(l, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp, fyne.KeyEnd, fyne.KeyHome, fyne.KeyReturn)
	want := []string{"chosen 1", "chosen 3", "chosen 1", "chosen 4", "chosen 1", "opened 1"}
	if !slices.Equal(*events, want) {
		t.Errorf("got %q, want %q", *events, want)
	}
}

func TestRowList_clickChoosesAndOpens(t *testing.T) {
	l, _, events := numberedRows(t, 5, 0)
	l.tapped(3)
	l.tapped(0) // a heading
	l.tapped(9) // a row that has just gone
	if want := []string{"chosen 3", "opened 3"}; !slices.Equal(*events, want) {
		t.Errorf("got %q, want %q", *events, want)
	}
}

func TestRowList_onlyRowsInViewExist(t *testing.T) {
	l, _, _ := numberedRows(t, 5000)
	if n := len(l.shown); n == 0 || n > 20 {
		t.Errorf("%d rows exist", n)
	}
	keys(l, fyne.KeyEnd)
	if l.Chosen() != 4999 {
		t.Fatalf("chosen is %d", l.Chosen())
	}
	if frame, ok := l.shown[4999]; !ok || frame.content.(*Text).String() != "row 4999" || frame.WidgetID() != "rows.4999" {
		t.Error("the last row is not in view")
	}
	if n := len(l.shown); n > 20 {
		t.Errorf("%d rows exist at the end", n)
	}
}

func TestRowList_shorterListForgetsWhatIsGone(t *testing.T) {
	l, _, _ := numberedRows(t, 500)
	keys(l, fyne.KeyEnd)
	l.SetLength(2)
	if l.Chosen() != -1 || len(l.shown) != 2 || l.scroll.Offset.Y != 0 {
		t.Errorf("chosen %d, %d rows, scrolled to %v", l.Chosen(), len(l.shown), l.scroll.Offset.Y)
	}
	l.SetLength(0)
	keys(l, fyne.KeyDown, fyne.KeyReturn)
	if l.Chosen() != -1 {
		t.Errorf("an empty list chose %d", l.Chosen())
	}
}

func TestRadios_keysChooseAndStayAtTheEnds(t *testing.T) {
	test.NewTempApp(t)
	r := NewRadios("r", []Item{{ID: "a", Text: "A"}, {ID: "b", Text: "B"}})
	var heard []string
	r.OnChange = func(id string) { heard = append(heard, id) }
	for _, k := range []fyne.KeyName{fyne.KeySpace, fyne.KeySpace, fyne.KeyDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyUp} {
		r.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if want := []string{"a", "b", "a"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
	r.Set("b")
	if len(heard) != 3 || r.Chosen() != "b" {
		t.Error("Set told OnChange, or did not choose")
	}
}

func TestTabs_keysAndCount(t *testing.T) {
	test.NewTempApp(t)
	tabs := NewTabs("t", Tab{ID: "one", Text: "One", Content: Body("1")}, Tab{ID: "two", Text: "Two", Content: Body("2")})
	test.NewTempWindow(t, Stack(0, tabs.Heads(), tabs.Body()))
	tabs.heads[0].TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	if tabs.Body().(*fyne.Container).Objects[0].(*Text).String() != "2" {
		t.Error("the right arrow does not lead to the next tab")
	}
	tabs.SetCount("two", 3)
	if tabs.heads[1].text != "Two (3)" {
		t.Errorf("the head says %q", tabs.heads[1].text)
	}
	tabs.SetCount("two", 0)
	if tabs.heads[1].text != "Two" {
		t.Errorf("the head says %q", tabs.heads[1].text)
	}
}

func TestPanes_replaceEachOtherInANarrowPlace(t *testing.T) {
	test.NewTempApp(t)
	list, detail := Body("list"), Body("detail")
	p := NewPanes(list, detail)
	w := test.NewTempWindow(t, p.Content())
	w.SetPadded(false)
	w.Resize(fyne.NewSize(900, 300))
	if !list.Visible() || !detail.Visible() || p.Narrow() {
		t.Error("a wide place does not show both")
	}
	w.Resize(fyne.NewSize(500, 300))
	if !list.Visible() || detail.Visible() || !p.Narrow() {
		t.Error("a narrow place does not show the list alone")
	}
	p.ShowDetail(true)
	if list.Visible() || !detail.Visible() || !p.DetailShown() {
		t.Error("the detail does not take the list's place")
	}
}

func TestAsk_escapeAndAnswers(t *testing.T) {
	test.NewTempApp(t)
	w := test.NewTempWindow(t, Body(""))
	w.Resize(fyne.NewSize(600, 400))
	said := 0
	ask := func() {
		Ask(w.Canvas(), "Withdraw?", "You lose your place.", Answer{ID: "yes", Text: "Withdraw", Kind: Danger, Do: func() { said++ }},
			Answer{ID: "no", Text: "Stay", Kind: Outlined})
	}
	ask()
	if b, ok := w.Canvas().Focused().(*Button); !ok || b.Text() != "Stay" {
		t.Error("the safe answer does not have the keyboard")
	}
	if !CloseQuestion(w.Canvas()) || CloseQuestion(w.Canvas()) || said != 0 {
		t.Error("Escape does not close the question, or answers it")
	}
	ask()
	w.Canvas().FocusPrevious()
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if said != 1 || CloseQuestion(w.Canvas()) {
		t.Errorf("answered %d times; the question is still there, or was answered twice", said)
	}
}
