package files_test

import "syscall"

// The system's errors by what they mean, by their numbers; the same table as in
// the other file.
var meanings = map[string][]error{
	"disk full":  {syscall.Errno(39), syscall.Errno(112), syscall.Errno(1295), syscall.ENOSPC, syscall.EDQUOT},
	"read only":  {syscall.Errno(19), syscall.EROFS},
	"not folder": {syscall.Errno(267), syscall.Errno(3), syscall.ENOTDIR},
	"busy":       {syscall.Errno(32), syscall.Errno(33)},
	"":           {syscall.Errno(2), syscall.Errno(5), syscall.EACCES},
}
