package kit

import (
	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// RowContent is what stands in a row of a list: a title with a tag, and a line.
type RowContent struct {
	parts.Arranged
	Title, Line *parts.Text
	Tag         *parts.Tag
}

// NewRow returns the content of a row, a *RowContent, without words yet.
func NewRow() fyne.CanvasObject {
	c := &RowContent{Title: parts.Bold(""), Line: parts.Small(""), Tag: parts.NewTag("", parts.Info)}
	c.Arrange(c, parts.Stack(2, parts.Ends(c.Title, c.Tag), c.Line))
	return c
}

// String is what the row says.
func (c *RowContent) String() string {
	said := c.Title.String()
	if c.Tag.Visible() {
		said += ", " + c.Tag.Text()
	}
	return said + ", " + c.Line.String()
}
