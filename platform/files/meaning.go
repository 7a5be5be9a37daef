package files

import (
	"errors"
	"slices"
)

// IsDiskFull says whether an error is for want of room: on the disk, or in what
// this person may have of it.
func IsDiskFull(err error) bool { return isAny(err, diskFull) }

// IsReadOnly says whether an error is that nothing at all can be written there.
func IsReadOnly(err error) bool { return isAny(err, readOnly) }

// IsNotFolder says whether an error is that a file is where a folder should be.
// On Windows a folder that is missing is the same error, which is also
// fs.ErrNotExist.
func IsNotFolder(err error) bool { return isAny(err, notFolder) }

// IsBusy says whether an error is that another program has the file open.
func IsBusy(err error) bool { return isAny(err, busy) }

func isAny(err error, of []error) bool {
	return slices.ContainsFunc(of, func(e error) bool { return errors.Is(err, e) })
}
