//go:build unix

package files_test

import "golang.org/x/sys/unix"

// The system's errors by what they mean; the same table as in the other file.
var meanings = map[string][]error{
	"disk full":  {unix.ENOSPC, unix.EDQUOT},
	"read only":  {unix.EROFS},
	"not folder": {unix.ENOTDIR},
	"busy":       {unix.EBUSY, unix.ETXTBSY},
	"":           {unix.EACCES, unix.EPERM, unix.ENOENT, unix.EIO},
}
