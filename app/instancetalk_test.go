package app

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// troubledListener fails once, then brings one connection, then is closed.
type troubledListener struct {
	net.Listener
	conn net.Conn
	step int
}

func (l *troubledListener) Accept() (net.Conn, error) {
	l.step++
	switch l.step {
	case 1:
		return nil, errors.New("the connection was aborted")
	case 2:
		return l.conn, nil
	}
	return nil, net.ErrClosed
}

func TestInstance_hearsTheNextAfterAConnectionThatFailed(t *testing.T) {
	ours, theirs := net.Pipe()
	var got string
	i := &Instance{ear: ear{Listener: &troubledListener{conn: theirs}}}
	i.done.Go(func() { i.serve("secret", func(m string) { got = m }) })
	if _, err := io.WriteString(ours, "secret hello\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(ours)
	i.done.Wait()
	if string(answer) != "ok\n" || err != nil || got != "hello" {
		t.Errorf("took %q, answered %q, %v", got, answer, err)
	}
}

func TestLinkMessage_isShortAndOneLine(t *testing.T) {
	for name, c := range map[string]struct{ link, want string }{
		"a link":             {"plenary://accounts.example.org/m/C-00016105", "plenary://accounts.example.org/m/C-00016105"},
		"a wrapped one":      {"https://urldefense.com/v3/__https://accounts.example.org/m/C-000\r\n16105__;!!A!B$", "plenary://accounts.example.org/m/C-00016105"},
		"a code":             {"c 16105", "C-00016105"},
		"no meeting":         {"plenary://../..", "plenary://../.."},
		"control characters": {"plenary://\r\nraise\x00\x1b[31m\u202e", "plenary://raise[31m"},
		"a flag":             {"--demo", "--demo"},
		"a megabyte":         {"plenary://" + strings.Repeat("é", 1<<20), "plenary://" + strings.Repeat("é", 190)},
		"no text":            {"\xff", "\ufffd"},
		"nothing":            {" \n", ""},
	} {
		got := LinkMessage(c.link)
		if got != c.want || len(got) > maxMessage || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%s: %q", name, got)
		}
		if again := LinkMessage(got); again != got {
			t.Errorf("%s: its message is %q, and that one's %q", name, got, again)
		}
	}
}

func TestTellRunning(t *testing.T) {
	dir := t.TempDir()
	if err := TellRunning(dir, "C-00016105"); err != nil {
		t.Errorf("nobody runs there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, lockName)); err == nil {
		t.Error("it has taken the folder")
	}
	heard := make(chan string, 1)
	first, err := AcquireInstance(dir, "", func(m string) { heard <- m })
	if err != nil {
		t.Fatal(err)
	}
	if err := TellRunning(dir, "C-00016105"); !errors.Is(err, ErrAlreadyRunning) || <-heard != "C-00016105" {
		t.Errorf("it was not told: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := TellRunning(dir, "C-00016105"); err != nil {
		t.Errorf("it has ended: %v", err)
	}
}
