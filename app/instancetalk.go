package app

import (
	"bufio"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"plenary/rules"
)

// MessageRaise asks the running program to come to the front; every other
// message is a link to open.
const MessageRaise = "raise"

const (
	maxMessage  = 4096 // bytes
	maxSecret   = 128  // bytes
	answerLimit = 2 * time.Second
	retryAfter  = 50 * time.Millisecond
)

// LinkMessage is the message that hands over a link of any length, with any
// characters in it: the meeting that it names (rules.ReadMeeting), or the
// beginning of what does not name any, for the running program to say so.
func LinkMessage(link string) string {
	if m, ok := rules.ReadMeeting(link); ok {
		return m.String()
	}
	const most = 200 // characters
	var b strings.Builder
	n := 0
	for _, r := range link {
		if n == most {
			break
		}
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
			n++
		}
	}
	return strings.TrimSpace(b.String())
}

// TellRunning gives a message to the Plenary that works in dir, if there is one:
// the error is ErrAlreadyRunning then, and nil where none took it.
func TellRunning(dir, message string) error {
	if tellOnce(dir, message) == nil {
		return ErrAlreadyRunning
	}
	return nil
}

// What two instances say to each other: the later one the secret of the file
// "where", a space, the message and a line feed; the first one "ok" and a line
// feed. The secret keeps other people's programs out where the socket is a port
// that everybody on the machine can reach.

// serve takes messages until the listener is closed.
func (i *Instance) serve(secret string, onMessage func(string)) {
	for {
		conn, err := i.ear.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // one connection that failed is no reason to hear nobody
			<-time.After(retryAfter)
			continue
		}
		i.done.Go(func() { take(conn, secret, onMessage) })
	}
}

// take reads one message and acknowledges it.
func take(conn net.Conn, secret string, onMessage func(string)) {
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return
	}
	line, err := bufio.NewReader(io.LimitReader(conn, maxSecret+1+maxMessage+1)).ReadString('\n')
	if err != nil {
		return // half a message is none
	}
	said, message, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
	if subtle.ConstantTimeCompare([]byte(said), []byte(secret)) != 1 {
		return
	}
	onMessage(message)
	// The sender may have gone; the message has been taken all the same.
	_, _ = io.WriteString(conn, "ok\n")
}

// tell gives a message to the program that holds the lock in dir. It may just be
// starting: then it does not listen yet.
func tell(dir, message string) error {
	if len(message) > maxMessage || strings.ContainsAny(message, "\r\n") {
		return errors.New("the message is too long, or has more than one line")
	}
	var err error
	for end := time.Now().Add(answerLimit); time.Now().Before(end); {
		if err = tellOnce(dir, message); err == nil {
			return nil
		}
		<-time.After(retryAfter)
	}
	if errors.Is(err, ErrNotListening) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNotAnswering, err)
}

func tellOnce(dir, message string) error {
	var w where
	if err := readJSON(filepath.Join(dir, whereName), &w); err != nil {
		return err
	}
	if w.Network == "" {
		return ErrNotListening
	}
	conn, err := net.DialTimeout(w.Network, w.Address, answerLimit)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return err
	}
	letOthersComeToTheFront()
	if _, err := io.WriteString(conn, w.Secret+" "+message+"\n"); err != nil {
		return err
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 16))
	if err == nil && string(answer) != "ok\n" {
		err = errors.New("no acknowledgement")
	}
	return err
}
