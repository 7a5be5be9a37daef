// Package hook is what a test can do to the transactions of a store. Nothing but
// package storetest can name it, so nothing but a test can set it.
package hook

import (
	"context"
	"errors"
)

// Hook is what happens to transactions. Its functions are called at once by as many
// goroutines as run transactions.
type Hook struct {
	// Write and Read give the fault of each try of a transaction that writes, or
	// that reads; nil for none.
	Write, Read func() Fault
	// Hold is called when a transaction that writes has done all that it does,
	// before it is committed; nil for nothing.
	Hold func(context.Context)
}

// Fault is what happens to one try of a transaction.
type Fault int

// Faults.
const (
	None Fault = iota
	// Serialization takes it back as a database does that could not put it in order
	// with others (40001).
	Serialization
	// Rollback takes it back for good.
	Rollback
	// LostAnswer commits it, and the word of that is lost, as when the connection
	// breaks: whoever asked cannot know.
	LostAnswer
)

// ErrSerialization is the error of Serialization.
var ErrSerialization = errors.New("store: a serialization failure that a test has asked for")

// ErrFault is the error of Rollback and LostAnswer.
var ErrFault = errors.New("store: a fault that a test has asked for")
