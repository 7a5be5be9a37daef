//go:build !windows && !darwin

package system

import (
	"cmp"
	"os"
	"runtime"
	"strings"
)

func name() string {
	file, err := os.ReadFile("/etc/os-release")
	if err != nil {
		return runtime.GOOS
	}
	return cmp.Or(prettyName(string(file)), runtime.GOOS)
}

// prettyName is PRETTY_NAME of os-release(5), empty if there is none.
func prettyName(file string) string {
	for line := range strings.Lines(file) {
		if value, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
			return strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return ""
}
