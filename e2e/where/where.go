// Package where lets a test ask the running program where on the screen a
// widget is, so that a real mouse can go there, and what can be read on it, and
// tells nothing more. It is part of builds with the tag e2e only (main_e2e.go).
//
// It listens on a port of loopback. Each line "where ID" is answered by a line with
// the rectangle that can be seen of the widget whose WidgetID is ID, in pixels
// of the screen: "x y width height", or by "absent" when no such widget is there,
// it is hidden, scrolled out of view, or covered by a dialog. Each line "text ID"
// is answered by what stands on that widget, in one line, or by "absent"; each line
// "enabled ID" by "no" where the widget takes no clicks at present, else by "yes" or "absent".
package where

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// Named is what a widget that tests can find implements. Ids are made of
// lower-case words with dots between, such as login.submit.
type Named interface {
	WidgetID() string
}

// Serve answers until the process ends. It writes the address at which it
// listens into the file at path, which is not there before it is whole, and
// returns; or gives the reason why it cannot.
func Serve(a fyne.App, path string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0") // Wine has no unix sockets
	if err != nil {
		return fmt.Errorf("listening for questions about widgets: %w", err)
	}
	if err := os.WriteFile(path+".new", []byte(listener.Addr().String()), 0o600); err != nil {
		return fmt.Errorf("saying where questions about widgets go: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("saying where questions about widgets go: %w", err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(a, conn)
		}
	}()
	return nil
}

func answer(a fyne.App, conn net.Conn) {
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		reply := "absent"
		if id, ok := strings.CutPrefix(lines.Text(), "where "); ok {
			fyne.DoAndWait(func() { reply = locate(a, id) })
		} else if id, ok := strings.CutPrefix(lines.Text(), "text "); ok {
			fyne.DoAndWait(func() { reply = read(a, id) })
		} else if id, ok := strings.CutPrefix(lines.Text(), "enabled "); ok {
			fyne.DoAndWait(func() { reply = enabled(a, id) })
		}
		if _, err := fmt.Fprintln(conn, reply); err != nil {
			return // the test has gone
		}
	}
}

func read(a fyne.App, id string) string {
	for _, w := range a.Driver().AllWindows() {
		if o, _, ok := find(w.Canvas(), id); ok {
			return strings.ReplaceAll(strings.Join(texts(o), " "), "\n", " ")
		}
	}
	return "absent"
}

func enabled(a fyne.App, id string) string {
	for _, w := range a.Driver().AllWindows() {
		o, _, ok := find(w.Canvas(), id)
		if !ok {
			continue
		}
		if d, ok := o.(fyne.Disableable); ok && d.Disabled() {
			return "no"
		}
		return "yes"
	}
	return "absent"
}

func locate(a fyne.App, id string) string {
	for _, w := range a.Driver().AllWindows() {
		_, r, ok := find(w.Canvas(), id)
		if !ok {
			continue
		}
		origin, err := originOf(w)
		if err != nil {
			return "absent"
		}
		r = r.Add(origin)
		return fmt.Sprintf("%d %d %d %d", r.Min.X, r.Min.Y, r.Dx(), r.Dy())
	}
	return "absent"
}

// handleOf is the system's handle of a window, of which originOf asks the system.
func handleOf(w fyne.Window) (uintptr, error) {
	var handle uintptr
	if native, ok := w.(driver.NativeWindow); ok {
		native.RunNative(func(context any) {
			switch c := context.(type) {
			case driver.X11WindowContext:
				handle = c.WindowHandle
			case driver.WindowsWindowContext:
				handle = c.HWND
			}
		})
	}
	if handle == 0 {
		return 0, errors.New("not a window of X or Windows")
	}
	return handle, nil
}
