// Command standin takes plenary.exe's place in packages of tests that need none of
// its 44 MB: it writes what it was started with into C:\started.txt, one argument
// a line, and ends.
package main

import (
	"os"
	"strings"
)

func main() {
	if err := os.WriteFile(`C:\started.txt`, []byte(strings.Join(os.Args, "\n")), 0o644); err != nil {
		os.Exit(1)
	}
}
