package app

import (
	"errors"
	"io"
	"net"
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
