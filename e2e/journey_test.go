//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"plenary/e2e/await"
	"plenary/e2e/browser"
	"plenary/e2e/desktop"
	"plenary/e2e/mailserver"
	"plenary/e2e/program"
	"plenary/e2e/service"
)

// journey is everything a person has to do with: a desktop with Plenary on it,
// a browser, a mailbox, and the organization's service somewhere. Its methods
// give what a person does as functions, to be strung together with all.
type journey struct {
	t       *testing.T
	desk    *desktop.Desktop
	mails   *mailserver.Server
	service *service.Service
	web     *browser.Browser // started by openLink
	plenary *program.Program // the one that runs now
	// command starts Plenary, as its icon on the desktop or a link does.
	command func(name string, args ...string) *exec.Cmd
	data    string      // Plenary's data folder
	size    image.Point // of the window, as it was asked for; zero where it was not
	address string      // where Plenary finds the service; empty: it remembers, or asks
	webDir  string
}

// newJourney brings up all but Plenary. Logs are kept in build/e2e-logs/NAME.
func newJourney(t *testing.T) *journey {
	t.Helper()
	folder := t.TempDir()
	j := &journey{t: t, webDir: filepath.Join(folder, "browser")}
	t.Cleanup(func() { keepLogs(t, folder) })
	var err error
	j.mails, err = mailserver.Start()
	must(t, err)
	t.Cleanup(func() { j.mails.Close() })
	j.service, err = service.Start(binary(t, "plenaryd"), filepath.Join(folder, "service"), j.mails.Address())
	must(t, err)
	t.Cleanup(func() { j.service.Stop() })
	j.address = j.service.Address
	j.desk, err = desktop.Start(folder, displayWidth, displayHeight)
	must(t, err)
	t.Cleanup(j.desk.Close)
	j.data = filepath.Join(j.desk.Home, "plenary")
	j.command = func(name string, args ...string) *exec.Cmd {
		known := []string{"--data", j.data}
		if j.address != "" {
			known = append(known, "--service", j.address)
		}
		return j.desk.Command(name, binary(t, "e2e/plenary"), append(known, args...)...)
	}
	t.Cleanup(func() {
		if j.web != nil {
			j.web.Close()
		}
	})
	return j
}

// start starts Plenary, as its icon on the desktop does.
func (j *journey) start() error {
	var err error
	j.size = image.Point{}
	j.plenary, err = program.Run(j.desk, "plenary", j.command("plenary"))
	return err
}

// startsAgain starts Plenary once more while it runs, as a second click on its
// icon does, or a link, and waits until the second one has ended well.
func (j *journey) startsAgain(link ...string) func() error {
	return func() error {
		second, err := j.desk.Run("second", j.command("second", link...))
		if err != nil {
			return err
		}
		if status, err := second.Wait(program.Limit); err != nil {
			return fmt.Errorf("%w, see %s", err, j.desk.Log("second"))
		} else if status != 0 {
			return fmt.Errorf("the second Plenary ends with %d, see %s", status, j.desk.Log("second"))
		}
		return nil
	}
}

// inFront waits until the window is there to be seen and has the keyboard.
func (j *journey) inFront() error {
	return await.Until(program.Limit, "the window to come to the front", func() (bool, error) {
		return j.desk.InFront(j.plenary.Window())
	})
}

// minimized minimizes Plenary's window.
func (j *journey) minimized() error { return j.desk.Minimize(j.plenary.Window()) }

// openLink opens a link of an e-mail in the browser.
func (j *journey) openLink(address string) error {
	if j.web == nil {
		var err error
		if j.web, err = browser.Start(j.webDir); err != nil {
			return err
		}
	}
	return j.web.Open(address)
}

// all does one thing after the other until one fails.
func all(things ...func() error) func() error {
	return func() error {
		for _, do := range things {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	}
}

func (j *journey) click(id string) func() error {
	return func() error { return j.plenary.Click(id) }
}

func (j *journey) fill(id, text string) func() error {
	return func() error { return j.plenary.Fill(id, text) }
}

func (j *journey) see(id string) func() error {
	return func() error { _, err := j.plenary.Wait(id); return err }
}

func (j *journey) gone(id string) func() error {
	return func() error { return j.plenary.Gone(id) }
}

// reach scrolls to a widget.
func (j *journey) reach(id string) func() error {
	return func() error { _, err := j.plenary.Reveal(id); return err }
}

// reachIn scrolls to a widget with the mouse over another one.
func (j *journey) reachIn(over, id string) func() error {
	return func() error { _, err := j.plenary.RevealOver(over, id); return err }
}

func (j *journey) press(keys string) func() error {
	return func() error { return j.desk.Press(keys) }
}

// resize gives the window a size once it is at rest: at a change of theme or text size Fyne
// asks for the size that it knows, which undoes one that it has not heard of yet.
func (j *journey) resize(width, height int) func() error {
	return func() error {
		if _, err := j.plenary.Settled(); err != nil {
			return err
		}
		j.size = image.Pt(width, height)
		if err := j.desk.Resize(j.plenary.Window(), width, height); err != nil {
			return err
		}
		return await.Until(program.Limit, "the window's new size", func() (bool, error) {
			bounds, err := j.desk.Bounds(j.plenary.Window())
			return bounds.Size() == j.size, err
		})
	}
}

// pick types into a choice and clicks on the first thing found.
func (j *journey) pick(id, text string) func() error {
	return all(j.reach(id+".entry"), j.fill(id+".entry", text), j.reach(id+".row0"), j.click(id+".row0"), j.gone(id+".row0"))
}

// window takes a picture of Plenary's window once it is at rest, and whole: on a busy machine
// a window that has another size rests for a moment before it is drawn in it.
func (j *journey) window(path string) error {
	if j.plenary == nil {
		return errors.New("no program runs")
	}
	var picture *image.RGBA
	var fault error
	err := await.Until(program.Limit, "a whole window", func() (_ bool, err error) {
		if picture, err = j.plenary.Settled(); err == nil {
			fault = j.whole(picture)
		}
		return fault == nil, err
	})
	if picture != nil {
		err = errors.Join(desktop.SavePNG(path, picture), err, fault)
	}
	return err
}

// whole looks whether a picture has the size that was asked for, and at its foot the status
// bar, where there is one and no dialog lies over it. Of the bar it looks for the edge
// between it and the navigation above it: what the program has laid out need not be what
// the window shows.
func (j *journey) whole(picture *image.RGBA) error {
	size := picture.Bounds().Size()
	if j.size != (image.Point{}) && size != j.size {
		return fmt.Errorf("the window is %v in its picture, and was to be %v", size, j.size)
	}
	status, there, err := j.plenary.Where("status")
	if err != nil || !there {
		return err
	}
	window, err := j.desk.Bounds(j.plenary.Window())
	if err != nil {
		return err
	}
	status = status.Sub(window.Min)
	if status.Min.X > 2 || status.Max.X < size.X-2 || status.Max.Y < size.Y-2 || status.Max.Y > size.Y+2 {
		return fmt.Errorf("the status bar is at %v in a window of %v", status, size)
	}
	if above, on := picture.RGBAAt(2, status.Min.Y-3), picture.RGBAAt(2, status.Max.Y-3); above == on {
		return fmt.Errorf("the status bar cannot be seen at %v in the picture", status)
	}
	return nil
}

// page takes a picture of the browser's page.
func (j *journey) page(path string) error { return j.web.SavePNG(path) }

// keepLogs copies what the programs said out of the folder that ends with the
// test.
func keepLogs(t *testing.T, folder string) {
	logs, err := filepath.Glob(filepath.Join(folder, "*.log"))
	must(t, err)
	more, err := filepath.Glob(filepath.Join(folder, "service", "*.log"))
	must(t, err)
	to := filepath.Join(built, "e2e-logs", t.Name())
	must(t, os.MkdirAll(to, 0o755))
	for _, log := range append(logs, more...) {
		content, err := os.ReadFile(log)
		must(t, err)
		must(t, os.WriteFile(filepath.Join(to, filepath.Base(log)), content, 0o600))
	}
}
