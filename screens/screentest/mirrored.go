package screentest

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"plenary/screens/parts"
)

// CheckMirrored checks that a window is its own mirror image where lines begin at the
// right. Show does so at the end of each test, so that no page is left out.
func CheckMirrored(t testing.TB, w fyne.Window) {
	t.Helper()
	for _, wrong := range NotMirrored(w) {
		t.Error(wrong)
	}
}

// NotMirrored tells what is not where the mirror image of a window has it.
func NotMirrored(w fyne.Window) []string {
	parts.SetMirrored(false)
	Settle(w)
	before := drawn(w.Content(), 0, 0)
	parts.SetMirrored(true)
	Settle(w)
	after := drawn(w.Content(), 0, 0)
	parts.SetMirrored(false)
	Settle(w)
	if len(before) != len(after) {
		return []string{fmt.Sprintf("%d things are drawn, mirrored %d", len(before), len(after))}
	}
	var wrong []string
	for i, b := range before {
		a, width := after[i], w.Content().Size().Width
		if x := width - b.x - b.width; a.x < x-0.5 || a.x > x+0.5 || a.y != b.y {
			wrong = append(wrong, fmt.Sprintf("%s at %v,%v, %v wide, is mirrored at %v,%v, not %v", b.what, b.x, b.y, b.width, a.x, a.y, x))
		}
	}
	return wrong
}

// area is where something is drawn.
type area struct {
	what        string
	x, y, width float32
}

// drawn is what is seen below an object and where. Lines are left out, which are parts of
// signs that look the same in all languages.
func drawn(o fyne.CanvasObject, x, y float32) []area {
	if o == nil || !o.Visible() {
		return nil
	}
	x, y = x+o.Position().X, y+o.Position().Y
	here := area{fmt.Sprintf("%T", o), x, y, o.Size().Width}
	switch o := o.(type) {
	case *canvas.Line:
		return nil
	case *canvas.Text:
		here.what += " " + o.Text
		space := o.Size().Width - o.MinSize().Width
		here.width = o.MinSize().Width
		switch o.Alignment {
		case fyne.TextAlignCenter:
			here.x += space / 2
		case fyne.TextAlignTrailing:
			here.x += space
		}
	case *container.Scroll:
		return append(drawn(o.Content, x-o.Offset.X, y-o.Offset.Y), here)
	}
	all := []area{here}
	for _, child := range within(o) {
		all = append(all, drawn(child, x, y)...)
	}
	return all
}
