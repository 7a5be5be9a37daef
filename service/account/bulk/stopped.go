package bulk

import (
	"errors"
	"fmt"

	"plenary/service/store"
)

// Stopped is the error of an import that did not come to the end of its file. The
// same file can come again: what is in is found by its addresses, and stays.
type Stopped struct {
	// Done is the line up to which all rows are in, but for the refused; where none is,
	// that of the header.
	Done int
	// Unknown is the last of the lines behind it of which nobody knows whether they
	// are in, since the answer to their commit was lost; 0 means that none behind it is.
	Unknown int
	DryRun  bool
	Err     error // the cause
}

func (s *Stopped) Error() string {
	const again = "put right what stopped it and import the same file again: what is in stays as it is"
	switch {
	case s.DryRun:
		return fmt.Sprintf("the dry run stopped behind line %d, and nothing was changed: %v", s.Done, s.Err)
	case s.Unknown > 0:
		return fmt.Sprintf("stopped behind line %d, all lines up to it are done, lines %d to %d may be in, those behind are not; %s: %v",
			s.Done, s.Done+1, s.Unknown, again, s.Err)
	default:
		return fmt.Sprintf("stopped behind line %d, all lines up to it are done, none behind it is in; %s: %v", s.Done, again, s.Err)
	}
}

func (s *Stopped) Unwrap() error { return s.Err }

// stopped says how far the import came before an error.
func (r *importRun) stopped(err error) *Stopped {
	return &Stopped{Done: r.done, DryRun: r.DryRun, Err: err}
}

// stoppedIn is stopped for an error of the transaction of a batch.
func (r *importRun) stoppedIn(batch []importRow, err error) *Stopped {
	s := r.stopped(err)
	if _, unknown := errors.AsType[*store.OutcomeUnknown](err); unknown {
		s.Unknown = batch[len(batch)-1].line
	}
	return s
}
