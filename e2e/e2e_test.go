//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"plenary/e2e/desktop"
)

// Size of the display; the window is smaller.
const (
	displayWidth  = 1440
	displayHeight = 960
)

// startDesktop brings a fresh desktop up that ends with the test.
func startDesktop(t *testing.T) *desktop.Desktop {
	t.Helper()
	desk, err := desktop.Start(t.TempDir(), displayWidth, displayHeight)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(desk.Close)
	return desk
}

// binary gives the absolute path of a program that make has built.
func binary(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(built, name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v (make builds it: make e2e or make tour)", err)
	}
	return path
}

// pictures is the folder for the pictures of tests other than the tour.
func pictures(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(built, "e2e-pictures")
	must(t, os.MkdirAll(folder, 0o755))
	return folder
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
