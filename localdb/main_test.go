package localdb

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(killedDirVariable); dir != "" {
		writeUntilKilled(dir)
	}
	// Each check opens dozens of stores on the disk; more with -rapid.checks.
	if err := flag.Set("rapid.checks", "5"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
