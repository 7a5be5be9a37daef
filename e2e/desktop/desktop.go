// Package desktop is a person's desktop for one test: a virtual display with a
// window manager, a session bus with a real keyring, a home of its own, and a
// mouse and a keyboard that programs cannot tell from real ones (X's XTEST
// extension).
//
// Start one with Start and run programs in it with Command; everything ends
// with Close.
package desktop

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// Desktop is a running desktop. Its input methods are for one goroutine.
type Desktop struct {
	Home string // the home folder, empty but for what programs put there

	dir      string
	env      []string
	bus      string // address of the session bus
	children []*Child
	xvfb     *Child
	x        *xgb.Conn
	screen   *xproto.ScreenInfo
	keys     keyboard
	clicked  time.Time // when the last click ended
}

// Start brings a desktop of width x height pixels up. Everything that it and
// the programs in it write goes below dir: home/ and the logs.
func Start(dir string, width, height int) (*Desktop, error) {
	return start(dir, width, height, "+extension")
}

// StartWithoutOpenGL is Start with a display on which nothing can be drawn by
// OpenGL, as in many remote sessions.
func StartWithoutOpenGL(dir string, width, height int) (*Desktop, error) {
	return start(dir, width, height, "-extension")
}

func start(dir string, width, height int, glx string) (*Desktop, error) {
	d := &Desktop{Home: filepath.Join(dir, "home"), dir: dir}
	if err := d.start(width, height, glx); err != nil {
		d.Close()
		return nil, fmt.Errorf("starting a virtual desktop: %w", err)
	}
	return d, nil
}

func init() {
	xgb.Logger.SetOutput(io.Discard) // it tells of a missing .Xauthority, which Xvfb needs none of
}

func (d *Desktop) start(width, height int, glx string) error {
	runtime := filepath.Join(d.dir, "run")
	for _, folder := range []string{d.Home, runtime} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
	}
	d.env = append(withoutSession(os.Environ()),
		"HOME="+d.Home,
		"XDG_RUNTIME_DIR="+runtime,
		"LANG=C.UTF-8",
		"LIBGL_ALWAYS_SOFTWARE=1",
		// Programs that look for accessibility or portals would wait for them here.
		"NO_AT_BRIDGE=1",
		"GTK_USE_PORTAL=0",
		"FYNE_THEME=light", // what the portal of a whole desktop would say
	)
	display, err := d.startDisplay(width, height, glx)
	if err != nil {
		return err
	}
	d.env = append(d.env, "DISPLAY="+display)
	if d.x, err = xgb.NewConnDisplay(display); err != nil {
		return fmt.Errorf("connecting to the display: %w", err)
	}
	d.screen = xproto.Setup(d.x).DefaultScreen(d.x)
	if err := xtest.Init(d.x); err != nil {
		return fmt.Errorf("asking for XTEST: %w", err)
	}
	if d.keys, err = newKeyboard(d.x); err != nil {
		return err
	}
	if d.bus, err = d.startSession(); err != nil {
		return err
	}
	d.env = append(d.env, "DBUS_SESSION_BUS_ADDRESS="+d.bus)
	return d.startWindowManager()
}

// Command prepares a program to run on the desktop, its output appended to
// NAME.log. Start it with Run.
func (d *Desktop) Command(name, path string, args ...string) *exec.Cmd {
	cmd := exec.Command(path, args...)
	cmd.Env = append([]string(nil), d.env...)
	cmd.Dir = d.Home
	return cmd
}

// Setenv sets an environment variable for the programs that are prepared after.
func (d *Desktop) Setenv(name, value string) { d.env = append(d.env, name+"="+value) }

// Log is where the output of a program started under this name goes.
func (d *Desktop) Log(name string) string {
	return filepath.Join(d.dir, name+".log")
}

// Run starts a command, its output appended to the log of that name. The
// desktop ends it with Close when nobody has before.
func (d *Desktop) Run(name string, cmd *exec.Cmd) (*Child, error) {
	child, err := startChild(cmd, d.Log(name))
	if err != nil {
		return nil, err
	}
	d.children = append(d.children, child)
	return child, nil
}

// BreakDisplay ends the display at once, as a crash of the X server does.
func (d *Desktop) BreakDisplay() { d.xvfb.Kill() }

// Close ends everything that runs on the desktop, the youngest first.
func (d *Desktop) Close() {
	if d.x != nil {
		d.x.Close()
	}
	for i := len(d.children) - 1; i >= 0; i-- {
		d.children[i].Kill()
	}
}
