//go:build !e2e

package main

import "fyne.io/fyne/v2"

// startE2E does nothing in the program that people use; see main_e2e.go.
func startE2E(fyne.App) {}
