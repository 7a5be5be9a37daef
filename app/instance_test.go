package app_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"plenary/app"
)

// The tests start this binary as another Plenary: with these it acquires the
// folder, says so, and prints the messages that it gets until its input ends.
const (
	instanceDir     = "PLENARY_TEST_INSTANCE_DIR"
	instanceMessage = "PLENARY_TEST_INSTANCE_MESSAGE"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(keyringDir); dir != "" {
		useKeyring(dir)
		os.Exit(0)
	}
	if dir := os.Getenv(instanceDir); dir != "" {
		i, err := app.AcquireInstance(dir, os.Getenv(instanceMessage), func(m string) bool {
			fmt.Println("message", m)
			return true
		})
		if err != nil {
			fmt.Println("error", err)
			if errors.Is(err, app.ErrAlreadyRunning) {
				os.Exit(3)
			}
			os.Exit(1)
		}
		fmt.Println("acquired")
		io.Copy(io.Discard, os.Stdin)
		i.Close()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process is another Plenary.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
	stdin io.Closer
}

func start(t *testing.T, dir, message string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{cmd: exec.Command(self)}
	p.cmd.Env = append(os.Environ(), instanceDir+"="+dir, instanceMessage+"="+message)
	stdin, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.stdin, p.lines = stdin, bufio.NewScanner(stdout)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.stdin.Close()
		p.cmd.Process.Kill()
		p.cmd.Wait()
	})
	return p
}

func (p *process) expect(t *testing.T, want string) {
	t.Helper()
	if !p.lines.Scan() || !strings.HasPrefix(p.lines.Text(), want) {
		t.Fatalf("the other process says %q, want %q", p.lines.Text(), want)
	}
}

func TestInstance_secondHandsItsMessageOverAndEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"raise":                         app.MessageRaise,
		"a link":                        "plenary://example.int/m/C-00016105?lang=fr",
		"in a folder with a long path":  app.MessageRaise,
		"in a folder with another name": app.MessageRaise,
	}
	for name, message := range tests {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			switch {
			case strings.Contains(name, "long"):
				dir = filepath.Join(dir, strings.Repeat("long", 30), strings.Repeat("path", 30))
			case strings.Contains(name, "another"):
				dir = filepath.Join(dir, "données de l’école")
			}
			first := start(t, dir, "")
			first.expect(t, "acquired")
			second := start(t, dir, message)
			first.expect(t, "message "+message)
			second.expect(t, "error")
			if err := second.cmd.Wait(); err == nil || second.cmd.ProcessState.ExitCode() != 3 {
				t.Errorf("the second one ended with %v", err)
			}
		})
	}
}

func TestInstance_isFreeAfterTheFirstEndsOrIsKilled(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*process){
		"ended":  func(p *process) { p.stdin.Close() },
		"killed": func(p *process) { p.cmd.Process.Kill() },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			first := start(t, dir, "")
			first.expect(t, "acquired")
			end(first)
			first.cmd.Wait()
			start(t, dir, "").expect(t, "acquired")
		})
	}
}

// listens is what the file "where" in dir says.
func listens(t *testing.T, dir string) (w struct{ Network, Address, Secret string }) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "instance.where"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &w); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestInstance_whatAKilledOneLeftIsNoObstacle(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30)) // a socket is elsewhere
	first := start(t, dir, "")
	first.expect(t, "acquired")
	first.cmd.Process.Kill()
	first.cmd.Wait()
	if left := listens(t, dir); left.Network == "unix" {
		t.Cleanup(func() { os.RemoveAll(filepath.Dir(left.Address)) })
		if _, err := os.Stat(left.Address); err != nil {
			t.Fatalf("nothing was left behind: %v", err)
		}
	}
	second := start(t, dir, "")
	second.expect(t, "acquired")
	third := start(t, dir, "plenary://example.int/m/C-00016105")
	second.expect(t, "message plenary://example.int/m/C-00016105")
	third.expect(t, "error")
}

func TestInstance_takesNothingWithoutTheSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	got := make(chan string, 8)
	first, err := app.AcquireInstance(dir, "", func(m string) bool { got <- m; return true })
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	at := listens(t, dir)
	for _, line := range []string{
		"raise\n", " raise\n", "\n", "wrong raise\n", at.Secret[1:] + " raise\n", at.Secret + "x raise\n",
		at.Secret + " cut", strings.Repeat("x", 10_000),
	} {
		conn, err := net.Dial(at.Network, at.Address)
		if err != nil {
			t.Fatal(err)
		}
		conn.Write([]byte(line)) // it may hang up before the end
		if half, ok := conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
		if answer, _ := io.ReadAll(conn); len(answer) > 0 {
			t.Errorf("%.20q is answered with %q", line, answer)
		}
		conn.Close()
	}
	if _, err := app.AcquireInstance(dir, "with it", nil); !errors.Is(err, app.ErrAlreadyRunning) {
		t.Fatal(err)
	}
	if m := <-got; m != "with it" {
		t.Errorf("took %q", m)
	}
}

func TestInstance_foldersDoNotKnowEachOther(t *testing.T) {
	t.Parallel()
	for range 2 {
		start(t, t.TempDir(), "").expect(t, "acquired")
	}
}

func TestInstance_firstThatDoesNotListenIsStillRunning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := app.AcquireInstance(dir, "", func(string) bool {
		t.Error("a message that was too long")
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	_, err = app.AcquireInstance(dir, strings.Repeat("x", 5000), nil)
	if !errors.Is(err, app.ErrAlreadyRunning) {
		t.Errorf("a message that is too long: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "instance.where")); err != nil {
		t.Fatal(err)
	}
	before := time.Now()
	_, err = app.AcquireInstance(dir, app.MessageRaise, nil)
	if !errors.Is(err, app.ErrAlreadyRunning) || !errors.Is(err, app.ErrNotListening) || time.Since(before) > 10*time.Second {
		t.Errorf("where nobody says where to, after %v: %v", time.Since(before), err)
	}
	if kind := app.Explain(err).Kind; kind != app.KindInUse {
		t.Errorf("explained as %s", kind)
	}
}
