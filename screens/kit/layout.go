package kit

import (
	"slices"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// FormWidth is how wide a form gets at most: lines that one can read.
const FormWidth float32 = 760

// StaffLayout is how the screens of staff are laid out: the heading, what there is
// to say, the heads of tabs (nil without), and the body. Where something chosen
// in one of the panes takes the whole place, heading and tabs leave it to that:
// it has its own name and its way back.
func StaffLayout(heading fyne.CanvasObject, bar *parts.Bar, tabs, body fyne.CanvasObject, panes ...*parts.Panes) fyne.CanvasObject {
	top := parts.Stack(parts.Gap12, heading, bar)
	if tabs != nil {
		top.Add(tabs)
	}
	for _, p := range panes {
		own := p.OnAlone
		p.OnAlone = func(alone bool) {
			if own != nil {
				own(alone)
			}
			parts.SetVisible(!alone, slices.DeleteFunc(slices.Clone(top.Objects), func(o fyne.CanvasObject) bool { return o == bar })...)
		}
	}
	return parts.Margins(parts.Frame(parts.Pad(0, 0, parts.Gap12, 0, top), body, nil))
}
