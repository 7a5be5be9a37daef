package desktop

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"strings"
	"time"

	"plenary/e2e/await"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// Window is a window on the desktop.
type Window struct {
	ID  uint32
	Pid int
}

// Windows lists the windows that the window manager shows, oldest first.
func (d *Desktop) Windows() ([]Window, error) {
	ids, err := d.property(d.screen.Root, "_NET_CLIENT_LIST", xproto.AtomWindow)
	if err != nil {
		return nil, err
	}
	var windows []Window
	for _, id := range ids {
		pid, err := d.property(xproto.Window(id), "_NET_WM_PID", xproto.AtomCardinal)
		if err != nil || len(pid) == 0 {
			continue // it closed while we looked, or does not say whose it is
		}
		windows = append(windows, Window{ID: id, Pid: int(pid[0])})
	}
	return windows, nil
}

// CutOff closes the connection of a window's program to the display, as the end of a
// session does.
func (d *Desktop) CutOff(w Window) error {
	if err := xproto.KillClientChecked(d.x, w.ID).Check(); err != nil {
		return fmt.Errorf("cutting a window's program off: %w", err)
	}
	return nil
}

// Class is the class of a window's program, by which a desktop finds the entry
// that it belongs to (StartupWMClass).
func (d *Desktop) Class(w Window) (string, error) {
	reply, err := xproto.GetProperty(d.x, false, xproto.Window(w.ID), xproto.AtomWmClass, xproto.AtomString, 0, 64).Reply()
	if err != nil {
		return "", fmt.Errorf("reading a window's class: %w", err)
	}
	_, class, _ := strings.Cut(string(reply.Value), "\x00") // after its instance, each ended by a zero
	return strings.TrimSuffix(class, "\x00"), nil
}

// Bounds is where the content of a window is on the screen.
func (d *Desktop) Bounds(w Window) (image.Rectangle, error) {
	size, err := xproto.GetGeometry(d.x, xproto.Drawable(w.ID)).Reply()
	if err != nil {
		return image.Rectangle{}, fmt.Errorf("asking for a window's size: %w", err)
	}
	at, err := xproto.TranslateCoordinates(d.x, xproto.Window(w.ID), d.screen.Root, 0, 0).Reply()
	if err != nil {
		return image.Rectangle{}, fmt.Errorf("asking for a window's place: %w", err)
	}
	return image.Rect(0, 0, int(size.Width), int(size.Height)).Add(image.Pt(int(at.DstX), int(at.DstY))), nil
}

// Resize asks the window manager for another size of a window's content.
func (d *Desktop) Resize(w Window, width, height int) error {
	return xproto.ConfigureWindowChecked(d.x, xproto.Window(w.ID),
		xproto.ConfigWindowWidth|xproto.ConfigWindowHeight, []uint32{uint32(width), uint32(height)}).Check()
}

// CloseWindow asks a window to close, as its close button does.
func (d *Desktop) CloseWindow(w Window) error {
	protocols, err := d.atom("WM_PROTOCOLS")
	if err != nil {
		return err
	}
	closing, err := d.atom("WM_DELETE_WINDOW")
	if err != nil {
		return err
	}
	message := xproto.ClientMessageEvent{
		Format: 32, Window: xproto.Window(w.ID), Type: protocols,
		Data: xproto.ClientMessageDataUnionData32New([]uint32{uint32(closing), xproto.TimeCurrentTime, 0, 0, 0}),
	}
	return xproto.SendEventChecked(d.x, false, xproto.Window(w.ID), xproto.EventMaskNoEvent, string(message.Bytes())).Check()
}

// States of a window, as the window manager writes them into WM_STATE.
const (
	normalState = 1
	iconicState = 3
)

// Minimize puts a window into the task bar, as the button in its frame does, and
// waits until it is there.
func (d *Desktop) Minimize(w Window) error {
	if err := d.tellWindowManager(w, "WM_CHANGE_STATE", iconicState); err != nil {
		return fmt.Errorf("minimizing a window: %w", err)
	}
	return await.Until(startLimit, "the window to be minimized", func() (bool, error) {
		state, err := d.property(xproto.Window(w.ID), "WM_STATE", xproto.GetPropertyTypeAny)
		return len(state) > 0 && state[0] == iconicState, err
	})
}

// BringToFront gives a window the front and the keyboard, as a click in the task
// bar does, and waits until it has them.
func (d *Desktop) BringToFront(w Window) error {
	if err := d.tellWindowManager(w, "_NET_ACTIVE_WINDOW", fromTaskBar); err != nil {
		return fmt.Errorf("bringing a window to the front: %w", err)
	}
	return await.Until(startLimit, "the window to come to the front", func() (bool, error) { return d.InFront(w) })
}

// fromTaskBar tells the window manager that it is the person who wants this.
const fromTaskBar = 2

func (d *Desktop) tellWindowManager(w Window, what string, number uint32) error {
	kind, err := d.atom(what)
	if err != nil {
		return err
	}
	message := xproto.ClientMessageEvent{
		Format: 32, Window: xproto.Window(w.ID), Type: kind,
		Data: xproto.ClientMessageDataUnionData32New([]uint32{number, xproto.TimeCurrentTime, 0, 0, 0}),
	}
	return xproto.SendEventChecked(d.x, false, d.screen.Root,
		xproto.EventMaskSubstructureNotify|xproto.EventMaskSubstructureRedirect, string(message.Bytes())).Check()
}

// InFront tells whether a window is there to be seen and has the keyboard.
func (d *Desktop) InFront(w Window) (bool, error) {
	state, err := d.property(xproto.Window(w.ID), "WM_STATE", xproto.GetPropertyTypeAny)
	if err != nil || len(state) == 0 || state[0] != normalState {
		return false, err
	}
	active, err := d.property(d.screen.Root, "_NET_ACTIVE_WINDOW", xproto.AtomWindow)
	return len(active) > 0 && active[0] == w.ID, err
}

// Picture is what can be seen on a part of the screen.
func (d *Desktop) Picture(r image.Rectangle) (*image.RGBA, error) {
	r = r.Intersect(image.Rect(0, 0, int(d.screen.WidthInPixels), int(d.screen.HeightInPixels)))
	if r.Empty() {
		return nil, fmt.Errorf("taking a picture of nothing")
	}
	reply, err := xproto.GetImage(d.x, xproto.ImageFormatZPixmap, xproto.Drawable(d.screen.Root),
		int16(r.Min.X), int16(r.Min.Y), uint16(r.Dx()), uint16(r.Dy()), 0xffffffff).Reply()
	if err != nil {
		return nil, fmt.Errorf("taking a picture of the screen: %w", err)
	}
	picture := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	for i := 0; i+4 <= len(reply.Data) && i+4 <= len(picture.Pix); i += 4 { // blue, green, red, nothing
		picture.Pix[i], picture.Pix[i+1], picture.Pix[i+2], picture.Pix[i+3] = reply.Data[i+2], reply.Data[i+1], reply.Data[i], 0xff
	}
	return picture, nil
}

// AtRest takes pictures until nothing changes any more: a dozen in a row are the
// same, but for a blinking caret's worth of pixels.
func AtRest(limit time.Duration, picture func() (*image.RGBA, error)) (*image.RGBA, error) {
	var last *image.RGBA
	same := 0
	err := await.Until(limit, "a picture at rest", func() (bool, error) {
		now, err := picture()
		if err != nil {
			return false, err
		}
		if last != nil && Differing(last, now) < 100 {
			same++
		} else {
			same = 0
		}
		last = now
		return same >= 12, nil
	})
	return last, err
}

// SavePNG writes a picture.
func SavePNG(path string, picture image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, picture); err != nil {
		f.Close()
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return f.Close()
}

// Differing counts the pixels in which two pictures differ; all, when their
// sizes do.
func Differing(a, b *image.RGBA) int {
	if a.Rect != b.Rect {
		return len(a.Pix) / 4
	}
	n := 0
	for i := 0; i < len(a.Pix); i += 4 {
		if a.Pix[i] != b.Pix[i] || a.Pix[i+1] != b.Pix[i+1] || a.Pix[i+2] != b.Pix[i+2] {
			n++
		}
	}
	return n
}

func (d *Desktop) atom(name string) (xproto.Atom, error) {
	reply, err := xproto.InternAtom(d.x, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, fmt.Errorf("asking for the atom %s: %w", name, err)
	}
	return reply.Atom, nil
}

// property reads a property of 32-bit numbers; none when it is not there.
func (d *Desktop) property(w xproto.Window, name string, kind xproto.Atom) ([]uint32, error) {
	atom, err := d.atom(name)
	if err != nil {
		return nil, err
	}
	reply, err := xproto.GetProperty(d.x, false, w, atom, kind, 0, 1024).Reply()
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	var numbers []uint32
	if reply.Format == 32 {
		for i := 0; i+4 <= len(reply.Value); i += 4 {
			numbers = append(numbers, xgb.Get32(reply.Value[i:]))
		}
	}
	return numbers, nil
}
