package display

// Area is a rectangle of the screen, in the units of its coordinates.
type Area struct{ X, Y, Width, Height int }

// Room for what the window manager draws around a window, at scale 1: 40 for
// the title (Windows 31, GNOME 37, macOS 28), 8 for the borders at both sides.
const (
	titleHeight = 40
	borderWidth = 8
)

// Fit makes a size of a window's content, in units of scale pixels, fit the
// work area of a screen, which is the screen without task bar and panels. A
// size that fits already is not changed, nor is anything if the screen says
// nothing of itself.
//
// Where centred, the window goes to the middle of the screen and not of the
// work area, so what one edge needs is kept free at the opposite one too.
func Fit(width, height float32, screen, work Area, scale float32, centred bool) (w, h float32) {
	if screen.Width <= 0 || screen.Height <= 0 || work.Width <= 0 || work.Height <= 0 || scale <= 0 {
		return width, height
	}
	title, border := titleHeight*scale, borderWidth*scale
	w, h = float32(work.Width)-2*border, float32(work.Height)-title-border
	if centred {
		left, top := float32(work.X-screen.X), float32(work.Y-screen.Y)
		right := float32(screen.Width-work.Width) - left
		bottom := float32(screen.Height-work.Height) - top
		w = float32(screen.Width) - 2*(max(left, right)+border)
		h = float32(screen.Height) - 2*max(top+title, bottom+border)
	}
	return min(width, w/scale), min(height, h/scale)
}
