package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
	"fyne.io/fyne/v2/lang"
	"github.com/go-gl/glfw/v3.4/glfw"

	"plenary/platform/display"
	"plenary/words"
)

// errNoDisplay: there is no display, or nobody answers there.
var errNoDisplay = errors.New("there is no display")

// show shows the window. Fyne writes a line about a window that could not be
// made, and goes on without one, for ever.
func show(w fyne.Window) error {
	w.Show()
	made := false
	w.(driver.NativeWindow).RunNative(func(context any) {
		switch c := context.(type) {
		case driver.X11WindowContext:
			made = c.WindowHandle != 0
		case driver.WindowsWindowContext:
			made = c.HWND != 0
		case driver.MacWindowContext:
			made = c.NSWindow != 0
		default: // Wayland, whose Fyne ends the program itself
			made = true
		}
	})
	if !made {
		return display.ErrNoOpenGL
	}
	return nil
}

// displayed says whether there is a display, once Fyne has made its first window
// and so looked for one itself.
func displayed() error {
	if err := glfw.Init(); err != nil { // does nothing where Fyne's call has worked
		return fmt.Errorf("%w: %w", errNoDisplay, err)
	}
	return nil
}

// systemWords speak the system's language.
func systemWords() *words.Words { return words.For(lang.SystemLocale().LanguageString()) }

// noWindow writes into the log why there can be no window, and gives it back.
func (p *program) noWindow(err error) error {
	p.log.Error("there can be no window", "error", err) // about drivers, and the display's name
	return err
}

// sayNoWindow tells the person, in words, that there can be no window.
func sayNoWindow(w *words.Words, err error) {
	key := "display.none"
	if errors.Is(err, display.ErrNoOpenGL) {
		key = "display.opengl"
		if runtime.GOOS == "linux" {
			key = "display.opengl-linux"
		}
	}
	display.Say("Plenary", w.T(key))
}

// drawBySoftware starts the program that draws without a graphics driver in
// place of this one, with the same arguments, if it is installed.
func drawBySoftware() bool {
	program := display.Software()
	return program != "" && exec.Command(program, os.Args[1:]...).Start() == nil
}

// fitScreen gives what makes a window's size fit the screen that it will be on:
// nothing of it lies under the task bar.
func fitScreen(a fyne.App) func(fyne.Size) fyne.Size {
	return func(size fyne.Size) fyne.Size {
		monitor := glfw.GetPrimaryMonitor()
		if monitor == nil {
			return size
		}
		mode := monitor.GetVideoMode()
		if mode == nil { // unplugged at this moment
			return size
		}
		screen, work := display.Area{Width: mode.Width, Height: mode.Height}, display.Area{}
		screen.X, screen.Y = monitor.GetPos()
		work.X, work.Y, work.Width, work.Height = monitor.GetWorkarea()
		width, height := display.Fit(size.Width, size.Height, screen, work, scale(a, monitor, mode), centred)
		return fyne.NewSize(width, height)
	}
}

// centred: Windows would put a window of a given size somewhere from the top
// left on, whether it fits there or not; other systems look where there is room.
const centred = runtime.GOOS == "windows"

// scale is how many units of the screen Fyne will take for one of its own, by
// the rules of its GLFW driver (calculateScale), which does not say so before
// the window is there.
func scale(a fyne.App, monitor *glfw.Monitor, mode *glfw.VidMode) float32 {
	system := float32(1) // macOS scales by itself
	switch runtime.GOOS {
	case "windows":
		system, _ = monitor.GetContentScale()
	case "darwin":
	default:
		if millimetres, _ := monitor.GetPhysicalSize(); millimetres > 0 {
			if dpi := float32(mode.Width) / (float32(millimetres) / 25.4); dpi >= 10 && dpi <= 1000 {
				system = max(1, dpi/120)
			}
		}
	}
	return system * userScale(a)
}

// userScale is the size that the person has chosen in Fyne's settings, or for
// this start.
func userScale(a fyne.App) float32 {
	env := os.Getenv("FYNE_SCALE")
	if chosen, err := strconv.ParseFloat(env, 32); err == nil && chosen > 0 {
		return float32(chosen)
	}
	if chosen := a.Settings().Scale(); env != "auto" && chosen > 0 {
		return chosen
	}
	return 1
}
