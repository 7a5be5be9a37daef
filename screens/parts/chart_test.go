package parts

import (
	"testing"

	"fyne.io/fyne/v2"
)

// Bars are as long as their numbers say, beside their labels, which stand above where there
// is little room; what there is none of has no bar, and its number all the same.
func TestChart_barsAndLabels(t *testing.T) {
	setUp(t, 1)
	rows := []ChartRow{{"United Kingdom of Great Britain and Northern Ireland", 40}, {"Chad", 10}, {"Nauru", 0}, {"Malta", 1}}
	c := Chart(rows)
	for _, width := range []float32{900, 300} {
		c.Resize(fyne.NewSize(width, HeightFor(c, width)))
		longest, quarter, none, least := c.Objects[1].Size().Width, c.Objects[4].Size().Width, c.Objects[7].Size().Width, c.Objects[10].Size().Width
		if longest < 100 || quarter != longest/4 || none != 0 || least < 2 {
			t.Errorf("%v wide: bars of %v, %v, %v, %v", width, longest, quarter, none, least)
		}
		label, bar := c.Objects[0], c.Objects[1]
		beside := bar.Position().X >= label.Position().X+label.Size().Width
		if beside != (width == 900) {
			t.Errorf("%v wide: the label is beside its bar: %v", width, beside)
		}
		last := c.Objects[len(c.Objects)-1]
		if end := last.Position().Y + last.Size().Height; end > c.Size().Height+0.5 {
			t.Errorf("%v wide: it ends at %v, and is %v high", width, end, c.Size().Height)
		}
		for _, o := range c.Objects {
			if o.Position().X < 0 || o.Position().X+o.Size().Width > width+0.5 {
				t.Errorf("%v wide: something stands from %v to %v", width, o.Position().X, o.Position().X+o.Size().Width)
			}
		}
	}
	if s := Chart(nil).MinSize(); s.Height != 0 {
		t.Errorf("a chart of nothing is %v", s)
	}
}
