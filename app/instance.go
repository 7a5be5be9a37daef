package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"plenary/platform/files"
)

// ErrAlreadyRunning: another Plenary works in this folder; it got the message.
var ErrAlreadyRunning = errors.New("another Plenary is already running")

// ErrNotAnswering comes with ErrAlreadyRunning where that one did not take the
// message: it hangs, or is just ending.
var ErrNotAnswering = errors.New("it does not answer")

// ErrNotListening comes with ErrAlreadyRunning where that one could not open a
// socket: nobody can tell it anything.
var ErrNotListening = errors.New("it does not listen")

// Files in the data folder: the lock, which says by being held that somebody is
// there, and where that one listens.
const (
	lockName   = "instance.lock"
	whereName  = "instance.where"
	socketName = "instance.sock"
)

// where is the content of the file of that name: where the Plenary that holds
// the lock listens, and what a message has to begin with. No network if it does
// not listen.
type where struct{ Network, Address, Secret string }

// Instance is the right to be the only Plenary in a data folder.
type Instance struct {
	lock         io.Closer
	ear          ear
	notListening error
	done         sync.WaitGroup
}

// ear is what an Instance listens with; the zero ear hears nothing.
type ear struct {
	net.Listener
	folder string // of the socket's own, to be removed; often none
}

func (e ear) close() error {
	if e.Listener == nil {
		return nil
	}
	err := e.Close()
	if e.folder != "" {
		err = errors.Join(err, files.RemoveAll(e.folder))
	}
	return err
}

// AcquireInstance makes this process the one that works in dir and calls
// onMessage, on any goroutine, with what later ones have to say; false is that it
// is ending and does not take it. If there is one already, it is given message
// (MessageRaise or a LinkMessage), and the error is ErrAlreadyRunning; with
// ErrNotAnswering or ErrNotListening beside it if that one did not take it. One
// that is ending is waited for. The lock ends with the process.
func AcquireInstance(dir, message string, onMessage func(message string) bool) (*Instance, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("be the only Plenary here: %w", err)
	}
	lock, err := lockOrTell(dir, message)
	if errors.Is(err, ErrAlreadyRunning) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("be the only Plenary here: %w", err)
	}
	i := &Instance{lock: lock}
	i.notListening = i.listen(dir, onMessage)
	return i, nil
}

// lockOrTell gets the lock, or gives the message to the one that has it. That
// one may just be starting, and not listen yet, or be ending: then the lock is
// free soon.
func lockOrTell(dir, message string) (io.Closer, error) {
	var told error
	for start, limit := time.Now(), answerLimit; ; <-time.After(retryAfter) {
		lock, err := files.Lock(filepath.Join(dir, lockName))
		switch {
		case err == nil:
			return lock, nil
		case !errors.Is(err, files.ErrLocked):
			return nil, err
		case told != nil && time.Since(start) >= limit:
			return nil, fmt.Errorf("%w: %w", ErrAlreadyRunning, told)
		}
		if told = tell(dir, message); told == nil {
			return nil, ErrAlreadyRunning
		}
		if errors.Is(told, errEnding) {
			limit = endLimit
		}
	}
}

// NotListening is why later instances cannot be heard; nil if they can. The
// lock holds all the same.
func (i *Instance) NotListening() error { return i.notListening }

// listen opens a socket and says in dir where it is.
func (i *Instance) listen(dir string, onMessage func(string) bool) error {
	// An old one leads to nobody, or to whoever has that port now.
	if err := files.RemoveIfThere(filepath.Join(dir, whereName)); err != nil {
		return err
	}
	ear, err := openEar(dir)
	if err != nil {
		return err
	}
	secret := rand.Text()
	address := ear.Addr()
	if err := writeJSON(filepath.Join(dir, whereName), where{address.Network(), address.String(), secret}); err != nil {
		return errors.Join(err, ear.close())
	}
	i.ear = ear
	i.done.Go(func() { i.serve(secret, onMessage) })
	return nil
}

// Close releases the folder. It waits for a message that is being taken.
func (i *Instance) Close() error {
	err := i.ear.close()
	i.done.Wait()
	if err := errors.Join(err, i.lock.Close()); err != nil {
		return fmt.Errorf("release the data folder: %w", err)
	}
	return nil
}
