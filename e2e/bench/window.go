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
	hello := func() (time.Duration, error) {
		return timeToPixels(desk, isLabel, 2, b.binary("e2e/hello"))
	}
	plenary := func() (time.Duration, error) {
		return timeToPixels(desk, isPrimary, seenFrom, b.binary("plenary"), "--data", data, "--service", demo.Address)
	}
	var ours, theirs []time.Duration
	for i := range starts + 2 { // two to warm up
		h, err := hello()
		if err != nil {
			return nil, fmt.Errorf("the bare window: %w", err)
		}
		p, err := plenary()
		if err != nil {
			return nil, fmt.Errorf("the window of Plenary: %w", err)
		}
		if i >= 2 {
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

// timeToPixels runs a program until its window has some pixels of a kind in one line, and
// gives the time from exec to then.
func timeToPixels(desk *desktop.Desktop, wanted func(color.RGBA) bool, least int, binary string, args ...string) (time.Duration, error) {
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
		seen, err := sees(desk, child.Pid(), wanted, least)
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

// sees looks at every fourth line of the process's window.
func sees(desk *desktop.Desktop, pid int, wanted func(color.RGBA) bool, least int) (bool, error) {
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
		for y := bounds.Min.Y; y < bounds.Max.Y; y += 4 {
			stripe, err := desk.Picture(image.Rect(bounds.Min.X, y, bounds.Max.X, y+1))
			if err != nil {
				return false, nil
			}
			n := 0
			for x := range stripe.Rect.Dx() {
				if wanted(stripe.RGBAAt(x, 0)) {
					n++
				}
			}
			if n >= least {
				return true, nil
			}
		}
	}
	return false, nil
}
