package kit

import (
	"context"
	"errors"
	"io"
	"slices"

	"fyne.io/fyne/v2"

	"plenary/screens/parts"
)

// ChosenFile is a file that a person has chosen, or dropped on the window.
type ChosenFile struct {
	Name string
	// Open begins to read it, beside the window.
	Open func() (io.ReadCloser, error)
}

// Read gives all of a file; too is true for one that has more bytes than most, of which
// nothing is given. It reads beside the window.
func (f ChosenFile) Read(most int64) (content []byte, too bool, err error) {
	r, err := f.Open()
	if err != nil {
		return nil, false, err
	}
	content, err = io.ReadAll(io.LimitReader(r, most+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, false, err
	}
	if int64(len(content)) > most {
		return nil, true, nil
	}
	return content, false, nil
}

// Drops is where files go that are dropped on the window. It is for the window's goroutine.
type Drops struct {
	targets []dropTarget
}

type dropTarget struct {
	ctx  context.Context
	on   fyne.CanvasObject
	take func(ChosenFile)
}

// Onto has files taken that are dropped on an object while it is on the screen, until ctx
// ends.
func (d *Drops) Onto(ctx context.Context, on fyne.CanvasObject, take func(ChosenFile)) {
	d.targets = slices.DeleteFunc(d.targets, func(t dropTarget) bool { return t.ctx.Err() != nil })
	d.targets = append(d.targets, dropTarget{ctx, on, take})
}

// Dropped takes a file that was dropped at a place of a canvas, and tells whether anything
// there takes files.
func (d *Drops) Dropped(c fyne.Canvas, at fyne.Position, f ChosenFile) bool {
	driver := fyne.CurrentApp().Driver()
	for _, t := range d.targets {
		if t.ctx.Err() != nil || parts.CanvasOf(t.on) != c || !t.on.Visible() {
			continue
		}
		from := driver.AbsolutePositionForObject(t.on)
		if size := t.on.Size(); at.X >= from.X && at.Y >= from.Y && at.X < from.X+size.Width && at.Y < from.Y+size.Height {
			t.take(f)
			return true
		}
	}
	return false
}
