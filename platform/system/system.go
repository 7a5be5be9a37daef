// Package system names the operating system, for people who help others, and tells what it
// is set to.
package system

import "runtime"

// Name is the system with its version and the machine's architecture, such as
// "Debian GNU/Linux 12 (bookworm), amd64"; as much of it as is known. It may
// read a file.
func Name() string { return name() + ", " + runtime.GOARCH }
