// Package console gives a program with a window the console it was started
// from. On Windows such a program has none of its own; elsewhere nothing is to
// be done.
package console
