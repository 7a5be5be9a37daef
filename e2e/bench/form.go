//go:build e2e

package main

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime/debug"
	"strconv"
)

// openedForms is how many times the form is opened.
const openedForms = 40

// opened is where the benchmark says how long it took, half of the times.
var opened = regexp.MustCompile(`([0-9.]+) p50-ms`)

// formOpen measures how long it takes until a form of 200 questions with conditions can be
// seen, in milliseconds, in the driver that Fyne has for tests: without the drawing, which
// a processor for graphics does.
func formOpen(*bench) ([]float64, error) {
	tags := ""
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, s := range build.Settings {
			if s.Key == "-tags" {
				tags = s.Value
			}
		}
	}
	test := exec.Command("go", "test", "-tags", tags, "-run", "^$", "-bench", "^BenchmarkRegister_open$",
		"-benchtime", strconv.Itoa(openedForms)+"x", "./screens/meetings")
	test.Stderr = os.Stderr
	out, err := test.Output()
	if err != nil {
		return nil, fmt.Errorf("open the form: %w\n%s", err, out)
	}
	found := opened.FindSubmatch(out)
	if found == nil {
		return nil, fmt.Errorf("the benchmark does not say how long it took:\n%s", out)
	}
	ms, err := strconv.ParseFloat(string(found[1]), 64)
	return []float64{ms}, err
}
