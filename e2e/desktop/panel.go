package desktop

import (
	"fmt"
	"image"
	"time"

	"plenary/e2e/await"

	"github.com/jezek/xgb/xproto"
)

// Panel puts a panel of some height at the foot of the screen, as a task bar is,
// and waits until the window manager keeps that room free.
func (d *Desktop) Panel(height int) error {
	// A window that is shown while openbox starts is managed by nobody.
	if err := d.workArea(startLimit, "the window manager's work area", func(int) bool { return true }); err != nil {
		return err
	}
	id, err := xproto.NewWindowId(d.x)
	if err != nil {
		return err
	}
	width, bottom := d.screen.WidthInPixels, d.screen.HeightInPixels
	err = xproto.CreateWindowChecked(d.x, d.screen.RootDepth, id, d.screen.Root,
		0, int16(int(bottom)-height), width, uint16(height), 0, xproto.WindowClassInputOutput, d.screen.RootVisual,
		xproto.CwBackPixel, []uint32{0x335577}).Check()
	if err != nil {
		return fmt.Errorf("making a panel: %w", err)
	}
	dock, err := d.atom("_NET_WM_WINDOW_TYPE_DOCK")
	if err != nil {
		return err
	}
	if err := d.setProperty(id, "_NET_WM_WINDOW_TYPE", "ATOM", uint32(dock)); err != nil {
		return err
	}
	// Left, right, top, bottom, then from where to where each of them reaches.
	if err := d.setProperty(id, "_NET_WM_STRUT_PARTIAL", "CARDINAL",
		0, 0, 0, uint32(height), 0, 0, 0, 0, 0, 0, 0, uint32(width)-1); err != nil {
		return err
	}
	// The place is the user's (USPosition): the window manager leaves it there.
	if err := d.setProperty(id, "WM_NORMAL_HINTS", "WM_SIZE_HINTS", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0); err != nil {
		return err
	}
	for try := 1; ; try++ {
		if err := xproto.MapWindowChecked(d.x, id).Check(); err != nil {
			return fmt.Errorf("showing a panel: %w", err)
		}
		err := d.workArea(panelLimit, "the room for the panel", func(bottom int) bool { return bottom == int(d.screen.HeightInPixels)-height })
		if err == nil || try == panelTries {
			return err
		}
		// Openbox has its work area before it manages windows: it did not see this one.
		if err := xproto.UnmapWindowChecked(d.x, id).Check(); err != nil {
			return fmt.Errorf("hiding a panel: %w", err)
		}
	}
}

// A panel is shown so often, each time for so long.
const (
	panelTries = 10
	panelLimit = 3 * time.Second
)

// workArea waits until the bottom of the work area is such.
func (d *Desktop) workArea(limit time.Duration, what string, such func(bottom int) bool) error {
	return await.Until(limit, what, func() (bool, error) {
		area, err := d.property(d.screen.Root, "_NET_WORKAREA", xproto.AtomCardinal)
		return len(area) >= 4 && such(int(area[1]+area[3])), err
	})
}

func (d *Desktop) setProperty(window xproto.Window, name, of string, values ...uint32) error {
	property, err := d.atom(name)
	if err != nil {
		return err
	}
	kind, err := d.atom(of)
	if err != nil {
		return err
	}
	data := make([]byte, 0, 4*len(values))
	for _, v := range values {
		data = append(data, byte(v), byte(v>>8), byte(v>>16), byte(v>>24))
	}
	return xproto.ChangePropertyChecked(d.x, xproto.PropModeReplace, window, property, kind, 32, uint32(len(values)), data).Check()
}

// Frame is where a window is on the screen with the title and borders that the
// window manager draws around it.
func (d *Desktop) Frame(w Window) (image.Rectangle, error) {
	r, err := d.Bounds(w)
	if err != nil {
		return r, err
	}
	extents, err := d.property(xproto.Window(w.ID), "_NET_FRAME_EXTENTS", xproto.AtomCardinal)
	if err != nil || len(extents) != 4 {
		return r, fmt.Errorf("asking for a window's frame: %v, %w", extents, err)
	}
	left, right, top, bottom := int(extents[0]), int(extents[1]), int(extents[2]), int(extents[3])
	return image.Rect(r.Min.X-left, r.Min.Y-top, r.Max.X+right, r.Max.Y+bottom), nil
}
