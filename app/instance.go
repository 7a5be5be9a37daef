package app

import "errors"

// ErrAlreadyRunning: another Plenary works in this folder; it got the message.
var ErrAlreadyRunning = errors.New("Plenary is already running")

// MessageRaise asks the running program to come to the front; every other
// message is a link to open.
const MessageRaise = "raise"

// Instance is the right to be the only Plenary in a data folder.
type Instance struct{}

// AcquireInstance makes this process the one that works in dir and calls
// onMessage, on any goroutine, with what later ones have to say. If there is
// one already, it is given message, and the error is ErrAlreadyRunning.
func AcquireInstance(dir, message string, onMessage func(message string)) (*Instance, error) {
	return &Instance{}, nil
}

// Close gives the folder free.
func (i *Instance) Close() error { return nil }
