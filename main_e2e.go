//go:build e2e

package main

import (
	"fmt"
	"os"

	"plenary/e2e/where"

	"fyne.io/fyne/v2"
)

// startE2E lets the end-to-end tests ask where a widget is on the screen (see
// e2e/where), and nothing more. It is called once the app runs.
func startE2E(a fyne.App) {
	path := os.Getenv("PLENARY_E2E_WHERE")
	if path == "" {
		return
	}
	if err := where.Serve(a, path); err != nil {
		fmt.Fprintln(os.Stderr, "plenary:", err)
		os.Exit(1)
	}
}
