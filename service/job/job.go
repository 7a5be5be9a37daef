// Package job does what the service does by itself: periodic work, such as erasing
// what has ended, and what follows from what is in the database, such as telling
// owners of locks.
//
// Each node runs all jobs, by one Runner. A look each LookEvery asks the database, with
// one statement for all of them, what there is to do; a node without work asks
// nothing else. Work that one node is to do at a time is leased (table jobs): whoever
// takes it first does it, and if that node dies, another one does when the lease is
// over. A panic in a job is logged and counted, and the job is done again at its next
// time.
//
// Start reading at Runner.Run.
package job

import (
	"context"
	"time"
)

// Job is work that the service does by itself.
type Job struct {
	// Name is for the log, the metrics and the table; it stays the same over versions.
	Name string
	// Every is the time from the end of one run to the next. 0: as soon as there is
	// something to do, but not more often than the runner looks.
	Every time.Duration
	// If is an expression of SQL that says whether there is anything to do, such as
	// EXISTS (SELECT ...); in it $1 is the time in microseconds. Empty: always.
	If string
	// EachNode: every node does it. Else one node does at a time.
	EachNode bool
	// Do does the work. It is given the time of a lease, and what it has done when it
	// fails stays done.
	Do func(context.Context) error
}

// Copy is something of the database that a node keeps a copy of. When it has changed,
// it is read again.
type Copy struct {
	Name string
	// Of is an expression of SQL whose text is another one after each change.
	Of string
	// Refresh reads the copy again.
	Refresh func(context.Context) error
}

const (
	// LookEvery is the time between two looks, and so how old a Copy may be.
	LookEvery = 1500 * time.Millisecond
	// lease is how long a job may take.
	lease = 10 * time.Minute
	// afterFailure is the time from a failure to the next try, or Every if that is less.
	afterFailure = time.Minute
)
