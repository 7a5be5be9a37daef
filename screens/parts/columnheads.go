package parts

import (
	"fyne.io/fyne/v2"
)

// ColumnHeads names the columns of a RowList whose rows are Rows of cells of these widths.
// Where there is no room for columns, and the rows break into lines, it takes no place.
func ColumnHeads(gap float32, cells ...Cell) *fyne.Container {
	row := Row(gap, cells...)
	heads := Stack(0, Pad(Gap8, rowPadSide, Gap8, rowPadSide, row), Divider())
	return arranged(&columnHeadsLayout{cells: row}, heads)
}

type columnHeadsLayout struct {
	cells *fyne.Container
	width float32
}

func (l *columnHeadsLayout) breaks(width float32) bool {
	row := l.cells.Layout.(*rowLayout)
	return len(row.lines(l.cells.Objects, width-2*rowPadSide)) > 1
}

func (l *columnHeadsLayout) heightFor(objects []fyne.CanvasObject, width float32) float32 {
	if l.breaks(width) {
		return 0
	}
	return HeightFor(objects[0], width)
}

func (l *columnHeadsLayout) natural(objects []fyne.CanvasObject) fyne.Size {
	return Natural(objects[0])
}

func (l *columnHeadsLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return minSize(l, objects, l.width)
}

func (l *columnHeadsLayout) narrowest(objects []fyne.CanvasObject) float32 {
	return narrowest(objects[0])
}

func (l *columnHeadsLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	if l.breaks(size.Width) {
		objects[0].Hide()
		return
	}
	objects[0].Show()
	Put(objects[0], fyne.NewPos(0, 0), fyne.NewSize(size.Width, HeightFor(objects[0], size.Width)), size.Width)
}
