package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// ErrAlreadyRunning: another Plenary works in this folder; it got the message.
var ErrAlreadyRunning = errors.New("another Plenary is already running")

// ErrNotAnswering comes with ErrAlreadyRunning where that one did not take the
// message: it hangs, or is just ending.
var ErrNotAnswering = errors.New("it does not answer")

// MessageRaise asks the running program to come to the front; every other
// message is a link to open.
const MessageRaise = "raise"

// Files in the data folder: the lock, which says by being held that somebody is
// there, and where that one listens.
const (
	lockName    = "instance.lock"
	whereName   = "instance.where"
	socketName  = "instance.sock"
	maxSocket   = 100  // bytes of a socket's path; macOS allows 103, Linux 107
	maxMessage  = 4096 // bytes
	answerLimit = 2 * time.Second
)

// Instance is the right to be the only Plenary in a data folder.
type Instance struct {
	lock     io.Closer
	listener net.Listener
	temp     string // folder of the socket, where the data folder's path is too long
	dir      string
	done     sync.WaitGroup
}

// AcquireInstance makes this process the one that works in dir and calls
// onMessage, on any goroutine, with what later ones have to say. If there is
// one already, it is given message (MessageRaise or a link of at most 4 KB
// without line breaks), and the error is ErrAlreadyRunning; with
// ErrNotAnswering beside it if that one did not listen. The lock ends with the
// process.
func AcquireInstance(dir, message string, onMessage func(message string)) (*Instance, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("be the only Plenary here: %w", err)
	}
	lock, err := lockExclusively(filepath.Join(dir, lockName))
	if errors.Is(err, errLocked) {
		if err := tell(dir, message); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrAlreadyRunning, err)
		}
		return nil, ErrAlreadyRunning
	}
	if err != nil {
		return nil, fmt.Errorf("be the only Plenary here: %w", err)
	}
	i := &Instance{lock: lock, dir: dir}
	if err := i.listen(); err != nil {
		return nil, errors.Join(fmt.Errorf("be the only Plenary here: %w", err), i.Close())
	}
	i.done.Go(func() { i.serve(onMessage) })
	return i, nil
}

// listen opens the socket, in a folder that only this person can enter: the data
// folder, or a new one among the temporary files.
func (i *Instance) listen() (err error) {
	path := filepath.Join(i.dir, socketName)
	if len(path) > maxSocket {
		if i.temp, err = os.MkdirTemp("", "plenary-"); err != nil {
			return err
		}
		path = filepath.Join(i.temp, socketName)
	}
	// One that a process left which was killed; the lock says that it is dead.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if i.listener, err = net.Listen("unix", path); err != nil {
		return err
	}
	return writeFile(filepath.Join(i.dir, whereName), []byte(path))
}

// serve takes messages until the listener is closed.
func (i *Instance) serve(onMessage func(string)) {
	for {
		conn, err := i.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // one connection that failed is no reason to hear nobody
		}
		i.done.Go(func() { take(conn, onMessage) })
	}
}

// take reads one message and acknowledges it.
func take(conn net.Conn, onMessage func(string)) {
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return
	}
	line, err := bufio.NewReader(io.LimitReader(conn, maxMessage+1)).ReadString('\n')
	if err != nil {
		return // half a message is none
	}
	onMessage(strings.TrimSuffix(line, "\n"))
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
		<-time.After(50 * time.Millisecond)
	}
	return fmt.Errorf("%w: %w", ErrNotAnswering, err)
}

func tellOnce(dir, message string) error {
	path, err := os.ReadFile(filepath.Join(dir, whereName))
	if err != nil {
		return err
	}
	conn, err := net.DialTimeout("unix", string(path), answerLimit)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return err
	}
	if _, err := io.WriteString(conn, message+"\n"); err != nil {
		return err
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 16))
	if err == nil && string(answer) != "ok\n" {
		err = errors.New("no acknowledgement")
	}
	return err
}

// Close gives the folder free. It waits for a message that is being taken.
func (i *Instance) Close() error {
	var errs []error
	if i.listener != nil {
		errs = append(errs, i.listener.Close())
	}
	i.done.Wait()
	if i.temp != "" {
		errs = append(errs, os.RemoveAll(i.temp))
	}
	errs = append(errs, i.lock.Close())
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("give the data folder free: %w", err)
	}
	return nil
}
