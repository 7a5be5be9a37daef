//go:build e2e

package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"plenary/e2e/holds"
)

// held is a line of package holds.
type held struct {
	ms float64
	in string
}

// longestHold walks the tour, and gives for how long the window's goroutine was held at
// most by anything but drawing; the first second after a start does not count.
func longestHold(b *bench) ([]float64, error) {
	file := filepath.Join(b.work, "holds")
	tags, err := ownTags()
	if err != nil {
		return nil, err
	}
	tour := exec.Command("go", "test", "-count=1", "-timeout=9m", "-vet=off", "-tags="+tags, "-run=^TestTour$", "./e2e")
	tour.Env = append(os.Environ(), holds.File+"="+file)
	if out, err := tour.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the tour: %w\n%s", err, out)
	}
	longest, err := readHolds(file)
	if err != nil {
		return nil, err
	}
	for _, h := range longest[:min(len(longest), 5)] {
		fmt.Printf("  %.1f ms %s\n", h.ms, h.in)
	}
	return []float64{longest[0].ms}, nil
}

// readHolds gives the holds of a file, the longest first.
func readHolds(file string) ([]held, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var list []held
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var h held
		if _, err := fmt.Sscan(lines.Text(), &h.ms); err != nil {
			return nil, fmt.Errorf("%q: %w", lines.Text(), err)
		}
		_, h.in, _ = strings.Cut(lines.Text(), " ")
		list = append(list, h)
	}
	if len(list) == 0 {
		return nil, errors.New("the tour has noted nothing")
	}
	slices.SortFunc(list, func(a, b held) int { return cmp.Compare(b.ms, a.ms) })
	return list, nil
}

// ownTags are the tags with which bench was built.
func ownTags() (string, error) {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-tags" {
				return s.Value, nil
			}
		}
	}
	return "", errors.New("bench does not know the tags of its build")
}
