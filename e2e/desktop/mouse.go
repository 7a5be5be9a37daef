package desktop

import (
	"fmt"
	"image"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// Buttons of the mouse, as X counts them.
const (
	left      = 1
	wheelUp   = 4
	wheelDown = 5
)

// MoveTo moves the mouse to a point of the screen.
func (d *Desktop) MoveTo(p image.Point) error {
	return d.moveAfter(pause*time.Millisecond, p)
}

// moveAfter moves the mouse after a while, which the X server waits.
func (d *Desktop) moveAfter(wait time.Duration, p image.Point) error {
	err := xtest.FakeInputChecked(d.x, xproto.MotionNotify, 0, uint32(wait.Milliseconds()), d.screen.Root, int16(p.X), int16(p.Y), 0).Check()
	if err != nil {
		return fmt.Errorf("moving the mouse: %w", err)
	}
	return nil
}

// betweenClicks is how long a person takes at least from one click to the next
// one elsewhere. It is more than Fyne waits for the second half of a double
// click; one that comes just as that wait ends is lost in Fyne.
const betweenClicks = 400 * time.Millisecond

// Click moves the mouse to a point and clicks there.
func (d *Desktop) Click(p image.Point) error {
	wait := max(betweenClicks-time.Since(d.clicked), pause*time.Millisecond)
	if err := d.moveAfter(wait, p); err != nil {
		return err
	}
	err := d.button(left)
	d.clicked = time.Now()
	return err
}

// Wheel turns the wheel at a point: notches down, or up when negative.
func (d *Desktop) Wheel(p image.Point, notches int) error {
	if err := d.MoveTo(p); err != nil {
		return err
	}
	direction := byte(wheelDown)
	if notches < 0 {
		direction, notches = wheelUp, -notches
	}
	for range notches {
		if err := d.button(direction); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desktop) button(n byte) error {
	if err := d.fake(xproto.ButtonPress, n); err != nil {
		return fmt.Errorf("pressing a mouse button: %w", err)
	}
	if err := d.fake(xproto.ButtonRelease, n); err != nil {
		return fmt.Errorf("releasing a mouse button: %w", err)
	}
	return nil
}
