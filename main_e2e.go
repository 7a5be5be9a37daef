//go:build e2e

package main

import (
	"fmt"
	"os"
	"time"

	"plenary/e2e/holds"
	"plenary/e2e/where"

	"fyne.io/fyne/v2"
)

// startUp is the time whose holds are not written down: that of the first pictures.
const startUp = time.Second

// startE2E lets the end-to-end tests ask where a widget is on the screen (see
// e2e/where), and writes down what holds the window where they ask for that (see
// e2e/holds), and nothing more. It is called once the app runs.
func startE2E(a fyne.App) {
	path := os.Getenv("PLENARY_E2E_WHERE")
	if path == "" {
		return
	}
	if err := where.Serve(a, path); err != nil {
		fmt.Fprintln(os.Stderr, "plenary:", err)
		os.Exit(1)
	}
	if path := os.Getenv(holds.File); path != "" {
		time.AfterFunc(startUp, func() {
			if err := holds.Window(fyne.Do).Write(path); err != nil {
				fmt.Fprintln(os.Stderr, "plenary:", err)
			}
		})
	}
}
