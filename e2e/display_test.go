//go:build e2e

package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"plenary/app"
	"plenary/e2e/desktop"
	"plenary/e2e/program"
	"plenary/words"
)

// TestPlenary_saysInOneSentenceWhyThereIsNoWindow: on standard error, in the
// system's language, with the exit status 1; the data folder is free, and
// nothing else is said.
func TestPlenary_saysInOneSentenceWhyThereIsNoWindow(t *testing.T) {
	t.Parallel()
	bare, err := desktop.StartWithoutOpenGL(t.TempDir(), 1024, 768)
	must(t, err)
	t.Cleanup(bare.Close)
	noGL := bare.Command("bare", "true").Env
	none := slices.DeleteFunc(slices.Clone(noGL), func(e string) bool { return strings.HasPrefix(e, "DISPLAY=") })
	for _, c := range []struct {
		name string
		env  []string
		key  string
	}{
		{"no display", none, "display.none"},
		{"a display that leads nowhere", append(slices.Clone(none), "DISPLAY=:64999"), "display.none"},
		{"no OpenGL", noGL, "display.opengl-linux"},
	} {
		for _, language := range []string{"en", "fr"} {
			t.Run(c.name+"/"+language, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "data")
				cmd := exec.Command(binary(t, "e2e/plenary"), "--data", dir)
				// No program for dialogs is found in this PATH.
				cmd.Env = append(slices.Clone(c.env), "LC_ALL="+language+".UTF-8", "PATH=")
				var out, said bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &said
				cmd.WaitDelay = program.Limit
				must(t, cmd.Start())
				timer := time.AfterFunc(program.Limit, func() { _ = cmd.Process.Kill() })
				defer timer.Stop()
				var exit *exec.ExitError
				if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
					t.Errorf("it ended with %v, want the status 1", err)
				}
				if want := words.For(language).T(c.key) + "\n"; said.String() != want || out.Len() > 0 {
					t.Errorf("it says %q and %q, want only %q", said.String(), out.String(), want)
				}
				free(t, dir)
			})
		}
	}
}

// TestPlenary_endsWithItsDisplay: at once, with the status 1, and nothing stays
// locked.
func TestPlenary_endsWithItsDisplay(t *testing.T) {
	t.Parallel()
	desk := startDesktop(t)
	dir := filepath.Join(t.TempDir(), "data")
	p, err := program.Start(desk, "plenary", binary(t, "e2e/plenary"), "--data", dir)
	must(t, err)
	if _, err := p.Wait("firststart.address"); err != nil {
		t.Fatal(err)
	}
	desk.BreakDisplay()
	status, err := p.Status()
	must(t, err)
	if status != 1 {
		t.Errorf("it ended with the status %d, want 1", status)
	}
	free(t, dir)
	if log, err := os.ReadFile(desk.Log("plenary")); err != nil || bytes.Contains(log, []byte("goroutine")) {
		t.Errorf("it says %s (%v)", log, err)
	}
}

// free is that no Plenary works in a data folder.
func free(t *testing.T, dir string) {
	t.Helper()
	instance, err := app.AcquireInstance(dir, app.MessageRaise, func(string) bool { return true })
	if err != nil {
		t.Errorf("the data folder is not free: %v", err)
		return
	}
	must(t, instance.Close())
}

// TestWindow_liesWithinTheWorkArea: the first window, with its title and
// borders, is above the task bar, also where those are larger than openbox's,
// and where the window manager does not see to it as openbox does.
func TestWindow_liesWithinTheWorkArea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width, height, panel, title int
		scale                       string
	}{
		{1366, 768, 40, 40, "1"},
		{1280, 720, 48, 40, "1"},
		{1920, 1080, 60, 60, "1.5"},
	} {
		name := fmt.Sprintf("%dx%d at %s", c.width, c.height, c.scale)
		t.Run(name, func(t *testing.T) {
			desk, err := desktop.Start(t.TempDir(), c.width, c.height)
			must(t, err)
			t.Cleanup(desk.Close)
			must(t, desk.Panel(c.panel))
			desk.Setenv("FYNE_SCALE", c.scale)
			p, err := program.Start(desk, "plenary", binary(t, "e2e/plenary"), "--demo")
			must(t, err)
			if _, err := p.Wait("login.submit"); err != nil {
				t.Fatal(err)
			}
			frame, err := desk.Frame(p.Window())
			must(t, err)
			bounds, err := desk.Bounds(p.Window())
			must(t, err)
			if area := image.Rect(0, 0, c.width, c.height-c.panel); !frame.In(area) || bounds.Dy() > area.Dy()-c.title {
				t.Errorf("the window is at %v, its content at %v: too large for %v", frame, bounds, area)
			}
			whole, err := desk.Picture(image.Rect(0, 0, c.width, c.height))
			must(t, err)
			must(t, desktop.SavePNG(filepath.Join(pictures(t), "workarea-"+strings.ReplaceAll(name, " ", "-")+".png"), whole))
			must(t, p.Close())
		})
	}
}
