package app

import (
	"bufio"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"plenary/platform/files"
	"plenary/rules"
)

// MessageRaise asks the running program to come to the front; every other
// message is a link to open.
const MessageRaise = "raise"

const (
	maxMessage  = 4096 // bytes
	maxSecret   = 128  // bytes
	answerLimit = 2 * time.Second
	endLimit    = 15 * time.Second // more than a program takes to end
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
// the error is ErrAlreadyRunning then, and nil where none took it. Who works there
// is whoever holds the lock, as for AcquireInstance: where a killed one listened,
// somebody else may by now. It tries once; one that is ending is not waited for.
func TellRunning(dir, message string) error {
	path := filepath.Join(dir, lockName)
	// Nothing is made where no Plenary has been.
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	lock, err := files.Lock(path)
	if err == nil {
		return lock.Close()
	}
	if errors.Is(err, files.ErrLocked) && tellOnce(dir, message) == nil {
		return ErrAlreadyRunning
	}
	return nil
}

// TellDemonstration gives a link to a service on this machine to the
// demonstration that works in dir, if it runs there by itself: who clicks on such
// a link in the browser means that one. The error is ErrAlreadyRunning then; any
// other message is not for it.
func TellDemonstration(dir, message string) error {
	if m, ok := rules.ReadMeeting(message); !ok || !m.Local() {
		return nil
	}
	return TellRunning(dir, message)
}

// What two instances say to each other: the later one the secret of the file
// "where", a space, the message and a line feed; the first one one of the answers
// below. The secret keeps other people's programs out where the socket is a port
// that everybody on the machine can reach.
const (
	answerOK     = "ok\n"
	answerEnding = "ending\n" // the message is not taken
)

// serve takes messages until the listener is closed.
func (i *Instance) serve(secret string, onMessage func(string) bool) {
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
func take(conn net.Conn, secret string, onMessage func(string) bool) {
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
	answer := answerEnding
	if onMessage(message) {
		answer = answerOK
	}
	// The sender may have gone; the message has been taken all the same.
	_, _ = io.WriteString(conn, answer)
}

// errEnding: the program that holds the lock is ending, and takes nothing any more.
var errEnding = errors.New("it is ending")

// tell gives a message to the program that holds the lock in dir.
func tell(dir, message string) error {
	if len(message) > maxMessage || strings.ContainsAny(message, "\r\n") {
		return errors.New("the message is too long, or has more than one line")
	}
	err := tellOnce(dir, message)
	if err == nil || errors.Is(err, ErrNotListening) {
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
	switch {
	case err != nil:
		return err
	case string(answer) == answerEnding:
		return errEnding
	case string(answer) != answerOK:
		return errors.New("no acknowledgement")
	}
	return nil
}
