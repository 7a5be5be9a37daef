//go:build !windows

package system

func listSeparator() string { return "" }
