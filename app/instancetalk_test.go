package app

import (
	"bufio"
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
	t.Parallel()
	ours, theirs := net.Pipe()
	var got string
	i := &Instance{ear: ear{Listener: &troubledListener{conn: theirs}}}
	i.done.Go(func() { i.serve("secret", func(m string) bool { got = m; return true }) })
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
	t.Parallel()
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
	t.Parallel()
	dir := t.TempDir()
	if err := TellRunning(dir, "C-00016105"); err != nil {
		t.Errorf("nobody runs there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, lockName)); err == nil {
		t.Error("it has taken the folder")
	}
	heard := make(chan string, 1)
	first, err := AcquireInstance(dir, "", func(m string) bool { heard <- m; return true })
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

// Where a killed Plenary listened, somebody else may listen by now.
func TestTellRunning_whatAKilledOneLeftIsNotTrusted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, lockName), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	came := make(chan string, 1)
	go func() {
		conn, err := stranger.Accept()
		if err != nil {
			came <- ""
			return
		}
		defer conn.Close()
		line, _ := bufio.NewReader(conn).ReadString('\n')
		io.WriteString(conn, answerOK)
		came <- line
	}()
	at := stranger.Addr()
	if err := writeJSON(filepath.Join(dir, whereName), where{at.Network(), at.String(), "secret"}); err != nil {
		t.Fatal(err)
	}
	const link = "plenary://localhost/m/C-00016105"
	if err := TellDemonstration(dir, link); err != nil {
		t.Errorf("nobody holds the folder, and it is said: %v", err)
	}
	if err := stranger.Close(); err != nil {
		t.Fatal(err)
	}
	if line := <-came; line != "" {
		t.Errorf("a stranger was told %q", line)
	}
	if i, err := AcquireInstance(dir, "", nil); err != nil {
		t.Errorf("the folder is not free any more: %v", err)
	} else if err := i.Close(); err != nil {
		t.Error(err)
	}
}

func TestTellDemonstration_isForLinksToThisMachineOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	heard := make(chan string, 1)
	demonstration, err := AcquireInstance(dir, "", func(m string) bool { heard <- m; return true })
	if err != nil {
		t.Fatal(err)
	}
	defer demonstration.Close()
	for _, message := range []string{"", MessageRaise, "C-00016105", "plenary://accounts.example.org/m/C-00016105", "--demo"} {
		if err := TellDemonstration(dir, message); err != nil || len(heard) > 0 {
			t.Errorf("%q is given to the demonstration: %v", message, err)
		}
	}
	for _, link := range []string{"plenary://127.0.0.1:8443/m/C-00016105", "plenary://localhost/m/C-00016105", "plenary://[::1]:80/m/C-00016105"} {
		if err := TellDemonstration(dir, link); !errors.Is(err, ErrAlreadyRunning) || <-heard != link {
			t.Errorf("%q is not given to the demonstration: %v", link, err)
		}
	}
	if err := TellDemonstration(t.TempDir(), "plenary://localhost/m/C-00016105"); err != nil {
		t.Errorf("none runs there: %v", err)
	}
}

// What comes while the first one ends is nobody's but the second one's.
func TestAcquireInstance_waitsForOneThatIsEnding(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	messages, asked := NewMessages(), make(chan struct{}, 100)
	first, err := AcquireInstance(dir, "", func(m string) bool {
		defer func() { asked <- struct{}{} }()
		return messages.Put(m)
	})
	if err != nil {
		t.Fatal(err)
	}
	messages.Refuse()
	type result struct {
		second *Instance
		err    error
	}
	got := make(chan result)
	go func() {
		second, err := AcquireInstance(dir, "C-00016105", func(string) bool { return true })
		got <- result{second, err}
	}()
	<-asked // it has been refused, and waits
	if err := TellRunning(dir, "C-00016105"); err != nil {
		t.Errorf("one that ends took the message: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	r := <-got
	if r.err != nil {
		t.Fatalf("the second does not start: %v", r.err)
	}
	if err := r.second.Close(); err != nil {
		t.Error(err)
	}
}
