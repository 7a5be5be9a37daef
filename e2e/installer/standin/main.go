// Command standin takes plenary.exe's place in packages of tests that need none of
// its 44 MB: it writes what it was started with into C:\started.txt, one argument
// a line, and ends. With --stay it runs until it is killed.
package main

import (
	"os"
	"os/signal"
	"slices"
	"strings"
)

func main() {
	if err := os.WriteFile(`C:\started.txt`, []byte(strings.Join(os.Args, "\n")), 0o644); err != nil {
		os.Exit(1)
	}
	if slices.Contains(os.Args, "--stay") {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked)
		<-asked
	}
}
