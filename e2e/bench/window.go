//go:build e2e

package main

import (
	"fmt"
	"image"
	"image/color"
	"os/exec"
	"path/filepath"
	"time"

	"plenary/e2e/desktop"
)

const (
	starts     = 10
	warmUps    = 2
	startLimit = 20 * time.Second
	// The display is small, so that looking at it costs little.
	displayWidth  = 1280
	displayHeight = 800
)

// firstFrame measures from exec to the first drawn pixels: of the log-in
// screen's primary button, and of a bare Fyne window's label; warm, in turn.
func firstFrame(b *bench) ([]float64, error) {
	demo, err := b.service()
	if err != nil {
		return nil, err
	}
	desk, err := desktop.Start(filepath.Join(b.work, "first-frame"), displayWidth, displayHeight)
	if err != nil {
		return nil, err
	}
	defer desk.Close()
	data := filepath.Join(b.work, "first-frame", "data")
	return b.againstBare(desk, "--data", data, "--service", demo.Address)
}

// againstBare starts Plenary with some arguments and the bare window in turn, warm, and gives
// the ratio of the times from exec to the primary button of the one and the label of the other.
func (b *bench) againstBare(desk *desktop.Desktop, args ...string) ([]float64, error) {
	bare := sight{wanted: isLabel, least: 2}
	plenary := sight{wanted: isPrimary, least: seenFrom}
	var ours, theirs []time.Duration
	for i := range starts + warmUps {
		h, err := bare.time(desk, b.binary("e2e/hello"))
		if err != nil {
			return nil, fmt.Errorf("the bare window: %w", err)
		}
		p, err := plenary.time(desk, b.binary("plenary"), args...)
		if err != nil {
			return nil, fmt.Errorf("the window of Plenary: %w", err)
		}
		if i >= warmUps {
			ours, theirs = append(ours, p), append(theirs, h)
		}
	}
	fmt.Printf("  Plenary %v, bare window %v\n", median(ours), median(theirs))
	return []float64{float64(median(ours)) / float64(median(theirs))}, nil
}

// seenFrom is how many pixels in a row are seen as what is looked for: only the button has so
// many of its colour, which strokes of the logo have too.
const seenFrom = 150

// isPrimary tells the primary button's colours, light and dark, of screens/parts.
func isPrimary(c color.RGBA) bool {
	return near(c, 0x0a, 0x5c, 0xad) || near(c, 0x6d, 0xb3, 0xff)
}

// isLabel tells the text of Fyne's own themes from their backgrounds, light and dark.
func isLabel(c color.RGBA) bool {
	return near(c, 0xf3, 0xf3, 0xf3) || near(c, 0x56, 0x56, 0x56)
}

func near(c color.RGBA, r, g, b int) bool {
	const tolerance = 6
	return abs(int(c.R)-r) <= tolerance && abs(int(c.G)-g) <= tolerance && abs(int(c.B)-b) <= tolerance
}

func abs(n int) int { return max(n, -n) }

// breath leaves the cores to the program between two looks.
const breath = 2 * time.Millisecond

// sight is what is looked for in a program's window: pixels of a kind, so many in one line.
type sight struct {
	wanted func(color.RGBA) bool
	least  int

	// Where it was seen first, from the window's top: it is looked for there alone from then
	// on. To look at all of a large window takes the display, which is to draw it, some 10 ms.
	found bool
	line  int
}

// time runs a program until it is seen, and gives the time from exec to then.
func (s *sight) time(desk *desktop.Desktop, binary string, args ...string) (time.Duration, error) {
	cmd := desk.Command("", binary, args...)
	start := time.Now()
	child, err := desk.Run(filepath.Base(binary), cmd)
	if err != nil {
		return 0, err
	}
	defer child.Kill()
	for time.Since(start) < startLimit {
		select {
		case <-child.Ended():
			return 0, fmt.Errorf("%s has ended, see %s", binary, desk.Log(filepath.Base(binary)))
		default:
		}
		seen, err := s.seen(desk, child.Pid())
		if err != nil {
			return 0, err
		}
		if seen {
			return time.Since(start), end(desk, child)
		}
		time.Sleep(breath)
	}
	return 0, fmt.Errorf("%s showed nothing for %v", exec.Command(binary).Path, startLimit)
}

// end closes a program's window, so that the next start finds all in order.
func end(desk *desktop.Desktop, child *desktop.Child) error {
	windows, err := desk.Windows()
	if err != nil {
		return err
	}
	for _, w := range windows {
		if w.Pid == child.Pid() {
			if err := desk.CloseWindow(w); err != nil {
				return err
			}
		}
	}
	_, err = child.Wait(startLimit)
	return err
}

// seen looks at a process's window: at every fourth line, until it is known which.
func (s *sight) seen(desk *desktop.Desktop, pid int) (bool, error) {
	windows, err := desk.Windows()
	if err != nil {
		return false, err
	}
	for _, w := range windows {
		if w.Pid != pid {
			continue
		}
		bounds, err := desk.Bounds(w)
		if err != nil {
			return false, nil // it is being resized or mapped: look again
		}
		from, to := 0, bounds.Dy()
		if s.found {
			from, to = s.line, s.line+1
		}
		for y := from; y < to; y += 4 {
			top := bounds.Min.Y + y
			stripe, err := desk.Picture(image.Rect(bounds.Min.X, top, bounds.Max.X, top+1))
			if err != nil {
				return false, nil
			}
			n := 0
			for x := range stripe.Rect.Dx() {
				if s.wanted(stripe.RGBAAt(x, 0)) {
					n++
				}
			}
			if n >= s.least {
				s.found, s.line = true, y
				return true, nil
			}
		}
	}
	return false, nil
}
