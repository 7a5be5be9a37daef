// Package program runs Plenary, or any program built with the tag e2e, on a
// desktop, and works it as a person does: look where a widget is, move the
// mouse there, click, type. Start reading at Start and Click.
package program

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"plenary/e2e/await"
	"plenary/e2e/desktop"
	"plenary/e2e/holds"
)

// Limit is how long a person would wait for the program to show something
// that needs no network, generously: tests run on two busy cores.
const Limit = 20 * time.Second

// steady is how many looks in a row, a frame or more apart, must see the same.
const steady = 4

// Program is a running program.
type Program struct {
	desk   *desktop.Desktop
	child  *desktop.Child
	window desktop.Window
	where  string // file with the address at which it answers (package where)
	conn   net.Conn
	reader *bufio.Reader
}

// Start runs a binary on a desktop and waits for its window.
func Start(desk *desktop.Desktop, name, binary string, args ...string) (*Program, error) {
	return Run(desk, name, desk.Command(name, binary, args...))
}

// Run runs a command on a desktop, its output appended to NAME.log, and waits
// for the window of its process.
func Run(desk *desktop.Desktop, name string, cmd *exec.Cmd) (*Program, error) {
	folder, err := os.MkdirTemp("", "e2e")
	if err != nil {
		return nil, err
	}
	p := &Program{desk: desk, where: filepath.Join(folder, "where")}
	cmd.Env = append(cmd.Env, "PLENARY_E2E_WHERE="+p.where)
	if file := os.Getenv(holds.File); file != "" {
		cmd.Env = append(cmd.Env, holds.File+"="+file)
	}
	if p.child, err = desk.Run(name, cmd); err != nil {
		return nil, err
	}
	err = await.Until(Limit, "the window of "+name, func() (bool, error) {
		select {
		case <-p.child.Ended():
			return false, fmt.Errorf("it has ended, see %s", desk.Log(name))
		default:
		}
		if _, err := os.Stat(p.where); err != nil {
			return false, nil // it has not got so far yet
		}
		windows, err := desk.Windows()
		for _, w := range windows {
			if w.Pid == p.child.Pid() {
				p.window = w
				return true, nil
			}
		}
		return false, err
	})
	if err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// Pid is the process's id.
func (p *Program) Pid() int { return p.child.Pid() }

// Window is the program's first window.
func (p *Program) Window() desktop.Window { return p.window }

// Where gives the rectangle of the screen in which a widget can be seen; ok is
// false when it cannot.
func (p *Program) Where(id string) (r image.Rectangle, ok bool, err error) {
	line, err := p.ask("where " + id)
	if err != nil || line == "absent" {
		return r, false, err
	}
	var x, y, width, height int
	if _, err := fmt.Sscanf(line, "%d %d %d %d", &x, &y, &width, &height); err != nil {
		return r, false, fmt.Errorf("the program says %q: %w", line, err)
	}
	return image.Rect(x, y, x+width, y+height), true, nil
}

// ask asks the program a question (package where).
func (p *Program) ask(question string) (line string, err error) {
	if p.conn == nil {
		address, err := os.ReadFile(p.where)
		if err == nil {
			p.conn, err = net.Dial("tcp", string(address))
		}
		if err != nil {
			return "", fmt.Errorf("asking the program %q: %w", question, err)
		}
		p.reader = bufio.NewReader(p.conn)
	}
	if err := p.conn.SetDeadline(time.Now().Add(Limit)); err != nil {
		return "", err
	}
	if _, err := fmt.Fprintln(p.conn, question); err != nil {
		return "", fmt.Errorf("asking the program %q: %w", question, err)
	}
	if line, err = p.reader.ReadString('\n'); err != nil {
		return "", fmt.Errorf("asking the program %q: %w", question, err)
	}
	return strings.TrimSuffix(line, "\n"), nil
}

// Read gives what can be read on a widget, once it can be seen.
func (p *Program) Read(id string) (string, error) {
	if _, err := p.Wait(id); err != nil {
		return "", err
	}
	return p.Text(id)
}

// Text gives what can be read on a widget now; "absent" where it cannot be seen.
func (p *Program) Text(id string) (string, error) { return p.ask("text " + id) }

// Wait waits until a widget can be seen.
func (p *Program) Wait(id string) (image.Rectangle, error) {
	return p.WaitFor(Limit, id)
}

// WaitFor waits, for so long at most, until a widget can be seen and keeps its
// place: what was typed before may still move it.
func (p *Program) WaitFor(limit time.Duration, id string) (image.Rectangle, error) {
	var last image.Rectangle
	same := 0
	err := await.Until(limit, "the widget "+id, func() (bool, error) {
		r, ok, err := p.Where(id)
		if err != nil || !ok {
			same = 0
			return false, err
		}
		if r == last {
			same++
		} else {
			same = 0
		}
		last = r
		return same >= steady, nil
	})
	return last, err
}

// Gone waits until a widget can no longer be seen.
func (p *Program) Gone(id string) error {
	return await.Until(Limit, "the end of the widget "+id, func() (bool, error) {
		_, ok, err := p.Where(id)
		return !ok, err
	})
}

// Reveal turns the mouse wheel in the middle of the window until a widget can be
// seen, as a person looks for something further down or up the page.
func (p *Program) Reveal(id string) (image.Rectangle, error) {
	bounds, err := p.desk.Bounds(p.window)
	if err != nil {
		return image.Rectangle{}, err
	}
	return p.revealAt(centre(bounds), id)
}

// RevealOver is Reveal with the mouse over another widget: for what scrolls beside
// the middle of the window.
func (p *Program) RevealOver(over, id string) (image.Rectangle, error) {
	r, err := p.Wait(over)
	if err != nil {
		return r, err
	}
	return p.revealAt(centre(r), id)
}

func (p *Program) revealAt(mouse image.Point, id string) (image.Rectangle, error) {
	notches, turns := 2, 0
	var seen image.Rectangle
	err := await.Until(Limit, "scrolling to the widget "+id, func() (bool, error) {
		r, ok, err := p.Where(id)
		seen = r
		if err != nil || ok && r.Dy() >= 12 {
			return ok, err
		}
		if turns++; turns%60 == 0 { // to the end and not met: look in the other direction
			notches = -notches
		}
		return false, p.desk.Wheel(mouse, notches)
	})
	if err != nil {
		return seen, err
	}
	return p.Wait(id)
}

// Click clicks on a widget once it can be seen and takes clicks.
func (p *Program) Click(id string) error {
	r, err := p.Wait(id)
	if err != nil {
		return err
	}
	if err := await.Until(Limit, "the time when "+id+" takes clicks", func() (bool, error) {
		reply, err := p.ask("enabled " + id)
		return reply != "no", err
	}); err != nil {
		return err
	}
	return p.desk.Click(centre(r))
}

// Fill clicks on an entry and replaces what is in it.
func (p *Program) Fill(id, text string) error {
	if err := p.Click(id); err != nil {
		return err
	}
	if err := p.desk.Press("Ctrl+a"); err != nil {
		return err
	}
	if text == "" {
		return p.desk.Press("BackSpace")
	}
	return p.desk.Type(text)
}

// Picture is what the program's window shows.
func (p *Program) Picture() (*image.RGBA, error) {
	bounds, err := p.desk.Bounds(p.window)
	if err != nil {
		return nil, err
	}
	return p.desk.Picture(bounds)
}

// Settled gives the picture of the window once it has stopped changing.
func (p *Program) Settled() (*image.RGBA, error) {
	return desktop.AtRest(Limit, p.Picture)
}

// Close closes the window as its close button does, and waits for the end of
// the program.
func (p *Program) Close() error {
	if err := p.desk.CloseWindow(p.window); err != nil {
		return err
	}
	if _, err := p.Status(); err != nil {
		return fmt.Errorf("after its window was closed: %w", err)
	}
	return nil
}

// Signal asks the program to end by a signal, as the end of a session does.
func (p *Program) Signal(s syscall.Signal) error {
	if err := p.child.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if _, err := p.Status(); err != nil {
		return fmt.Errorf("after %v: %w", s, err)
	}
	return nil
}

// LoseDisplay takes the display from the program, as the end of a session on X does.
func (p *Program) LoseDisplay() error {
	if err := p.desk.CutOff(p.window); err != nil {
		return err
	}
	if _, err := p.Status(); err != nil {
		return fmt.Errorf("after it has lost its display: %w", err)
	}
	return nil
}

// Kill ends the program at once, as kill -9 or a power cut does.
func (p *Program) Kill() {
	p.child.Kill()
	p.forget()
}

// Status waits for the end of the program, which something else brings about,
// and gives its exit status.
func (p *Program) Status() (int, error) {
	defer p.forget()
	return p.child.Wait(Limit)
}

func (p *Program) forget() {
	if p.conn != nil {
		p.conn.Close()
		p.conn = nil
	}
}

func centre(r image.Rectangle) image.Point {
	return image.Pt((r.Min.X+r.Max.X)/2, (r.Min.Y+r.Max.Y)/2)
}
