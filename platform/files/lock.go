// Package files is what differs between Windows, macOS and Linux in dealing
// with files: removing and replacing one that another program has open, making
// it durable, locking it, and what the system's errors mean. It knows nothing
// of Plenary, and all of Plenary uses it in place of os.Rename, os.Remove,
// os.RemoveAll and os.WriteFile (package rules has the test).
//
// On Windows a virus scanner, an indexer or a backup that has a file open for a
// moment makes removing or replacing it fail. What fails so is tried again for
// up to two seconds; nothing here is for a goroutine that draws a window.
package files

import "errors"

// ErrLocked: another process, or another Lock of this one, holds the lock.
var ErrLocked = errors.New("the file is locked")
