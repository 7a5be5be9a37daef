//go:build !windows

package console

// Attach says whether anybody can read standard output and standard error.
func Attach() bool { return true }
