package parts

import (
	"reflect"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// lineOf shows the text of an input of one line as far as there is place, in place of what
// scrolls it, which goes on placing it: the scroll bar of that would lie under the text, and
// on it while the mouse is there.
type lineOf struct {
	widget.BaseWidget
	text fyne.CanvasObject
}

// scrolledBy is the text that an input's scroll shows; nil where it cannot be found.
func scrolledBy(scroll fyne.CanvasObject) fyne.CanvasObject {
	// Its type is one that Fyne keeps for itself.
	content := reflect.Indirect(reflect.ValueOf(scroll)).FieldByName("Content")
	if !content.IsValid() {
		return nil
	}
	text, _ := content.Interface().(fyne.CanvasObject)
	return text
}

func newLineOf(text fyne.CanvasObject) *lineOf {
	l := &lineOf{text: text}
	l.ExtendBaseWidget(l)
	return l
}

// Scrolled does nothing: the text follows the cursor. What has it is cut off at its edges.
func (l *lineOf) Scrolled(*fyne.ScrollEvent) {}

// CreateRenderer is for Fyne.
func (l *lineOf) CreateRenderer() fyne.WidgetRenderer { return lineRenderer{l} }

type lineRenderer struct{ line *lineOf }

func (r lineRenderer) Layout(fyne.Size) {} // what scrolls the text places it

func (r lineRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r lineRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.line.text} }

func (r lineRenderer) Refresh() { canvas.Refresh(r.line.text) }

func (r lineRenderer) Destroy() {}
